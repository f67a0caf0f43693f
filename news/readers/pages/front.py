"""An edition's front page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from news.models import Article
from news.popularity import rankings
from news.readers.article_cache import articles
from news.readers.front_page import Front, Placed, compose
from news.readers.most_read import most_read
from news.syndication import structured_data
from regions.generations.snapshot import Snapshot
from regions.models import Region

from .base import Edition, ReaderPage

POPULAR = 6
"""The number of most read articles on a front page."""


@dataclass(frozen=True, kw_only=True)
class FrontPage(ReaderPage):
    template: ClassVar[str] = "front.html"
    is_front: ClassVar[bool] = True

    front: Front
    popular: list[Article]
    """Most read first. Empty until reads have been counted."""

    @classmethod
    def build(
        cls,
        snapshot: Snapshot,
        region: Region,
        at: datetime | None = None,
        placed: Iterable[Placed] | None = None,
    ) -> "FrontPage":
        """As of `at` (aware), or as of now by the database's clock; with `placed` in place of what editors have placed
        for that moment."""
        return cls(
            edition=Edition.read(snapshot, region),
            front=compose(snapshot, region, at, placed),
            popular=articles(snapshot, most_read(region, rankings.DAY, POPULAR)),
        )

    @property
    def max_age(self) -> int | None:
        """Limited if the page shows the rankings, which change without a new generation."""
        return rankings.UPDATE_INTERVAL.seconds if self.popular else None

    def structured_data(self) -> list[structured_data.Thing]:
        return [structured_data.masthead(self.region), structured_data.website(self.region)]


@dataclass(frozen=True, kw_only=True)
class FrontPreview(FrontPage):
    """The same page on the newsroom's host, which has no worker for reading offline."""

    offline = False
