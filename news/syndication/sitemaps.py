"""What search engines are told there is: the sitemaps of an edition's own stories.

A host's sitemap names addresses of that host alone, so a story stands in its home region's. Pages hold the stories with
10,000 consecutive ids: a page that is full never changes but for what changes in it. Sources: sitemaps.org protocol
0.9; Google's image and news extensions (developers.google.com/search/docs/crawling-indexing/sitemaps).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.db.models import F, Max
from django.utils import timezone
from django.utils.xmlutils import SimplerXMLGenerator

from news.models import Article
from regions.models import Region

from . import entries

PAGE = 10_000
"""Ids of a page; the protocol allows 50,000 addresses."""
NEWS_AGE = timedelta(hours=48)
NEWS_LENGTH = 1_000
CONTENT_TYPE = "application/xml; charset=utf-8"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"


def own(region: Region) -> Any:
    return Article.objects.live().filter(region=region)


def pages(region: Region) -> list[tuple[int, datetime]]:
    """The edition's sitemap pages, and when each last changed: a story that left its page changed it as well."""
    left = Article.objects.gone().filter(region=region)
    changed: dict[int, datetime] = {}
    for rows in (own(region), left):
        found = rows.order_by().values(page=F("pk") / PAGE).annotate(at=Max("updated_at"), began=Max("published_at"))
        for row in found:
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
    """The stories with ids from `number` times 10,000 on; None if readers have none of them."""
    stories = own(region).filter(pk__gte=number * PAGE, pk__lt=(number + 1) * PAGE).order_by("pk")
    stories = stories.select_related("lead_photo").only(
        "slug", "published_at", "updated_at", "region", "lead_photo__made", "lead_photo__rendition_key"
    )

    def write(xml: SimplerXMLGenerator) -> None:
        for story in found:
            story.region = region
            _open(xml, "url")
            xml.addQuickElement("loc", story.canonical_url)
            xml.addQuickElement("lastmod", _date(region, entries.updated_at(story)))
            if picture := entries.share_picture(story):
                _open(xml, "image:image")
                xml.addQuickElement("image:loc", picture.address)
                xml.endElement("image:image")
            xml.endElement("url")

    found = list(stories)
    return _document("urlset", {"xmlns:image": _IMAGE}, write) if found else None


def news(region: Region) -> str:
    """The last 48 hours, newest first, without supplied texts: Google's news guidelines want no advertising there."""
    since = timezone.now() - NEWS_AGE
    stories = own(region).exclude(kind__in=Article.SUPPLIED).filter(published_at__gt=since)
    stories = stories.order_by("-published_at", "-pk").only("slug", "title", "published_at", "region")

    def write(xml: SimplerXMLGenerator) -> None:
        for story in stories[:NEWS_LENGTH]:
            story.region = region
            _open(xml, "url")
            xml.addQuickElement("loc", story.canonical_url)
            _open(xml, "news:news")
            _open(xml, "news:publication")
            xml.addQuickElement("news:name", entries.publication(region))
            xml.addQuickElement("news:language", "id")
            xml.endElement("news:publication")
            xml.addQuickElement("news:publication_date", _date(region, story.published_at))
            xml.addQuickElement("news:title", entries.text(story.title))
            xml.endElement("news:news")
            xml.endElement("url")

    return _document("urlset", {"xmlns:news": _NEWS}, write)


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


def addresses(region: Region) -> Iterator[str]:
    """What robots.txt names."""
    yield f"{region.origin}/sitemap.xml"
    yield f"{region.origin}/sitemap-news.xml"
