"""The newsroom's admin site: Django's admin on its own host, with the desk as its start page."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView


class NewsroomSite(AdminSite):
    site_header = _("Newsroom")
    site_title = _("Newsroom")
    index_title = _("The desk")
    site_url = None
    enable_nav_sidebar = False

    LEFT_OUT = frozenset({"view_on_site", "password_change", "password_change_done"})
    """Django's addresses that are removed: `view_on_site` redirects to any object without checking permissions, and
    passwords are changed through django-allauth."""

    def get_urls(self) -> list[Any]:

        kept = [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") not in self.LEFT_OUT]
        again = TemplateView.as_view(
            template_name="admin/logged_in_again.html", extra_context={"title": _("Logged in")}
        )
        from .urls import PAGES  # imported late, because the site is created before the models are loaded

        own = [path(address, self.admin_view(view), name=name) for address, view, name in PAGES]
        return [path("masuk-lagi/", again, name="logged_in_again"), *own, *kept]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """As Django's, put together once for a request: the context of every page and the navigation ask for it."""
        if app_label:
            return super().get_app_list(request, app_label)
        if not hasattr(request, "_app_list"):
            request._app_list = super().get_app_list(request)  # type: ignore[attr-defined]
        return cast("list[Any]", request._app_list)  # type: ignore[attr-defined]

    @method_decorator(login_not_required)
    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the log-in page, or refuse somebody who is logged in but may not use the newsroom."""
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        from regions.permissions.scoped_admin import ScopedAutocomplete  # imported late, because it needs the models

        return cast("HttpResponse", ScopedAutocomplete.as_view(admin_site=self)(request))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        # Imported late, because the site is created before the models are loaded.
        from regions.permissions import access
        from regions.permissions.access import Permission

        from . import desk

        shown = {
            "desk": desk.desk(request.user),
            "may_write": bool(access.branches_for(request.user, Permission.WRITE)),
            "manages": bool(access.branches_for(request.user, Permission.MANAGE)),
            "awaits_second_factor": access.awaits_second_factor(request.user),
        }
        return super().index(request, {**shown, **(extra_context or {})})
