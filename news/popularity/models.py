"""Reads by article and hour, the short-lived digests that count each reader once, and the rankings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from news.models import Article
from regions.models import Region


class HourlyReads(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="hourly_reads")
    hour = models.DateTimeField(_("hour"))  # the beginning of the hour, UTC
    reads = models.PositiveIntegerField(_("reads"))
    # Addresses that read the article for the first time that day.
    addresses = models.PositiveIntegerField(_("addresses"), default=0)

    class Meta:
        verbose_name = _("reads of an hour")
        verbose_name_plural = _("reads by hour")
        indexes = [models.Index("hour", name="hourly_reads_hour")]
        constraints = [models.UniqueConstraint(fields=["article", "hour"], name="hourly_reads_once")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.reads}"


class Salt(models.Model):
    """Random bytes of one day. After they are deleted, nobody can find out what a digest was made of."""

    day = models.DateField(primary_key=True)  # UTC
    value = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.day)


class CountedDigest(models.Model):
    """A salted digest of something that was counted: of (reader, article, hour); of (address, article, hour), with the
    number of readers counted for the address; or of (address, article, day). Kept until `hour` has passed, which is the
    day's last hour for a digest of a day."""

    digest = models.CharField(max_length=32, primary_key=True)
    hour = models.DateTimeField(db_index=True)
    readers = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.digest


class RankedArticle(models.Model):
    """One of a region's most read articles in the last `hours` hours, as of the last update of the rankings.

    Articles are ranked by addresses, each counted once a day, so that a few addresses cannot push an article up.
    """

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    hours = models.PositiveSmallIntegerField()
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="rankings")
    reads = models.PositiveIntegerField()
    addresses = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "hours", "article"], name="leader_once"),
            models.CheckConstraint(condition=Q(hours__in=[24, 168]), name="leader_hours_known"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id}: {self.article_id}"


class RankingUpdate(models.Model):
    """When the rankings were last updated. The process that advances this time is the one that updates them."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)
