"""The body editor as a form's widget: a text area that static/js/editor/ makes an editor of.

The editor's engine (Tiptap) comes from django-prose-editor as one file; toolbar, nodes and pasting are ours. Modules
find each other by the page's import map, whose addresses change with the files. The import map is an inline script, so
the page's media need its nonce (`js_asset.Media.from_media`).
"""

from typing import Any

from django import forms
from django.forms import Script
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from js_asset import ImportMap, Media

from .photo_rules import PhotoInput

_MODULES = ("cleaning", "comments", "lines", "nodes", "pasting", "toolbar", "typing")
_IMPORT_MAP = ImportMap(
    {
        "django-prose-editor/editor": "django_prose_editor/editor.js",
        "pekon/picker": "js/picker.js",
        "pekon/comments/quotes": "js/comments/quotes.js",
    }
    | {f"pekon/editor/{name}": f"js/editor/{name}.js" for name in _MODULES}
)


class BodyInput(forms.Textarea):
    """`with_pickers`: with photos, stories to read also, and uploads of pasted pictures."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, with_pickers: bool = False):
        super().__init__({"data-editor": True, "rows": 12} | (attrs or {}))
        self.with_pickers = with_pickers

    @property
    def media(self) -> forms.Media:
        own: forms.Media = Media(
            importmap=_IMPORT_MAP,
            css={"all": ["css/picker.css", "css/editor.css"]},
            js=[Script("js/editor/editor.js", type="module")],
        )
        return own + PhotoInput("text").media if self.with_pickers else own

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        pickers = {"data-photos": reverse("admin:photo_picker"), "data-articles": reverse("admin:article_picker")}
        return super().get_context(name, value, (attrs or {}) | (pickers if self.with_pickers else {}))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        area = super().render(name, value, attrs, renderer)
        if not self.with_pickers:
            return area
        photos = PhotoInput("text").render("", None, {"aria-label": _("Upload photos")})
        return format_html('{}<div class="editor-uploads" hidden>{}</div>', area, photos)

    def use_required_attribute(self, initial: Any) -> bool:
        """The browser cannot point at a text area that is hidden."""
        return False
