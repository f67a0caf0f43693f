"""Sitemaps and robots.txt of an edition's host."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from news.publishing import indexing_pings
from news.syndication import sitemaps
from regions.middleware import RegionRequest

from .conditional import answer


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
    document = sitemaps.news(request.region)
    if document is None:
        raise Http404
    return answer(request, document, sitemaps.CONTENT_TYPE, max_age=sitemaps.news_max_age(request.region))


@require_safe
def robots(request: RegionRequest) -> HttpResponse:
    """robots.txt (RFC 9309). It allows everything, because crawlers must read a page to find its `noindex`."""
    max_age = sitemaps.news_max_age(request.region)
    lines = ["User-agent: *", "Disallow: /dibaca/", "Disallow: /pratinjau/", ""]
    addresses = sitemaps.addresses(request.region, has_news=max_age is not None)
    lines += [f"Sitemap: {address}" for address in addresses]
    return answer(request, "\n".join([*lines, ""]), "text/plain; charset=utf-8", max_age=max_age)


@require_safe
def indexnow_key(request: RegionRequest, key: str) -> HttpResponse:
    """The key file with which IndexNow verifies the host; 404 unless IndexNow is switched on."""
    if not settings.INDEXNOW or not constant_time_compare(key, indexing_pings.key_of(request.region)):
        raise Http404
    return HttpResponse(key, content_type="text/plain; charset=utf-8")
