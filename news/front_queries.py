"""What a front page asks the database: the keys of its stories, by five queries compiled once (news.prepared).

Each function makes one for `region` as of `at` (aware), or as of now by the database's clock. `shown`: the keys of
stories that stand on the page already.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField

from regions.models import Region

from .models import Article, FrontSlot, Placement, Section
from .prepared import Keys, Prepared
from .querysets import PlacementQuerySet

TOP = 14
"""The newest stories: the lead, those beside it and those below it."""
BLOCK = 4
"""Stories in a section's block."""
AREA = 3
"""Stories in a region's block."""
PHOTOS = 4
PHOTO_CANDIDATES = 100
"""Photo stories are looked for among so many of the newest stories."""


def _slots(region: int, at: datetime | None = None) -> QuerySet[FrontSlot, tuple[Any, ...]]:
    """(place, story) that editors placed there, of what readers can open."""
    listed = Placement.objects.live(at).in_region(region).values("article")
    running = FrontSlot.objects.running(at).in_region(region).filter(article__in=listed)
    return running.order_by("position", "-starts_at", "pk").values_list("place", "article_id")


def _newest(region: int, shown: Sequence[int], at: datetime | None = None) -> QuerySet[Placement, tuple[int]]:
    rows = Placement.objects.live(at).in_region(region).exclude(article_id__in=shown)
    return rows.newest_first().values_list("article_id")[:TOP]


class _NewestOf(Subquery):
    """The keys of the newest stories among `rows` whose `lookup` is the outer row, as in "12,9,3": found by one walk
    along an index. Their order is not to be relied on."""

    output_field = TextField()

    def __init__(self, lookup: str, rows: PlacementQuerySet, count: int):
        super().__init__(rows.filter(**{lookup: OuterRef("pk")}).newest_first().values("article_id")[:count])

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="ARRAY_TO_STRING(ARRAY(%(subquery)s), ',')", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(SELECT GROUP_CONCAT(article_id) FROM (%(subquery)s))"
        return self.as_sql(compiler, connection, template=template, **context)


def _sections(region: int, shown: Sequence[int], at: datetime | None = None) -> QuerySet[Section, tuple[Any, ...]]:
    """(section, keys of its newest stories)"""
    rows = Placement.objects.live(at).in_region(region).exclude(article_id__in=shown)
    return Section.objects.annotate(stories=_NewestOf("section", rows, BLOCK)).values_list("pk", "stories")


def _below(region: int, shown: Sequence[int], at: datetime | None = None) -> QuerySet[Region, tuple[Any, ...]]:
    """(region, the time of its newest story, keys of its newest stories) of the open regions one level down."""
    return _areas(Region.objects.filter(parent=region), Placement.objects.live(at).exclude(article_id__in=shown))


def _beside(
    region: int, parent: int, shown: Sequence[int], at: datetime | None = None
) -> QuerySet[Region, tuple[Any, ...]]:
    """Likewise of a city's neighbours and its province; its own stories stand above."""
    rows = Placement.objects.live(at).exclude(article_id__in=shown).exclude(article__region=region)
    return _areas(Region.objects.filter(Q(pk=parent) | Q(parent=parent)).exclude(pk=region), rows)


def _areas(regions: QuerySet[Region], rows: PlacementQuerySet) -> QuerySet[Region, tuple[Any, ...]]:
    times = rows.filter(region=OuterRef("pk")).newest_first().values("published_at")
    found = regions.filter(is_open=True).order_by()
    found = found.annotate(newest_at=Subquery(times[:1]), stories=_NewestOf("region", rows, AREA + 1))
    return found.values_list("pk", "newest_at", "stories")


def _photos(region: int, shown: Sequence[int], at: datetime | None = None) -> QuerySet[Article, tuple[int]]:
    """The newest photo stories of the region."""
    recent = Placement.objects.live(at).in_region(region).newest_first().values("article_id")[:PHOTO_CANDIDATES]
    found = Article.objects.live(at).filter(kind=Article.Kind.PHOTOS, pk__in=recent).exclude(lead_photo=None)
    return found.exclude(pk__in=shown).order_by("-published_at", "-pk").values_list("pk")[:PHOTOS]


slots = Prepared(_slots, region=int)
newest = Prepared(_newest, region=int, shown=Keys)
sections = Prepared(_sections, region=int, shown=Keys)
below = Prepared(_below, region=int, shown=Keys)
beside = Prepared(_beside, region=int, parent=int, shown=Keys)
photos = Prepared(_photos, region=int, shown=Keys)
