"""The view of the search page."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from news.readers.pages import SearchPage
from news.readers.pages.search import PAGE_PARAMETER, PARAMETERS
from regions.middleware import RegionRequest
from regions.query_params import allow


@require_safe
@allow(*PARAMETERS, PAGE_PARAMETER)
def search(request: RegionRequest) -> HttpResponse:
    response = SearchPage.build(request.snapshot, request.region, request.GET.dict()).render(request)
    response["X-Robots-Tag"] = "noindex, follow"
    return response
