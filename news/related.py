"""What to read after a story: by shared tags first, then what is new in the same edition."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from regions.middleware import RegionRequest

from .body import takes_inset
from .furnishing import newest, stories
from .models import Article, Placement, TaggedArticle
from .prepared import Keys, Prepared

RELATED = 5
LATEST = 6


@dataclass(frozen=True)
class Onward:
    """No story stands in two of these."""

    also: Article | None
    """To point to in the middle of a text that is long enough: it shares a tag."""
    next: Article | None
    """To read next: the newest of the same section."""
    related: list[Article]
    """The others that share a tag."""
    latest: list[Article]


def onward(request: RegionRequest, story: Article) -> Onward:
    """In one query beside what is in memory, whatever the archive's size."""
    tagged = _tagged(request, story)
    others = [other for other in newest(request) if other != story and other not in tagged]
    following = next((other for other in others if other.section_id == story.section_id), None)
    also = next((other for other in tagged if not other.is_supplied), None) if takes_inset(story.body) else None
    return Onward(
        also=also,
        next=following,
        related=[other for other in tagged if other != also],
        latest=[other for other in others if other != following][:LATEST],
    )


def _tagged(request: RegionRequest, story: Article) -> list[Article]:
    """The edition's newest stories that share a tag with this one."""
    tags = Keys(tag.pk for tag in story.tags.all())
    rows = _sharing.read(region=request.region.pk, story=story.pk, tags=tags) if story.tags.all() else []
    return stories(request.snapshot, (pk for (pk,) in rows))


def _query(region: int, story: int, tags: Sequence[int]) -> QuerySet[Placement, tuple[int]]:
    sharing = TaggedArticle.objects.filter(tag__in=tags).values("content_object_id")
    listed = Placement.objects.live().in_region(region).exclude(article_id=story).newest_first()
    return listed.filter(article_id__in=sharing).values_list("article_id")[:RELATED]


_sharing = Prepared(_query, region=int, story=int, tags=Keys)
