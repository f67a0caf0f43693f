"""Cursors for keyset pagination: the position in a newest-first list after which the next page begins.

A cursor is the last row's two sort keys, `<microseconds since 1970, UTC>-<article id>`. So page 10,000 costs the same
as page 1, and articles published in the meantime do not shift the pages.
"""

import re
from datetime import UTC, datetime, timedelta

PATTERN = r"^[0-9]{1,17}-[1-9][0-9]{0,17}$"
_CURSOR = re.compile(PATTERN, re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def write(published_at: datetime, article_id: int) -> str:
    """The cursor for the page that follows the row with these sort keys."""
    return f"{(published_at - _EPOCH) // _MICROSECOND}-{article_id}"


def parse(cursor: str) -> tuple[datetime, int]:
    """The sort keys in a cursor. Raises ValueError for a text that `write` does not produce."""
    if not _CURSOR.fullmatch(cursor):
        raise ValueError("no cursor of ours")
    microseconds, _dash, article_id = cursor.partition("-")
    return _EPOCH + int(microseconds) * _MICROSECOND, int(article_id)
