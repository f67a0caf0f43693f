"""What stands on a front page: what editors placed there, and below it the newest stories, each once.

Works from a region and a moment alone, so that an editor can be shown the front as of a time to come. Five queries
whatever the archive's size: the places, the newest stories, the newest of each section, those of the regions around,
and all of these stories' cards.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from regions.models import Region

from .models import Article, FrontSlot, Placement, Section
from .querysets import PlacementQuerySet

HEADLINES = 4
LATEST = 9
BLOCK = 4
"""Stories in a section's block."""
AREAS = 6
"""At most so many blocks of regions: those with the newest stories."""
NEIGHBOURS = 2
"""Likewise on a city's or regency's front, besides its province's block."""
AREA = 3
"""Stories in a region's block."""
PHOTOS = 4
PHOTO_CANDIDATES = 100
"""Photo stories are looked for among so many of the newest stories."""
LEAD_CANDIDATES = 5
"""The lead is the newest of so many that has a photo."""
BREAKING = 3


Furnish = Callable[[list[Article]], object]


@dataclass(frozen=True)
class Block:
    """The stories of a section, or of a region around."""

    of: Any
    stories: list[Article]


@dataclass(frozen=True)
class Front:
    breaking: list[Article] = field(default_factory=list)
    lead: Article | None = None
    headlines: list[Article] = field(default_factory=list)
    latest: list[Article] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    areas: list[Block] = field(default_factory=list)
    photos: list[Article] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    children: list[Region] = field(default_factory=list)
    """The open regions one level down."""


def compose(region: Region, at: datetime | None = None, furnish: Furnish | None = None) -> Front:
    """The front page of `region` as of `at` (aware), or as of now by the database's clock.

    `furnish` gives stories their regions and sections from memory (news.furnishing); without it they are read along.
    """
    live = Placement.objects.live(at)
    placements = live.in_region(region).newest_first()
    slots = _slots(region, placements, at)
    placed = {story.pk for stories in slots.values() for story in stories}
    rows = placements.for_furnished_cards() if furnish else placements.for_cards()
    newest = [row.article for row in rows[: 1 + HEADLINES + LATEST + len(placed)]]
    fresh = [story for story in newest if story.pk not in placed]

    leads = slots.get(FrontSlot.Place.LEAD, [])
    lead = leads[0] if leads else _lead(fresh)
    beside = _without([*leads[1:], *slots.get(FrontSlot.Place.HEADLINE, [])], [lead])
    rest = _without(fresh, [lead])
    headlines = [*beside, *rest][: max(HEADLINES, len(beside))]
    latest = _without(rest, headlines)[:LATEST]
    breaking = _without(slots.get(FrontSlot.Place.BREAKING, []), [lead, *headlines])[:BREAKING]
    shown = {story.pk for story in [*breaking, lead, *headlines, *latest] if story}

    sections = _with_stories(Section.objects.all(), placements, "section", BLOCK, shown)
    around = _with_stories(_around(region), _around_placements(region, live), "region", AREA + 1, shown)
    keys = chain(*sections.values(), *around.values())
    stories, photo_stories = _cards(keys, placements, shown, at, is_furnished=furnish is not None)
    if furnish:
        furnish([*newest, *stories.values()])
    blocks = _blocks(sections, stories, shown, BLOCK)
    areas = _areas(region, around, stories, shown)
    return Front(
        breaking=breaking,
        lead=lead,
        headlines=headlines,
        latest=latest,
        blocks=blocks,
        areas=areas,
        photos=[story for story in photo_stories if story.pk not in shown][:PHOTOS],
        sections=list(sections),
        children=sorted((found for found in around if found.parent_id == region.pk), key=lambda found: found.path),
    )


def _slots(region: Region, placements: PlacementQuerySet, at: datetime | None) -> dict[str, list[Article]]:
    """What editors placed: place → stories that readers can open, in the editors' order, each once."""
    running = (
        FrontSlot.objects.running(at).in_region(region).filter(article__in=placements.order_by().values("article"))
    )
    rows = running.select_related("article__region", "article__section", "article__lead_photo").defer("article__body")
    placed: dict[str, list[Article]] = {}
    for slot in rows.order_by("position", "-starts_at", "pk"):
        stories = placed.setdefault(slot.place, [])
        if slot.article not in stories:
            stories.append(slot.article)
    return placed


def _lead(newest: list[Article]) -> Article | None:
    """Editorial matter before anything supplied or paid, with a photo before none, newest first."""
    editorial = [story for story in newest if not story.is_supplied] or newest
    with_photo = [story for story in editorial[:LEAD_CANDIDATES] if story.lead_photo_id]
    return next(iter(with_photo or editorial), None)


def _without(stories: Iterable[Article], others: Iterable[Article | None]) -> list[Article]:
    taken = list(others)
    return [story for story in stories if story not in taken]


def _around(region: Region) -> Any:
    """The open regions whose stories a front shows besides its own: those below, or its neighbours and province."""
    everyone = Region.objects.open().select_related("parent__parent")
    if region.kind in (Region.Kind.NETWORK, Region.Kind.PROVINCE):
        return everyone.filter(parent=region)
    return everyone.filter(Q(pk=region.parent_id) | Q(parent=region.parent_id)).exclude(pk=region.pk)


def _around_placements(region: Region, live: PlacementQuerySet) -> PlacementQuerySet:
    """Stories from elsewhere: on a city's front, its own stand above already."""
    rows = live.newest_first()
    below = region.kind in (Region.Kind.NETWORK, Region.Kind.PROVINCE)
    return rows if below else rows.exclude(article__region=region)


def _with_stories(
    rows: Any, placements: PlacementQuerySet, lookup: str, count: int, shown: set[int]
) -> dict[Any, list[int]]:
    """Each of `rows` with the keys of its newest stories that are not shown yet: an index look-up for each key."""
    ids = placements.exclude(article_id__in=shown).filter(**{lookup: OuterRef("pk")}).values("article_id")
    names = [f"story_{n}" for n in range(count)]
    found = rows.annotate(**{name: Subquery(ids[n : n + 1]) for n, name in enumerate(names)})
    return {row: [pk for name in names if (pk := getattr(row, name))] for row in found}


def _cards(
    keys: Iterable[int], placements: PlacementQuerySet, shown: set[int], at: datetime | None, is_furnished: bool
) -> tuple[dict[int, Article], list[Article]]:
    """The stories with these keys, and the newest photo stories of the region, newest first: in one query."""
    wanted = set(keys)
    stories = Article.objects.live(at).order_by()
    stories = stories.for_furnished_cards() if is_furnished else stories.for_cards()
    recent = placements.values("article_id")[:PHOTO_CANDIDATES]
    of_photos = stories.filter(kind=Article.Kind.PHOTOS, pk__in=recent).exclude(pk__in=shown)
    found = {story.pk: story for story in stories.filter(pk__in=wanted).union(of_photos)}
    photos = [story for pk, story in found.items() if pk not in wanted and story.lead_photo_id]
    return found, sorted(photos, key=lambda story: (story.published_at, story.pk), reverse=True)


def _blocks(keys: dict[Any, list[int]], stories: dict[int, Article], shown: set[int], most: int) -> list[Block]:
    """A block for each with stories left; what a block shows is shown from then on."""
    blocks = []
    for owner, wanted in keys.items():
        found = [stories[pk] for pk in wanted if pk in stories and pk not in shown][:most]
        shown.update(story.pk for story in found)
        if found:
            blocks.append(Block(owner, found))
    return blocks


def _areas(region: Region, keys: dict[Any, list[int]], stories: dict[int, Article], shown: set[int]) -> list[Block]:
    """The regions around with the newest stories first, the province of a city last."""

    def newest(area: Region) -> tuple[Any, ...]:
        times = [stories[pk].published_at for pk in keys[area] if pk in stories]
        return (area.pk == region.parent_id, -max(moment.timestamp() for moment in times if moment), area.pk)

    below = region.kind in (Region.Kind.NETWORK, Region.Kind.PROVINCE)
    order = sorted((area for area in keys if any(pk in stories for pk in keys[area])), key=newest)
    neighbours = [area for area in order if area.pk != region.parent_id]
    province = [area for area in order if area.pk == region.parent_id]
    chosen = neighbours[:AREAS] if below else neighbours[:NEIGHBOURS] + province
    return _blocks({area: keys[area] for area in chosen}, stories, shown, AREA)
