"""What to read after a story: by shared tags first, then what is new in the same edition."""

from dataclasses import dataclass

from django.db.models import BooleanField, Value

from regions.models import Region

from .models import Article, Placement, TaggedArticle

RELATED = 5
LATEST = 6


@dataclass(frozen=True)
class Onward:
    """No story stands in two of these."""

    also: Article | None
    """To point to in the middle of the text: it shares a tag."""
    next: Article | None
    """To read next: the newest of the same section."""
    related: list[Article]
    """The others that share a tag."""
    latest: list[Article]


def onward(story: Article, region: Region) -> Onward:
    """In one query, for a story read `for_page()`. Its cost is bounded by the two limits, not by the archive."""
    tags = [tag.pk for tag in story.tags.all()]
    listed = Placement.objects.live().in_region(region).exclude(article_id=story.pk).newest_first()
    sharing = listed.filter(article_id__in=TaggedArticle.objects.filter(tag__in=tags).values("content_object_id"))
    parts = [_rows(listed, RELATED + LATEST + 1, is_tagged=False)]
    if tags:
        parts.append(_rows(sharing, RELATED, is_tagged=True))
    rows = parts[0].union(*parts[1:], all=True) if tags else parts[0]
    found = sorted(rows, key=lambda row: (row.published_at, row.article_id), reverse=True)
    tagged = [row.article for row in found if row.is_tagged]
    others = [row.article for row in found if not row.is_tagged and row.article not in tagged]
    following = next((other for other in others if other.section_id == story.section_id), None)
    also = next((other for other in tagged if not other.is_supplied), None)
    return Onward(
        also=also,
        next=following,
        related=[other for other in tagged if other != also],
        latest=[other for other in others if other != following][:LATEST],
    )


def _rows(listed, most: int, is_tagged: bool):  # type: ignore[no-untyped-def]  # querysets with an annotation
    chosen = Placement.objects.filter(pk__in=listed.values("pk")[:most]).for_cards()
    return chosen.annotate(is_tagged=Value(is_tagged, output_field=BooleanField())).order_by()
