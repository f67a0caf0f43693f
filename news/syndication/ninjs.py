"""An article in ninjs 2.0, the JSON of the news trade (iptc.org/std/ninjs): for agencies and partners."""

from typing import Any

from django.conf import settings
from django.utils.feedgenerator import rfc3339_date

from news.content import body
from news.models import Article

from . import entries

STANDARD = {
    "name": "ninjs",
    "version": "2.0",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_2.0.json",
}


def item(article: Article) -> dict[str, Any]:
    """A complete live article (loaded by `entries.in_order`). `news.syndication.api.schemas.Ninjs` has the types."""
    region = article.region
    text = entries.body_html(article)
    written: dict[str, Any] = {
        "uri": article.short_url,
        "standard": STANDARD,
        "type": "text",
        "representationtype": "full",
        "version": str(article.version),
        "firstcreated": rfc3339_date(region.local(article.publication_time)),
        "versioncreated": rfc3339_date(region.local(entries.updated_at(article))),
        "pubstatus": "usable",
        "language": "id",
        "copyrightholder": settings.HOST_NAME.upper(),
        "title": article.title,
        "by": ", ".join(author.name for author in article.writers),
        "located": article.dateline or region.short_name,
        "headlines": [{"role": "main", "contenttype": "text/plain", "value": article.title}],
        "descriptions": [{"role": "summary", "contenttype": "text/plain", "value": entries.summary(article)}],
        "bodies": [{"role": "main", "contenttype": "text/html", "wordcount": body.words(article.body), "value": text}],
        "places": [{"name": region.name, "rel": "about", "literal": region.code}],
        "subjects": [
            {"name": article.section.name, "rel": "section", "literal": article.section.slug},
            *({"name": tag.name, "rel": "tag", "literal": tag.slug} for tag in article.tags.all()),
        ],
        "genres": [{"name": str(article.get_kind_display()), "literal": article.kind}],
        "altids": [{"role": "canonical", "value": article.canonical_url}],
    }
    if picture := entries.share_picture(article):
        written["associations"] = [_picture(article, picture)]
    return written


def _picture(article: Article, picture: entries.PhotoPicture) -> dict[str, Any]:
    return {
        "name": "leadphoto",
        "uri": picture.address,
        "type": "picture",
        "by": article.lead_credit or picture.photo.credit,
        "descriptions": [{"role": "caption", "value": article.lead_caption or picture.photo.caption or article.title}],
        "renditions": [
            {
                "name": "share",
                "href": picture.address,
                "contenttype": picture.type,
                "width": picture.width,
                "height": picture.height,
            }
        ],
    }
