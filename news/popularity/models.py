"""Reads by story and hour; what is needed for a while to count each reader once; and who leads."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from news.models import Article
from regions.models import Region


class HourlyReads(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="hourly_reads")
    hour = models.DateTimeField(_("hour"))  # its beginning, UTC
    reads = models.PositiveIntegerField(_("reads"))

    class Meta:
        verbose_name = _("reads of an hour")
        verbose_name_plural = _("reads by hour")
        indexes = [models.Index("hour", name="hourly_reads_hour")]
        constraints = [models.UniqueConstraint(fields=["article", "hour"], name="hourly_reads_once")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.reads}"


class Salt(models.Model):
    """Random bytes of one day. With them go all ways to tell what a digest was made of."""

    day = models.DateField(primary_key=True)  # UTC
    value = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.day)


class Seen(models.Model):
    """A salted digest of (reader, story, hour): kept until that hour has passed, so that it counts once."""

    digest = models.CharField(max_length=32, primary_key=True)
    hour = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest


class Leader(models.Model):
    """One of a region's most read stories of the last so many hours, when it was last worked out."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    hours = models.PositiveSmallIntegerField()
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="leaders")
    reads = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "hours", "article"], name="leader_once"),
            models.CheckConstraint(condition=Q(hours__in=[24, 168]), name="leader_hours_known"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id}: {self.article_id}"


class WorkedOut(models.Model):
    """When the leaders were last worked out: whoever moves this on is the one that does it."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)
