"""Articles to read next: those with the same tags first, then new ones of the same edition."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from news.content.body import takes_inset
from news.models import Article, Placement, TaggedArticle
from regions.generations.snapshot import Snapshot
from regions.models import Region

from .article_cache import articles, newest
from .compiled_queries import CompiledQuery, Keys

RELATED = 5
LATEST = 6


@dataclass(frozen=True)
class NextToRead:
    """The lists below an article. No article is in two of them."""

    also: Article | None = None
    """An article with a common tag, to link to in the middle of a text that is long enough."""
    next: Article | None = None
    """The newest article of the same section."""
    related: list[Article] = field(default_factory=list)
    """Further articles with a common tag."""
    latest: list[Article] = field(default_factory=list)


def next_to_read(snapshot: Snapshot, region: Region, article: Article) -> NextToRead:
    """The articles to read after this one. One query besides what is in memory, however large the archive is."""
    tagged = _tagged(snapshot, region, article)
    others = [other for other in newest(snapshot, region) if other != article and other not in tagged]
    following = next((other for other in others if other.section_id == article.section_id), None)
    also = next((other for other in tagged if not other.is_supplied), None) if takes_inset(article.body) else None
    return NextToRead(
        also=also,
        next=following,
        related=[other for other in tagged if other != also],
        latest=[other for other in others if other != following][:LATEST],
    )


def _tagged(snapshot: Snapshot, region: Region, article: Article) -> list[Article]:
    """The region's newest articles that share a tag with this one."""
    tags = Keys(tag.pk for tag in article.tags.all())
    rows = _sharing_a_tag.read(region=region.pk, article=article.pk, tags=tags) if article.tags.all() else []
    return articles(snapshot, (pk for (pk,) in rows))


def _query(region: int, article: int, tags: Sequence[int]) -> QuerySet[Placement, tuple[int]]:
    tagged = TaggedArticle.objects.filter(tag__in=tags).values("content_object_id")
    listed = Placement.objects.live().in_region(region).exclude(article_id=article).newest_first()
    return listed.filter(article_id__in=tagged).values_list("article_id")[:RELATED]


_sharing_a_tag = CompiledQuery(_query, region=int, article=int, tags=Keys)
