"""The numbers of a month: everybody's own, and for those who manage regions theirs by person, region, kind and section.

Addresses: `bulan` is the month, `menurut` what the table has a row for, `urut` its order. A month begins at midnight in
each story's own region; the zone on screen, by which "this month" is decided, is that of the person's first region.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.models import Author
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

from . import charts, counts, numbers_table
from .counts import By, Row
from .months import Month
from .numbers_table import COLUMNS, NAME, Order, Table

_TABLES = [By.PERSON, By.REGION, By.KIND, By.SECTION]
_MOST_BARS = 20


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as far as this person may have it."""

    month: Month
    by: By
    order: Order
    region: Region
    """The person's first region, whose zone decides what this month is."""
    is_current: bool

    def address(self, name: str = "admin:numbers", **changes: str) -> str:
        """The address of the same table with other parameters."""
        given = {"bulan": str(self.month), "menurut": self.by.value, "urut": str(self.order)} | changes
        return f"{reverse(name)}?{urlencode(given)}"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    scope, table = _table(request, asked)
    by_day = counts.published_by_day(scope, asked.month.first, asked.month.end)
    days = [(format_date(day, "j M"), stories) for day, stories in by_day]
    context = {
        **admin.site.each_context(request),
        "title": _("Numbers"),
        "subtitle": _month_name(asked.month),
        "asked": asked,
        "month": _month_name(asked.month),
        "previous": asked.address(bulan=str(asked.month.previous)),
        "next": "" if asked.is_current else asked.address(bulan=str(asked.month.next)),
        "zone": Region.Zone(asked.region.timezone).label,
        "is_own": asked.by == By.STORY,
        "tabs": _tabs(request, asked),
        "table": table,
        "headings": _headings(asked),
        "columns": COLUMNS,
        "rule": numbers_table.RULE,
        "cards": list(zip(COLUMNS, table.in_all.figures, strict=True)) if table.in_all else [],
        "bars": charts.bars(_largest(table)),
        "charted": table.charted,
        "most_bars": _MOST_BARS if len(table.lines) > _MOST_BARS else 0,
        "days": charts.sparkline(days),
        "day_rows": [row for row in days if row[1]],
        "file": asked.address("admin:numbers_file"),
        "has_no_author": asked.by == By.STORY and not table.lines and not _has_author(request),
    }
    return TemplateResponse(request, "admin/numbers.html", context)


@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """The table on the page as CSV."""
    asked = _asked(request)
    _scope, table = _table(request, asked)
    response = HttpResponse(numbers_table.as_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="angka-{asked.by}-{asked.month}.csv"'
    return response


def _asked(request: HttpRequest) -> Asked:
    """Raises PermissionDenied for tables that are not for this person."""
    region = access.regions_for(request.user, Permission.WRITE).order_by("path").first()
    if region is None:
        raise PermissionDenied
    typed = request.GET.get("menurut", "")
    by = By(typed) if typed in By.__members__.values() else By.STORY
    if by != By.STORY and not _manages(request):
        raise PermissionDenied
    current = Month.of(region.local(timezone.now()).date())
    month = min(Month.read(request.GET.get("bulan", "")) or current, current)
    return Asked(month, by, Order.read(request.GET.get("urut", "")), region, month == current)


def _has_author(request: HttpRequest) -> bool:
    return Author.objects.filter(user=request.user.pk).exists()


def _manages(request: HttpRequest) -> bool:
    return bool(access.branches_for(request.user, Permission.MANAGE))


def _table(request: HttpRequest, asked: Asked) -> tuple[counts.Scope, Table]:
    if asked.by != By.STORY:
        scope = counts.managed(request.user)
        return scope, numbers_table.make(asked.by, counts.rows(scope, asked.month, asked.by), asked.order)
    scope = counts.own(request.user)
    return scope, numbers_table.make(By.STORY, _of_this_month(counts.rows(scope, asked.month, By.STORY)), asked.order)


def _of_this_month(rows: list[Row]) -> list[Row]:
    """The stories of the month. Those that were only read in it, which may be hundreds, are one row."""
    older = [row for row in rows if row.counts == counts.Counts(reads=row.counts.reads)]
    if not older:
        return rows
    rest = Row(None, _("Older stories (%(count)d)") % {"count": len(older)}, "", counts.total(older))
    return [*(row for row in rows if row not in older), rest]


def _tabs(request: HttpRequest, asked: Asked) -> list[dict[str, Any]]:
    """The tables that this person may see, if there are several."""
    if not _manages(request):
        return []
    names = {
        By.STORY: _("My month"),
        By.PERSON: _("By person"),
        By.REGION: _("By region"),
        By.KIND: _("By kind"),
        By.SECTION: _("By section"),
    }
    return [
        {"name": names[by], "url": asked.address(menurut=by.value), "is_current": by == asked.by}
        for by in (By.STORY, *_TABLES)
    ]


def _headings(asked: Asked) -> list[dict[str, Any]]:
    """The columns' names with the address that sorts by each, and for the one that does `aria-sort`."""
    direction = "descending" if asked.order.is_descending else "ascending"
    named = [(NAME, ""), *((column.key, column.name) for column in COLUMNS)]
    return [
        {
            "name": name,
            "url": asked.address(urut=str(asked.order.turned(key))),
            "sort": direction if key == asked.order.key else "",
        }
        for key, name in named
    ]


def _largest(table: Table) -> list[tuple[str, int]]:
    """The names and figures of the chart: the largest, largest first."""
    place = COLUMNS.index(table.charted)
    figures = [(line.name, line.figures[place] or 0) for line in table.lines if line.figures[place]]
    return sorted(figures, key=lambda figure: -figure[1])[:_MOST_BARS]


def _month_name(month: Month) -> str:
    return format_date(month.first, "F Y")
