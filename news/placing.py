"""Placements from articles: where a story stands follows from its region, its shares and its status.

A story is listed in its home region, in every ancestor of that, and in each region that it is shared with, there
from the share's own time if that is later. Stories that are not approved are listed nowhere.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from django.db.models import Min
from django.dispatch import Signal

from regions import editions, tree
from regions.models import Region

from .models import Article, Placement, Share

BATCH = 1000
placed = Signal()
"""Sent inside the transaction after placements were made anew; `article_ids` are their articles, whatever their status.

Every change of what readers get of a story passes here, so whoever derives something from stories listens to this.
"""


def rebuild(*article_ids: int) -> None:
    """Make the placements of these articles what they should be, and put out the editions that showed or show them.

    Call it in the writing transaction, after everything else that is written of them.
    """
    with editions.writing():
        # A branch that is being moved holds its row: wait for it, so that the lineage read below is the new one.
        homes = Article.objects.filter(pk__in=article_ids).values("region_id")
        list(Region.objects.select_for_update(no_key=True).filter(pk__in=homes).order_by("pk").values_list("pk"))
        placements = Placement.objects.filter(article__in=article_ids).order_by()
        editions.put_out(placements.values_list("region_id", flat=True))
        placements.delete()
        approved = Article.objects.approved().filter(pk__in=article_ids)
        articles = list(approved.select_related("region").prefetch_related("shares").defer("body"))
        paths = {path for article in articles for path in tree.lineage(article.region.path)}
        regions = dict(Region.objects.filter(path__in=paths).values_list("path", "pk"))
        rows = [placement for article in articles for placement in _placements(article, regions)]
        Placement.objects.bulk_create(rows, batch_size=BATCH)
        placed.send(sender=Placement, article_ids=list(article_ids))
        editions.put_out(placement.region_id for placement in rows)
        # One that was withdrawn, or has expired, still has its address.
        past = Article.objects.filter(pk__in=article_ids).addressed()
        editions.put_out(past.order_by().values_list("region_id", flat=True).distinct())


def _placements(article: Article, regions: dict[str, int]) -> list[Placement]:
    """`regions` are the primary keys by path, with at least the article's lineage in it."""
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
    """A share never begins before the article does."""
    return max(share.published_at, published_at) if share.published_at else published_at


@editions.changes_with_time
def _times(regions: set[int], now: datetime) -> Iterator[tuple[int, datetime]]:
    """When the next story comes or goes."""
    placements = Placement.objects.filter(region__in=regions).order_by()
    for name in ("published_at", "expires_at"):
        to_come = placements.filter(**{f"{name}__gt": now})
        yield from to_come.values_list("region_id").annotate(Min(name))


def on_branch_moved(sender: type[Region], region: Region, **kwargs: Any) -> None:
    """A branch has other ancestors now, so its stories stand in other lists."""
    ids = list(Article.objects.filter(region__path__startswith=region.path).values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        rebuild(*ids[start : start + BATCH])
