"""The days that a calendar shows, and the hours in which nothing is published. Pure functions, without a database.

Days and hours are those of the region's zone. Indonesia's zones have no summer time, so every day has 24 hours.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(6), time(22)
"""The paper's hours, in which readers expect something new."""
FIRST_YEAR, LAST_YEAR = 1945, 2100
_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)


class View(StrEnum):
    """How much is shown. The values stand in addresses."""

    DAY = "hari"
    WEEK = "minggu"
    MONTH = "bulan"


@dataclass(frozen=True)
class Period:
    """The days of a view around one day. Weeks begin on Monday; a month is shown in whole weeks."""

    view: View
    day: date
    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> list[date]:
        return [self.first + _A_DAY * number for number in range((self.last - self.first).days + 1)]

    @property
    def start(self) -> datetime:
        """The first moment (aware)."""
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def end(self) -> datetime:
        """The moment after the last one (aware)."""
        return datetime.combine(self.last + _A_DAY, time.min, self.zone)

    @property
    def previous(self) -> date:
        """A day of the period before."""
        return self.day.replace(day=1) - _A_DAY if self.view is View.MONTH else self.day - self._step

    @property
    def next(self) -> date:
        """A day of the period after."""
        if self.view is View.MONTH:
            return self.day.replace(day=_last_of(self.day)) + _A_DAY
        return self.day + self._step

    @property
    def _step(self) -> timedelta:
        return _A_WEEK if self.view is View.WEEK else _A_DAY

    def is_outside(self, day: date) -> bool:
        """Whether a month's calendar shows this day only to fill its week."""
        return self.view is View.MONTH and day.month != self.day.month


@dataclass(frozen=True)
class Gap:
    """A time without a story. Both ends are in the zone that is shown."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def period(view: View, day: date, zone: ZoneInfo) -> Period:
    """The period that shows `day`."""
    first = last = day
    if view is View.MONTH:
        first, last = day.replace(day=1), day.replace(day=_last_of(day))
    if view is not View.DAY:
        first -= _A_DAY * first.weekday()
        last += _A_DAY * (6 - last.weekday())
    return Period(view, day, first, last, zone)


def _last_of(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def day_from(text: str) -> date | None:
    """The day that an address names, like 2026-11-28; None for any other text and for years far away."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def gaps(
    day: date, zone: ZoneInfo, moments: Iterable[datetime], *, longer_than: timedelta, after: datetime
) -> list[Gap]:
    """The times of that day within the paper's hours, later than `after`, in which nothing is published for longer
    than that."""
    opens, closes = datetime.combine(day, OPENS, zone), datetime.combine(day, CLOSES, zone)
    start = max(opens, after.astimezone(zone).replace(second=0, microsecond=0))
    found = []
    for moment in [*sorted(each.astimezone(zone) for each in moments if start < each < closes), closes]:
        if moment - start > longer_than:
            found.append(Gap(start, moment))
        start = moment
    return found
