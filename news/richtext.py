"""The story body's HTML: what may stand in it, and the field that sees to it.

A strict allowlist, applied on every way in (form, code, import, update: `BodyField`) and once more on the way
out (`news.body`), so that no path to the database and no change of the rules can put a script before readers.
"""

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
_ALLOWED["attributes"] = {"a": {"href", "title"}, "ol": {"start", "type"}}
_SYNONYMS = {"b": "strong", "i": "em"}  # what other programs write for what the editor makes
_ALLOWED["tags"] |= _SYNONYMS.keys()
_CLEANER = nh3.Cleaner(**_ALLOWED, strip_comments=True)
_PASSES = 10  # an element that goes can leave a paragraph in a paragraph, which a browser would read in another way
_EMPTY = re.compile(r"(?:<p>(?:\s|&nbsp;|<br>)*</p>\s*)*")


def clean(html: str) -> str:
    """`html` with only what a story body may contain; an editor's empty paragraphs are an empty string."""
    cleaned = _clean_once(html or "")
    for _pass in range(_PASSES):
        before, cleaned = cleaned, _clean_once(cleaned)
        if cleaned == before:
            break
    return "" if _EMPTY.fullmatch(cleaned) else cleaned


def _clean_once(html: str) -> str:
    cleaned = _CLEANER.clean(html).strip()
    for other, ours in _SYNONYMS.items():  # no attribute is left on them
        cleaned = cleaned.replace(f"<{other}>", f"<{ours}>").replace(f"</{other}>", f"</{ours}>")
    return cleaned


class BodyField(ProseEditorField):
    """The body editor's field. django-prose-editor cleans in `full_clean()` alone; this one cleans every write."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("extensions", dict(EXTENSIONS))
        kwargs.setdefault("sanitize", clean)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        cleaned = clean(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, cleaned)
        return cleaned

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """What `QuerySet.update` and `bulk_update` write passes here, and not by `pre_save`."""
        return super().get_db_prep_save(clean(value) if isinstance(value, str) else value, connection)
