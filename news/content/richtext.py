"""The HTML that an article body may contain, and the model field that enforces it.

The allowlist is applied to every write (forms, code, imports, `update()`; see `BodyField`) and again when a page is
rendered (`news.content.body`). So neither a write that bypasses the forms nor a later change of the rules can bring a
script to readers.
"""

import html
import re
from typing import TYPE_CHECKING, Any

import nh3
from django.db import models

from pekon.plain_text import without_invisible

from . import embed_codes, links

if TYPE_CHECKING:  # generic only for mypy
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField

PHOTO, STORY = "data-photo", "data-article"
"""The attributes that refer to rows: a photo in the text, a story to read also."""
_REFERENCES = {
    ("figure", PHOTO): re.compile(r"[1-9][0-9]{0,11}"),
    ("aside", STORY): re.compile(r"[1-9][0-9]{0,11}"),
}
"""(element, attribute) → the only values that it may have. Without one, the element is replaced by what it holds."""
_CELL = {"colspan", "rowspan"}
_SPAN = re.compile(r"[1-9][0-9]?")
_TAGS = set(
    "p br strong em sup sub a h2 h3 ul ol li blockquote hr table tbody tr th td figure figcaption aside".split()
)
_SYNONYMS = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
"""Elements of other programs → the editor's elements."""
_CONTAINERS = set("div section article main header footer address center details summary pre dl dt dd fieldset".split())
"""Elements that set their text apart from the text around them, as paragraphs do."""
_ALLOWED: dict[str, Any] = {
    "tags": _TAGS,
    # "*": without it, nh3 keeps `lang` and `title` on every element.
    "attributes": {"*": set(), "a": {"href", "title"}, "ol": {"start", "type"}, "th": _CELL, "td": _CELL}
    | {element: {attribute} for element, attribute in _REFERENCES},
    "url_schemes": {"http", "https", "mailto", "tel"},
    "link_rel": None,
}


def _attribute(element: str, attribute: str, value: str) -> str | None:
    if (element, attribute) == ("a", "href"):
        return links.completed(value)
    allowed = _SPAN if attribute in _CELL else _REFERENCES.get((element, attribute))
    return value if allowed is None or allowed.fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    **_ALLOWED | {"tags": _TAGS | _SYNONYMS.keys() | _CONTAINERS}, strip_comments=True, attribute_filter=_attribute
)
_EMPTY = re.compile(r"(?:<p>(?:\s|&nbsp;|<br>)*</p>\s*)*")
_RENAMED = re.compile(rf"(</?)({'|'.join(_SYNONYMS)})>")
_BLOCK = "|".join(["p", "h[1-6]", "[uo]l", "li", "table", "blockquote", "hr", "figure", "aside", *sorted(_CONTAINERS)])
_LEAF = re.compile(rf"<({'|'.join(_CONTAINERS)})>((?:(?!</?(?:{_BLOCK})\b).)*+)</\1>", re.DOTALL)
_CONTAINER = re.compile(rf"</?(?:{'|'.join(_CONTAINERS)})>")
_LOOSE_CELL = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_REFERRING = re.compile(r"(<(/?)(figcaption|figure|aside)\b[^<>]*>)")

# Parsing HTML takes time and memory that grow with the square of these counts. A long article reaches a tenth of them.
# A text beyond them is an attack on the server; `_words_alone` reduces it to its words without parsing it.
MAX_LENGTH = 500_000  # characters
_MAX_TAGS = 10_000  # start and end tags: the parser compares an end tag with every open element
_MAX_REFERENCES = 50_000
_MAX_REPEATS = 500_000  # an unclosed inline element, with its attributes, is opened again in each later paragraph
_PASSES = 10  # removing an element can leave nested paragraphs, which browsers parse differently: clean again
_TAG = re.compile(r"</?[a-z]", re.IGNORECASE)
_STYLE = re.compile(r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/]", re.IGNORECASE)
_STYLE_WITH_ATTRIBUTES = re.compile(_STYLE.pattern + r"[^<>]*>", re.IGNORECASE)


def clean(text: str) -> str:
    """`text` reduced to the HTML that an article body may contain; an empty string if only empty paragraphs remain."""
    cleaned = text or ""
    # Attributes are not allowed on these elements, and without them an element repeats three times at most.
    if _repeats(cleaned) > _MAX_REPEATS:
        cleaned = _STYLE_WITH_ATTRIBUTES.sub(r"<\1>", cleaned)
    for _pass in range(_PASSES):
        before = cleaned
        if _is_out_of_proportion(before):
            break
        cleaned = _clean_once(before)
        if cleaned == before:
            return "" if _EMPTY.fullmatch(cleaned) else cleaned
    return _words_alone(cleaned)


def absolute_links(cleaned: str, base: str) -> str:
    """A cleaned text with all links made absolute, as seen from the page at `base`: for use outside of that page.

    A link to a place in the text (`#note`) gets the page's address in front.
    """
    return nh3.clean(cleaned, **_ALLOWED, url_relative=("rewrite_with_base", base))


def _is_out_of_proportion(text: str) -> bool:
    """Whether parsing might take seconds or gigabytes. The counts are quick upper bounds of the tags in the text."""
    if len(text) > MAX_LENGTH or text.count("&") + text.count("\xa0") > _MAX_REFERENCES:
        return True
    return len(_TAG.findall(text)) > _MAX_TAGS or _repeats(text) > _MAX_REPEATS


def _repeats(text: str) -> int:
    return len(_TAG.findall(text)) * len(_STYLE.findall(text))


def _words_alone(text: str) -> str:
    """The text between the tags as one paragraph, found without a parser. Cleaning the result again changes nothing."""
    words = without_invisible(html.unescape(re.sub(r"<[^<>]*>", " ", text.replace("\x00", "")))).split()
    line = " ".join(words)[:MAX_LENGTH].strip()
    return f"<p>{html.escape(line, quote=False)}</p>" if line else ""


def _clean_once(text: str) -> str:
    text = embed_codes.replaced(without_invisible(text))
    if "<table" not in text.lower():
        text = _LOOSE_CELL.sub(" ", text)  # cells without a table, whose words a parser would run together
    cleaned = _RENAMED.sub(lambda tag: f"{tag[1]}{_SYNONYMS[tag[2]]}>", _CLEANER.clean(text).strip())
    cleaned = _CONTAINER.sub(" ", _LEAF.sub(_paragraph, cleaned)).strip() if _CONTAINER.search(cleaned) else cleaned
    return _without_bare(cleaned) if _REFERRING.search(cleaned) else cleaned


def _paragraph(container: re.Match[str]) -> str:
    """A container of words alone as a paragraph; an empty one is nothing."""
    words = container[2].strip()
    return f"<p>{words}</p>" if words else " "


def _without_bare(cleaned: str) -> str:
    """`cleaned` without figures and asides that refer to nothing, of which the content is kept, and without the
    content of an aside, because readers get the story's title of today. A caption outside a figure is a paragraph."""
    kept: list[str] = []
    opened: list[tuple[str, bool]] = []  # (element, whether its tags are kept)
    pieces = iter(_REFERRING.split(cleaned))
    asides = 0
    for text in pieces:
        if not asides:
            kept.append(text)
        tag, ends, name = next(pieces, ""), next(pieces, ""), next(pieces, "")
        if not tag:
            break
        if not ends:
            refers = " " in tag or (name == "figcaption" and ("figure", True) in opened[-1:])
            opened.append((name, refers))
        elif not opened or opened[-1][0] != name:
            continue  # never in cleaned HTML
        else:
            refers = opened.pop()[1]
        asides -= int(name == "aside" and refers and bool(ends))
        if not asides:
            kept.append(tag if refers else {"figcaption": "</p>" if ends else "<p>"}.get(name, ""))
        asides += int(name == "aside" and refers and not ends)
    return "".join(kept)


class BodyField(_TextField):
    """An HTML text that is cleaned in forms and at every write, whichever way it comes."""

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        return clean(super().clean(value, model_instance))

    def deconstruct(self) -> Any:
        """A text like any other for migrations, in which cleaning changes nothing."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """Limit the form field's length, so that a text that `clean` would cut is refused instead."""
        return super().formfield(**({"max_length": MAX_LENGTH} | kwargs))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        cleaned = clean(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, cleaned)
        return cleaned

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Clean here, because `QuerySet.update` and `bulk_update` do not call `pre_save`."""
        return super().get_db_prep_save(clean(value) if isinstance(value, str) else value, connection)
