"""What an edition says of itself: its masthead and its pages, by its chief editors."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from js_asset import Media as EditorMedia

from news import starting_pages
from news.models import Page
from regions.access import Permission
from regions.models import Masthead
from regions.scoped_admin import RegionFilter, ScopedAdmin


class AboutAdmin(ScopedAdmin):
    viewing = changing = region_choices = Permission.MANAGE
    list_select_related = ["region"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Without it, what the region above says holds again."""
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

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """`?slug=kontak` begins with the text that readers have so far."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        slug = initial.get("slug", "")
        if slug in Page.Slug.values:
            start = starting_pages.read(slug)
            initial = {"title": start.title, "body": start.body} | initial
        return initial

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        # The body editor's import map is an inline script: it needs the page's nonce.
        context["media"] = EditorMedia.from_media(context["media"], nonce=request.csp_nonce)  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)
