"""How long the leads of many front pages have stood: one query for all of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, Now

from news.models import FrontArrangement, FrontSlot, Placement
from regions.models import Region, RegionQuerySet


def ages_of_leads(regions: Iterable[Region] | QuerySet[Region], at: datetime | None = None) -> dict[int, timedelta]:
    """Region's key → for how long its lead has stood at `at` (aware), or now.

    A lead that editors placed, here or in the region above that this one follows, stands from when it was placed or
    published, whichever was later. One that filled the slot by itself is taken to be the newest story. Regions without
    any story are left out.
    """
    rows = with_leads(Region.objects.filter(pk__in=[region.pk for region in regions]), at)
    return {pk: now - since for pk, since, now in rows.values_list("pk", "lead_since", "asked_at") if since}


def older_than(regions: RegionQuerySet, age: timedelta, at: datetime | None = None) -> list[tuple[Region, timedelta]]:
    """The regions whose lead has stood for at least `age`, and for how long; the longest first."""
    found = [(row, row.asked_at - row.lead_since) for row in with_leads(regions, at) if row.lead_since]
    return sorted((each for each in found if each[1] >= age), key=lambda each: each[1], reverse=True)


def with_leads(regions: QuerySet[Region], at: datetime | None = None) -> QuerySet[Any, Any]:
    """Annotate `lead_since` (None without any story) and `asked_at`."""
    newest = Placement.objects.live(at).filter(region=OuterRef("pk")).newest_first().values("published_at")[:1]
    followed = _placed("parent", at, _follows(OuterRef("pk"), at))
    above = _placed("parent__parent", at, _follows(OuterRef("pk"), at), _follows(OuterRef("parent"), at))
    since = Coalesce(_placed("pk", at), followed, above, Subquery(newest), output_field=DateTimeField(null=True))
    asked_at = ExpressionWrapper(Value(at) if at else Now(), output_field=DateTimeField())
    return regions.annotate(lead_since=since, asked_at=asked_at)


def _placed(region: str, at: datetime | None, *conditions: Any) -> Subquery:
    """Since when the placed lead of the outer row's `region` stands; NULL if there is none, or a condition fails."""
    own = FrontArrangement.objects.in_force(OuterRef(OuterRef(region)), at).values("pk")
    listed = Placement.objects.live(at).filter(region=OuterRef("region"), article=OuterRef("article"))
    leads = FrontSlot.objects.running(at).filter(
        Exists(listed), *conditions, region=OuterRef(region), slot=FrontSlot.Slot.LEAD, arrangement=Subquery(own)
    )
    since = Greatest("placed_at", Coalesce("starts_at", "placed_at"), "article__published_at")
    return Subquery(leads.order_by("position", "pk").annotate(since=since).values("since")[:1])


def _follows(region: Any, at: datetime | None) -> Exists:
    """Whether the outer region's front page follows, as a condition inside a subquery of it."""
    own = FrontArrangement.objects.in_force(OuterRef(OuterRef(region)), at).values("pk")
    return Exists(FrontArrangement.objects.filter(pk=Subquery(own), follows_lead=True))
