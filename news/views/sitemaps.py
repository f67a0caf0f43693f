"""Sitemaps and robots.txt of an edition's host."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

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
