"""The schedule's page. What it shows stands in its address, so that every link works without a script."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from news.models import Article
from regions import tree
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

from ..region_labels import label_of
from . import entries
from .periods import Period, View, day_from, period

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

REGION, DAY, VIEW, BELOW = "wilayah", "hari", "tampilan", "di_bawah"
"""The parameters of the page's address."""
VIEW_NAMES = {View.DAY: gettext_lazy("Day"), View.WEEK: gettext_lazy("Week"), View.MONTH: gettext_lazy("Month")}


@dataclass(frozen=True)
class Shown:
    """What the page shows. `regions` are those that the person may choose."""

    region: Region
    view: View
    day: date
    below: bool
    regions: tuple[Region, ...]

    @property
    def period(self) -> Period:
        return period(self.view, self.day, self.region.zone)

    @property
    def fields(self) -> dict[str, str]:
        """The parameters of the address."""
        own = {REGION: label_of(self.region), VIEW: self.view.value, DAY: self.day.isoformat()}
        return own | ({BELOW: "1"} if self.below else {})

    def address(self) -> str:
        return f"{reverse('admin:schedule')}?{urlencode(self.fields)}"

    def at(self, day: date, view: View | None = None) -> str:
        """The address of the same schedule around another day, or in another view."""
        return replace(self, day=day, view=view or self.view).address()

    def idea_at(self, day: date) -> str:
        """The address of the form for an idea of that day."""
        asked = {REGION: label_of(self.region), DAY: day.isoformat()}
        return f"{reverse('admin:news_plannedidea_add')}?{urlencode(asked)}"


@dataclass(frozen=True)
class Refusal:
    """A new time that was not stored: why, and what was typed."""

    story: Article
    reason: str
    day: str
    time: str
    is_shown: bool = False


def shown(person: "User | AnonymousUser", asked: QueryDict) -> Shown:
    """What is asked for. Raises PermissionDenied for people without a role, and Http404 for regions that are not
    theirs. A day or a view that cannot be read is today, or the week."""
    regions = tuple(access.regions_for(person, Permission.WRITE).order_by("path"))
    if not regions:
        raise PermissionDenied
    if label := asked.get(REGION):
        region = next((each for each in regions if label_of(each) == label), None)
        if region is None:
            raise Http404
    else:
        region = _first_region(person, regions)
    view = asked.get(VIEW, "")
    return Shown(
        region=region,
        view=View(view) if view in set(View) else View.WEEK,
        day=day_from(asked.get(DAY, "")) or region.local(timezone.now()).date(),
        below=bool(asked.get(BELOW)) and has_below(region),
        regions=regions,
    )


def has_below(region: Region) -> bool:
    """Whether there can be regions below it."""
    return region.kind in (Region.Kind.NETWORK, Region.Kind.PROVINCE)


def _first_region(person: "User | AnonymousUser", regions: tuple[Region, ...]) -> Region:
    """The region of the person's role that lies deepest in the tree."""
    given = access.branches_for(person, Permission.WRITE)
    deepest = max(given, key=lambda path: (tree.depth(path), path))
    return next(region for region in regions if region.path == deepest)


@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """The schedule of a region."""
    return answer(request, shown(request.user, request.GET))


def answer(request: HttpRequest, what: Shown, refusal: Refusal | None = None) -> HttpResponse:
    """The page. With a refusal, the story's form is open and says why nothing was moved (409)."""
    now = timezone.now()
    days = entries.days(request.user, what.region, what.period, below=what.below, now=now)
    for day in days:
        day.address, day.idea_address = what.at(day.date, View.DAY), what.idea_at(day.date)
    if refusal:
        keys = {item.story.pk for day in days for item in day.items if item.story and item.may_move}
        refusal = replace(refusal, is_shown=refusal.story.pk in keys)
    context = {
        **admin.site.each_context(request),
        "title": _("Schedule of %(region)s") % {"region": what.region},
        "what": what,
        "days": days,
        "heading": heading(what.period),
        "zone": now.astimezone(what.region.zone).tzname(),
        "views": [
            {"name": VIEW_NAMES[view], "address": what.at(what.day, view), "is_shown": view is what.view}
            for view in View
        ],
        "idea_address": what.idea_at(what.day),
        "previous": what.at(what.period.previous),
        "next": what.at(what.period.next),
        "to_today": what.at(now.astimezone(what.region.zone).date()),
        "choices": _choices(what),
        "has_below": has_below(what.region),
        "sees_all": entries.sees_all(request.user, what.region),
        "refusal": refusal,
    }
    with timezone.override(what.region.zone):
        return render(request, "admin/schedule/schedule.html", context, status=409 if refusal else 200)


def _choices(what: Shown) -> list[dict[str, object]]:
    """The regions to choose from, each indented below those above it."""
    top = min(tree.depth(region.path) for region in what.regions)
    indent = "\N{NO-BREAK SPACE}" * 2
    return [
        {
            "value": label_of(region),
            "name": f"{indent * (tree.depth(region.path) - top)}{region}",
            "is_chosen": region == what.region,
        }
        for region in what.regions
    ]


def heading(what: Period) -> str:
    """The period in words."""
    match what.view:
        case View.DAY:
            return format_date(what.day, "l, j F Y")
        case View.MONTH:
            return format_date(what.day, "F Y")
    return f"{format_date(what.first, 'j F Y')} – {format_date(what.last, 'j F Y')}"


def local_time(day: str, clock: str, region: Region) -> datetime | None:
    """The moment that was typed as a day (2026-11-28) and a time (09:30, or with seconds), by the region's clock."""
    read = day_from(day.strip())
    clock = clock.strip()
    try:
        typed = datetime.strptime(clock, "%H:%M:%S" if clock.count(":") == 2 else "%H:%M")
    except ValueError:
        return None
    return datetime.combine(read, typed.time(), region.zone) if read else None
