"""Indeks: everything that an edition has published, by day on the region's calendar and by rubric."""

import calendar
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.utils.translation import get_language
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
            return HttpResponseRedirect(_address(wanted, rubric.slug if rubric else ""))
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
    slug = rubric.slug if rubric else ""
    context = {
        "page": read_page(listing, request, {"rubrik": slug} if slug else None, **asked),
        "title": _("Index"),
        "rubric": rubric,
        "day": day,
        "today": today,
        "calendar": _calendar(day or today, today, slug, day is not None, get_language()),
        "previous_day": _address(day - DAY, slug) if day and day > FIRST else "",
        "next_day": _address(day + DAY, slug) if day and day < today else "",
        "is_archive": True,
    }
    return render_page(request, "news/list.html", context)


def _rubric(request: RegionRequest) -> Section | None:
    """`?rubrik=politik`. Raises Http404 for a word that is no rubric's."""
    return section_or_404(request, request.GET["rubrik"]) if request.GET.get("rubrik") else None


@lru_cache(maxsize=1_024)
def _calendar(shown: date, today: date, rubric: str, is_current: bool, language: str) -> SafeString:
    """A month in weeks from Monday, the same in every edition; days outside and days to come lead nowhere."""
    weeks = [
        [
            (each.day, _address(each, rubric) if each <= today else "") if each.month == shown.month else (0, "")
            for each in week
        ]
        for week in calendar.Calendar().monthdatescalendar(shown.year, shown.month)
    ]
    first = shown.replace(day=1)
    after = (first + 31 * DAY).replace(day=1)
    context = {
        "month": first,
        "weeks": weeks,
        "before": _address(first - DAY, rubric) if first > FIRST else "",
        "after": _address(after, rubric) if after <= today else "",
        "current": shown.day if is_current else None,
    }
    return render_to_string("news/components/calendar.html", context)


def _address(wanted: date, rubric: str) -> str:
    query = {"rubrik": rubric} if rubric else None
    return reverse("archive-day", args=[f"{wanted:%Y}", f"{wanted:%m}", f"{wanted:%d}"], query=query)
