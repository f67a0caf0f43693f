"""The page of the most read articles, and the beacon that counts reads."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from news.popularity import counter
from news.readers.pages import PopularPage
from regions.middleware import RegionRequest
from regions.query_params import allow


@require_safe
@allow("hari")
def popular(request: RegionRequest) -> HttpResponse:
    """The most read articles of the last 24 hours, or with `?hari=7` of the last seven days."""
    is_week = request.GET.get("hari") == "7"
    return PopularPage.build(request.snapshot, request.region, is_week=is_week).render(request)


@require_POST
def read(request: HttpRequest, pk: str) -> HttpResponse:
    """Count a read of this article. The answer does not show whether it was counted."""
    counter.record_read(request, int(pk))
    response = HttpResponse(status=204)
    response["Cache-Control"] = "no-store"
    return response
