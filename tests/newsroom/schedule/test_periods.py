"""Days, weeks, months and gaps: pure functions."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from news.newsroom.schedule.periods import View, day_from, gaps, period

WIB, WITA, WIT = (ZoneInfo(f"Asia/{place}") for place in ("Jakarta", "Makassar", "Jayapura"))
BEFORE = datetime(2020, 1, 1, tzinfo=WIB)


@pytest.mark.parametrize(
    ("view", "day", "first", "last", "previous", "following"),
    [
        (View.DAY, "2026-11-30", "2026-11-30", "2026-11-30", "2026-11-29", "2026-12-01"),
        (View.WEEK, "2026-11-28", "2026-11-23", "2026-11-29", "2026-11-21", "2026-12-05"),
        (View.WEEK, "2027-01-01", "2026-12-28", "2027-01-03", "2026-12-25", "2027-01-08"),
        (View.MONTH, "2026-11-30", "2026-10-26", "2026-12-06", "2026-10-31", "2026-12-01"),
        (View.MONTH, "2027-02-28", "2027-02-01", "2027-02-28", "2027-01-31", "2027-03-01"),
        (View.MONTH, "2028-02-29", "2028-01-31", "2028-03-05", "2028-01-31", "2028-03-01"),
        (View.MONTH, "2026-12-31", "2026-11-30", "2027-01-03", "2026-11-30", "2027-01-01"),
    ],
)
def test_a_period_has_whole_days_and_knows_its_neighbours(view, day, first, last, previous, following):
    shown = period(view, date.fromisoformat(day), WIT)
    assert [shown.first, shown.last, shown.previous, shown.next] == [
        date.fromisoformat(each) for each in (first, last, previous, following)
    ]
    assert shown.days[0] == shown.first
    assert shown.days[-1] == shown.last
    assert shown.start.isoformat() == f"{first}T00:00:00+09:00"
    assert shown.end - shown.start == timedelta(days=len(shown.days))


def test_days_of_neighbouring_months_only_fill_weeks():
    november = period(View.MONTH, date(2026, 11, 5), WIB)
    assert [day.day for day in november.days if november.is_outside(day)] == [26, 27, 28, 29, 30, 31, 1, 2, 3, 4, 5, 6]
    assert not any(period(View.WEEK, date(2026, 11, 30), WIB).is_outside(date(2026, 12, day)) for day in (1, 6))


@pytest.mark.parametrize("text", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31", "1944-12-31", "2101-01-01"])
def test_what_is_no_day_of_ours_is_none(text):
    assert day_from(text) is None


def named(times, *, hours=4, after=BEFORE, zone=WIB):
    moments = [datetime.combine(date(2026, 11, 28), each.time(), zone) for each in map(_clock, times)]
    found = gaps(date(2026, 11, 28), zone, moments, longer_than=timedelta(hours=hours), after=after)
    return [f"{gap.start:%H:%M}-{gap.end:%H:%M}" for gap in found]


def _clock(text):
    return datetime.strptime(text, "%H:%M")


def test_a_gap_is_longer_than_the_limit_and_within_the_papers_hours():
    assert named([]) == ["06:00-22:00"]
    assert named(["10:00", "14:00", "18:00"]) == []
    assert named(["10:01", "14:00", "17:59"]) == ["06:00-10:01", "17:59-22:00"]
    assert named(["23:30", "05:00", "12:00"]) == ["06:00-12:00", "12:00-22:00"]
    assert named(["09:00", "15:00"], hours=6) == ["15:00-22:00"]


def test_what_has_passed_is_no_gap():
    noon = datetime(2026, 11, 28, 12, 30, tzinfo=WIT)  # 10:30 WIB
    assert named(["09:00"], after=noon) == ["10:30-22:00"]
    assert named([], after=noon + timedelta(days=1)) == []
    assert named([], zone=WITA, after=noon) == ["11:30-22:00"]
