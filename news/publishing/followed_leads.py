"""Which regions show, as their lead, the one that a region above has placed; their pages change with it.

A region that follows shows the lead that editors of the region above placed, or of the one above that if that region
follows too, unless it has placed one of its own. More regions may be named than show it at this moment.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Min, Q

from news.models import FrontArrangement, FrontSlot, Placement
from regions import generations, tree
from regions.models import Region


def showing_front(region_id: int) -> set[int]:
    """The region, and those below that follow its lead now or later. Keys."""
    paths = Region.objects.filter(pk=region_id).values_list("path", flat=True)
    return {region_id, *_followers(paths)}


def showing_articles(articles: Any) -> set[int]:
    """The regions that follow a lead which is one of these articles (keys, or a query of them). Keys."""
    leads = FrontSlot.objects.filter(article__in=articles, slot=FrontSlot.Slot.LEAD)
    current = leads.filter(arrangement__in=FrontArrangement.objects.current()).order_by()
    return _followers(current.values_list("region__path", flat=True).distinct())


def _followers(paths: Iterable[str]) -> set[int]:
    below = Q()
    for path in paths:
        below |= Q(region__path__startswith=path) & ~Q(region__path=path)
    if not below:
        return set()
    following = FrontArrangement.objects.current().filter(below, follows_lead=True).order_by()
    return set(following.values_list("region", flat=True))


@generations.register_schedule
def _fronts(regions: set[int], now: datetime) -> Iterator[tuple[int, datetime]]:
    """Yield the next times at which an arrangement or a slot begins or ends, in a region or in one that it follows, or
    at which a followed lead is published or expires."""
    shown_in = _shown_in(regions, now)
    current = FrontArrangement.objects.current(now).filter(region__in=shown_in)
    slots = FrontSlot.objects.filter(arrangement__in=current.order_by().values("pk"))
    moments = [*_next(current, now, "begins_at"), *_next(slots, now, "starts_at", "ends_at")]
    if shown_in.keys() - regions or any(len(showing) > 1 for showing in shown_in.values()):
        leads = slots.filter(slot=FrontSlot.Slot.LEAD).values("article")
        placed = Placement.objects.filter(region__in=shown_in, article__in=leads)
        moments += _next(placed, now, "published_at", "expires_at")
    for front, moment in moments:
        yield from ((region, moment) for region in shown_in[front])


def _shown_in(regions: set[int], now: datetime) -> dict[int, set[int]]:
    """Region → those of `regions` that show what was placed on its front: itself, and those that follow."""
    shown_in = {region: {region} for region in regions}
    following = FrontArrangement.objects.current(now).filter(region__in=regions, follows_lead=True).order_by()
    paths = dict(following.values_list("region", "region__path"))
    lineages = {region: tree.lineage(path) for region, path in paths.items()}
    above = Region.objects.filter(path__in={path for lineage in lineages.values() for path in lineage})
    keys = dict(above.values_list("path", "pk")) if lineages else {}
    for region, lineage in lineages.items():
        for path in lineage:
            shown_in.setdefault(keys[path], set()).add(region)
    return shown_in


def _next(rows: Any, now: datetime, *names: str) -> list[tuple[int, datetime]]:
    """(region, moment): the earliest moment after `now` in each of these columns."""
    earliest = {f"next_{name}": Min(name, filter=Q(**{f"{name}__gt": now})) for name in names}
    found = rows.order_by().values("region").annotate(**earliest).values_list("region", *earliest)
    return [(region, moment) for region, *moments in found for moment in moments if moment]
