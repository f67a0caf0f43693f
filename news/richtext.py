"""The story body's HTML: what may stand in it, and the field that sees to it.

A strict allowlist, applied on every way in (form, code, import, update: `BodyField`) and once more on the way
out (`news.body`), so that no path to the database and no change of the rules can put a script before readers.
"""

import html
import re
from typing import Any

import nh3
from django.db import models
from django_prose_editor.config import allowlist_from_extensions
from django_prose_editor.fields import ProseEditorField

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
}
_ALLOWED = allowlist_from_extensions(EXTENSIONS)
# "*": without it, nh3 keeps `lang` and `title` on every element.
_ALLOWED["attributes"] = {"*": set(), "a": {"href", "title"}, "ol": {"start", "type"}}
_SYNONYMS = {"b": "strong", "i": "em"}  # what other programs write for what the editor makes
_ALLOWED["tags"] |= _SYNONYMS.keys()
_CLEANER = nh3.Cleaner(**_ALLOWED, strip_comments=True)
_EMPTY = re.compile(r"(?:<p>(?:\s|&nbsp;|<br>)*</p>\s*)*")

# Reading HTML takes time and space that grow with the square of what is counted here. A long story has a tenth of it;
# what has more was made to stop the server, and `_words_alone` makes it harmless in one go.
MAX_LENGTH = 500_000  # characters
_MAX_TAGS = 10_000  # of either kind: an end tag is compared with every element that is open
_MAX_REFERENCES = 50_000
_MAX_REPEATS = 500_000  # a style left open is opened again in each later paragraph; with attributes, any number are
_PASSES = 10  # an element that goes can leave a paragraph in a paragraph, which a browser would read in another way
_TAG = re.compile(r"</?[a-z]", re.IGNORECASE)
_STYLE = re.compile(r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/]", re.IGNORECASE)
_STYLE_WITH_ATTRIBUTES = re.compile(_STYLE.pattern + r"[^<>]*>", re.IGNORECASE)


def clean(text: str) -> str:
    """`text` with only what a story body may contain; an editor's empty paragraphs are an empty string."""
    cleaned = text or ""
    if _repeats(cleaned) > _MAX_REPEATS:  # none of these attributes stays anyway, and equal styles repeat three times
        cleaned = _STYLE_WITH_ATTRIBUTES.sub(r"<\1>", cleaned)
    for _pass in range(_PASSES):
        before = cleaned
        if _is_out_of_proportion(before):
            break
        cleaned = _clean_once(before)
        if cleaned == before:
            return "" if _EMPTY.fullmatch(cleaned) else cleaned
    return _words_alone(cleaned)


def _is_out_of_proportion(text: str) -> bool:
    """Whether the parser might take seconds, or gigabytes. Counts are of what could be tags: cheap, never too low."""
    if len(text) > MAX_LENGTH or text.count("&") + text.count("\xa0") > _MAX_REFERENCES:
        return True
    return len(_TAG.findall(text)) > _MAX_TAGS or _repeats(text) > _MAX_REPEATS


def _repeats(text: str) -> int:
    return len(_TAG.findall(text)) * len(_STYLE.findall(text))


def _words_alone(text: str) -> str:
    """One paragraph of what stood between the tags, without a parser. Stays as it is when it is cleaned again."""
    words = html.unescape(re.sub(r"<[^<>]*>", " ", text.replace("\x00", ""))).split()
    line = " ".join(words)[:MAX_LENGTH].strip()
    return f"<p>{html.escape(line, quote=False)}</p>" if line else ""


def _clean_once(text: str) -> str:
    cleaned = _CLEANER.clean(text).strip()
    for other, ours in _SYNONYMS.items():  # no attribute is left on them
        cleaned = cleaned.replace(f"<{other}>", f"<{ours}>").replace(f"</{other}>", f"</{ours}>")
    return cleaned


class BodyField(ProseEditorField):
    """The body editor's field. django-prose-editor cleans in `full_clean()` alone; this one cleans every write."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("extensions", dict(EXTENSIONS))
        kwargs.setdefault("sanitize", clean)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        """Typed and pasted texts are refused where `clean` would cut them."""
        return super().formfield(**({"max_length": MAX_LENGTH} | kwargs))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        cleaned = clean(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, cleaned)
        return cleaned

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """What `QuerySet.update` and `bulk_update` write passes here, and not by `pre_save`."""
        return super().get_db_prep_save(clean(value) if isinstance(value, str) else value, connection)
