"""The page of an edition's most read articles."""

from dataclasses import dataclass
from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _

from news.models import Article
from news.popularity import rankings
from news.readers.article_cache import articles
from news.readers.most_read import most_read
from news.syndication import structured_data
from regions.generations.snapshot import Snapshot
from regions.models import Region

from .base import Edition, ReaderPage

LENGTH = 20


@dataclass(frozen=True, kw_only=True)
class PopularPage(ReaderPage):
    template: ClassVar[str] = "popular.html"

    title: str
    articles: list[Article]
    """Most read first."""
    is_week: bool
    """Whether the page is about the last seven days instead of the last 24 hours."""

    @classmethod
    def build(cls, snapshot: Snapshot, region: Region, *, is_week: bool) -> "PopularPage":
        hours = rankings.WEEK if is_week else rankings.DAY
        return cls(
            edition=Edition.read(snapshot, region),
            title=_("Most read"),
            articles=articles(snapshot, most_read(region, hours, LENGTH)),
            is_week=is_week,
        )

    @property
    def max_age(self) -> int:
        """Limited, because the rankings change without a new generation."""
        return rankings.UPDATE_INTERVAL.seconds

    def structured_data(self) -> list[structured_data.Thing]:
        path = reverse("popular")
        return [
            structured_data.collection(self.region, self.title, path, self.articles),
            structured_data.breadcrumbs(self.region, [(self.title, path)]),
        ]
