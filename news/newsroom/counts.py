"""What the newsroom counts: stories submitted, returned, published and read, and how long they waited for a decision.

Acts are counted from the journal, publications by `published_at`, reads by the hour. A story counts in its home region
and for each writer in its byline, in the month of its home region's zone. What each figure means is written for people
in `numbers_table`; keep both alike.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, DateField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from news.models import Article, Byline, Event
from news.popularity.models import HourlyReads
from regions.models import Region, RegionQuerySet
from regions.permissions import access
from regions.permissions.access import Permission

from .months import Month, days_between, within

IN_TIME = timedelta(hours=2)
"""A decision within this time of the submission is in time."""

_DECISIONS = frozenset({Event.Verb.RETURNED, Event.Verb.PUBLISHED, Event.Verb.SCHEDULED})
_ZONE = "region__timezone"


class By(StrEnum):
    """What a table has a row for. The values are words of addresses."""

    STORY = "berita"
    PERSON = "orang"
    REGION = "daerah"
    KIND = "jenis"
    SECTION = "rubrik"


_KEYS = {
    By.STORY: ["pk", "title", "region__short_name"],
    By.PERSON: ["bylines__author", "bylines__author__name", "bylines__author__region__short_name"],
    By.REGION: ["region", "region__short_name", "region__code"],
    By.KIND: ["kind", "kind", "kind"],
    By.SECTION: ["section", "section__name", "section__slug"],
}
"""Look-ups from a story: the key of its row, the row's name, and what tells rows of the same name apart."""


@dataclass(frozen=True)
class Scope:
    """The stories that are counted: those of some regions, or of them those by one writer (an account's key)."""

    regions: RegionQuerySet
    writer: int | None = None

    def condition(self, story: str = "") -> Q:
        """`story` is the look-up to the story, such as `article__`."""
        regions = Q(**{f"{story}region__in": self.regions})
        if self.writer is None:
            return regions
        return regions & _is_writer(story) & Q(**{f"{story}bylines__author__user": self.writer})


def _is_writer(story: str) -> Q:
    return Q(**{f"{story}bylines__role": Byline.Role.WRITER})


def own(user: Any) -> Scope:
    """The stories that have this person in their byline, in the regions where they may write."""
    return Scope(access.regions_for(user, Permission.WRITE), user.pk)


def managed(user: Any) -> Scope:
    """The stories of the regions that this person manages."""
    return Scope(access.regions_for(user, Permission.MANAGE))


@dataclass
class Counts:
    """The figures of one row. `waits` has the time from each submission to its decision."""

    submitted: int = 0
    returned: int = 0
    published: int = 0
    withdrawn: int = 0
    reads: int = 0
    waits: list[timedelta] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        self.submitted += other.submitted
        self.returned += other.returned
        self.published += other.published
        self.withdrawn += other.withdrawn
        self.reads += other.reads
        self.waits += other.waits

    @property
    def decided(self) -> int:
        return len(self.waits)

    @property
    def minutes_waited(self) -> int | None:
        """The median wait; None if nothing was decided."""
        return round(median(wait.total_seconds() for wait in self.waits) / 60) if self.waits else None

    @property
    def percent_in_time(self) -> int | None:
        """The share of decisions that were in time; None if there was none."""
        return round(100 * sum(wait <= IN_TIME for wait in self.waits) / self.decided) if self.waits else None


@dataclass
class Row:
    key: Any
    name: str
    apart: str
    """What tells this row from one of the same name."""
    counts: Counts = field(default_factory=Counts)


def rows(scope: Scope, month: Month, by: By) -> list[Row]:
    """A row for each person, region … that has anything to count in the month, in no order. Three queries."""
    found: dict[Any, Row] = {}

    def counts(key: Any, name: str, apart: str) -> Counts:
        return found.setdefault(key, Row(key, name, apart)).counts

    acts: dict[tuple[Any, str], set[int]] = defaultdict(set)
    for *row, verb, story, submitted_at, next_verb, decided_at in _acts(scope, by, month.first, month.end):
        figures = counts(*row)
        acts[row[0], verb].add(story)
        figures.submitted = len(acts[row[0], Event.Verb.SUBMITTED])
        figures.returned = len(acts[row[0], Event.Verb.RETURNED])
        if verb == Event.Verb.SUBMITTED and next_verb in _DECISIONS:
            figures.waits.append(decided_at - submitted_at)
    for *row, published, withdrawn in _published(scope, by, month):
        figures = counts(*row)
        figures.published, figures.withdrawn = published, withdrawn
    for *row, reads in _reads(scope, by, month):
        counts(*row).reads = reads
    return list(found.values())


def total(counted: Iterable[Row]) -> Counts:
    """The sum of rows of which no two count the same story: not of rows by person."""
    in_all = Counts()
    for row in counted:
        in_all.add(row.counts)
    return in_all


def published_by_day(scope: Scope, first: date, end: date) -> list[tuple[date, int]]:
    """How many stories were published on each day from `first` to before `end`. One query."""
    day = Case(
        *(When(**{_ZONE: zone}, then=TruncDate("published_at", tzinfo=ZoneInfo(zone))) for zone in Region.Zone.values),
        output_field=DateField(),
    )
    stories = Article.objects.published().filter(scope.condition(), within(first, end, "published_at", _ZONE))
    counted = dict(stories.annotate(day=day).order_by().values_list("day").annotate(stories=Count("pk")))
    return [(each, counted.get(each, 0)) for each in days_between(first, end)]


def stories_per_day(regions: RegionQuerySet, days: int) -> list[tuple[date, int]]:
    """How many stories these regions published on each of the last `days` days, up to today. One query.

    Today is that of the project's zone; each story counts on the day of its own region.
    """
    first, end = _last(days)
    return published_by_day(Scope(regions), first, end)


def decided_in_time(regions: RegionQuerySet, days: int) -> Counts:
    """How long what was submitted in the last `days` days waited for a decision: the `decided`, `minutes_waited` and
    `percent_in_time` of the result. One query."""
    first, end = _last(days)
    decided = Counts()
    for *_row, verb, _story, submitted_at, next_verb, decided_at in _acts(Scope(regions), By.KIND, first, end):
        if verb == Event.Verb.SUBMITTED and next_verb in _DECISIONS:
            decided.waits.append(decided_at - submitted_at)
    return decided


def _last(days: int) -> tuple[date, date]:
    end = timezone.localdate() + timedelta(days=1)
    return end - timedelta(days=days), end


def _grouped(rows: "QuerySet[Any]", by: By, story: str) -> tuple["QuerySet[Any]", list[str]]:
    """The rows of stories that belong into a table, and the look-ups to their row of it."""
    if by == By.PERSON:
        rows = rows.filter(_is_writer(story))
    return rows.order_by(), [f"{story}{lookup}" for lookup in _KEYS[by]]


def _acts(scope: Scope, by: By, first: date, end: date) -> Iterable[tuple[Any, ...]]:
    """(row's key, name, apart, verb, story, when, next verb, when) of submissions and returns. The next verb is that
    of the act that ends the wait: a decision, or that the writer took the story back."""
    story = "article__"
    ends = Event.objects.filter(
        article=OuterRef("article"), pk__gt=OuterRef("pk"), verb__in=[*_DECISIONS, Event.Verb.RECALLED]
    ).order_by("happened_at", "pk")
    acts = Event.objects.filter(
        scope.condition(story),
        within(first, end, "happened_at", f"{story}{_ZONE}"),
        verb__in=[Event.Verb.SUBMITTED, Event.Verb.RETURNED],
    ).annotate(next_verb=Subquery(ends.values("verb")[:1]), next_at=Subquery(ends.values("happened_at")[:1]))
    grouped, row = _grouped(acts, by, story)
    found: Iterable[tuple[Any, ...]] = grouped.values_list(
        *row, "verb", "article", "happened_at", "next_verb", "next_at"
    )
    return found


def _published(scope: Scope, by: By, month: Month) -> Iterable[tuple[Any, ...]]:
    stories = Article.objects.published().filter(
        scope.condition(), within(month.first, month.end, "published_at", _ZONE)
    )
    grouped, row = _grouped(stories, by, "")
    found: Iterable[tuple[Any, ...]] = grouped.values_list(*row).annotate(stories=Count("pk"), gone=Count("withdrawal"))
    return found


def _reads(scope: Scope, by: By, month: Month) -> Iterable[tuple[Any, ...]]:
    story = "article__"
    hours = HourlyReads.objects.filter(
        scope.condition(story), within(month.first, month.end, "hour", f"{story}{_ZONE}"), reads__gt=0
    )
    grouped, row = _grouped(hours, by, story)
    found: Iterable[tuple[Any, ...]] = grouped.values_list(*row).annotate(sum=Sum("reads"))
    return found
