"""Tables of figures: the columns with what they mean, their order, and the file for spreadsheets.

The page and the file show the same table and the same definitions, because both are made from this.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from news.models import Article

from .counts import By, Counts, Row, total

NAME = "nama"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A figure of each row. `key` is its word in addresses."""

    key: str
    name: str | Promise
    meaning: str | Promise
    of: Callable[[Counts], int | None]


COLUMNS = [
    Column(
        "diajukan",
        _("Submitted"),
        _("Stories that were handed to the editors this month. One that was submitted twice counts once."),
        lambda counts: counts.submitted,
    ),
    Column(
        "dikembalikan",
        _("Returned"),
        _("Stories that editors sent back this month. One that came back twice counts once."),
        lambda counts: counts.returned,
    ),
    Column(
        "terbit",
        _("Published"),
        _("Stories that readers could open for the first time this month, also those that were withdrawn later."),
        lambda counts: counts.published,
    ),
    Column(
        "ditarik",
        _("Withdrawn"),
        _("Of the stories published this month, those that have been withdrawn since, whenever that was."),
        lambda counts: counts.withdrawn,
    ),
    Column(
        "dibaca",
        _("Reads"),
        _("Reads this month of all stories, however old. A reader of a story counts once an hour."),
        lambda counts: counts.reads,
    ),
    Column(
        "diputuskan",
        _("Decided"),
        _(
            "Submissions of this month that an editor returned, published or scheduled. "
            "Each submission counts, except those that the writer took back."
        ),
        lambda counts: counts.decided,
    ),
    Column(
        "menunggu",
        _("Minutes waited"),
        _("From submission to that decision. Half of them waited less, half longer (the median)."),
        lambda counts: counts.minutes_waited,
    ),
    Column(
        "dua-jam",
        _("Within 2 hours, %"),
        _("The share of those decisions that came within two hours of the submission, at night as by day."),
        lambda counts: counts.percent_in_time,
    ),
]
RULE = _("A story counts for each writer in its byline, and in its home region alone, wherever else it is listed.")
"""What holds for all columns."""

_FIRST_COLUMN = {
    By.STORY: _("Story"),
    By.PERSON: _("Person"),
    By.REGION: _("Region"),
    By.KIND: _("Kind"),
    By.SECTION: _("Section"),
}


@dataclass(frozen=True)
class Order:
    """By which column a table is sorted; `NAME` stands for the first one."""

    key: str = "terbit"
    is_descending: bool = True

    @classmethod
    def read(cls, text: str) -> "Order":
        """The order that an address has as text, such as `dibaca` or `-dibaca`; the usual one for any other text."""
        key = text.removeprefix("-")
        known = {NAME, *(column.key for column in COLUMNS)}
        return cls(key, text.startswith("-")) if key in known else cls()

    def __str__(self) -> str:
        return f"{'-' if self.is_descending else ''}{self.key}"

    def turned(self, key: str) -> "Order":
        """The order after a click on a column: largest figures and first names first, then the other way round."""
        if key == self.key:
            return Order(key, not self.is_descending)
        return Order(key, is_descending=key != NAME)


@dataclass(frozen=True)
class Line:
    """A row as it is shown. `key` is a story's, for its link."""

    name: str
    figures: list[int | None]
    key: Any = None


@dataclass(frozen=True)
class Table:
    first_column: str
    lines: list[Line]
    in_all: Line | None
    charted: Column
    """The column that its chart shows."""


def make(by: By, rows: list[Row], order: Order) -> Table:
    """The table of these rows. Its last line is their sum, except for people, who share stories."""
    names = [_name(by, row) for row in rows]
    doubled = {name for name in names if names.count(name) > 1}
    lines = [
        Line(f"{name} ({row.apart})" if name in doubled else name, _figures(row.counts), row.key)
        for name, row in zip(names, rows, strict=True)
    ]
    in_all = None if by == By.PERSON else Line(str(_("In all")), _figures(total(rows)))
    return Table(str(_FIRST_COLUMN[by]), _sorted(lines, order), in_all, _charted(by, order))


def _charted(by: By, order: Order) -> Column:
    """The column by which the table is sorted. For names it is the usual one, and for stories their reads, because
    each is published once."""
    key = Order().key if order.key == NAME else order.key
    if by == By.STORY and order == Order():
        key = "dibaca"
    return next(column for column in COLUMNS if column.key == key)


def _name(by: By, row: Row) -> str:
    return str(Article.Kind(row.name).label).capitalize() if by == By.KIND else row.name


def _figures(counts: Counts) -> list[int | None]:
    return [column.of(counts) for column in COLUMNS]


def _sorted(lines: list[Line], order: Order) -> list[Line]:
    """Rows without the figure come last either way; equal ones are in the order of their names."""
    lines = sorted(lines, key=lambda line: line.name.casefold(), reverse=order.key == NAME and order.is_descending)
    if order.key == NAME:
        return lines
    place = [column.key for column in COLUMNS].index(order.key)
    sign = -1 if order.is_descending else 1
    return sorted(lines, key=lambda line: _rank(line.figures[place], sign))


def _rank(figure: int | None, sign: int) -> tuple[bool, int]:
    return figure is None, sign * (figure or 0)


def as_csv(table: Table) -> bytes:
    """The table as a file for spreadsheets, with the definitions below it.

    UTF-8 with a byte order mark, which Excel needs. Where Excel writes decimals with a comma, as in Indonesian, it
    separates cells by semicolons (docs/decisions/0066). Texts that Excel would take for a formula get an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if (get_language() or "").startswith("id") else ",")
    writer.writerow([table.first_column, *(str(column.name) for column in COLUMNS)])
    for line in [*table.lines, *([table.in_all] if table.in_all else [])]:
        writer.writerow([defused(line.name), *("" if figure is None else figure for figure in line.figures)])
    writer.writerow([])
    for column in COLUMNS:
        writer.writerow([str(column.name), str(column.meaning)])
    writer.writerow([str(RULE)])
    return text.getvalue().encode("utf-8-sig")


def defused(text: str) -> str:
    """The text as a spreadsheet shows it, instead of computing it."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
