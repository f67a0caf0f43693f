"""The lists of an edition, newest first, with keyset pagination: a page begins after the last row of the previous one.

The address of the next page contains a cursor (news.models.cursors).

`region`, `section`, `tag` and `author` are primary keys, `since` and `until` aware moments. Each list's query is
compiled once (news.readers.compiled_queries).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from news.models import Article, Byline, Placement, TaggedPlacement, cursors
from news.models.querysets import PlacementQuerySet
from regions.generations.snapshot import Snapshot

from .article_cache import articles
from .compiled_queries import CompiledQuery

CURSOR_PARAMETER = "sebelum"


@dataclass(frozen=True)
class Part:
    """One page of a list.

    `query` is the page's own query string, empty for the first page. `older` is the next page's, empty on the last
    page.
    """

    articles: list[Article]
    query: str
    older: str
    is_first: bool


class Listing:
    """The list of the placements that `make` returns. `make` and `types` are as for `CompiledQuery`."""

    def __init__(self, make: Callable[..., PlacementQuerySet[Any]], one_plan: bool = False, **types: type):
        self._make, self._one_plan, self._types = make, one_plan, types
        self._head = cache(self._compile_head)
        self._after = cache(self._compile_after)

    def read(self, length: int, after: tuple[datetime, int] | None, **values: Any) -> list[tuple[datetime, int]]:
        """The sort keys (time, article's key) of the newest live rows, or of those that follow the sort keys
        `after`."""
        if after is None:
            return self._head(length).read(**values)
        return self._after(length).read(published_at=after[0], article_id=after[1], **values)

    def part(self, snapshot: Snapshot, cursor: str, keep: dict[str, str] | None = None, **values: Any) -> Part:
        """The page with this cursor; an empty cursor means the first page. Raises Http404 for an invalid cursor.

        `values` are the arguments of the list's query. `keep` are parameters to repeat in the addresses of its pages.
        """
        try:
            after = cursors.parse(cursor) if cursor else None
        except ValueError:
            raise Http404 from None
        rows = self.read(settings.LIST_LENGTH + 1, after, **values)
        shown = rows[: settings.LIST_LENGTH]
        query = _query((keep or {}) | ({CURSOR_PARAMETER: cursor} if cursor else {}))
        older = _query((keep or {}) | {CURSOR_PARAMETER: cursors.write(*shown[-1])}) if len(rows) > len(shown) else ""
        return Part(articles(snapshot, (pk for _time, pk in shown)), query, older, is_first=not cursor)

    def _compile_head(self, length: int) -> CompiledQuery[tuple[datetime, int]]:
        return CompiledQuery(lambda **values: _sort_keys(self._make(**values))[:length], self._one_plan, **self._types)

    def _compile_after(self, length: int) -> CompiledQuery[tuple[datetime, int]]:
        def make(published_at: datetime, article_id: int, **values: Any) -> QuerySet[Any, tuple[Any, ...]]:
            return _sort_keys(self._make(**values).before(published_at, article_id))[:length]

        return CompiledQuery(make, self._one_plan, published_at=datetime, article_id=int, **self._types)


def _query(parameters: dict[str, str]) -> str:
    return f"?{urlencode(parameters)}" if parameters else ""


def _sort_keys(rows: PlacementQuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
    return rows.live().newest_first().values_list("published_at", "article_id")


def _of_region(region: int) -> PlacementQuerySet:
    return Placement.objects.in_region(region)


def _of_section(region: int, section: int) -> PlacementQuerySet:
    return _of_region(region).filter(section=section)


def _of_tag(region: int, tag: int) -> PlacementQuerySet[TaggedPlacement]:
    return TaggedPlacement.objects.in_region(region).filter(tag=tag)


def _by_author(region: int, author: int) -> PlacementQuerySet:
    # An author can have two bylines on one article. A join with distinct() would read all of the author's articles to
    # find the newest; this subquery does not.
    own = Byline.objects.filter(author=author).order_by().values("article")
    return _of_region(region).filter(article__in=own)


def _of_time(region: int, since: datetime, until: datetime) -> PlacementQuerySet:
    return _of_region(region).filter(published_at__gte=since, published_at__lt=until)


def _of_time_and_section(region: int, since: datetime, until: datetime, section: int) -> PlacementQuerySet:
    return _of_time(region, since, until).filter(section=section)


OF_REGION = Listing(_of_region, one_plan=True, region=int)
OF_SECTION = Listing(_of_section, one_plan=True, region=int, section=int)
OF_TAG = Listing(_of_tag, one_plan=True, region=int, tag=int)
BY_AUTHOR = Listing(_by_author, region=int, author=int)
OF_TIME = Listing(_of_time, region=int, since=datetime, until=datetime)
OF_TIME_AND_SECTION = Listing(_of_time_and_section, region=int, since=datetime, until=datetime, section=int)
