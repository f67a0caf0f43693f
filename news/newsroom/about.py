"""An edition's masthead and its pages about the paper, which its chief editors edit."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from js_asset import Media as EditorMedia

from news.content import default_pages
from news.content.richtext import BodyField
from news.models import Page
from regions.models import Masthead
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import RegionFilter, ScopedAdmin

from .body_input import BodyInput


class NonceRequest(HttpRequest):
    """A request with the attribute that django-csp adds."""

    csp_nonce: str


class AboutAdmin(ScopedAdmin):
    viewing = changing = region_choices = Permission.MANAGE
    list_select_related = ["region"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleting is allowed, because the region above's values then apply again."""
        return self.has_change_permission(request, obj)


@admin.register(Masthead)
class MastheadAdmin(AboutAdmin):
    list_display = ["region", "publisher", "responsible", "email"]
    search_fields = ["region__short_name"]
    fieldsets = [
        (
            None,
            {
                "fields": ["region", "publisher", "verification", "responsible", "chief_editor", "staff"],
                "description": _("What is left empty is taken from the region above."),
            },
        ),
        (_("Contact"), {"fields": ["address", "phone", "whatsapp", "email"]}),
    ]


@admin.register(Page)
class PageAdmin(AboutAdmin):
    list_display = ["title", "slug", "region", "updated_at"]
    list_filter = [RegionFilter, "slug"]
    fields = ["region", "slug", "title", "body"]
    formfield_overrides = {BodyField: {"widget": BodyInput}}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """With `?slug=kontak`, start from the text that readers see so far."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        slug = initial.get("slug", "")
        if slug in Page.Slug.values:
            start = default_pages.read(slug)
            initial = {"title": start.title, "body": start.body} | initial
        return initial

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        # The body editor's import map is an inline script, so it needs the page's nonce.
        nonce = cast("NonceRequest", request).csp_nonce
        context["media"] = EditorMedia.from_media(context["media"], nonce=nonce)
        return super().render_change_form(request, context, *args, **kwargs)
