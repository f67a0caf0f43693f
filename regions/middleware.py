"""Host routing: from the Host header to `request.region`, or to the newsroom, or to a refusal.

One job and one object: readers' requests leave here with `request.region` and without cookies, the newsroom's
with `request.region = None` and its own URLconf, and everything else is answered here.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotFound,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import render

from . import hosts, parameters
from .board import Snapshot
from .models import Region


class RegionRequest(HttpRequest):
    """A reader's request, as views see it."""

    region: Region
    snapshot: Snapshot


def is_newsroom(request: HttpRequest) -> bool:
    """Whether the request came in on the newsroom's host."""
    return getattr(request, "region", False) is None


class HostMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        header = request.META.get("HTTP_HOST", "")
        host = hosts.parse(header, settings.DOMAIN, settings.NEWSROOM_LABEL)
        if "%00" in request.META.get("QUERY_STRING", ""):  # no text of ours holds it, and PostgreSQL refuses it
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
        """Addresses that the newsroom writes into mails begin with its own host and port, whatever was asked for."""
        request.META["HTTP_HOST"] = f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}"
        request.region = None  # type: ignore[attr-defined]
        request.urlconf = settings.NEWSROOM_URLCONF
        return self.get_response(request)

    def reader(self, request: HttpRequest, host: hosts.Host) -> HttpResponse:
        request.META.pop("HTTP_COOKIE", None)
        # The page cache's, where that has let the request through.
        snapshot: Snapshot = request.META.get("pekon.snapshot") or Snapshot.alone()
        region = snapshot.shared.regions.get(host.label) or self.by_alias(host.label)
        if region is None:
            return _unknown(request)
        if not host.exact or region.subdomain != host.label:
            return _redirect(request, region.origin)
        request.META["QUERY_STRING"] = parameters.listed(request.path_info, request.META.get("QUERY_STRING", ""))
        request.region = region  # type: ignore[attr-defined]
        request.snapshot = snapshot  # type: ignore[attr-defined]
        return self.get_response(request)

    def by_alias(self, label: str) -> Region | None:
        """The open region whose old label this is."""
        return Region.objects.open().filter(aliases__label=label).first() if label else None


def _redirect(request: HttpRequest, origin: str) -> HttpResponse:
    return HttpResponsePermanentRedirect(f"{origin}{request.get_full_path()}")


def _unknown(request: HttpRequest) -> HttpResponse:
    page = render(request, "regions/unknown_host.html", {"front": f"{settings.SCHEME}://{settings.DOMAIN}/"})
    return HttpResponseNotFound(page.content)
