"""The archive (Indeks): all articles of an edition, by day in the region's zone and by section."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from news.models import Section
from news.readers import lists
from news.readers.templates import component
from regions.generations.snapshot import Snapshot
from regions.models import Region

from .base import Edition
from .lists import ListPage

DAY = timedelta(days=1)
FIRST = date(1900, 1, 1)
"""The earliest day in the calendar."""
_LISTINGS = {
    (False, False): lists.OF_REGION,
    (True, False): lists.OF_SECTION,
    (False, True): lists.OF_TIME,
    (True, True): lists.OF_TIME_AND_SECTION,
}
"""(whether there is a section, whether there is a day) → the list."""


@dataclass(frozen=True, kw_only=True)
class ArchivePage(ListPage):
    template: ClassVar[str] = "archive.html"
    is_archive: ClassVar[bool] = True

    today: date
    calendar: SafeString

    @classmethod
    def build(
        cls, snapshot: Snapshot, region: Region, cursor: str, section: Section | None = None, day: date | None = None
    ) -> "ArchivePage":
        """With the articles of `day`, from midnight to midnight in the region's zone; without it, all articles."""
        today = region_today(region)
        slug = section.slug if section else ""
        asked: dict[str, Any] = {"region": region.pk}
        if section:
            asked["section"] = section.pk
        if day:
            asked["since"] = datetime.combine(day, time.min, region.zone)
            asked["until"] = datetime.combine(day + DAY, time.min, region.zone)
        listing = _LISTINGS[section is not None, day is not None]
        return cls(
            edition=Edition.read(snapshot, region),
            title=_("Index"),
            path=day_path(day) if day else reverse("archive"),
            part=listing.part(snapshot, cursor, {"rubrik": slug} if slug else None, **asked),
            today=today,
            day=day,
            section=section,
            calendar=_calendar(day or today, today, slug, day is not None, get_language()),
        )

    @property
    def feeds(self) -> list[tuple[str, str]]:
        return [("", "/")]

    @property
    def previous_day(self) -> str:
        """The address of the previous day's list; empty if there is none."""
        return day_path(self.day - DAY, self.section) if self.day and self.day > FIRST else ""

    @property
    def next_day(self) -> str:
        """The address of the next day's list; empty if that day is in the future."""
        return day_path(self.day + DAY, self.section) if self.day and self.day < self.today else ""


def region_today(region: Region) -> date:
    """Today's date in the region's zone."""
    return region.local(timezone.now()).date()


def day_path(day: date, section: Section | None = None) -> str:
    """The address of one day's list, perhaps of one section."""
    return _day_path(day, section.slug if section else "")


def _day_path(day: date, section: str) -> str:
    query = {"rubrik": section} if section else None
    return reverse("archive-day", args=[f"{day:%Y}", f"{day:%m}", f"{day:%d}"], query=query)


@lru_cache(maxsize=1_024)
def _calendar(shown: date, today: date, section: str, is_current: bool, language: str) -> SafeString:
    """A month's calendar in weeks from Monday. Days of other months and future days are no links. Cached, because the
    calendar is the same in every edition."""
    weeks = [
        [
            (each.day, _day_path(each, section) if each <= today else "") if each.month == shown.month else (0, "")
            for each in week
        ]
        for week in calendar.Calendar().monthdatescalendar(shown.year, shown.month)
    ]
    first = shown.replace(day=1)
    after = (first + 31 * DAY).replace(day=1)
    context = {
        "month": first,
        "weeks": weeks,
        "before": _day_path(first - DAY, section) if first > FIRST else "",
        "after": _day_path(after, section) if after <= today else "",
        "current": shown.day if is_current else None,
    }
    return component("calendar", context)
