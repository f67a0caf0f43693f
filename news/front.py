"""What stands on a front page: composed from the region's newest stories, without doubles.

Works from a region and a moment alone, so that an editor can be shown the front as of a time to come. Three
queries whatever the archive's size: the newest, the newest of each section, and those sections' stories.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from regions.models import Region

from .models import Article, Placement, Section
from .querysets import PlacementQuerySet

HEADLINES = 4
LATEST = 9
BLOCK = 4
"""Stories in a section's block."""
LEAD_CANDIDATES = 5
"""The lead is the newest of so many that has a photo."""


@dataclass(frozen=True)
class Block:
    section: Section
    stories: list[Article]


@dataclass(frozen=True)
class Front:
    lead: Article | None
    headlines: list[Article]
    latest: list[Article]
    blocks: list[Block]
    sections: list[Section]


def compose(region: Region, at: datetime | None = None) -> Front:
    """The front page of `region` as of `at` (aware), or as of now by the database's clock."""
    placements = Placement.objects.live(at).in_region(region).newest_first()
    newest = [row.article for row in placements.for_cards()[: 1 + HEADLINES + LATEST]]
    lead = _lead(newest)
    rest = [story for story in newest if story is not lead]
    shown = [story.pk for story in newest]
    sections, blocks = _blocks(placements, shown, at)
    return Front(lead, rest[:HEADLINES], rest[HEADLINES:], blocks, sections)


def _lead(newest: list[Article]) -> Article | None:
    """Editorial matter before anything supplied or paid, with a photo before none, newest first."""
    editorial = [story for story in newest if not story.is_supplied] or newest
    with_photo = [story for story in editorial[:LEAD_CANDIDATES] if story.lead_photo_id]
    return next(iter(with_photo or editorial), None)


def _blocks(placements: PlacementQuerySet, shown: list[int], at: datetime | None) -> tuple[list[Section], list[Block]]:
    """Every section; and for each with stories left, the newest that do not stand higher up.

    One query finds the stories' keys by an index look-up each, a second one reads the stories.
    """
    ids = placements.exclude(article_id__in=shown).filter(section=OuterRef("pk")).values("article_id")
    places = [f"story_{n}" for n in range(BLOCK)]
    sections = list(Section.objects.annotate(**{place: Subquery(ids[n : n + 1]) for n, place in enumerate(places)}))
    wanted = {section: [getattr(section, place) for place in places] for section in sections}
    stories = Article.objects.live(at).for_cards().in_bulk([pk for pks in wanted.values() for pk in pks if pk])
    filled = {section: [stories[pk] for pk in pks if pk in stories] for section, pks in wanted.items()}
    return sections, [Block(section, found) for section, found in filled.items() if found]
