"""Ranks the most read articles. One process does so every few minutes, so that pages need only one short query.

Articles are ranked by the number of addresses that read them, each counted once a day; ties are ranked by reads. So a
few addresses that request an article again and again do not bring it to the top.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from news.models import Article, Placement

from .models import HourlyReads, RankedArticle, RankingUpdate

DAY, WEEK = 24, 168
"""The spans of the rankings, in hours."""
MAX_RANKED = 30
"""Articles ranked for a region and span. It is more than pages show, because some may be withdrawn later."""
UPDATE_INTERVAL = timedelta(minutes=5)


def update_if_due() -> bool:
    """Update the rankings if the last update is older than `UPDATE_INTERVAL`; returns whether this process did so."""
    now = timezone.now()
    if not RankingUpdate.objects.filter(pk=1, at__lte=now - UPDATE_INTERVAL).update(at=now):
        if RankingUpdate.objects.filter(pk=1).exists():
            return False
        try:
            with transaction.atomic():
                RankingUpdate.objects.create(pk=1, at=now)
        except IntegrityError:  # another process was faster
            return False
    update(now)
    return True


def update(now: datetime) -> None:
    """Rank the articles of every region and span, as of `now`."""
    ranked = [row for hours in (DAY, WEEK) for row in _ranked(hours, now)]
    with transaction.atomic():
        RankedArticle.objects.all().delete()
        RankedArticle.objects.bulk_create(ranked, batch_size=1000)


def _ranked(hours: int, now: datetime) -> list[RankedArticle]:
    """The `MAX_RANKED` most read articles of each region in this span, found by one SQL statement."""
    since = connection.ops.adapt_datetimefield_value(now - timedelta(hours=hours))
    statement = f"""
        WITH counted AS (SELECT article_id, SUM(reads) AS reads, SUM(addresses) AS addresses
                         FROM {HourlyReads._meta.db_table} WHERE hour > %s GROUP BY article_id),
             ranked AS (SELECT region_id, c.article_id, reads, addresses, ROW_NUMBER() OVER
                               (PARTITION BY region_id ORDER BY addresses DESC, reads DESC, c.article_id DESC) AS place
                        FROM counted c JOIN {Placement._meta.db_table} p ON p.article_id = c.article_id)
        SELECT region_id, article_id, reads, addresses FROM ranked WHERE place <= %s"""  # noqa: S608  (our own names)
    with connection.cursor() as cursor:
        cursor.execute(statement, [since, MAX_RANKED])
        return [
            RankedArticle(region_id=region_id, hours=hours, article_id=article_id, reads=reads, addresses=addresses)
            for region_id, article_id, reads, addresses in cursor.fetchall()
        ]


def by_hour(article: Article, *, hours: int = 48) -> list[tuple[datetime, int]]:
    """Reads of one article in each of the last hours, the oldest first; 0 where nobody read it."""
    last = timezone.now().replace(minute=0, second=0, microsecond=0)
    since = last - timedelta(hours=hours - 1)
    counted = dict(HourlyReads.objects.filter(article=article, hour__gte=since).values_list("hour", "reads"))
    return [(hour, counted.get(hour, 0)) for hour in (since + timedelta(hours=turn) for turn in range(hours))]


def total(article: Article) -> int:
    """Reads of one article since it was published."""
    return HourlyReads.objects.filter(article=article).aggregate(all=Sum("reads"))["all"] or 0


def of_last_day(articles: Iterable[Article]) -> dict[int, int]:
    """Article's key → its reads of the last 24 hours, for those that have any."""
    since = timezone.now() - timedelta(hours=DAY)
    counted = HourlyReads.objects.filter(article__in=list(articles), hour__gt=since).values_list("article")
    return dict(counted.annotate(all=Sum("reads")).order_by())
