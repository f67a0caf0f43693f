"""What stands in the head of a page: for search engines, link previews and feed readers."""

import json
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from news.models import Article
from news.readers.pages import ReaderPage
from news.syndication import entries
from news.syndication.feeds import FORMATS
from regions.models import Region

_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_TYPES = {"rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}


def structured_data(page: ReaderPage) -> SafeString:
    """The page's structured data in JSON-LD."""
    written = (json.dumps(thing, ensure_ascii=False).translate(_UNSAFE) for thing in page.structured_data())
    # Only "<" could end the script element, and all of them are escaped above.
    return mark_safe("\n".join(f'<script type="application/ld+json">{each}</script>' for each in written))


def feed_links(page: ReaderPage) -> SafeString:
    """Links to the page's feeds, in every format."""
    region = page.region
    publication = entries.publication(region)
    links = (_feed_links(f"{publication} {title}".strip(), f"{region.origin}{path}") for title, path in page.feeds)
    return mark_safe("\n".join(links))


@lru_cache(maxsize=1_024)
def _feed_links(title: str, address: str) -> SafeString:
    """Links to one list's feeds. Cached, because all pages of an edition have the edition's."""
    links = ((_TYPES[form], title, address, form) for form in FORMATS)
    return format_html_join("\n", '<link rel="alternate" type="{}" title="{}" href="{}{}">', links)


class Card(NamedTuple):
    """The preview of a shared page in a chat."""

    title: str
    description: str
    address: str


def page_card(page: ReaderPage, path: str) -> Card:
    """The preview of a page other than an article: its title and description, or else the edition's."""
    region = page.region
    name = entries.publication(region)
    title, description = page.card_title, page.card_description or region.tagline or name
    return Card(f"{title}, {name}" if title else name, description, f"{region.origin}{path}{page.card_query}")


def edition_picture(region: Region) -> entries.Picture:
    return entries.edition_picture(region)


def share_picture(article: Article) -> entries.PhotoPicture | None:
    return entries.share_picture(article)


def machine_summary(article: Article) -> str:
    return entries.summary(article)


def machine_time(article: Article) -> str:
    return article.region.local(article.publication_time).isoformat(timespec="seconds")


def machine_update(article: Article) -> str:
    return article.region.local(entries.updated_at(article)).isoformat(timespec="seconds")
