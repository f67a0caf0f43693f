"""The kinds of lists that an edition has, each compiled once (news.prepared): what they hold, newest first.

`region`, `section`, `tag` and `author` are keys, `since` and `until` aware moments.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

from .models import Byline, Placement
from .prepared import Prepared
from .querysets import PlacementQuerySet


class Listing:
    """The placements that `make` returns, which is called as `Prepared` calls it."""

    def __init__(self, make: Callable[..., PlacementQuerySet], **types: type):
        self._make, self._types = make, types
        self._head = cache(self._prepare_head)
        self._after = cache(self._prepare_after)

    def read(self, length: int, after: tuple[datetime, int] | None, **values: Any) -> list[tuple[datetime, int]]:
        """The sort keys (time, story) of the newest rows that readers can see; or of those after the row with these."""
        if after is None:
            return self._head(length).read(**values)
        return self._after(length).read(published_at=after[0], article_id=after[1], **values)

    def _prepare_head(self, length: int) -> Prepared[tuple[datetime, int]]:
        return Prepared(lambda **values: _keys(self._make(**values))[:length], **self._types)

    def _prepare_after(self, length: int) -> Prepared[tuple[datetime, int]]:
        def make(published_at: datetime, article_id: int, **values: Any) -> QuerySet[Placement, tuple[Any, ...]]:
            return _keys(self._make(**values).before(published_at, article_id))[:length]

        return Prepared(make, published_at=datetime, article_id=int, **self._types)


def _keys(rows: PlacementQuerySet) -> QuerySet[Placement, tuple[Any, ...]]:
    return rows.live().newest_first().values_list("published_at", "article_id")


def _of_region(region: int) -> PlacementQuerySet:
    return Placement.objects.in_region(region)


def _of_section(region: int, section: int) -> PlacementQuerySet:
    return _of_region(region).filter(section=section)


def _of_tag(region: int, tag: int) -> PlacementQuerySet:
    return _of_region(region).filter(article__tagged_articles__tag=tag)


def _by_author(region: int, author: int) -> PlacementQuerySet:
    # Not a join with distinct(), which reads every story of theirs to show the newest: they may have two roles on one.
    own = Byline.objects.filter(author=author).order_by().values("article")
    return _of_region(region).filter(article__in=own)


def _of_time(region: int, since: datetime, until: datetime) -> PlacementQuerySet:
    return _of_region(region).filter(published_at__gte=since, published_at__lt=until)


def _of_time_and_section(region: int, since: datetime, until: datetime, section: int) -> PlacementQuerySet:
    return _of_time(region, since, until).filter(section=section)


OF_REGION = Listing(_of_region, region=int)
OF_SECTION = Listing(_of_section, region=int, section=int)
OF_TAG = Listing(_of_tag, region=int, tag=int)
BY_AUTHOR = Listing(_by_author, region=int, author=int)
OF_TIME = Listing(_of_time, region=int, since=datetime, until=datetime)
OF_TIME_AND_SECTION = Listing(_of_time_and_section, region=int, since=datetime, until=datetime, section=int)
