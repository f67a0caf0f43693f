"""Who leads: worked out every few minutes by one process, so that a page that shows it costs one short query."""

from datetime import datetime, timedelta
from functools import cache

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from news.models import Article, Placement
from news.prepared import Prepared
from regions.models import Region

from .models import HourlyReads, Leader, WorkedOut

DAY, WEEK = 24, 168
"""The spans that leaders are worked out for, in hours."""
MOST = 30
"""Leaders of a region and span: some may have been withdrawn since."""
EVERY = timedelta(minutes=5)


def most_read(region: Region, hours: int = DAY, limit: int = 5) -> list[int]:
    """The keys of the region's most read stories of the last `hours` (24 or 168), most read first. One query.

    What is read was counted when leaders were last worked out, some minutes ago; whether it is listed is asked now.
    """
    return [pk for (pk,) in _most_read(limit).read(region=region.pk, hours=hours)]


@cache
def _most_read(limit: int) -> Prepared[tuple[int]]:
    def make(region: int, hours: int) -> QuerySet[Article, tuple[int]]:
        listed = Placement.objects.live().in_region(region).values("article")
        leading = Article.objects.live().filter(leaders__region=region, leaders__hours=hours, pk__in=listed)
        return leading.order_by("-leaders__reads", "-published_at", "-pk").values_list("pk")[:limit]

    return Prepared(make, region=int, hours=int)


def work_out_if_due() -> bool:
    """Work the leaders out if nobody has for `EVERY`. Whether it was this process."""
    now = timezone.now()
    if not WorkedOut.objects.filter(pk=1, at__lte=now - EVERY).update(at=now):
        if WorkedOut.objects.filter(pk=1).exists():
            return False
        try:
            with transaction.atomic():
                WorkedOut.objects.create(pk=1, at=now)
        except IntegrityError:  # somebody was faster
            return False
    work_out(now)
    return True


def work_out(now: datetime) -> None:
    """Leaders of every region and span, as of `now`."""
    leaders = [leader for hours in (DAY, WEEK) for leader in _leaders(hours, now)]
    with transaction.atomic():
        Leader.objects.all().delete()
        Leader.objects.bulk_create(leaders, batch_size=1000)


def _leaders(hours: int, now: datetime) -> list[Leader]:
    """In one statement: reads of the span by story, spread over the regions that list it, the first `MOST` of each."""
    since = connection.ops.adapt_datetimefield_value(now - timedelta(hours=hours))
    statement = f"""
        WITH counted AS (SELECT article_id, SUM(reads) AS reads FROM {HourlyReads._meta.db_table}
                         WHERE hour > %s GROUP BY article_id),
             ranked AS (SELECT region_id, c.article_id, reads, ROW_NUMBER() OVER
                               (PARTITION BY region_id ORDER BY reads DESC, c.article_id DESC) AS place
                        FROM counted c JOIN {Placement._meta.db_table} p ON p.article_id = c.article_id)
        SELECT region_id, article_id, reads FROM ranked WHERE place <= %s"""  # noqa: S608  (our own names)
    with connection.cursor() as cursor:
        cursor.execute(statement, [since, MOST])
        return [
            Leader(region_id=region_id, hours=hours, article_id=article_id, reads=reads)
            for region_id, article_id, reads in cursor.fetchall()
        ]


def by_hour(article: Article, *, hours: int = 48) -> list[tuple[datetime, int]]:
    """Reads of one story in each of the last hours, the oldest first; 0 where nobody read it."""
    last = timezone.now().replace(minute=0, second=0, microsecond=0)
    since = last - timedelta(hours=hours - 1)
    counted = dict(HourlyReads.objects.filter(article=article, hour__gte=since).values_list("hour", "reads"))
    return [(hour, counted.get(hour, 0)) for hour in (since + timedelta(hours=turn) for turn in range(hours))]


def total(article: Article) -> int:
    """Reads of one story since it was published."""
    return HourlyReads.objects.filter(article=article).aggregate(all=Sum("reads"))["all"] or 0
