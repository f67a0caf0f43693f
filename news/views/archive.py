"""Indeks: everything that an edition has published, by day on the region's calendar."""

from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.models import Placement
from news.pagination import read_page
from regions.middleware import RegionRequest
from regions.parameters import takes

from .pages import render_page

DAY = timedelta(days=1)


@require_safe
@takes("sebelum", "tanggal")
def index(request: RegionRequest) -> HttpResponse:
    """The newest stories; `?tanggal=2024-11-23`, what the date field sends, leads to that day."""
    today = request.region.local(timezone.now()).date()
    if "tanggal" in request.GET:
        try:
            wanted = parse_date(request.GET["tanggal"])
        except ValueError:
            wanted = None
        if wanted and date(1900, 1, 1) <= wanted <= today:
            return HttpResponseRedirect(_address(wanted))
    page = read_page(Placement.objects.in_region(request.region), request)
    context = {"page": page, "title": _("Index"), "today": today, "is_archive": True}
    return render_page(request, "news/list.html", context)


@require_safe
@takes("sebelum")
def day(request: RegionRequest, year: str, month: str, day: str) -> HttpResponse:
    """One day, midnight to midnight on the region's clocks. A day to come is not there."""
    try:
        wanted = date(int(year), int(month), int(day))
    except ValueError:
        raise Http404 from None
    today = request.region.local(timezone.now()).date()
    if wanted > today:
        raise Http404
    start = datetime.combine(wanted, time.min, request.region.zone)
    end = datetime.combine(wanted + DAY, time.min, request.region.zone)
    placements = Placement.objects.in_region(request.region).filter(published_at__gte=start, published_at__lt=end)
    context = {
        "page": read_page(placements, request),
        "title": _("Index"),
        "day": wanted,
        "today": today,
        "previous_day": _address(wanted - DAY) if wanted.year > 1900 else "",
        "next_day": _address(wanted + DAY) if wanted < today else "",
        "is_archive": True,
    }
    return render_page(request, "news/list.html", context)


def _address(wanted: date) -> str:
    return reverse("archive-day", args=[f"{wanted:%Y}", f"{wanted:%m}", f"{wanted:%d}"])
