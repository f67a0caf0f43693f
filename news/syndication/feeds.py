"""RSS 2.0, Atom and JSON Feed of an edition, a section, a tag or an author.

Sources: RSS 2.0 (rssboard.org), Media RSS 1.5.1, RFC 4287 (Atom), JSON Feed 1.1, WebSub (W3C). Feeds contain summaries
instead of whole texts, because corrections and withdrawals appear only on the article's page.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.html import escape

from news.models import Article
from regions.models import Region

from . import entries

LENGTH = 30
"""The number of articles in a feed."""


@dataclass(frozen=True)
class Feed:
    """A feed's contents: its own address, the page that it belongs to, and its articles, newest first."""

    region: Region
    title: str
    description: str
    page: str
    address: str
    articles: list[Article]


class _Dated(SyndicationFeed):
    """Gives a feed without items a fixed date. Django would use the present time, so that its bytes would change with
    every request."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=datetime(2020, 1, 1, tzinfo=UTC))


class _Rss(_Dated, Rss201rev2Feed):
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
        article = item["article"]
        super().add_item_elements(handler, item)
        for author in article.writers:
            handler.addQuickElement("dc:creator", entries.text(author.name))
        handler.addQuickElement("atom:updated", rfc3339_date(entries.updated_at(article)))
        if picture := entries.share_picture(article):
            _add_media(handler, article, picture)


class _Atom(_Dated, Atom1Feed):
    content_type = "application/atom+xml; charset=utf-8"

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:media": "http://search.yahoo.com/mrss/"}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        _add_author(handler, settings.HOST_NAME.upper(), self.feed["link"])  # for articles without a writer
        _add_hub(handler, "link")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        article = item["article"]
        super().add_item_elements(handler, item)
        for author in article.writers:
            _add_author(handler, entries.text(author.name), entries.author_address(author, article))
        if picture := entries.share_picture(article):
            _add_media(handler, article, picture)


def _add_author(handler: Any, name: str, address: str) -> None:
    handler.startElement("author", {})
    handler.addQuickElement("name", name)
    handler.addQuickElement("uri", address)
    handler.endElement("author")


def _add_hub(handler: Any, element: str) -> None:
    if settings.WEBSUB_HUB:
        handler.addQuickElement(element, None, {"rel": "hub", "href": settings.WEBSUB_HUB})


def _add_media(handler: Any, article: Article, picture: entries.PhotoPicture) -> None:
    photo = picture.photo
    attributes = {"url": picture.address, "type": picture.type, "medium": "image"}
    handler.startElement(
        "media:content", attributes | {"width": str(picture.width), "height": str(picture.height), "isDefault": "true"}
    )
    texts = {
        "media:title": entries.text(article.lead_caption or photo.caption or article.title),
        "media:description": entries.text(photo.alt),
        "media:credit": entries.text(article.lead_credit or photo.credit),
    }
    for element, text in texts.items():
        if text:
            handler.addQuickElement(element, text, {} if element == "media:credit" else {"type": "plain"})
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
    for article in feed.articles:
        writer.add_item(
            title=entries.title(article),
            link=article.canonical_url,
            description=escape(entries.summary(article)),  # both formats read HTML here
            unique_id=article.short_url,
            unique_id_is_permalink=False,
            pubdate=article.publication_time,
            updateddate=entries.updated_at(article),
            categories=entries.categories(article),
            article=article,
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
        "items": [_json_item(article) for article in feed.articles],
    }
    if settings.WEBSUB_HUB:
        document["hubs"] = [{"type": "WebSub", "url": settings.WEBSUB_HUB}]
    return json.dumps(document, ensure_ascii=False), "application/feed+json; charset=utf-8"


def _json_item(article: Article) -> dict[str, Any]:
    picture = entries.share_picture(article)
    item: dict[str, Any] = {
        "id": article.short_url,
        "url": article.canonical_url,
        "title": entries.title(article),
        "content_text": entries.summary(article),
        "date_published": rfc3339_date(article.region.local(article.publication_time)),
        "date_modified": rfc3339_date(article.region.local(entries.updated_at(article))),
        "authors": [
            {"name": entries.text(author.name), "url": entries.author_address(author, article)}
            for author in article.writers
        ],
        "tags": entries.categories(article),
        "language": "id",
    }
    return item | ({"image": picture.address} if picture else {})


FORMATS: Mapping[str, Callable[[Feed], tuple[str, str]]] = {
    "rss.xml": rss,
    "atom.xml": atom,
    "feed.json": json_feed,
}
"""Last part of a feed's address → the function that writes it."""
