"""Derives placements (where an article is listed) from the article's region, shares and status.

An approved article is listed in its home region, in every ancestor of that, and in each region that it is shared with.
A share can begin later than the article. Articles that are not approved are listed nowhere. The rows of lists by tag
follow from placements and tags.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast

from django.db.models import F, Min
from django.dispatch import Signal

from news.models import Article, BodyReference, Placement, Share, TaggedPlacement
from news.models.querysets import ArticleQuerySet
from regions import generations, tree
from regions.models import Region

from . import followed_leads

BATCH = 1000
placed = Signal()
"""Sent in the transaction after placements were rebuilt; `article_ids` are the articles, whatever their status.

Every change of an article that readers can see ends with this signal, so it is the one for data derived from articles.
"""


def rebuild(*article_ids: int) -> None:
    """Rebuild the placements of these articles, and bump the generations of all regions that listed or list them.

    Call it in the transaction that changes the articles, after all other writes.
    """
    with generations.bumping():
        lock_homes(Article.objects.filter(pk__in=article_ids))
        placements = Placement.objects.filter(article__in=article_ids).order_by()
        generations.bump(placements.values_list("region_id", flat=True))
        placements.delete()
        approved = Article.objects.approved().filter(pk__in=article_ids)
        articles = list(approved.select_related("region").prefetch_related("shares").defer("body"))
        paths = {path for article in articles for path in tree.lineage(article.region.path)}
        regions = dict(Region.objects.filter(path__in=paths).values_list("path", "pk"))
        rows = [placement for article in articles for placement in _placements(article, regions)]
        Placement.objects.bulk_create(rows, batch_size=BATCH)
        rebuild_tagged(article_ids)
        placed.send(sender=Placement, article_ids=list(article_ids))
        generations.bump(placement.region_id for placement in rows)
        # Withdrawn and expired articles have no placements, but their addresses show pages in their home regions.
        past = Article.objects.filter(pk__in=article_ids).addressed()
        generations.bump(past.order_by().values_list("region_id", flat=True).distinct())
        referring = Placement.objects.filter(article__in=Article.objects.referring_to(article_ids)).order_by()
        generations.bump(referring.values_list("region_id", flat=True).distinct())
        generations.bump(followed_leads.showing_articles(article_ids))


def lock_homes(articles: ArticleQuerySet) -> None:
    """Lock the articles' home regions until the transaction ends, so that nothing else changes their placements.

    Moving a branch locks its regions too. After waiting for that, the lineages are the new ones.
    """
    homes = articles.order_by().values("region_id")
    list(Region.objects.select_for_update(no_key=True).filter(pk__in=homes).order_by("pk").values_list("pk"))


def rebuild_tagged(article_ids: Iterable[int]) -> None:
    """Rebuild what lists by tag read of these articles, from their placements and tags. Bumps nothing."""
    ids = list(article_ids)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        TaggedPlacement.objects.filter(article__in=some).delete()
        placements = Placement.objects.filter(article__in=some, article__tagged_articles__isnull=False)
        rows = placements.order_by().annotate(tag_id=F("article__tagged_articles__tag"))
        TaggedPlacement.objects.bulk_create(
            [
                TaggedPlacement(**row)
                for row in rows.values("article_id", "region_id", "tag_id", "published_at", "expires_at")
            ],
            batch_size=BATCH,
        )


def _placements(article: Article, regions: dict[str, int]) -> list[Placement]:
    """The placements of an approved article. `regions` maps paths to primary keys, at least for its lineage."""
    begins = cast("datetime", article.published_at)  # by the database's constraint article_approved_has_time
    times = {regions[path]: begins for path in tree.lineage(article.region.path)}
    for share in article.shares.all():
        times.setdefault(share.region_id, _time_of(share, begins))
    return [
        Placement(
            article=article,
            region_id=region_id,
            section_id=article.section_id,
            published_at=moment,
            expires_at=article.expires_at,
        )
        for region_id, moment in times.items()
        if article.expires_at is None or moment < article.expires_at
    ]


def _time_of(share: Share, published_at: datetime) -> datetime:
    """The time at which a share begins, which is never before the article's."""
    return max(share.published_at, published_at) if share.published_at else published_at


@generations.register_schedule
def _times(regions: set[int], now: datetime) -> Iterator[tuple[int, datetime]]:
    """Yield the next times at which an article is published or expires."""
    placements = Placement.objects.filter(region__in=regions).order_by()
    for name in ("published_at", "expires_at"):
        to_come = placements.filter(**{f"{name}__gt": now})
        yield from to_come.values_list("region_id").annotate(Min(name))
        listed, story = "article__placements__region", f"story__{name}"  # the stories that texts refer to
        referred = BodyReference.objects.filter(**{f"{listed}__in": regions, f"{story}__gt": now})
        referred = referred.filter(story__in=Article.objects.approved()).order_by()
        yield from referred.values_list(listed).annotate(Min(story))


def on_branch_moved(sender: type[Region], region: Region, **kwargs: Any) -> None:
    """Rebuild all placements of a moved branch, whose articles are now listed in other ancestors."""
    ids = list(Article.objects.filter(region__path__startswith=region.path).values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        rebuild(*ids[start : start + BATCH])
