"""Withdrawn stories as tombstones: they stay withdrawn when a backup from before is restored.

A story is told by its key and the time when it was made, because a restored database gives keys once more that the
stories written after the backup had.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from news.models import Withdrawal
from pekon.tombstones import records
from pekon.tombstones.models import Tombstone

KIND = "withdrawal"
REASON_LENGTH = 500
"""Characters that Withdrawal.reason takes."""


class Subject(NamedTuple):
    """Which story it is."""

    pk: int
    created_at: datetime

    def __str__(self) -> str:
        return f"{self.pk}@{self.created_at.astimezone(UTC).isoformat()}"

    @classmethod
    def parse(cls, text: str) -> "Subject":
        """Raises ValueError."""
        key, _sign, made_at = text.partition("@")
        moment = datetime.fromisoformat(made_at)
        if moment.tzinfo is None:
            raise ValueError(f"{text} has no time zone")
        return cls(int(key), moment.astimezone(UTC))


def record(withdrawal: Withdrawal) -> None:
    """Make the tombstone of a withdrawal, in the transaction of the act."""
    article = withdrawal.article
    detail = {"reason": withdrawal.reason, "version": article.version}
    if article.published_at:
        detail["published_at"] = article.published_at.isoformat()
    records.record(KIND, str(Subject(article.pk, article.created_at)), made_at=withdrawal.withdrawn_at, detail=detail)


def is_valid(tombstone: Tombstone) -> bool:
    """Whether it names a story and has what a withdrawal needs, or lifts one."""
    try:
        Subject.parse(tombstone.subject)
        if published_at := tombstone.detail.get("published_at"):
            datetime.fromisoformat(published_at)
    except (ValueError, TypeError):
        return False
    reason = tombstone.detail.get("reason")
    return isinstance(reason, str) and 0 < len(reason.strip()) <= REASON_LENGTH


def statements(tombstones: Iterable[Tombstone]) -> list[str]:
    """Nothing lists or shows an article with this status, whatever rows it has."""
    subjects = [Subject.parse(tombstone.subject) for tombstone in tombstones]
    return [
        "UPDATE news_article SET status = 'withdrawn' "  # noqa: S608  (a number and a time, both parsed)
        f"WHERE id = {subject.pk:d} AND created_at = '{subject.created_at.isoformat()}' AND published_at IS NOT NULL"
        for subject in subjects
    ]
