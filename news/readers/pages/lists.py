"""Lists of articles: of a section, a tag, an author."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from news.models import Article, Author, Section, Tag
from news.readers import lists
from news.syndication import structured_data
from regions.generations.snapshot import Snapshot
from regions.models import Region

from .base import Edition, ReaderPage


@dataclass(frozen=True, kw_only=True)
class ListPage(ReaderPage):
    template: ClassVar[str] = "list.html"

    title: str
    path: str
    """The list's path, without the query string."""
    part: lists.Part
    eyebrow: str = ""
    description: str = ""
    section: Section | None = None
    """The section to which the index is limited."""
    day: date | None = None
    """The day to which the index is limited."""

    @classmethod
    def of_section(cls, snapshot: Snapshot, region: Region, section: Section, cursor: str) -> "ListPage":
        return cls(
            edition=Edition.read(snapshot, region),
            current_section=section,
            title=section.name,
            path=section.get_absolute_url(),
            part=lists.OF_SECTION.part(snapshot, cursor, region=region.pk, section=section.pk),
            description=section.description,
        )

    @classmethod
    def of_tag(cls, snapshot: Snapshot, region: Region, tag: Tag, cursor: str) -> "ListPage":
        return cls(
            edition=Edition.read(snapshot, region),
            title=tag.name,
            path=tag.get_absolute_url(),
            part=lists.OF_TAG.part(snapshot, cursor, region=region.pk, tag=tag.pk),
            eyebrow=_("Tag"),
        )

    @property
    def articles(self) -> list[Article]:
        return self.part.articles

    @property
    def feeds(self) -> list[tuple[str, str]]:
        return [*super().feeds, (self.title, self.path)]

    @property
    def card_query(self) -> str:
        return self.part.query

    def structured_data(self) -> list[structured_data.Thing]:
        return [
            structured_data.collection(self.region, self.title, self.path, self.articles),
            structured_data.breadcrumbs(self.region, [(self.title, self.path)]),
        ]


@dataclass(frozen=True, kw_only=True)
class AuthorPage(ListPage):
    author: Author

    @classmethod
    def build(cls, snapshot: Snapshot, region: Region, author: Author, cursor: str) -> "AuthorPage":
        return cls(
            edition=Edition.read(snapshot, region),
            author=author,
            title=author.name,
            path=author.get_absolute_url(),
            part=lists.BY_AUTHOR.part(snapshot, cursor, region=region.pk, author=author.pk),
            eyebrow=_("Author"),
            description=author.bio,
        )

    def structured_data(self) -> list[structured_data.Thing]:
        return [
            structured_data.profile(self.region, self.author, self.path),
            structured_data.breadcrumbs(self.region, [(self.title, self.path)]),
        ]
