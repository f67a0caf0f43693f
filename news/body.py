"""A body between the editor and the page: tidied on the way in, dressed on the way out.

Dateline and sign-off are fields. What a writer typed of them into the text is taken out when the text is stored,
so that a page never shows one twice.
"""

import html
import re

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from . import embeds
from .richtext import clean

_SPACE = r"(?:\s|&nbsp;|<br>)*+"  # possessive: a run of spaces is read once
_DASH = r"[-–—]+"
_OPENED = r"(?:<(?:strong|em)>)*"
_CLOSED = r"(?:</(?:strong|em)>)*"
_BLANK = re.compile(rf"<p>{_SPACE}</p>\s*+")
_LONG_SPACE = re.compile(r"(?:\s|&nbsp;){3,}+")
_GAP = re.compile(r"</p>(?=\s*<p>)")
_BARE = nh3.Cleaner(tags=set())
INSET_AFTER = 3
"""Paragraphs before an inset; two more must follow it."""
_TAIL = 300  # characters at the end of a text in which a sign-off is looked for


def tidy(text: str, *, dateline: str, sign_off: str) -> str:
    """`text` cleaned, without a dateline at its beginning or a sign-off at its end that repeat the fields.

    Empty paragraphs go too (dateline and sign-off stand inside the first and the last), and so do long runs of
    spaces. Every pattern here reads a text once, however it was made to be read often.
    """
    tidied = _LONG_SPACE.sub(" ", _BLANK.sub("", clean(text)))
    if dateline:
        # A hyphen or en dash between two words joins them ("Solok-Padang") and is no dateline's.
        place = rf"{_as_stored(dateline)}(?![-–]\w)"
        opening = rf"\A(<p>{_OPENED}){_SPACE}{place}{_SPACE}({_CLOSED}){_SPACE}{_DASH}{_SPACE}({_CLOSED}){_SPACE}"
        tidied = re.sub(opening, _balanced, tidied, count=1, flags=re.IGNORECASE)
    mark = sign_off.strip().rstrip(".")
    if mark:
        whole = rf"(?:\b|(?=\W)){_as_stored(mark)}"  # "red" is a sign-off, the end of "sacred" is not
        closing = rf"{_SPACE}{_OPENED}{whole}{_SPACE}{_CLOSED}{_SPACE}\.?{_SPACE}{_CLOSED}</p>\Z"
        tidied = tidied[:-_TAIL] + re.sub(closing, "</p>", tidied[-_TAIL:])
    return clean(_BLANK.sub("", tidied))


def _as_stored(text: str) -> str:
    """A pattern for `text` as it stands in cleaned HTML, with spaces of either kind."""
    return r"(?:\s|&nbsp;)+".join(re.escape(html.escape(word, quote=False)) for word in text.split())


def _balanced(match: re.Match[str]) -> str:
    """The opening tags of the first paragraph without those that only wrapped the dateline."""
    opened, closed = match[1], match[2] + match[3]
    return "<p>" if closed else opened


def render(text: str, *, dateline: str, sign_off: str, inset: SafeString | str = "") -> SafeString:
    """The body as readers get it: cleaned once more, opening with the dateline, closed by the sign-off.

    `inset` (safe HTML) stands between two paragraphs of a text that takes it.
    """
    page = embeds.dress(_with_inset(clean(text), inset))
    if dateline:
        place = f'<span class="dateline">{escape(dateline)}</span>'
        page = f"<p>{place} - {page[3:]}" if page.startswith("<p>") else f"<p>{place}</p>{page}"
    if sign_off:
        mark = f'<span class="sign-off">{escape(sign_off)}</span>'
        last = page[page.rfind("<p") :]
        page = f"{page[:-4]} {mark}</p>" if last.startswith("<p>") and last.endswith("</p>") else f"{page}<p>{mark}</p>"
    return mark_safe(page)  # cleaned above; the rest is escaped


def takes_inset(text: str) -> bool:
    """Whether a text is long enough to be interrupted."""
    return len(_gaps(text)) >= INSET_AFTER + 2


def _with_inset(page: str, inset: str) -> str:
    if not inset or not takes_inset(page):
        return page
    place = _gaps(page)[INSET_AFTER - 1]
    return page[:place] + inset + page[place:]


def _gaps(page: str) -> list[int]:
    """Where one paragraph of the text itself follows another."""
    return [match.end() for match in _GAP.finditer(page) if _is_top_level(page[: match.end()])]


def _is_top_level(before: str) -> bool:
    return all(before.count(f"<{tag}") == before.count(f"</{tag}") for tag in ("blockquote", "ul", "ol"))


def plain(text: str) -> str:
    """The words that readers get, without markup, on one line."""
    return " ".join(html.unescape(_BARE.clean(text.replace("<", " <"))).split())


def words(text: str) -> int:
    """How many words readers get."""
    return len(plain(text).split())
