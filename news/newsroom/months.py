"""Calendar months and days of regions. They begin at midnight in the region's own zone, not at one moment."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from regions.models import Region

_WRITTEN = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    """Written as in addresses: `2026-11`."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Month | None:
        """The month that a request has as text; None for any other text."""
        found = _WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def end(self) -> date:
        """The first day of the next month."""
        return self.first + timedelta(days=monthrange(self.year, self.number)[1])

    @property
    def days(self) -> list[date]:
        return days_between(self.first, self.end)

    @property
    def next(self) -> Month:
        return Month.of(self.end)

    @property
    def previous(self) -> Month:
        return Month.of(self.first - timedelta(days=1))


def days_between(first: date, end: date) -> list[date]:
    """The days from `first` on, without `end`."""
    return [first + timedelta(days=turn) for turn in range((end - first).days)]


def within(first: date, end: date, moment: str, zone: str) -> Q:
    """The condition that a moment is on one of the days from `first` to before `end`, in the zone of its row.

    `moment` and `zone` are the look-ups to the moment and to its region's `timezone`. The condition begins with one
    range for all zones, so that an index on the moment is used.
    """
    bounds = {
        name: (datetime.combine(first, time.min, ZoneInfo(name)), datetime.combine(end, time.min, ZoneInfo(name)))
        for name in Region.Zone.values
    }
    any_zone = Q(
        **{
            f"{moment}__gte": min(begin for begin, _finish in bounds.values()),
            f"{moment}__lt": max(finish for _begin, finish in bounds.values()),
        }
    )
    own_zone = Q()
    for name, (begin, finish) in bounds.items():
        own_zone |= Q(**{zone: name, f"{moment}__gte": begin, f"{moment}__lt": finish})
    return any_zone & own_zone
