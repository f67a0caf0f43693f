"""An article's page."""

from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.safestring import SafeString

from news.content import body
from news.models import Article, Correction, GalleryPhoto
from news.readers import story_body
from news.readers.related import NextToRead, next_to_read
from news.syndication import structured_data
from regions.generations.snapshot import Snapshot
from regions.models import Region

from .base import Edition, ReaderPage

READING_SPEED = 180
"""Words per minute on a phone (adults read 180 to 240 in their own language on a screen)."""


@dataclass(frozen=True, kw_only=True)
class ArticlePage(ReaderPage):
    template: ClassVar[str] = "article.html"
    is_preview: ClassVar[bool] = False

    article: Article
    body: SafeString
    minutes: int
    """The estimated reading time."""
    gallery: list[GalleryPhoto]
    """The photos of a photo story."""
    corrections: list[Correction]
    next_to_read: NextToRead = field(default_factory=NextToRead)

    @classmethod
    def build(cls, snapshot: Snapshot, region: Region, article: Article) -> "ArticlePage":
        """For a live article, which was loaded with `for_page()`."""
        further = next_to_read(snapshot, region, article)
        return cls(
            edition=Edition.read(snapshot, region),
            article=article,
            body=story_body.render(article, further.also),
            minutes=_minutes(article),
            gallery=article.shown_gallery,
            corrections=_corrections(article),
            next_to_read=further,
        )

    @property
    def advert_turn(self) -> int:
        return self.article.pk

    def structured_data(self) -> list[structured_data.Thing]:
        section = self.article.section
        steps = [
            (section.name, section.get_absolute_url()),
            (self.article.title, self.article.get_absolute_url()),
        ]
        return [
            structured_data.news_article(self.article, self.corrections),
            structured_data.breadcrumbs(self.region, steps),
        ]


class PreviewPage(ArticlePage):
    """The preview of an unpublished article, for any host, without menu, adverts and further articles."""

    template = "preview.html"
    is_preview = True
    offline = False

    @classmethod
    def of(cls, article: Article) -> "PreviewPage":
        """For an article that was loaded with `for_page()`."""
        return cls(
            edition=Edition(article.region),
            article=article,
            body=story_body.render(article),
            minutes=_minutes(article),
            gallery=article.shown_gallery,
            corrections=_corrections(article),
        )

    def structured_data(self) -> list[structured_data.Thing]:
        """Empty, because search engines must not list a preview, and the article may have no publication time yet."""
        return []


def _minutes(article: Article) -> int:
    return max(1, round(body.words(article.body) / READING_SPEED))


def _corrections(article: Article) -> list[Correction]:
    return list(article.corrections.all()) if article.corrected_at else []
