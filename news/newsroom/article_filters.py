"""Filters of the newsroom's list of articles, and what they ask of the search's index."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from news.models import Article
from news.models.querysets import State
from news.search.backends import AnyOf
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

_PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
_MAX_MONTHS = 24  # longer times are not passed to the index
_OF_STATE = dict.fromkeys((State.SCHEDULED, State.LIVE, State.EXPIRED), "approved")


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, Any]]:
        return iter(State.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case State.BINNED:
                return queryset.in_bin(timezone.now() - timedelta(days=settings.BIN_DAYS))
            case None:
                return queryset.outside_bin()
            case state:
                return queryset.in_state(State(state)) if state in State else queryset.none()


class MineFilter(admin.SimpleListFilter):
    title = _("my stories")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("my stories only"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.by(request.user) if self.value() == "1" else queryset


class StoryRegionFilter(admin.SimpleListFilter):
    """Offers the regions in which the person writes, if there are several."""

    title = _("region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.regions = {region.subdomain or "-": region for region in regions_of(request)}
        chosen = request.GET.get(self.parameter_name)
        return [(label, region.short_name) for label, region in self.regions.items() if len(self.regions) > 1 or chosen]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        region = self.regions.get(self.value() or "")
        return queryset.filter(region=region.pk) if region else queryset.none()


class WaitingFilter(admin.SimpleListFilter):
    title = _("waiting for review")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("2", _("more than 2 hours")), ("24", _("more than a day")), ("72", _("more than 3 days"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("2", "24", "72"):
            return queryset if self.value() is None else queryset.none()
        return queryset.waiting_since(timezone.now() - timedelta(hours=int(self.value() or 0)))


class DateOfFilter(admin.SimpleListFilter):
    """Which time the three filters below ask for, if not that of the last change. It filters nothing itself."""

    title = _("by the time of")
    parameter_name = "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("published", _("publication"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset


class PeriodFilter(admin.SimpleListFilter):
    title = _("within the last")
    parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("day", _("24 hours")), ("week", _("7 days")), ("month", _("30 days"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Apply this filter and the two days, which have no query of their own."""
        since, until = interval(request)
        name = time_of(request)
        if since:
            queryset = queryset.filter(**{f"{name}__gte": since})
        if until:
            queryset = queryset.filter(**{f"{name}__lt": until})
        return queryset


class SinceFilter(admin.SimpleListFilter):
    title = _("from the day")
    parameter_name = "from"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("", "")]  # any day; one without a choice would not be asked

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        _day(request, self.parameter_name)
        return queryset


class UntilFilter(SinceFilter):
    title = _("to the day")
    parameter_name = "to"


def regions_of(request: HttpRequest) -> list[Region]:
    """The regions in which the person writes, read once for a request."""
    if not hasattr(request, "_regions_written"):
        regions = access.regions_for(request.user, Permission.WRITE)
        request._regions_written = list(regions.only("path", "subdomain", "short_name"))  # type: ignore[attr-defined]
    return cast("list[Region]", request._regions_written)  # type: ignore[attr-defined]


def time_of(request: HttpRequest) -> str:
    """The field that the filters by time ask."""
    return "published_at" if request.GET.get("of") == "published" else "updated_at"


def interval(request: HttpRequest) -> tuple[datetime | None, datetime | None]:
    """The beginning and the end of the time that is asked for; days are in the newsroom's zone.

    Raises IncorrectLookupParameters for what is no day.
    """
    now = timezone.now()
    first, last = _day(request, "from"), _day(request, "to")
    since = _midnight(first) if first else None
    until = _midnight(last + timedelta(days=1)) if last else None
    if period := _PERIODS.get(request.GET.get("period", "")):
        since = max(now - period, since) if since else now - period
        until = until or now
    return since, until


def tokens(request: HttpRequest) -> Iterator[AnyOf]:
    """What all documents have of articles that pass the filters of this request."""
    asked = request.GET
    if asked.get("mine") == "1":
        yield [[f"u_{request.user.pk}"]]
    if (state := asked.get("state", "")) in State:
        yield [[f"z_{_OF_STATE.get(State(state), state)}"]]
    if (kind := asked.get("kind__exact", "")) in Article.Kind:
        yield [[f"t_{kind}"]]
    if (section := asked.get("section__id__exact", "")).isdecimal() and section.isascii():
        yield [[f"k_{section}"]]
    yield from ([[f"r_{each.pk}"]] for each in regions_of(request) if each.subdomain == (asked.get("region") or "-"))
    if months := _months(*interval(request)):
        mark = "d" if time_of(request) == "published_at" else "m"
        yield [[f"{mark}_{month}"] for month in months]


def _months(since: datetime | None, until: datetime | None) -> list[str]:
    """The months between, in UTC; none if there are too many or no beginning or end."""
    if since is None or until is None:
        return []
    first, last = since.astimezone(UTC), until.astimezone(UTC)
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12}{number % 12 + 1:02}" for number in numbers] if len(numbers) <= _MAX_MONTHS else []


def _day(request: HttpRequest, name: str) -> date | None:
    typed = request.GET.get(name, "").strip()
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    if typed and (day is None or not 1900 < day.year < 2200):
        raise IncorrectLookupParameters
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())
