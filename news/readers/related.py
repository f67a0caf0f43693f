"""Articles to read next: those with the same tags first, then new ones of the same edition."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from news.content.body import takes_inset
from news.models import Article, TaggedPlacement
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
    tags = [tag.pk for tag in article.tags.all()]
    rows = _newest_of_tag.read_each("tag", Keys(tags), region=region.pk) if tags else []
    newest_first = sorted(set(rows), reverse=True)  # one that shares several tags is among the rows of each
    return articles(snapshot, [pk for _time, pk in newest_first if pk != article.pk][:RELATED])


def _query(region: int, tag: int) -> QuerySet[TaggedPlacement, tuple[datetime, int]]:
    rows = TaggedPlacement.objects.live().in_region(region).filter(tag=tag).newest_first()
    return rows.values_list("published_at", "article_id")[: RELATED + 1]  # the article that is read is among them


_newest_of_tag = CompiledQuery(_query, one_plan=True, region=int, tag=int)
