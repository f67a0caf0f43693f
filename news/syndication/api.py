"""The read API's words: what each thing looks like in JSON. `openapi.json` documents them; a test holds it to them."""

from typing import Any

from news import body
from news.models import Article, Author, Section, Tag
from regions.models import Region

from . import entries

Json = dict[str, Any]


def region(region: Region) -> Json:
    return {
        "id": region.pk,
        "code": region.code,
        "kind": region.kind,
        "name": region.name,
        "short_name": region.short_name,
        "timezone": region.timezone,
        "url": f"{region.origin}/",
        "parent_id": region.parent_id,
    }


def section(section: Section, region: Region) -> Json:
    return {
        "slug": section.slug,
        "name": section.name,
        "description": section.description,
        "url": f"{region.origin}{section.get_absolute_url()}",
    }


def tag(tag: Tag, region: Region) -> Json:
    return {"id": tag.pk, "slug": tag.slug, "name": tag.name, "url": f"{region.origin}{tag.get_absolute_url()}"}


def author(author: Author, region: Region) -> Json:
    return {
        "id": author.pk,
        "slug": author.slug,
        "name": author.name,
        "about": author.bio,
        "url": f"{region.origin}{author.get_absolute_url()}",
    }


def story(story: Article, *, whole: bool = False) -> Json:
    """A live story (read `for_page()`); with its text if `whole`."""
    home = story.region
    assert story.published_at is not None  # noqa: S101  (a live story has its time)
    picture = entries.share_picture(story)
    told: Json = {
        "id": story.pk,
        "url": story.canonical_url,
        "short_url": story.short_url,
        "kind": story.kind,
        "label": story.label,
        "is_supplied": story.is_supplied,
        "kicker": story.kicker,
        "title": story.title,
        "summary": entries.summary(story),
        "region": {"id": home.pk, "short_name": home.short_name, "url": f"{home.origin}/"},
        "section": {"slug": story.section.slug, "name": story.section.name},
        "authors": [{"slug": each.slug, "name": each.name} for each in story.writers],
        "tags": [{"slug": each.slug, "name": each.name} for each in story.tags.all()],
        "published_at": home.local(story.published_at).isoformat(timespec="seconds"),
        "updated_at": home.local(entries.updated_at(story)).isoformat(timespec="seconds"),
        "picture": {"url": picture.address, "width": picture.width, "height": picture.height} if picture else None,
    }
    if whole:
        told["body_html"] = body.render(story.body, dateline=story.dateline, sign_off=story.sign_off)
    return told
