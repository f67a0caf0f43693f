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

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from . import desk  # the site is made before the models are loaded

        return super().index(request, {"piles": desk.piles(request.user), **(extra_context or {})})
