"""An article's content (`news.publishing.versions`) in people's words, and differences between two contents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from news.content import differences
from news.content.differences import Row
from news.images.models import Photo
from news.models import Article, Author, Byline, Section, Status
from news.models.versions import label
from news.publishing.versions import Content
from regions.models import Region

_RELATED: dict[str, type[Region | Section | Photo | Author]] = {
    "region": Region,
    "section": Section,
    "lead_photo": Photo,
    "photo": Photo,
    "author": Author,
}
_CHOICES: dict[str, dict[Any, Any]] = {"kind": dict(Article.Kind.choices), "status": dict(Status.choices)}
_NOT_SHOWN = {"slug"}
"""What follows from something else that is shown."""


@dataclass(frozen=True)
class Difference:
    """A field or part that differs, with both sides beside each other."""

    label: str
    rows: list[Row]


def compare(pairs: Iterable[tuple[str, Any, Any]], region: Region) -> list[Difference]:
    """The differences of (name, before, after); times are told by the region's clocks."""
    wanted = [(name, before, after) for name, before, after in pairs if before != after and name not in _NOT_SHOWN]
    words = _Words([(name, value) for name, *values in wanted for value in values], region)
    return [
        Difference(label(name), differences.without_the_same(differences.bodies(before or "", after or "")))
        if name == "body"
        else Difference(label(name), [differences.words(words.of(name, before), words.of(name, after))])
        for name, before, after in wanted
    ]


def compare_whole(before: Content, after: Content, region: Region) -> list[Difference]:
    """The differences of two versions. What one of them does not know is left out: the field came later."""
    return compare(((name, before[name], after[name]) for name in after if name in before), region)


class _Words:
    """Values in words. All related rows are read at once, one query a model."""

    def __init__(self, values: Iterable[tuple[str, Any]], region: Region):
        self.region = region
        wanted: dict[Any, set[int]] = {}
        for name, value in values:
            rows = value if isinstance(value, list) else [{name: value}]
            for row in rows:
                for key, reference in row.items() if isinstance(row, dict) else ():
                    if key in _RELATED and isinstance(reference, int):
                        wanted.setdefault(_RELATED[key], set()).add(reference)
        self.rows = {model: model._default_manager.in_bulk(keys) for model, keys in wanted.items()}

    def of(self, name: str, value: Any) -> str:
        match name:
            case "tags":
                return ", ".join(value)
            case "bylines":
                roles = dict(Byline.Role.choices)
                return "\n".join(f"{self._row('author', row)} ({roles.get(row['role'], '')})" for row in value)
            case "gallery":
                return "\n".join(
                    " – ".join(filter(None, (self._row("photo", row), row["caption"], row["credit"]))) for row in value
                )
            case "shares":
                return "\n".join(
                    " ".join(filter(None, (self._row("region", row), self._time(row["published_at"])))) for row in value
                )
        if value is None or value == "":
            return ""
        if name in _RELATED:
            return self._row(name, {name: value})
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name.endswith("_at"):
            return self._time(value)
        return str(_CHOICES.get(name, {}).get(value, value))

    def _row(self, name: str, row: dict[str, Any]) -> str:
        found = self.rows.get(_RELATED[name], {}).get(row[name])
        return str(found) if found else _("(not there any more)")

    def _time(self, value: str | None) -> str:
        try:
            return self.region.clock(datetime.fromisoformat(value)) if value else ""
        except (TypeError, ValueError):
            return str(value)
