"""Views about an edition: its static pages, its corrections, and the list of all editions."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from news.readers.pages import CorrectionsPage, RegionsPage, StaticPage
from regions.middleware import RegionRequest
from regions.query_params import allow


@require_safe
def page(request: RegionRequest, slug: str) -> HttpResponse:
    return StaticPage.build(request.snapshot, request.region, slug).render(request)


@require_safe
def corrections(request: RegionRequest) -> HttpResponse:
    return CorrectionsPage.build(request.snapshot, request.region).render(request)


@require_safe
@allow("q")
def regions(request: RegionRequest) -> HttpResponse:
    """All open editions by province, or with `?q=` those whose name contains the words."""
    words = " ".join(request.GET.get("q", "").split())[:60]
    return RegionsPage.build(request.snapshot, request.region, words).render(request)
