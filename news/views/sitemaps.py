"""Sitemaps and robots.txt of an edition's host."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from news import announcing
from news.syndication import sitemaps
from regions.middleware import RegionRequest

from .machines import answer


@require_safe
def index(request: RegionRequest) -> HttpResponse:
    return answer(request, sitemaps.index(request.region), sitemaps.CONTENT_TYPE)


@require_safe
def page(request: RegionRequest, number: str) -> HttpResponse:
    document = sitemaps.page(request.region, int(number))
    if document is None:
        raise Http404
    return answer(request, document, sitemaps.CONTENT_TYPE)


@require_safe
def news(request: RegionRequest) -> HttpResponse:
    return answer(request, sitemaps.news(request.region), sitemaps.CONTENT_TYPE)


@require_safe
def robots(request: RegionRequest) -> HttpResponse:
    """Everything may be read (RFC 9309); what must not be listed says so itself, and has to be read for that."""
    lines = ["User-agent: *", "Disallow: /dibaca/", "Disallow: /pratinjau/", ""]
    lines += [f"Sitemap: {address}" for address in sitemaps.addresses(request.region)]
    return answer(request, "\n".join([*lines, ""]), "text/plain; charset=utf-8")


@require_safe
def indexnow_key(request: RegionRequest, key: str) -> HttpResponse:
    """The proof that IndexNow asks for; there only while it is used."""
    if not settings.INDEXNOW or not constant_time_compare(key, announcing.key_of(request.region)):
        raise Http404
    return HttpResponse(key, content_type="text/plain; charset=utf-8")
