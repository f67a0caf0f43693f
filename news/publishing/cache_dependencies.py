"""Declares which models readers see, and in which regions. Saving a row of these bumps the regions' generations.

Articles, bylines, tags of articles, galleries, references in texts, shares, corrections and withdrawals are not
registered here. They change only with their article, and every act on an article ends with `placements.rebuild`, which
bumps the regions that list or listed it, and those that list an article whose text refers to it. news.adverts and
news.search register their own models.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Min

from news.images.models import Photo
from news.models import Article, Author, FrontSlot, Page, Placement, Section, Tag, TaggedPlacement
from regions import generations
from regions.models import Masthead, Region


def register() -> None:
    generations.register(FrontSlot, lambda slot: [slot.region_id])
    generations.register(Masthead, subtree_of)
    generations.register(Page, subtree_of)
    generations.register(Section, lambda section: [generations.EVERYWHERE])
    generations.register(Author, lambda author: _regions_listing(article__bylines__author=author))
    generations.register(Tag, _regions_listing_tag)
    generations.register(Photo, lambda photo: _regions_listing(article__in=Article.objects.showing(photo)))


def subtree_of(row: Any) -> Iterable[int]:
    """The row's region and all regions below it, which show the row if they have none of their own."""
    return Region.objects.subtree_of(row.region).values_list("pk", flat=True)


def _regions_listing(**lookups: Any) -> Iterable[int]:
    """The regions that list articles with these properties."""
    return Placement.objects.filter(**lookups).order_by().values_list("region_id", flat=True).distinct()


def _regions_listing_tag(tag: Tag) -> Iterable[int]:
    return TaggedPlacement.objects.filter(tag=tag).order_by().values_list("region_id", flat=True).distinct()


@generations.register_schedule
def _front_slots(regions: set[int], now: datetime) -> Iterator[tuple[int, datetime]]:
    """Yield the next times at which a front page slot begins or ends."""
    slots = FrontSlot.objects.filter(region__in=regions).order_by()
    for name in ("starts_at", "ends_at"):
        yield from slots.filter(**{f"{name}__gt": now}).values_list("region_id").annotate(Min(name))
