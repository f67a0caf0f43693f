"""A story in ninjs 2.0, the JSON of the news trade (iptc.org/std/ninjs): for agencies and partners."""

from typing import Any

from django.conf import settings
from django.utils.feedgenerator import rfc3339_date

from news import body
from news.models import Article

from . import entries

STANDARD = {
    "name": "ninjs",
    "version": "2.0",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_2.0.json",
}


def item(story: Article) -> dict[str, Any]:
    """A live story (read `for_page()`), whole."""
    region = story.region
    assert story.published_at is not None  # noqa: S101  (a live story has its time)
    text = body.render(story.body, dateline=story.dateline, sign_off=story.sign_off)
    told: dict[str, Any] = {
        "uri": story.short_url,
        "standard": STANDARD,
        "type": "text",
        "representationtype": "full",
        "version": str(story.version),
        "firstcreated": rfc3339_date(region.local(story.published_at)),
        "versioncreated": rfc3339_date(region.local(entries.updated_at(story))),
        "pubstatus": "usable",
        "language": "id",
        "copyrightholder": settings.HOST_NAME.upper(),
        "title": story.title,
        "by": ", ".join(author.name for author in story.writers),
        "located": story.dateline or region.short_name,
        "headlines": [{"role": "main", "contenttype": "text/plain", "value": story.title}],
        "descriptions": [{"role": "summary", "contenttype": "text/plain", "value": entries.summary(story)}],
        "bodies": [{"role": "main", "contenttype": "text/html", "wordcount": body.words(story.body), "value": text}],
        "places": [{"name": region.name, "rel": "about", "literal": region.code}],
        "subjects": [
            {"name": story.section.name, "rel": "section", "literal": story.section.slug},
            *({"name": tag.name, "rel": "tag", "literal": tag.slug} for tag in story.tags.all()),
        ],
        "genres": [{"name": str(story.get_kind_display()), "literal": story.kind}],
        "altids": [{"role": "canonical", "value": story.canonical_url}],
    }
    if picture := entries.share_picture(story):
        told["associations"] = [_picture(story, picture)]
    return told


def _picture(story: Article, picture: entries.Picture) -> dict[str, Any]:
    photo = story.lead_photo
    assert photo is not None  # noqa: S101  (it has a picture)
    return {
        "name": "leadphoto",
        "uri": picture.address,
        "type": "picture",
        "by": story.lead_credit or photo.credit,
        "descriptions": [{"role": "caption", "value": story.lead_caption or photo.caption or story.title}],
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
