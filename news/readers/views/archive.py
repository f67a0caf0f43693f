"""The archive (Indeks), complete or of one day."""

from datetime import date

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from news.models import Section
from news.readers.lists import CURSOR_PARAMETER
from news.readers.pages import ArchivePage
from news.readers.pages.archive import FIRST, day_path, region_today
from regions.middleware import RegionRequest
from regions.query_params import allow

from .lists import section_or_404


@require_safe
@allow(CURSOR_PARAMETER, "tanggal", "rubrik")
def index(request: RegionRequest) -> HttpResponse:
    """The newest articles. With `?tanggal=2024-11-23`, which the date field sends, redirect to that day."""
    section = _section(request)
    if wanted := _wanted_day(request):
        return HttpResponseRedirect(day_path(wanted, section))
    cursor = request.GET.get(CURSOR_PARAMETER, "")
    return ArchivePage.build(request.snapshot, request.region, cursor, section).render(request)


@require_safe
@allow(CURSOR_PARAMETER, "rubrik")
def day(request: RegionRequest, year: str, month: str, day: str) -> HttpResponse:
    """The articles of one day in the region's zone. A future day answers 404."""
    try:
        wanted = date(int(year), int(month), int(day))
    except ValueError:
        raise Http404 from None
    if wanted > region_today(request.region):
        raise Http404
    cursor = request.GET.get(CURSOR_PARAMETER, "")
    return ArchivePage.build(request.snapshot, request.region, cursor, _section(request), wanted).render(request)


def _wanted_day(request: RegionRequest) -> date | None:
    """The day in `?tanggal=`; None for an invalid or future one."""
    try:
        wanted = parse_date(request.GET.get("tanggal", ""))
    except ValueError:
        return None
    return wanted if wanted and FIRST <= wanted <= region_today(request.region) else None


def _section(request: RegionRequest) -> Section | None:
    """The section in `?rubrik=politik`. Raises Http404 if there is no such section."""
    return section_or_404(request, request.GET["rubrik"]) if request.GET.get("rubrik") else None
