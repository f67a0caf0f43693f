"""What a period of the schedule holds: stories with a time, and planned ideas, as far as a person may see them.

Two queries, whatever the archive's size: stories are found through the region's placements, whose index has their
times, and no day holds more than MOST of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, Value, When, Window
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Now, RowNumber, TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from news.models import Article, PlannedIdea
from news.models.querysets import State
from news.publishing import rules
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

from .periods import Gap, Period, View, gaps

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    Person = User | AnonymousUser

MOST = {View.DAY: 300, View.WEEK: 30, View.MONTH: 5}
"""Stories that are shown of one day. Those that are still to come are shown first."""
MOST_IDEAS = 300
_COLUMNS = "title region published_at expires_at embargo_until status version".split()
_REGION = ("region__path", "region__short_name", "region__timezone", "region__subdomain")


@dataclass(frozen=True)
class Item:
    """One line of a day: a story, an idea, a gap, or the mark of the present moment (all empty).

    `at` is in the calendar's zone; None: an idea for the whole day.
    """

    at: datetime | None
    story: Article | None = None
    idea: PlannedIdea | None = None
    gap: Gap | None = None
    may_move: bool = False

    @property
    def is_now(self) -> bool:
        return not (self.story or self.idea or self.gap)

    @property
    def own_time(self) -> str:
        """The time by the clock of the story's own region, if that is another one than the calendar's."""
        if self.story is None or self.at is None:
            return ""
        here = self.story.region.local(self.at)
        return f"{here:%H:%M} {here.tzname()}" if here.utcoffset() != self.at.utcoffset() else ""

    @property
    def typed_day(self) -> str:
        """The day as the form's field has it."""
        return f"{self.at:%Y-%m-%d}" if self.at else ""

    @property
    def typed_time(self) -> str:
        """The time as the form's field has it, with seconds if there are any."""
        return f"{self.at:%H:%M:%S}".removesuffix(":00") if self.at else ""

    @property
    def expires(self) -> str:
        story = self.story
        return story.region.clock(story.expires_at) if story and story.expires_at else ""

    @property
    def embargo(self) -> str:
        story = self.story
        return story.region.clock(story.embargo_until) if story and story.embargo_until else ""

    @property
    def gap_in_words(self) -> str:
        return in_words(self.gap.length) if self.gap else ""


@dataclass
class Day:
    """`more`: how many of its stories are not shown. The page sets both addresses."""

    date: date
    is_today: bool
    is_outside: bool
    items: list[Item] = field(default_factory=list)
    more: int = 0
    address: str = ""
    idea_address: str = ""

    @property
    def hours(self) -> list[tuple[int, list[Item]]]:
        """The items by the hour in which they stand."""
        timed = [(item.at.hour, item) for item in self.items if item.at]
        return [(hour, [item for at, item in timed if at == hour]) for hour in range(24)]

    @property
    def all_day(self) -> list[Item]:
        return [item for item in self.items if item.at is None]


def in_words(length: timedelta) -> str:
    """A length in hours and minutes."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if minutes:
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes})
    return " ".join(parts) or _("less than a minute")


def sees_all(person: "Person", region: Region) -> bool:
    """Whether the person sees every story there, so that a time without one is a gap."""
    return access.allowed(person, Permission.EDIT, region)


def days(person: "Person", region: Region, period: Period, *, below: bool, now: datetime) -> list[Day]:
    """The days of the period with what they hold, in the zone of `region`. `below`: with the regions below it.

    `now` is aware. The caller has checked that the person may write in the region.
    """
    today = now.astimezone(region.zone).date()
    found = {day: Day(day, day == today, period.is_outside(day)) for day in period.days}
    moments: dict[date, list[datetime]] = {day: [] for day in period.days}
    for story in _stories(person, region, period, below):
        at = region.local(story.publication_time)
        may_move = story.state == State.SCHEDULED and access.allowed(person, Permission.PUBLISH, story.region)
        day = found[at.date()]
        day.items.append(Item(at, story=story, may_move=may_move))
        day.more = story.in_day - MOST[period.view] if story.in_day > MOST[period.view] else 0  # type: ignore[attr-defined]
        moments[at.date()].append(at)
    for idea in _ideas(person, region, period, below):
        moment = region.local(idea.planned_at) if idea.planned_at else None
        shown = found.get(moment.date() if moment else idea.day or today)
        if shown:
            shown.items.append(Item(moment, idea=idea))
    if sees_all(person, region):
        _add_gaps(found.values(), region, moments, now)
    for day in found.values():
        if period.view is View.DAY and day.is_today:
            day.items.append(Item(now.astimezone(region.zone)))
        day.items.sort(key=_order)
    return list(found.values())


def _order(item: Item) -> tuple[bool, str, bool, bool, int]:
    """By time, first what has none; a gap stands behind the story with which it begins."""
    key = item.story.pk if item.story else 0
    return item.at is not None, item.at.isoformat() if item.at else "", item.gap is not None, item.is_now, key


def _add_gaps(shown: Iterable[Day], region: Region, moments: dict[date, list[datetime]], now: datetime) -> None:
    """Name the gaps that can still be filled."""
    longer_than = timedelta(hours=settings.SCHEDULE_GAP_HOURS)
    for day in shown:
        if not day.more and not day.is_outside:
            found = gaps(day.date, region.zone, moments[day.date], longer_than=longer_than, after=now)
            day.items += [Item(gap.start, gap=gap) for gap in found]


def _stories(person: "Person", region: Region, period: Period, below: bool) -> Iterable[Article]:
    home = Q(region__path__startswith=region.path) if below else Q(region=region)
    local_day = TruncDate("published_at", tzinfo=region.zone)
    has_passed = Case(When(published_at__gt=Now(), then=Value(0)), default=Value(1))
    to_come_first: list[BaseExpression | F | str] = [has_passed, "published_at", "pk"]
    rows = (
        Article.objects.filter(home, rules.readable_by(person))
        .filter(
            placements__region=region,
            placements__published_at__gte=period.start,
            placements__published_at__lt=period.end,
        )
        .annotate(
            place=Window(RowNumber(), partition_by=[local_day], order_by=to_come_first),
            in_day=Window(Count("pk"), partition_by=[local_day]),
        )
        .filter(place__lte=MOST[period.view])
    )
    return rows.with_state().select_related("region").only(*_COLUMNS, *_REGION).order_by("published_at", "pk")


def _ideas(person: "Person", region: Region, period: Period, below: bool) -> Iterable[PlannedIdea]:
    """The ideas there, each with `story_is_readable`."""
    home = Q(region__path__startswith=region.path) if below else Q(region=region)
    readable = Exists(Article.objects.filter(rules.readable_by(person), pk=OuterRef("became")))
    rows = PlannedIdea.objects.filter(home).between(period.first, period.last, period.start, period.end)
    return (
        rows.without_a_time_of_their_own()
        .annotate(story_is_readable=Case(When(readable, then=Value(True)), default=False, output_field=BooleanField()))
        .select_related("region", "author")
        .order_by("planned_at", "day", "pk")[:MOST_IDEAS]
    )
