"""Middleware that differs between the newsroom's host and readers' hosts.

Django's session, CSRF, log-in and message middleware run on the newsroom's host only. A reader's request must never
read a cookie, open a session or look up a user (docs/decisions/0003). Both kinds of host share one `MIDDLEWARE` list,
so each of these classes skips readers' requests. This way `request.user` does not even exist for a reader's template.
"""

import logging
from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from regions.encryption import SecretUnreadable
from regions.middleware import NewsroomOnly, is_newsroom

log = logging.getLogger(__name__)


class NewsroomSessionMiddleware(NewsroomOnly, SessionMiddleware):
    pass


class NewsroomAuthenticationMiddleware(NewsroomOnly, AuthenticationMiddleware):
    pass


class NewsroomMessageMiddleware(NewsroomOnly, MessageMiddleware):
    pass


class NewsroomCsrfMiddleware(NewsroomOnly, CsrfViewMiddleware):
    def process_view(self, request: HttpRequest, *args: Any) -> Any:
        return super().process_view(request, *args) if is_newsroom(request) else None


class NewsroomGZipMiddleware(NewsroomOnly, GZipMiddleware):
    """Compresses newsroom pages, with Django's padding against guesses by length. Readers' pages are compressed when
    they are stored."""


class NewsroomNeverCacheMiddleware:
    """Forbids browsers to store newsroom pages, so that the next person at a shared computer cannot go back to them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_newsroom(request) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class NewsroomSecretsMiddleware:
    """Explains that a second factor cannot be decrypted, if SECRET_KEY was changed without a fallback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SecretUnreadable):
            return None
        log.error("A second factor cannot be read: add the former SECRET_KEY to SECRET_KEY_FALLBACKS")
        return render(request, "account/secret_unreadable.html", status=409)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp for the newsroom's host. On all other hosts the policy is the same for every page, so it is written
    out once, unless a view changes it (`csp_replace`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        super().__init__(get_response)
        self._readers_policy = build_policy(settings.READERS_CONTENT_SECURITY_POLICY)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_usual = not is_newsroom(request) and not hasattr(response, "_csp_replace") and not settings.DEBUG
        if not is_usual:
            return super().process_response(request, response)
        response.setdefault(HEADER, self._readers_policy)
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and not is_newsroom(request):
            parts.config = settings.READERS_CONTENT_SECURITY_POLICY
        return parts


class NewsroomLocaleMiddleware:
    """Shows the newsroom in Indonesian, or in the language that the person chose, and ignores `Accept-Language`.

    Most phones in Indonesia are set to English by their makers, so that header says little about their owners.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_newsroom(request):
            # The default in any case. But as long as a thread has no language, asking for it costs an exception.
            translation.activate(settings.LANGUAGE_CODE)
            return self.get_response(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            return self.get_response(request)
