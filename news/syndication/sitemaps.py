"""The sitemaps of an edition's own articles, for search engines.

A host's sitemap may only list addresses of that host, so an article is in its home region's. A page covers 10,000
consecutive article ids, so new articles only change the last page. Sources: sitemaps.org protocol 0.9; Google's image
and news extensions (developers.google.com/search/docs/crawling-indexing/sitemaps).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.db.models import F, Max, Min
from django.utils import timezone
from django.utils.xmlutils import SimplerXMLGenerator

from news.models import Article
from news.models.querysets import ArticleQuerySet
from regions.models import Region

from . import entries

PAGE = 10_000
"""Ids per page. The protocol allows 50,000 addresses."""
NEWS_AGE = timedelta(hours=48)
NEWS_LENGTH = 1_000
CONTENT_TYPE = "application/xml; charset=utf-8"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"


def own(region: Region) -> ArticleQuerySet:
    return Article.objects.live().filter(region=region)


def pages(region: Region) -> list[tuple[int, datetime]]:
    """The numbers of the edition's sitemap pages, and when each last changed. Removing an article is a change too."""
    left = Article.objects.gone().filter(region=region)
    changed: dict[int, datetime] = {}
    for rows in (own(region), left):
        changes = rows.order_by().values(page=F("pk") / PAGE).annotate(at=Max("updated_at"), began=Max("published_at"))
        for row in changes:
            latest = max(row["at"], row["began"])
            if rows is not left or row["page"] in changed:
                changed[row["page"]] = max(latest, changed.get(row["page"], latest))
    return sorted(changed.items())


def index(region: Region) -> str:
    def write(xml: SimplerXMLGenerator) -> None:
        for page, changed_at in pages(region):
            _open(xml, "sitemap")
            xml.addQuickElement("loc", f"{region.origin}/sitemap-{page}.xml")
            xml.addQuickElement("lastmod", _date(region, changed_at))
            xml.endElement("sitemap")

    return _document("sitemapindex", {}, write)


def page(region: Region, number: int) -> str | None:
    """The sitemap of the 10,000 ids from `number` times 10,000 on; None if no article among them is live."""
    articles = own(region).filter(pk__gte=number * PAGE, pk__lt=(number + 1) * PAGE).order_by("pk")
    articles = articles.select_related("lead_photo").only(
        "slug", "published_at", "updated_at", "region", "lead_photo__rendition_manifest", "lead_photo__rendition_key"
    )

    def write(xml: SimplerXMLGenerator) -> None:
        for article in listed:
            article.region = region
            _open(xml, "url")
            xml.addQuickElement("loc", article.canonical_url)
            xml.addQuickElement("lastmod", _date(region, entries.updated_at(article)))
            if picture := entries.share_picture(article):
                _open(xml, "image:image")
                xml.addQuickElement("image:loc", picture.address)
                xml.endElement("image:image")
            xml.endElement("url")

    listed = list(articles)
    return _document("urlset", {"xmlns:image": _IMAGE}, write) if listed else None


def recent(region: Region) -> Any:
    """The articles of the last 48 hours, without supplied texts: Google's guidelines forbid advertising."""
    since = timezone.now() - NEWS_AGE
    return own(region).exclude(kind__in=Article.SUPPLIED).filter(published_at__gt=since)


def news_max_age(region: Region) -> int | None:
    """The seconds after which the news sitemap changes although nothing was published: its oldest article leaves it.
    None if it is empty."""
    oldest = recent(region).aggregate(at=Min("published_at"))["at"]
    return oldest and max(0, int((oldest + NEWS_AGE - timezone.now()).total_seconds()))


def news(region: Region) -> str | None:
    """The news sitemap, newest first; None if there are no recent articles, because Google rejects empty sitemaps."""
    articles = recent(region).order_by("-published_at", "-pk").only("slug", "title", "published_at", "region")
    listed = list(articles[:NEWS_LENGTH])

    def write(xml: SimplerXMLGenerator) -> None:
        for article in listed:
            article.region = region
            _open(xml, "url")
            xml.addQuickElement("loc", article.canonical_url)
            _open(xml, "news:news")
            _open(xml, "news:publication")
            xml.addQuickElement("news:name", entries.publication(region))
            xml.addQuickElement("news:language", "id")
            xml.endElement("news:publication")
            xml.addQuickElement("news:publication_date", _date(region, article.publication_time))
            xml.addQuickElement("news:title", entries.text(article.title))
            xml.endElement("news:news")
            xml.endElement("url")

    return _document("urlset", {"xmlns:news": _NEWS}, write) if listed else None


def _document(root: str, namespaces: dict[str, str], write: Any) -> str:
    written = StringIO()
    xml = SimplerXMLGenerator(written, "utf-8", short_empty_elements=True)
    xml.startDocument()
    _open(xml, root, {"xmlns": _SITEMAP, **namespaces})
    write(xml)
    xml.endElement(root)
    return written.getvalue()


def _open(xml: SimplerXMLGenerator, name: str, attributes: dict[str, str] | None = None) -> None:
    xml.startElement(name, AttributesImpl(attributes or {}))


def _date(region: Region, moment: datetime) -> str:
    return region.local(moment).isoformat(timespec="seconds")


def addresses(region: Region, *, has_news: bool) -> Iterator[str]:
    """The addresses of the sitemaps, for robots.txt."""
    yield f"{region.origin}/sitemap.xml"
    if has_news:
        yield f"{region.origin}/sitemap-news.xml"
