"""Middleware that knows the two kinds of host: the newsroom's log-in machinery, and what pages may load.

Django's session, CSRF, log-in and message middleware run on the newsroom's host only.
A reader's request must never read a cookie, open a session or ask who is there (docs/decisions/0003). The two
kinds of host share one `MIDDLEWARE` list, so each of these steps aside for readers by construction, instead of
relying on nobody touching `request.user` in a reader's template.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.dateparse import parse_datetime

from news import journal
from news.newsroom import kept
from regions.middleware import is_newsroom


class NewsroomOnly:
    """Mixed in before one of Django's middleware classes: passes readers' requests by."""

    def __call__(self, request: HttpRequest) -> Any:
        if is_newsroom(request):
            return super().__call__(request)  # type: ignore[misc]
        return self.get_response(request)  # type: ignore[attr-defined]


class NewsroomSessionMiddleware(NewsroomOnly, SessionMiddleware):
    pass


class NewsroomAuthenticationMiddleware(NewsroomOnly, AuthenticationMiddleware):
    pass


class NewsroomMessageMiddleware(NewsroomOnly, MessageMiddleware):
    pass


class NewsroomCsrfMiddleware(NewsroomOnly, CsrfViewMiddleware):
    def process_view(self, request: HttpRequest, *args: Any) -> Any:
        return super().process_view(request, *args) if is_newsroom(request) else None


class NewsroomLoginRequiredMiddleware(NewsroomOnly, LoginRequiredMiddleware):
    """Every newsroom address asks for a log-in, but for those that say otherwise (`login_not_required`)."""

    def process_view(self, request: HttpRequest, *args: Any) -> Any:
        return super().process_view(request, *args) if is_newsroom(request) else None

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """A form that was typed until the session ended is given back, to copy; everything else leads to the log-in."""
        if request.method == "POST" and (typed := kept.texts(request.POST)):
            return render(request, "admin/session_over.html", {"typed": typed}, status=401)
        return super().handle_no_permission(request, view_func)


class NewsroomNeverCacheMiddleware:
    """Newsrooms share computers: what one person saw is not there for the next one who presses Back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_newsroom(request) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class NewsroomActivityMiddleware:
    """Says where a person acts from, for the journal; and when a session was last used, to a few minutes."""

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
        if address and request.user.is_authenticated:
            self.note(request)
        with journal.acting_from(address):
            return self.get_response(request)

    def note(self, request: HttpRequest) -> None:
        now = timezone.now()
        seen_at = parse_datetime(request.session.get(self.SEEN, ""))
        if seen_at is None or now - seen_at >= self.INTERVAL:
            UserSession.objects.create_from_request(request)
            request.session[self.SEEN] = now.isoformat()


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp with a policy for each kind of host; what is not the newsroom's gets the readers'."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and not is_newsroom(request):
            parts.config = settings.READERS_CONTENT_SECURITY_POLICY
        return parts


class NewsroomLocaleMiddleware:
    """The newsroom speaks Indonesian, or the language that the person chose; a browser's own does not count.

    Most phones here are set to English by their makers, so `Accept-Language` would greet reporters in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_newsroom(request):
            return self.get_response(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            return self.get_response(request)
