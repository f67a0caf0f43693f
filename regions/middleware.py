"""Host routing: the Host header decides between an edition, the newsroom and an error.

Readers' requests get `request.region` and lose their cookies. The newsroom's requests get `request.region = None` and
their own URLconf. All others are answered here.
"""

from collections.abc import Callable
from typing import Any, TypeGuard, cast

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotFound,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from . import hosts, query_params
from .generations.snapshot import Snapshot
from .models import Region


class RegionRequest(HttpRequest):
    """A reader's request, as views see it."""

    region: Region
    snapshot: Snapshot
    depends_on: set[int]
    """Keys of further regions on which this page depends. Views add to it for the page cache."""


class NewsroomRequest(HttpRequest):
    """A request to the newsroom's host: it belongs to no region."""

    region: None
    urlconf: str


def is_newsroom(request: HttpRequest) -> bool:
    """Whether the request came in on the newsroom's host."""
    return getattr(request, "region", False) is None


def is_reader(request: HttpRequest) -> TypeGuard[RegionRequest]:
    """Whether the request came in on an edition's host."""
    return isinstance(getattr(request, "region", None), Region)


class NewsroomOnly(MiddlewareMixin):
    """Mixin, as the first base class, that makes a middleware class of Django's skip readers' requests."""

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if is_newsroom(request) else self.get_response(request)


class HostMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        header = request.META.get("HTTP_HOST", "")
        host = hosts.parse(header, settings.DOMAIN, settings.NEWSROOM_LABEL)
        if "%00" in request.META.get("QUERY_STRING", ""):  # no text contains a NUL, and PostgreSQL refuses it
            return HttpResponseBadRequest("Bad Request: NUL in the address\n", content_type="text/plain")
        match host.kind:
            case hosts.Kind.FOREIGN:
                return HttpResponseBadRequest("Bad Request: unknown host\n", content_type="text/plain")
            case hosts.Kind.NEWSROOM if host.exact:
                return self.newsroom(request)
            case hosts.Kind.NEWSROOM | hosts.Kind.WWW:
                label = settings.NEWSROOM_LABEL + "." if host.kind is hosts.Kind.NEWSROOM else ""
                return _redirect(request, f"{settings.SCHEME}://{label}{settings.DOMAIN}")
            case hosts.Kind.NETWORK | hosts.Kind.LABEL:
                return self.reader(request, host)
        return _unknown(request)

    def newsroom(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on to the newsroom. Its host and port are set to the configured ones, which are then used
        for links in mails, whatever the client sent."""
        request.META["HTTP_HOST"] = f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}"
        newsroom_request = cast("NewsroomRequest", request)
        newsroom_request.region = None
        newsroom_request.urlconf = settings.NEWSROOM_URLCONF
        return self.get_response(newsroom_request)

    def reader(self, request: HttpRequest, host: hosts.Host) -> HttpResponse:
        request.META.pop("HTTP_COOKIE", None)
        # The page cache, if there is one in front, has taken a snapshot already.
        snapshot: Snapshot = request.META.get("pekon.snapshot") or Snapshot.for_one_page()
        region = snapshot.shared.open_regions.get(host.label) or self.by_alias(host.label)
        if region is None:
            return _unknown(request)
        if not host.exact or region.subdomain != host.label:
            return _redirect(request, region.origin)
        request.META["QUERY_STRING"] = query_params.allowed(request.path_info, request.META.get("QUERY_STRING", ""))
        region_request = cast("RegionRequest", request)
        region_request.region = region
        region_request.snapshot = snapshot
        region_request.depends_on = request.META.get("pekon.depends_on", set())
        return self.get_response(region_request)

    def by_alias(self, label: str) -> Region | None:
        """The open region that has this label as an alias."""
        return Region.objects.open().filter(aliases__label=label).first() if label else None


def _redirect(request: HttpRequest, origin: str) -> HttpResponse:
    return HttpResponsePermanentRedirect(f"{origin}{request.get_full_path()}")


def _unknown(request: HttpRequest) -> HttpResponse:
    page = render(request, "regions/unknown_host.html", {"front": f"{settings.SCHEME}://{settings.DOMAIN}/"})
    return HttpResponseNotFound(page.content)
