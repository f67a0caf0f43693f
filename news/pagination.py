"""Pages of a list that go on from the last row seen (keyset), never by counting rows off.

The next page's address carries the last row's two sort keys, `?sebelum=<microseconds since 1970, UTC>-<id>`, so
page 10,000 costs what page 1 costs, and a story published meanwhile shifts nothing.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404

from regions.middleware import RegionRequest

from .furnishing import stories
from .listings import Listing
from .models import Article

PARAMETER = "sebelum"
_CURSOR = re.compile(r"([0-9]{1,17})-([1-9][0-9]{0,17})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class ListPage:
    """One page of stories, newest first.

    `query` is the page's own query string, empty for the first page; `older` the next page's, empty at the end.
    """

    stories: list[Article]
    query: str
    older: str


def read_page(listing: Listing, request: RegionRequest, keep: dict[str, str] | None = None, **values: Any) -> ListPage:
    """The page of the list that the request asks for. Raises Http404 for a cursor that we never wrote.

    `values`: what the listing is asked with. `keep`: parameters that stay in the addresses of this list's pages.
    """
    cursor = request.GET.get(PARAMETER, "")
    found = listing.read(settings.LIST_LENGTH + 1, parse(cursor) if cursor else None, **values)
    shown = found[: settings.LIST_LENGTH]
    query = _query((keep or {}) | ({PARAMETER: cursor} if cursor else {}))
    older = _query((keep or {}) | {PARAMETER: write(*shown[-1])}) if len(found) > len(shown) else ""
    return ListPage(stories(request.snapshot, (pk for _time, pk in shown)), query, older)


def _query(parameters: dict[str, str]) -> str:
    return f"?{urlencode(parameters)}" if parameters else ""


def write(published_at: datetime, article_id: int) -> str:
    """The cursor after the row with these sort keys."""
    return f"{(published_at - _EPOCH) // _MICROSECOND}-{article_id}"


def parse(cursor: str) -> tuple[datetime, int]:
    """A row's sort keys. Raises Http404 for a cursor that we never wrote."""
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise Http404
    return _EPOCH + int(match[1]) * _MICROSECOND, int(match[2])
