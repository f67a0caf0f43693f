"""Declares which models readers see, and in which regions. Saving a row of these bumps the regions' generations.

Articles, bylines, tags of articles, galleries, references in texts, shares, corrections and withdrawals are not
registered here. They change only with their article, and every act on an article ends with `placements.rebuild`, which
bumps the regions that list or listed it, and those that list an article whose text refers to it. news.adverts and
news.search register their own models.
"""

from collections.abc import Iterable
from typing import Any

from news.images.models import Photo
from news.models import (
    Article,
    Author,
    FrontArrangement,
    FrontSlot,
    Page,
    Placement,
    Section,
    Tag,
    TaggedPlacement,
)
from regions import generations
from regions.models import Masthead, Region

from . import followed_leads


def register() -> None:
    generations.register(FrontArrangement, _readers_of_arrangement)
    generations.register(FrontSlot, lambda slot: followed_leads.showing_front(slot.region_id))
    generations.register(Masthead, subtree_of)
    generations.register(Page, subtree_of)
    generations.register(Section, lambda section: [generations.EVERYWHERE])
    generations.register(Author, lambda author: _regions_listing(article__bylines__author=author))
    generations.register(Tag, _regions_listing_tag)
    generations.register(Photo, _regions_showing_photo)


def subtree_of(row: Any) -> Iterable[int]:
    """The row's region and all regions below it, which show the row if they have none of their own."""
    return Region.objects.subtree_of(row.region).values_list("pk", flat=True)


def _regions_listing(**lookups: Any) -> Iterable[int]:
    """The regions that list articles with these properties."""
    return Placement.objects.filter(**lookups).order_by().values_list("region_id", flat=True).distinct()


def _regions_listing_tag(tag: Tag) -> Iterable[int]:
    return TaggedPlacement.objects.filter(tag=tag).order_by().values_list("region_id", flat=True).distinct()


def _readers_of_arrangement(arrangement: FrontArrangement) -> Iterable[int]:
    """The regions that show the arrangement, and nobody if it is a draft."""
    return followed_leads.showing_front(arrangement.region_id) if arrangement.begins_at else []


def _regions_showing_photo(photo: Photo) -> Iterable[int]:
    """The regions that list articles with this photo, and those that follow such a lead."""
    showing = Article.objects.showing(photo)
    return {*_regions_listing(article__in=showing), *followed_leads.showing_articles(showing.values("pk"))}
