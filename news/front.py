"""What stands on a front page: what editors placed there, and below it the newest stories, each once.

Works from a region and a moment alone, so that an editor can be shown the front as of a time to come.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from regions.board import Snapshot
from regions.models import Region

from . import front_queries as queries
from .front_queries import AREA, BLOCK, TOP
from .furnishing import sections, stories
from .models import Article, FrontSlot
from .prepared import Keys

HEADLINES = 4
LATEST = TOP - HEADLINES - 1
AREAS = 6
"""At most so many blocks of regions: those with the newest stories."""
NEIGHBOURS = 2
"""Likewise on a city's or regency's front, besides its province's block."""
LEAD_CANDIDATES = 5
"""The lead is the newest of so many that has a photo."""
BREAKING = 3


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
    children: list[Region] = field(default_factory=list)
    """The open regions one level down."""


class _Area(NamedTuple):
    """An open region around, with the keys of its newest stories."""

    region: Region
    newest_at: datetime | None
    stories: list[int]


def compose(snapshot: Snapshot, region: Region, at: datetime | None = None) -> Front:
    """The front page of `region` as of `at` (aware), or as of now by the database's clock."""
    slots = _slots(snapshot, region, at)
    placed = Keys(story.pk for there in slots.values() for story in there)
    fresh = stories(snapshot, (pk for (pk,) in queries.newest.read(at, region=region.pk, shown=placed)))

    leads = slots.get(FrontSlot.Place.LEAD, [])
    lead = leads[0] if leads else _lead(fresh)
    beside = _without([*leads[1:], *slots.get(FrontSlot.Place.HEADLINE, [])], [lead])
    rest = _without(fresh, [lead])
    headlines = [*beside, *rest][: max(HEADLINES, len(beside))]
    latest = _without(rest, headlines)[:LATEST]
    breaking = _without(slots.get(FrontSlot.Place.BREAKING, []), [lead, *headlines])[:BREAKING]
    shown = {story.pk for story in [*breaking, lead, *headlines, *latest] if story}

    rubrics = _sections(snapshot, region, shown, at)
    around = _around(snapshot, region, shown, at)
    areas = {area.region: area.stories for area in _chosen(region, around)}
    keys = [pk for some in (*rubrics.values(), *areas.values()) for pk in some]
    of_photos = [pk for (pk,) in queries.photos.read(at, region=region.pk, shown=Keys({*shown, *keys}))]
    known = {story.pk: story for story in stories(snapshot, [*keys, *of_photos])}
    blocks = _blocks(rubrics, known, shown, BLOCK)
    areas_shown = _blocks(areas, known, shown, AREA)
    return Front(
        breaking=breaking,
        lead=lead,
        headlines=headlines,
        latest=latest,
        blocks=blocks,
        areas=areas_shown,
        photos=[known[pk] for pk in of_photos if pk in known],
        children=sorted(
            (area.region for area in around if area.region.parent_id == region.pk), key=lambda child: child.path
        ),
    )


def _slots(snapshot: Snapshot, region: Region, at: datetime | None) -> dict[str, list[Article]]:
    """What editors placed: place → stories that readers can open, in the editors' order, each once."""
    placed = dict.fromkeys(queries.slots.read(at, region=region.pk))
    known = {story.pk: story for story in stories(snapshot, {pk for _place, pk in placed})}
    found: dict[str, list[Article]] = defaultdict(list)
    for place, pk in placed:
        if pk in known:
            found[place].append(known[pk])
    return found


def _lead(newest: list[Article]) -> Article | None:
    """Editorial matter before anything supplied or paid, with a photo before none, newest first."""
    editorial = [story for story in newest if not story.is_supplied] or newest
    with_photo = [story for story in editorial[:LEAD_CANDIDATES] if story.lead_photo_id]
    return next(iter(with_photo or editorial), None)


def _without(some: Iterable[Article], others: Iterable[Article | None]) -> list[Article]:
    taken = list(others)
    return [story for story in some if story not in taken]


def _sections(snapshot: Snapshot, region: Region, shown: set[int], at: datetime | None) -> dict[Any, list[int]]:
    """Each section with the keys of its newest stories that are not shown yet."""
    rows = queries.sections.read(at, region=region.pk, shown=Keys(shown))
    known = sections(snapshot.shared)
    return {known[pk]: _keys(newest) for pk, newest in rows if pk in known}


def _around(snapshot: Snapshot, region: Region, shown: set[int], at: datetime | None) -> list[_Area]:
    """The regions whose stories a front shows besides its own: those below, or its neighbours and its province."""
    if _is_above_others(region):
        rows = queries.below.read(at, region=region.pk, shown=Keys(shown))
    else:
        rows = queries.beside.read(at, region=region.pk, parent=region.parent_id, shown=Keys(shown))
    every = snapshot.shared.every
    return [_Area(every[pk], newest_at, _keys(newest)) for pk, newest_at, newest in rows if pk in every]


def _keys(written: str | None) -> list[int]:
    return [int(key) for key in written.split(",")] if written else []


def _time(story: Article) -> tuple[Any, int]:
    return story.published_at, story.pk


def _is_above_others(region: Region) -> bool:
    return region.kind in (Region.Kind.NETWORK, Region.Kind.PROVINCE)


def _chosen(region: Region, around: list[_Area]) -> list[_Area]:
    """Those with the newest stories first, the province of a city last."""
    dated = [(area.newest_at, area) for area in around if area.newest_at]
    order = [area for newest, area in sorted(dated, key=lambda each: (-each[0].timestamp(), each[1].region.pk))]
    neighbours = [area for area in order if area.region.pk != region.parent_id]
    if _is_above_others(region):
        return neighbours[:AREAS]
    return neighbours[:NEIGHBOURS] + [area for area in order if area.region.pk == region.parent_id]


def _blocks(keys: dict[Any, list[int]], known: dict[int, Article], shown: set[int], most: int) -> list[Block]:
    """A block for each with stories left; what a block shows is shown from then on."""
    blocks = []
    for owner, wanted in keys.items():
        left = (known[pk] for pk in wanted if pk in known and pk not in shown)
        found = sorted(left, key=_time, reverse=True)[:most]
        shown.update(story.pk for story in found)
        if found:
            blocks.append(Block(owner, found))
    return blocks
