"""The JSON objects of the API: their fields, and how they are made from the models.

Version 1 may get further fields, but never loses one. `news.syndication.ninjs` makes ninjs items; their types are here.
"""

from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from news import models
from news.syndication import entries
from regions.models import Region as RegionModel

Id = Annotated[int, Field(ge=1)]
Pixels = Annotated[int, Field(ge=1)]
Url = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]
Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
ArticleKind = Annotated[str, WithJsonSchema({"type": "string", "enum": models.Article.Kind.values})]
RegionKind = Annotated[str, WithJsonSchema({"type": "string", "enum": RegionModel.Kind.values})]


class Schema(BaseModel):
    """Plain pydantic: ninja's own Schema wraps every object in a getter, which these do not need."""

    model_config = ConfigDict(extra="forbid")


Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    items: list[Item]
    next: Url | None = Field(description="Address of the next page.")


class Problem(Schema):
    detail: str


# --- Pekon's own words ----------------------------------------------------------------------------------------


class Region(Schema):
    id: Id
    code: str
    kind: RegionKind
    name: str
    short_name: str
    timezone: str
    url: Url
    parent_id: Id | None

    @classmethod
    def of(cls, region: RegionModel) -> Self:
        return cls(
            id=region.pk,
            code=region.code,
            kind=region.kind,
            name=region.name,
            short_name=region.short_name,
            timezone=region.timezone,
            url=f"{region.origin}/",
            parent_id=region.parent_id,
        )


class Section(Schema):
    slug: str
    name: str
    description: str
    url: Url

    @classmethod
    def of(cls, section: models.Section, edition: RegionModel) -> Self:
        return cls(
            slug=section.slug,
            name=section.name,
            description=section.description,
            url=f"{edition.origin}{section.get_absolute_url()}",
        )


class Tag(Schema):
    id: Id
    slug: str
    name: str
    url: Url

    @classmethod
    def of(cls, tag: models.Tag, edition: RegionModel) -> Self:
        return cls(id=tag.pk, slug=tag.slug, name=tag.name, url=f"{edition.origin}{tag.get_absolute_url()}")


class Author(Schema):
    id: Id
    slug: str
    name: str
    about: str
    url: Url

    @classmethod
    def of(cls, author: models.Author, edition: RegionModel) -> Self:
        return cls(
            id=author.pk,
            slug=author.slug,
            name=author.name,
            about=author.bio,
            url=f"{edition.origin}{author.get_absolute_url()}",
        )


class HomeRegion(Schema):
    id: Id
    short_name: str
    url: Url


class Named(Schema):
    slug: str
    name: str


class Picture(Schema):
    url: Url
    width: Pixels
    height: Pixels


class Article(Schema):
    """An article in a list."""

    id: Id
    url: Url
    short_url: Url
    kind: ArticleKind
    label: str = Field(description="What readers are told of the kind; empty for news.")
    is_supplied: bool = Field(description="Whether somebody else than the newsroom wrote it: show its label.")
    kicker: str
    title: str
    summary: str
    region: HomeRegion
    section: Named
    authors: list[Named]
    tags: list[Named]
    published_at: Time
    updated_at: Time
    picture: Picture | None = Field(description="A JPEG of at most 300 KB.")

    @classmethod
    def of(cls, article: models.Article) -> Self:
        """From a live article that was loaded by `entries.in_order`."""
        return cls(**_article_fields(article))


class WholeArticle(Article):
    """An article with its text."""

    body_html: str = Field(description="As on the article's page, from dateline to sign-off; every link is absolute.")

    @classmethod
    def of(cls, article: models.Article) -> Self:
        return cls(**_article_fields(article), body_html=entries.body_html(article))


def _article_fields(article: models.Article) -> dict[str, Any]:
    home, picture = article.region, entries.share_picture(article)
    published_at, updated_at = home.local(article.publication_time), home.local(entries.updated_at(article))
    return {
        "id": article.pk,
        "url": article.canonical_url,
        "short_url": article.short_url,
        "kind": article.kind,
        "label": article.label,
        "is_supplied": article.is_supplied,
        "kicker": article.kicker,
        "title": article.title,
        "summary": entries.summary(article),
        "region": HomeRegion(id=home.pk, short_name=home.short_name, url=f"{home.origin}/"),
        "section": Named(slug=article.section.slug, name=article.section.name),
        "authors": [Named(slug=author.slug, name=author.name) for author in article.writers],
        "tags": [Named(slug=tag.slug, name=tag.name) for tag in article.tags.all()],
        "published_at": published_at.isoformat(timespec="seconds"),
        "updated_at": updated_at.isoformat(timespec="seconds"),
        "picture": Picture(url=picture.address, width=picture.width, height=picture.height) if picture else None,
    }


class ArticlePage(Page[Article]):
    """A page of articles."""


class SectionPage(Page[Section]):
    """All sections."""


class TagPage(Page[Tag]):
    """A page of tags."""


class AuthorPage(Page[Author]):
    """A page of authors."""


class RegionPage(Page[Region]):
    """A page of regions."""


# --- ninjs 2.0 (iptc.org/std/ninjs), the part of it that Pekon writes -------------------------------------------


class NinjsStandard(Schema):
    name: str
    version: str
    schema_: Url = Field(alias="schema")


class NinjsText(Schema):
    role: str
    contenttype: str = Field(default="text/plain")
    value: str


class NinjsBody(NinjsText):
    wordcount: int = Field(ge=0)


class NinjsConcept(Schema):
    name: str
    rel: str
    literal: str


class NinjsGenre(Schema):
    name: str
    literal: str


class NinjsAltId(Schema):
    role: str
    value: str


class NinjsRendition(Schema):
    name: str
    href: Url
    contenttype: str
    width: Pixels
    height: Pixels


class NinjsPicture(Schema):
    name: str
    uri: Url
    type: Literal["picture"]
    by: str
    descriptions: list[NinjsText]
    renditions: list[NinjsRendition]


class Ninjs(Schema):
    """An article in a subset of ninjs 2.0."""

    uri: Url
    standard: NinjsStandard
    type: Literal["text"]
    representationtype: Literal["full"]
    version: str
    firstcreated: Time
    versioncreated: Time
    pubstatus: Literal["usable"]
    language: str
    copyrightholder: str
    title: str
    by: str
    located: str
    headlines: list[NinjsText]
    descriptions: list[NinjsText]
    bodies: list[NinjsBody]
    places: list[NinjsConcept]
    subjects: list[NinjsConcept]
    genres: list[NinjsGenre]
    altids: list[NinjsAltId]
    associations: list[NinjsPicture] = Field(default=[], description="Absent for an article without a picture.")


class NinjsPage(Page[Ninjs]):
    """A page of articles in ninjs."""
