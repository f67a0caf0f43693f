"""Indeks: everything that an edition has published, by day on the region's calendar and by rubric."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news import listings
from news.models import Section
from news.pagination import read_page
from regions.middleware import RegionRequest
from regions.parameters import takes

from .pages import render_page, section_or_404

DAY = timedelta(days=1)
FIRST = date(1900, 1, 1)
_LISTINGS = {
    (False, False): listings.OF_REGION,
    (True, False): listings.OF_SECTION,
    (False, True): listings.OF_TIME,
    (True, True): listings.OF_TIME_AND_SECTION,
}
"""By whether a rubric, and whether a day is asked for."""


@dataclass(frozen=True)
class Calendar:
    """A month in weeks from Monday; each day's number with its address, empty for days outside and days to come."""

    month: date
    weeks: list[list[tuple[int, str]]]
    before: str
    """Address of the last day of the month before."""
    after: str


@require_safe
@takes("sebelum", "tanggal", "rubrik")
def index(request: RegionRequest) -> HttpResponse:
    """The newest stories; `?tanggal=2024-11-23`, what the date field sends, leads to that day."""
    today = request.region.local(timezone.now()).date()
    rubric = _rubric(request)
    if "tanggal" in request.GET:
        try:
            wanted = parse_date(request.GET["tanggal"])
        except ValueError:
            wanted = None
        if wanted and FIRST <= wanted <= today:
            return HttpResponseRedirect(_address(wanted, rubric))
    return _page(request, today, rubric)


@require_safe
@takes("sebelum", "rubrik")
def day(request: RegionRequest, year: str, month: str, day: str) -> HttpResponse:
    """One day, midnight to midnight on the region's clocks. A day to come is not there."""
    try:
        wanted = date(int(year), int(month), int(day))
    except ValueError:
        raise Http404 from None
    today = request.region.local(timezone.now()).date()
    if wanted > today:
        raise Http404
    return _page(request, today, _rubric(request), wanted)


def _page(request: RegionRequest, today: date, rubric: Section | None, day: date | None = None) -> HttpResponse:
    asked: dict[str, Any] = {"region": request.region.pk}
    if rubric:
        asked["section"] = rubric.pk
    if day:
        asked["since"] = datetime.combine(day, time.min, request.region.zone)
        asked["until"] = datetime.combine(day + DAY, time.min, request.region.zone)
    listing = _LISTINGS[rubric is not None, day is not None]
    context = {
        "page": read_page(listing, request, {"rubrik": rubric.slug} if rubric else None, **asked),
        "title": _("Index"),
        "rubric": rubric,
        "day": day,
        "today": today,
        "calendar": _calendar(day or today, today, rubric),
        "previous_day": _address(day - DAY, rubric) if day and day > FIRST else "",
        "next_day": _address(day + DAY, rubric) if day and day < today else "",
        "is_archive": True,
    }
    return render_page(request, "news/list.html", context)


def _rubric(request: RegionRequest) -> Section | None:
    """`?rubrik=politik`. Raises Http404 for a word that is no rubric's."""
    return section_or_404(request, request.GET["rubrik"]) if request.GET.get("rubrik") else None


def _calendar(shown: date, today: date, rubric: Section | None) -> Calendar:
    weeks = [
        [
            (each.day, _address(each, rubric) if each.month == shown.month and each <= today else "")
            if each.month == shown.month
            else (0, "")
            for each in week
        ]
        for week in calendar.Calendar().monthdatescalendar(shown.year, shown.month)
    ]
    first = shown.replace(day=1)
    after = (first + 31 * DAY).replace(day=1)
    return Calendar(
        month=first,
        weeks=weeks,
        before=_address(first - DAY, rubric) if first > FIRST else "",
        after=_address(after, rubric) if after <= today else "",
    )


def _address(wanted: date, rubric: Section | None) -> str:
    query = {"rubrik": rubric.slug} if rubric else None
    return reverse("archive-day", args=[f"{wanted:%Y}", f"{wanted:%m}", f"{wanted:%d}"], query=query)
