"""Chooses the articles of a front page: those that editors placed, then the newest ones, each at most once.

The choice depends only on a region and a moment, so that editors can preview the front page of a future time; for an
arrangement that is being prepared, also on what is placed in it. Six compiled queries (news.readers.compiled_queries)
find the keys of articles as of `at` (aware), or as of now by the database's clock. `shown` are the keys of articles
that are on the page already.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField

from news.models import Article, FrontArrangement, FrontSlot, Placement, Section
from news.models.querysets import PlacementQuerySet
from news.publishing.front_content import Content
from regions.generations.snapshot import Snapshot
from regions.models import Region

from .article_cache import articles, sections
from .compiled_queries import CompiledQuery, Keys

HEADLINES = 4
TOP = 14
"""The number of newest articles that are read: the lead, those beside it and those below it."""
LATEST = TOP - HEADLINES - 1
BLOCK = 4
"""Articles in a section's block."""
AREA = 3
"""Articles in a region's block."""
AREAS = 6
"""The most blocks of regions, which are those with the newest articles."""
NEIGHBOURS = 2
"""The most blocks of neighbours on a city's or regency's front page, besides its province's block."""
LEAD_CANDIDATES = 5
"""The lead is the newest article with a photo among this many of the newest."""
BREAKING = 3
PHOTOS = 4
PHOTO_CANDIDATES = 100
"""Photo stories are chosen from this many of the newest articles."""


@dataclass(frozen=True)
class Block:
    """The articles of a section, or of a region below or nearby."""

    of: Any
    articles: list[Article]


@dataclass(frozen=True)
class Front:
    breaking: list[Article] = field(default_factory=list)
    lead: Article | None = None
    follows: bool = False
    """Whether the lead is the one of a region above."""
    headlines: list[Article] = field(default_factory=list)
    latest: list[Article] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    areas: list[Block] = field(default_factory=list)
    photos: list[Article] = field(default_factory=list)
    children: list[Region] = field(default_factory=list)
    """The open regions one level down."""


class Placed(NamedTuple):
    """A story that editors placed. `region` is the front's own, or the one above whose lead it follows."""

    region: int
    slot: str
    article: int


def compose(
    snapshot: Snapshot, region: Region, at: datetime | None = None, placed: Iterable[Placed] | None = None
) -> Front:
    """The front page of `region` as of `at` (aware), or as of now by the database's clock. `placed` are live stories
    to be shown in place of those that were placed for that moment."""
    rows = placed_at(region, at) if placed is None else list(placed)
    slots = _slots(snapshot, rows)
    on_slots = Keys(article.pk for there in slots.values() for article in there)
    fresh = articles(snapshot, (pk for (pk,) in _NEWEST.read(at, region=region.pk, shown=on_slots)))

    leads = slots.get(FrontSlot.Slot.LEAD, [])
    lead = leads[0] if leads else _lead(fresh)
    beside = _without([*leads[1:], *slots.get(FrontSlot.Slot.HEADLINE, [])], [lead])
    rest = _without(fresh, [lead])
    headlines = [*beside, *rest][: max(HEADLINES, len(beside))]
    pinned = _without(slots.get(FrontSlot.Slot.PINNED, []), [lead, *headlines])
    latest = [*pinned, *_without(rest, headlines)][: max(LATEST, len(pinned))]
    breaking = _without(slots.get(FrontSlot.Slot.BREAKING, []), [lead, *headlines, *pinned])[:BREAKING]
    shown = {article.pk for article in [*breaking, lead, *headlines, *latest] if article}

    sections = _sections(snapshot, region, shown, at)
    areas = _areas(snapshot, region, shown, at)
    keys = [pk for some in (*sections.values(), *areas.values()) for pk in some]
    photo_stories = [pk for (pk,) in _PHOTOS.read(at, region=region.pk)]
    shown_in_blocks = {*shown, *keys}
    of_photos = [pk for pk in photo_stories if pk not in shown_in_blocks][:PHOTOS]
    known = {article.pk: article for article in articles(snapshot, [*keys, *of_photos])}
    blocks = _blocks(sections, known, shown, BLOCK)
    areas_shown = _blocks(areas, known, shown, AREA)
    return Front(
        breaking=breaking,
        lead=lead,
        follows=bool(leads) and any(row.region != region.pk for row in rows),
        headlines=headlines,
        latest=latest,
        blocks=blocks,
        areas=areas_shown,
        photos=[known[pk] for pk in of_photos if pk in known],
        children=sorted(
            (child for child in snapshot.shared.open_regions.values() if child.parent_id == region.pk),
            key=lambda child: child.path,
        ),
    )


def placed_at(region: Region, at: datetime | None = None) -> list[Placed]:
    """The live stories that editors placed, in their order, as of `at` (aware) or now. Without a lead of its own, a
    region that follows has the one of the region above."""
    above = region.parent
    keys = {"parent": region.parent_id or 0, "above": (above and above.parent_id) or 0}
    rows = [Placed(*row) for row in _SLOTS.read(at, region=region.pk, **keys)]
    own = [row for row in rows if row.region == region.pk]
    if any(row.slot == FrontSlot.Slot.LEAD for row in own):
        return own
    nearest_first = sorted(
        (row for row in rows if row.region != region.pk), key=lambda row: row.region != region.parent_id
    )
    return own + nearest_first[:1]


def placed_in(region: Region, content: Content, at: datetime) -> list[Placed]:
    """As `placed_at`, if the region's front page held this content."""
    running = [Placed(region.pk, slot, entry.article_id) for slot, entry in content if entry.is_running(at)]
    placements = Placement.objects.live(at).in_region(region).filter(article__in=[row.article for row in running])
    live = set(placements.values_list("article", flat=True))
    placed = [row for row in running if row.article in live]
    follows = content.follows_lead and not any(row.slot == FrontSlot.Slot.LEAD for row in placed)
    if follows and region.parent:
        placed += [row for row in placed_at(region.parent, at) if row.slot == FrontSlot.Slot.LEAD][:1]
    return placed


def _slots(snapshot: Snapshot, rows: list[Placed]) -> dict[str, list[Article]]:
    """Slot → articles in the editors' order, without duplicates."""
    placed = dict.fromkeys((row.slot, row.article) for row in rows)
    known = {article.pk: article for article in articles(snapshot, {pk for _slot, pk in placed})}
    by_slot: dict[str, list[Article]] = defaultdict(list)
    for slot, pk in placed:
        if pk in known:
            by_slot[slot].append(known[pk])
    return by_slot


def _lead(newest: list[Article]) -> Article | None:
    """The lead when editors have placed none: preferably editorial instead of supplied or paid, and with a photo."""
    editorial = [article for article in newest if not article.is_supplied] or newest
    with_photo = [article for article in editorial[:LEAD_CANDIDATES] if article.lead_photo_id]
    return next(iter(with_photo or editorial), None)


def _without(some: Iterable[Article], others: Iterable[Article | None]) -> list[Article]:
    taken = {article.pk for article in others if article}
    return [article for article in some if article.pk not in taken]


def _sections(snapshot: Snapshot, region: Region, shown: set[int], at: datetime | None) -> dict[Any, list[int]]:
    """Section → keys of its newest articles that are not shown yet."""
    rows = _SECTIONS.read(at, region=region.pk, shown=Keys(shown))
    known = sections(snapshot.shared)
    return {known[pk]: _keys(newest) for pk, newest in rows if pk in known}


def _areas(snapshot: Snapshot, region: Region, shown: set[int], at: datetime | None) -> dict[Region, list[int]]:
    """The regions with a block, and the keys of their newest articles: those below, or for a city its neighbours. The
    region with the newest article comes first, and a city's province last."""
    if _is_above_others(region):
        rows, most = _BELOW.read(at, region=region.pk, shown=Keys(shown)), AREAS
    else:
        rows, most = _BESIDE.read(at, region=region.pk, parent=region.parent_id, shown=Keys(shown)), NEIGHBOURS
    known = snapshot.shared.regions
    areas = {known[pk]: _keys(newest) for pk, newest in rows if newest and pk in known}
    others = [area for area in areas if area.pk != region.parent_id][:most]
    return {area: areas[area] for area in (*others, *(area for area in areas if area.pk == region.parent_id))}


def _keys(written: str | None) -> list[int]:
    return [int(key) for key in written.split(",")] if written else []


def _time(article: Article) -> tuple[Any, int]:
    return article.published_at, article.pk


def _is_above_others(region: Region) -> bool:
    return region.kind in (Region.Kind.NETWORK, Region.Kind.PROVINCE)


def _blocks(keys: dict[Any, list[int]], known: dict[int, Article], shown: set[int], most: int) -> list[Block]:
    """A block for each key that has articles left. Adds the articles of each block to `shown`."""
    blocks = []
    for owner, wanted in keys.items():
        left = (known[pk] for pk in wanted if pk in known and pk not in shown)
        newest = sorted(left, key=_time, reverse=True)[:most]
        shown.update(article.pk for article in newest)
        if newest:
            blocks.append(Block(owner, newest))
    return blocks


def _query_slots(
    region: int, parent: int, above: int, at: datetime | None = None
) -> QuerySet[FrontSlot, tuple[Any, ...]]:
    """(region, slot, article's key) for the live articles that editors placed in the region; and the leads of its
    parent if it follows, and of the region above that if both follow."""
    own, parents, aboves = (FrontArrangement.objects.in_force(each, at) for each in (region, parent, above))
    is_lead = Q(slot=FrontSlot.Slot.LEAD)
    here = Q(arrangement=_key(own))
    followed = Q(is_lead, _follows(own), arrangement=_key(parents))
    followed |= Q(is_lead, _follows(own), _follows(parents), arrangement=_key(aboves))
    listed = Placement.objects.live(at).filter(region=OuterRef("region"), article=OuterRef("article"))
    running = FrontSlot.objects.running(at).filter(here | followed).filter(Exists(listed))
    return running.order_by("position", "pk").values_list("region_id", "slot", "article_id")


def _key(arrangements: QuerySet[FrontArrangement]) -> Subquery:
    return Subquery(arrangements.values("pk"))


def _follows(arrangements: QuerySet[FrontArrangement]) -> Exists:
    return Exists(FrontArrangement.objects.filter(pk=_key(arrangements), follows_lead=True))


def _query_newest(region: int, shown: Sequence[int], at: datetime | None = None) -> QuerySet[Placement, tuple[int]]:
    rows = Placement.objects.live(at).in_region(region).exclude(article_id__in=shown)
    return rows.newest_first().values_list("article_id")[:TOP]


class _NewestOf(Subquery):
    """The keys of the newest articles among the `rows` whose `lookup` is the outer row, as text like "12,9,3". One
    index scan finds them. Their order is not defined."""

    output_field = TextField()

    def __init__(self, lookup: str, rows: PlacementQuerySet, count: int):
        super().__init__(rows.filter(**{lookup: OuterRef("pk")}).newest_first().values("article_id")[:count])

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="ARRAY_TO_STRING(ARRAY(%(subquery)s), ',')", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(SELECT GROUP_CONCAT(article_id) FROM (%(subquery)s))"
        return self.as_sql(compiler, connection, template=template, **context)


def _query_sections(
    region: int, shown: Sequence[int], at: datetime | None = None
) -> QuerySet[Section, tuple[Any, ...]]:
    """(section, keys of its newest articles)"""
    rows = Placement.objects.live(at).in_region(region).exclude(article_id__in=shown)
    return Section.objects.annotate(newest_articles=_NewestOf("section", rows, BLOCK)).values_list(
        "pk", "newest_articles"
    )


def _query_below(region: int, shown: Sequence[int], at: datetime | None = None) -> QuerySet[Region, tuple[Any, ...]]:
    """(region, keys of its newest articles) of those open regions one level down that have the newest articles."""
    rows = Placement.objects.live(at).exclude(article_id__in=shown)
    return _newest_of_regions(Region.objects.filter(parent=region), rows)[:AREAS]


def _query_beside(
    region: int, parent: int, shown: Sequence[int], at: datetime | None = None
) -> QuerySet[Region, tuple[Any, ...]]:
    """As `_query_below`, for a city's neighbours, all of them, and its province, without the city's own articles."""
    rows = Placement.objects.live(at).exclude(article_id__in=shown).exclude(article__region=region)
    return _newest_of_regions(Region.objects.filter(Q(pk=parent) | Q(parent=parent)).exclude(pk=region), rows)


def _newest_of_regions(regions: QuerySet[Region], rows: PlacementQuerySet) -> QuerySet[Region, tuple[Any, ...]]:
    """(region, keys of its newest articles) of the open ones; that with the newest article first."""
    times = rows.filter(region=OuterRef("pk")).newest_first().values("published_at")
    ordered = regions.filter(is_open=True).order_by(Subquery(times[:1]).desc(nulls_last=True), "pk")
    return ordered.annotate(newest_articles=_NewestOf("region", rows, AREA + 1)).values_list("pk", "newest_articles")


def _query_photos(region: int, at: datetime | None = None) -> QuerySet[Article, tuple[int]]:
    """The photo stories among the region's newest articles, newest first."""
    recent = Placement.objects.live(at).in_region(region).newest_first().values("article_id")[:PHOTO_CANDIDATES]
    stories = Article.objects.live(at).filter(kind=Article.Kind.PHOTOS, pk__in=recent).exclude(lead_photo=None)
    return stories.order_by("-published_at", "-pk").values_list("pk")


_SLOTS = CompiledQuery(_query_slots, one_plan=True, region=int, parent=int, above=int)
_NEWEST = CompiledQuery(_query_newest, one_plan=True, region=int, shown=Keys)
_SECTIONS = CompiledQuery(_query_sections, one_plan=True, region=int, shown=Keys)
_BELOW = CompiledQuery(_query_below, one_plan=True, region=int, shown=Keys)
_BESIDE = CompiledQuery(_query_beside, one_plan=True, region=int, parent=int, shown=Keys)
_PHOTOS = CompiledQuery(_query_photos, one_plan=True, region=int)
