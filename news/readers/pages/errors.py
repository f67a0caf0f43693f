"""Error pages. A hidden article, another region's and one that does not exist get the same 404 page."""

from dataclasses import dataclass
from typing import ClassVar

from news.models import Article, Withdrawal
from news.readers.article_cache import newest
from regions.generations.snapshot import Snapshot
from regions.models import Region

from .base import Edition, ReaderPage

SUGGESTIONS = 5


@dataclass(frozen=True, kw_only=True)
class NotFoundPage(ReaderPage):
    template: ClassVar[str] = "not_found.html"
    status: ClassVar[int] = 404

    latest: list[Article]
    """The edition's newest articles, as suggestions."""

    @classmethod
    def build(cls, snapshot: Snapshot, region: Region) -> "NotFoundPage":
        return cls(edition=Edition.read(snapshot, region), latest=newest(snapshot, region)[:SUGGESTIONS])


@dataclass(frozen=True, kw_only=True)
class GonePage(ReaderPage):
    """The page for an expired or withdrawn article (410): the reason for a withdrawal, and nothing of the article."""

    template: ClassVar[str] = "gone.html"
    status: ClassVar[int] = 410

    withdrawal: Withdrawal | None
    """None if the article has expired."""
    home: Region

    @classmethod
    def build(cls, snapshot: Snapshot, region: Region, article: Article) -> "GonePage":
        """For an article that was loaded with its region and withdrawal."""
        return cls(
            edition=Edition.read(snapshot, region),
            withdrawal=getattr(article, "withdrawal", None),
            home=article.region,
        )
