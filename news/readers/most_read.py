"""The most read articles of an edition, from the rankings (news.popularity), which are updated every few minutes."""

from functools import cache

from django.db.models import QuerySet

from news.models import Article, Placement
from news.popularity.rankings import DAY
from regions.models import Region

from .compiled_queries import CompiledQuery


def most_read(region: Region, hours: int = DAY, limit: int = 5) -> list[int]:
    """The keys of the region's most read articles of the last `hours` (24 or 168), most read first. One query.

    The rankings may be some minutes old, but the articles are live now.
    """
    return [pk for (pk,) in _query(limit).read(region=region.pk, hours=hours)]


@cache
def _query(limit: int) -> CompiledQuery[tuple[int]]:
    def make(region: int, hours: int) -> QuerySet[Article, tuple[int]]:
        listed = Placement.objects.live().in_region(region).values("article")
        ranked = Article.objects.live().filter(rankings__region=region, rankings__hours=hours, pk__in=listed)
        return ranked.order_by("-rankings__addresses", "-rankings__reads", "-published_at", "-pk").values_list("pk")[
            :limit
        ]

    return CompiledQuery(make, region=int, hours=int)
