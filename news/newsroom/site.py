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
        return [path("masuk-lagi/", again, name="logged_in_again"), *self._schedule_urls(), *kept]

    def _schedule_urls(self) -> list[Any]:
        from .schedule import feed, moving, page  # imported late, because they need the models

        return [
            path("jadwal/", self.admin_view(page.schedule), name="schedule"),
            path("jadwal/<int:story>/pindah/", self.admin_view(moving.move), name="schedule_move"),
            path("jadwal/langganan/", self.admin_view(feed.subscription), name="schedule_subscription"),
        ]

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

        from . import desk

        desk_context = {
            "comments": desk.comments(request.user),
            "piles": desk.piles(request.user),
            "may_write": desk.may_write(request.user),
            "awaits_second_factor": access.awaits_second_factor(request.user),
        }
        return super().index(request, {**desk_context, **(extra_context or {})})
