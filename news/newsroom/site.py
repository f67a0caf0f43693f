"""The newsroom: Django's admin on its own host, opening on the desk."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class NewsroomSite(AdminSite):
    site_header = _("Newsroom")
    site_title = _("Newsroom")
    index_title = _("The desk")
    site_url = None
    enable_nav_sidebar = False

    LEFT_OUT = frozenset({"view_on_site", "password_change", "password_change_done"})
    """Django's addresses that we do not have: one redirects to any object's slug and asks nobody's role; passwords are
    django-allauth's."""

    def get_urls(self) -> list[Any]:
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") not in self.LEFT_OUT]

    @method_decorator(login_not_required)
    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leads to the log-in page; somebody who has logged in and is here all the same has no newsroom account."""
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_logout")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        from regions.scoped_admin import ScopedAutocomplete  # needs the models

        return cast("HttpResponse", ScopedAutocomplete.as_view(admin_site=self)(request))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from regions import access  # the site is made before the models are loaded

        from . import desk

        desk_context = {
            "piles": desk.piles(request.user),
            "may_write": desk.may_write(request.user),
            "awaits_second_factor": access.awaits_second_factor(request.user),
        }
        return super().index(request, {**desk_context, **(extra_context or {})})
