"""An article's body text: `tidy` prepares it for storing, `render` prepares it for a page.

Dateline and sign-off are fields of their own. If a writer also typed them into the text, they are removed when the text
is stored, so that a page does not show them twice.

A text refers to photos and other stories by their ids. What readers see in these places is made when the text is
rendered (`Inserts`), because a photo may be replaced and a story retitled or withdrawn at any time.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

import nh3
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from . import embeds
from .richtext import PHOTO, STORY, absolute_links, clean

_SPACE = r"(?:\s|&nbsp;|<br>)*+"  # possessive: a run of spaces is read once
_DASH = r"[-–—]+"
_OPENED = r"(?:<(?:strong|em)>)*"
_CLOSED = r"(?:</(?:strong|em)>)*"
_BLANK = re.compile(rf'(?<![dh"]>)<p>{_SPACE}</p>\s*+')  # but not the paragraph of an empty cell
_LONG_SPACE = re.compile(r"(?:\s|&nbsp;){3,}+")
_GAP = re.compile(r"</p>(?=\s*<p>)")
_BARE = nh3.Cleaner(tags=set())
_INLINE = re.compile(r"</?(?:strong|em|a)\b[^<>]*>")
_RAISED = re.compile(r"<(su[pb])>([0-9+-]+)</su[pb]>")
_DIGITS = {
    "sup": str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}
_CAPTION = r"(?P<caption>(?:(?!</?(?:figure|aside)\b).)*+)"
_FIGURE = re.compile(rf'<figure {PHOTO}="(?P<photo>\d+)">{_CAPTION}</figure>', re.DOTALL)
_STORY = rf'<aside {STORY}="(?P<story>\d+)"></aside>'
_INSERTED = re.compile(rf"{_FIGURE.pattern}|{_STORY}|</?(?:figure|figcaption|aside)\b[^<>]*>", re.DOTALL)
_REFERENCE = re.compile(rf'<(?:figure {PHOTO}|aside {STORY})="(\d+)"')
_LINE_ENDS = re.compile(r"<br\b[^>]*>|</(?:p|h[1-6]|li|blockquote|tr|td|th|figcaption|div)\s*>", re.IGNORECASE)
INSET_AFTER = 3
"""Paragraphs before an inset. At least two more must follow it."""
_TAIL = 300  # characters at the end of a text in which a sign-off is looked for


def tidy(text: str, *, dateline: str, sign_off: str) -> str:
    """`text` cleaned, without a dateline at its beginning or a sign-off at its end that repeat the fields.

    Empty paragraphs are removed too, because the page puts dateline and sign-off into the first and the last one. Long
    runs of spaces are removed. Every pattern takes linear time, even on texts made to be slow.
    """
    tidied = _LONG_SPACE.sub(" ", _BLANK.sub("", clean(text)))
    if dateline:
        # A hyphen or en dash directly before a word ("Solok-Padang") joins two words and does not end a dateline.
        place = rf"{_as_stored(dateline)}(?![-–]\w)"
        opening = rf"\A(<p>{_OPENED}){_SPACE}{place}{_SPACE}({_CLOSED}){_SPACE}{_DASH}{_SPACE}({_CLOSED}){_SPACE}"
        tidied = re.sub(opening, _balanced, tidied, count=1, flags=re.IGNORECASE)
    mark = sign_off.strip().rstrip(".")
    if mark:
        whole = rf"(?:\b|(?=\W)){_as_stored(mark)}"  # a sign-off is a whole word: "red", but not the end of "sacred"
        closing = rf"{_SPACE}{_OPENED}{whole}{_SPACE}{_CLOSED}{_SPACE}\.?{_SPACE}{_CLOSED}</p>\Z"
        tidied = tidied[:-_TAIL] + re.sub(closing, "</p>", tidied[-_TAIL:])
    return clean(_BLANK.sub("", tidied))


def _as_stored(text: str) -> str:
    """A pattern for `text` as it appears in cleaned HTML, with ordinary or non-breaking spaces."""
    return r"(?:\s|&nbsp;)+".join(re.escape(html.escape(word, quote=False)) for word in text.split())


def _balanced(match: re.Match[str]) -> str:
    """The first paragraph's opening tags, without tags that are closed again right after the dateline."""
    opened, closed = match[1], match[2] + match[3]
    return "<p>" if closed else opened


def _nothing(*_reference: object) -> SafeString:
    return SafeString()


@dataclass(frozen=True)
class Inserts:
    """What readers see in place of a text's references, as safe HTML; nothing for what they may not see."""

    photo: Callable[[int, str], SafeString] = _nothing
    """Called with a photo's id and the caption (plain text) that it has in this text."""
    story: Callable[[int], SafeString] = _nothing
    """Called with the id of a story to read also."""


@dataclass(frozen=True)
class References:
    """The ids of the photos and stories that a text refers to, in its order."""

    photos: tuple[int, ...] = ()
    stories: tuple[int, ...] = ()


def references(text: str) -> References:
    """The references of a cleaned text."""
    found: dict[str, dict[int, None]] = {PHOTO: {}, STORY: {}}
    for match in _REFERENCE.finditer(text):
        found[PHOTO if match[0].startswith("<figure") else STORY][int(match[1])] = None
    return References(tuple(found[PHOTO]), tuple(found[STORY]))


def render(
    text: str,
    *,
    dateline: str,
    sign_off: str,
    inset: SafeString | str = "",
    base: str = "",
    inserts: Inserts | None = None,
) -> SafeString:
    """The body as readers get it: cleaned once more, with the dateline in front and the sign-off at the end.

    `inset` (safe HTML) is put between two paragraphs if the text is long enough (`takes_inset`).
    `base`, the page's address, makes every link absolute, for feeds and other places outside the page.
    `inserts` makes the photos and the stories to read also that the text refers to; without it they are left out.
    """
    page = embeds.with_boxes(absolute_links(clean(text), base) if base else clean(text))
    if dateline:
        place = f'<span class="dateline">{escape(dateline)}</span>'
        figures, rest = _split(page)
        page = f"{figures}<p>{place} - {rest[3:]}" if rest.startswith("<p>") else f"<p>{place}</p>{page}"
    if sign_off:
        mark = f'<span class="sign-off">{escape(sign_off)}</span>'
        last = page[page.rfind("<p") :]
        page = f"{page[:-4]} {mark}</p>" if last.startswith("<p>") and last.endswith("</p>") else f"{page}<p>{mark}</p>"
    page = _with_inset(_with_tables(_with_inserts(page, inserts or Inserts())), inset)
    return mark_safe(page)  # cleaned above; the rest is escaped


def _split(page: str) -> tuple[str, str]:
    """The photos before a text's first words, and the rest."""
    end = 0
    while match := _FIGURE.match(page, end):
        end = match.end()
    return page[:end], page[end:]


def takes_inset(text: str) -> bool:
    """Whether a text is long enough for an inset between its paragraphs, and its writer has put none there."""
    return f"<aside {STORY}=" not in text and len(_gaps(text)) >= INSET_AFTER + 2


def _with_inserts(page: str, inserts: Inserts) -> str:
    """Each reference replaced by what readers see in its place. What is left of one in another form goes."""

    def insert(match: re.Match[str]) -> str:
        if match["photo"]:
            return inserts.photo(int(match["photo"]), plain(match["caption"]))
        return inserts.story(int(match["story"])) if match["story"] else ""

    return _INSERTED.sub(insert, page)


def _with_tables(page: str) -> str:
    """Each table in a box that scrolls sideways on a narrow screen, also by keyboard."""
    if "<table>" not in page:
        return page
    box = format_html('<div class="table" role="region" aria-label="{}" tabindex="0"><table>', _("Table"))
    return page.replace("<table>", box).replace("</table>", "</table></div>")


def _with_inset(page: str, inset: str) -> str:
    if not inset or not takes_inset(page):
        return page
    place = _gaps(page)[INSET_AFTER - 1]
    return page[:place] + inset + page[place:]


def _gaps(page: str) -> list[int]:
    """The positions between two neighbouring top-level paragraphs."""
    return [match.end() for match in _GAP.finditer(page) if _is_top_level(page[: match.end()])]


def _is_top_level(before: str) -> bool:
    return all(before.count(f"<{tag}") == before.count(f"</{tag}") for tag in ("blockquote", "ul", "ol", "table"))


def plain(text: str) -> str:
    """The words of a cleaned text without markup, on one line; the captions of its photos are left out.

    Words of different blocks and cells never run together, and a word that is partly marked stays whole.
    """
    words = _RAISED.sub(lambda match: match[2].translate(_DIGITS[match[1]]), _FIGURE.sub(" ", text))
    return " ".join(html.unescape(_BARE.clean(_INLINE.sub("", words).replace("<", " <"))).split())


def lines(text: str) -> list[str]:
    """The text without markup, a line for each paragraph, heading, item of a list or cell of a table."""
    parts = (html.unescape(_BARE.clean(part)) for part in _LINE_ENDS.split(text))
    return [line for line in (" ".join(part.split()) for part in parts) if line]


def words(text: str) -> int:
    """The number of words in the text."""
    return len(plain(text).split())
