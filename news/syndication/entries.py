"""A story as feeds, sitemaps, structured data and the API tell of it: one place for what they have in common."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from news import body
from news.models import Article, Author
from news.querysets import PlacementQuerySet
from regions.models import Region

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
SUMMARY = 300
"""Characters of the text that stand for a summary where nobody wrote one."""


def text(value: str) -> str:
    """`value` without the characters that XML 1.0 cannot hold (section 2.2), and on one line."""
    return " ".join(_CONTROLS.sub("", value).split())


@dataclass(frozen=True)
class Picture:
    address: str
    type: str
    width: int
    height: int


def summary(story: Article) -> str:
    """Its summary, or how it begins. Needs the body unless there is a summary."""
    if story.summary:
        return text(story.summary)
    words = text(body.plain(story.body))
    return words if len(words) <= SUMMARY else f"{words[:SUMMARY].rpartition(' ')[0]} …"


def updated_at(story: Article) -> datetime:
    """When readers last got something new of it: never before it was published."""
    assert story.published_at is not None  # noqa: S101  (a live story has its time)
    return max(story.published_at, story.updated_at)


def share_picture(story: Article) -> Picture | None:
    """The JPEG of at most 300 KB that every program shows (news.images.plans.SHARE)."""
    photo = story.lead_photo
    if photo is None or not photo.made:
        return None
    return Picture(f"{story.region.origin}{photo.share_url}", "image/jpeg", *photo.made["share"])


def categories(story: Article) -> list[str]:
    """Section, label (so that paid texts are told apart everywhere) and tags. Costs nothing after `for_machines()`."""
    named = [story.section.name, story.label, *(tag.name for tag in story.tags.all())]
    return [text(name) for name in dict.fromkeys(named) if text(name)]


def title(story: Article) -> str:
    """The title; a supplied text's begins with its label, because most programs show nothing else."""
    return text(f"{story.label}: {story.title}" if story.is_supplied else story.title)


def author_address(author: Author, story: Article) -> str:
    return f"{story.region.origin}{author.get_absolute_url()}"


def newest(placements: PlacementQuerySet, count: int) -> list[Article]:
    """The newest live stories of a list with all that machines are told, in four queries."""
    rows = placements.live().newest_first().values_list("article_id", flat=True)[:count]
    return in_order(list(rows))


def in_order(ids: Iterable[int]) -> list[Article]:
    """Live stories with all that machines are told of them, in this order."""
    ids = list(ids)
    found = Article.objects.live().for_page().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def publication(region: Region) -> str:
    """The edition's name as search engines know it."""
    return text(f"{settings.HOST_NAME.upper()} {region.short_name}" if region.parent_id else settings.HOST_NAME.upper())
