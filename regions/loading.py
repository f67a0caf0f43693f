"""Loads regions from a CSV file: all of them or none, with every invalid line reported.

Columns: code, parent_code, level (network, province, regency or city), name, short_name, subdomain, timezone (an IANA
zone of Indonesia). The encoding is UTF-8. Rows are matched with the database by code. A parent comes before its
children, and a row without parent_code belongs to the network. Regions are never deleted or closed here.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import generations, services
from .models import Region

STARTER = Path(__file__).parent / "data" / "starter.csv"
COLUMNS = ("code", "parent_code", "level", "name", "short_name", "subdomain", "timezone")


class BadFile(Exception):
    """The file was refused. `problems` are (line number, reason) pairs; line 0 is the file as a whole."""

    def __init__(self, problems: list[tuple[int, str]]):
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = problems


@dataclass
class Outcome:
    """How many rows were new, changed an existing region, or changed nothing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


Row = tuple[int, dict[str, str]]


def read(path: Path) -> list[Row]:
    """The file's rows with their line numbers. Raises BadFile if it is not a CSV file with these columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise BadFile([(1, _("The first line must name the columns; missing: %s.") % ", ".join(missing))])
            return [(reader.line_num, {key: (row[key] or "").strip() for key in COLUMNS}) for row in reader]
    except FileNotFoundError:
        raise BadFile([(0, _("There is no file %s.") % path)]) from None
    except IsADirectoryError:
        raise BadFile([(0, _("%s is a folder; name a CSV file.") % path)]) from None
    except UnicodeDecodeError:
        raise BadFile([(0, _("The file is not UTF-8. Save it again as “CSV UTF-8”."))]) from None
    except csv.Error as error:
        raise BadFile([(reader.reader.line_num, str(error))]) from None  # DictReader's own count lags behind


def load(rows: list[Row], dry_run: bool = False, progress: Callable[[Iterable[Row]], Iterable[Row]] = iter) -> Outcome:
    """Store `rows`; with `dry_run` only report what storing them would do. Raises BadFile."""
    outcome = Outcome()
    seen: dict[str, int] = {}
    with generations.bumping():
        if not Region.objects.filter(kind=Region.Kind.NETWORK).exists() and not any(
            row["level"] == Region.Kind.NETWORK for _line, row in rows
        ):
            rows = [(0, row) for _line, row in read(STARTER)[:1]] + rows
        regions = {region.code: region for region in Region.objects.all()}
        for line, row in progress(rows):
            code = row["code"]
            if code in seen:
                reason = _("Code %(code)s stands in line %(line)d already.") % {"code": code, "line": seen[code]}
                outcome.problems.append((line, reason))
                continue
            seen[code] = line
            _store(line, row, regions, outcome)
        if outcome.problems:
            raise BadFile(outcome.problems)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def _store(line: int, row: dict[str, str], regions: dict[str, Region], outcome: Outcome) -> None:
    """Store one row, or note in `outcome` why it cannot be."""
    parent_code = row["parent_code"]
    network = next((region for region in regions.values() if region.kind == Region.Kind.NETWORK), None)
    parent = regions.get(parent_code) if parent_code else network
    if row["level"] == Region.Kind.NETWORK:
        parent = None
    elif parent is None:
        reason = _("There is no region with code %s above it. Put the parent's line first.") % parent_code
        outcome.problems.append((line, reason))
        return
    wanted = {
        "kind": row["level"],
        "name": row["name"],
        "short_name": row["short_name"],
        "subdomain": row["subdomain"],
        "timezone": row["timezone"],
        "parent_id": parent.pk if parent else None,
    }
    known = regions.get(row["code"])
    if known and all(getattr(known, key) == value for key, value in wanted.items()):
        outcome.unchanged += 1
        return
    region = known or Region(code=row["code"], is_open=row["level"] == Region.Kind.NETWORK)
    for key, value in wanted.items():
        setattr(region, key, value)
    try:
        services.save(region)
    except ValidationError as error:
        outcome.problems.append((line, _in_words(error)))
        return
    regions[region.code] = region
    if known:
        outcome.updated += 1
        regions.update((child.code, child) for child in Region.objects.subtree_of(region))
    else:
        outcome.created += 1


def _in_words(error: ValidationError) -> str:
    """A model's validation error on one line, with the column names of the file."""
    columns = {"kind": "level", "parent": "parent_code", "__all__": ""}
    return " ".join(
        f"{columns.get(name, name)}: {' '.join(messages)}".removeprefix(": ")
        for name, messages in error.message_dict.items()
    )
