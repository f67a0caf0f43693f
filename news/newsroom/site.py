"""The newsroom: Django's admin on its own host, opening on the desk."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _


class NewsroomSite(AdminSite):
    site_header = _("Newsroom")
    site_title = _("Newsroom")
    index_title = _("The desk")
    site_url = None
    enable_nav_sidebar = False

    def get_urls(self) -> list[Any]:
        """Django's addresses without `view_on_site`: it redirects to any object's slug and asks nobody's role."""
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from . import desk  # the site is made before the models are loaded

        desk_context = {"piles": desk.piles(request.user), "may_write": desk.may_write(request.user)}
        return super().index(request, {**desk_context, **(extra_context or {})})
