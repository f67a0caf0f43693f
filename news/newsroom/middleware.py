"""Middleware for the newsroom's host that depends on the newsroom's forms and journal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from news.publishing import journal
from pekon import maintenance
from regions.middleware import NewsroomOnly, is_newsroom

from . import scripts, unsaved_input


class NewsroomLoginRequiredMiddleware(NewsroomOnly, LoginRequiredMiddleware):
    """Requires a log-in for every newsroom address, except views with `login_not_required`."""

    def process_view(self, request: HttpRequest, *args: Any) -> Any:
        return super().process_view(request, *args) if is_newsroom(request) else None

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """Show a posted form's texts for copying, if the session has ended; redirect other requests to the log-in."""
        if scripts.wants_json(request):
            return JsonResponse({"error": _("You are logged out.")}, status=401)
        if request.method == "POST" and (typed := unsaved_input.texts(request.POST)):
            return render(request, "admin/session_over.html", {"typed": typed}, status=401)
        return super().handle_no_permission(request, view_func)


class NewsroomReadOnlyMiddleware:
    """Refuses every change while the newsroom is read-only (pekon.maintenance), and gives back what was typed.

    Scripts get the note as an error with status 503, upon which they keep what is typed and try again later.
    """

    RETRY_AFTER = 30  # seconds
    READING = ("GET", "HEAD", "OPTIONS")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        if request.method in self.READING or not is_newsroom(request) or not maintenance.current().is_read_only:
            return None
        response: HttpResponse
        if scripts.wants_json(request):
            response = JsonResponse({"error": maintenance.current().note}, status=503)
        else:
            context = {"typed": unsaved_input.texts(request.POST), "note": maintenance.current().note}
            response = render(request, "admin/read_only.html", context, status=503)
        response["Retry-After"] = str(self.RETRY_AFTER)
        return response


class NewsroomActivityMiddleware:
    """Passes the client's address to the journal, and records when a session was last used, to a few minutes."""

    INTERVAL = timedelta(minutes=5)
    SEEN = "seen_at"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_newsroom(request):
            return self.get_response(request)
        try:
            address = get_adapter().get_client_ip(request)
        except (PermissionDenied, ImproperlyConfigured):  # no address, or fewer proxies than TRUSTED_PROXY_COUNT
            address = None
        if address and request.user.is_authenticated and not maintenance.current().is_read_only:
            self.note(request)
        with journal.acting_from(address):
            return self.get_response(request)

    def note(self, request: HttpRequest) -> None:
        now = timezone.now()
        seen_at = parse_datetime(request.session.get(self.SEEN, ""))
        if seen_at is None or now - seen_at >= self.INTERVAL:
            UserSession.objects.create_from_request(request)
            request.session[self.SEEN] = now.isoformat()
