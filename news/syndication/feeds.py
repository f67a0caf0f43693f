"""RSS 2.0, Atom and JSON Feed of an edition, a section, a tag or an author.

Sources: RSS 2.0 (rssboard.org), Media RSS 1.5.1, RFC 4287 (Atom), JSON Feed 1.1, WebSub (W3C). Feeds carry summaries,
not whole texts: the story's only address is its page, where corrections and withdrawals stand.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, rfc3339_date
from django.utils.html import escape

from news.models import Article
from regions.models import Region

from . import entries

LENGTH = 30
"""Stories of a feed."""


@dataclass(frozen=True)
class Feed:
    """What a feed is of: its own address, the page that it follows, and its stories (entries.newest), newest first."""

    region: Region
    title: str
    description: str
    page: str
    address: str
    stories: list[Article]


class _Still:
    """Django dates a feed without items by the clock, so that its bytes would never be the same twice."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items]  # type: ignore[attr-defined]
        return max(dates, default=datetime(2020, 1, 1, tzinfo=UTC))


class _Rss(_Still, Rss201rev2Feed):
    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:atom": "http://www.w3.org/2005/Atom",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        _add_hub(handler, "atom:link")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        story = item["story"]
        super().add_item_elements(handler, item)
        for author in story.writers:
            handler.addQuickElement("dc:creator", entries.text(author.name))
        handler.addQuickElement("atom:updated", rfc3339_date(entries.updated_at(story)))
        if picture := entries.share_picture(story):
            _add_media(handler, story, picture)


class _Atom(_Still, Atom1Feed):
    content_type = "application/atom+xml; charset=utf-8"

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:media": "http://search.yahoo.com/mrss/"}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        _add_author(handler, settings.HOST_NAME.upper(), self.feed["link"])  # for stories without a writer
        _add_hub(handler, "link")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        story = item["story"]
        super().add_item_elements(handler, item)
        for author in story.writers:
            _add_author(handler, entries.text(author.name), entries.author_address(author, story))
        if picture := entries.share_picture(story):
            _add_media(handler, story, picture)


def _add_author(handler: Any, name: str, address: str) -> None:
    handler.startElement("author", {})
    handler.addQuickElement("name", name)
    handler.addQuickElement("uri", address)
    handler.endElement("author")


def _add_hub(handler: Any, element: str) -> None:
    if settings.WEBSUB_HUB:
        handler.addQuickElement(element, None, {"rel": "hub", "href": settings.WEBSUB_HUB})


def _add_media(handler: Any, story: Article, picture: entries.Picture) -> None:
    photo = story.lead_photo
    assert photo is not None  # noqa: S101  (it has a picture)
    attributes = {"url": picture.address, "type": picture.type, "medium": "image"}
    handler.startElement(
        "media:content", attributes | {"width": str(picture.width), "height": str(picture.height), "isDefault": "true"}
    )
    told = {
        "media:title": entries.text(story.lead_caption or photo.caption or story.title),
        "media:description": entries.text(photo.alt),
        "media:credit": entries.text(story.lead_credit or photo.credit),
    }
    for element, said in told.items():
        if said:
            handler.addQuickElement(element, said, {} if element == "media:credit" else {"type": "plain"})
    handler.endElement("media:content")


def _xml(kind: type[Any], feed: Feed) -> tuple[str, str]:
    writer = kind(
        title=entries.text(feed.title),
        link=feed.page,
        description=entries.text(feed.description),
        language="id",
        feed_url=feed.address,
        feed_copyright=f"© {settings.HOST_NAME.upper()}",
    )
    for story in feed.stories:
        writer.add_item(
            title=entries.title(story),
            link=story.canonical_url,
            description=escape(entries.summary(story)),  # both formats read HTML here
            unique_id=story.short_url,
            unique_id_is_permalink=False,
            pubdate=story.published_at,
            updateddate=entries.updated_at(story),
            categories=entries.categories(story),
            story=story,
        )
    return writer.writeString("utf-8"), kind.content_type


def rss(feed: Feed) -> tuple[str, str]:
    """The document and its content type."""
    return _xml(_Rss, feed)


def atom(feed: Feed) -> tuple[str, str]:
    return _xml(_Atom, feed)


def json_feed(feed: Feed) -> tuple[str, str]:
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": entries.text(feed.title),
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "description": entries.text(feed.description),
        "language": "id",
        "items": [_json_item(story) for story in feed.stories],
    }
    if settings.WEBSUB_HUB:
        document["hubs"] = [{"type": "WebSub", "url": settings.WEBSUB_HUB}]
    return json.dumps(document, ensure_ascii=False), "application/feed+json; charset=utf-8"


def _json_item(story: Article) -> dict[str, Any]:
    picture = entries.share_picture(story)
    item: dict[str, Any] = {
        "id": story.short_url,
        "url": story.canonical_url,
        "title": entries.title(story),
        "content_text": entries.summary(story),
        "date_published": rfc3339_date(story.region.local(story.published_at)),  # type: ignore[arg-type]
        "date_modified": rfc3339_date(story.region.local(entries.updated_at(story))),
        "authors": [
            {"name": entries.text(author.name), "url": entries.author_address(author, story)}
            for author in story.writers
        ],
        "tags": entries.categories(story),
        "language": "id",
    }
    return item | ({"image": picture.address} if picture else {})


FORMATS: Mapping[str, Callable[[Feed], tuple[str, str]]] = {
    "rss.xml": rss,
    "atom.xml": atom,
    "feed.json": json_feed,
}
"""Last part of a feed's address → what writes it."""
