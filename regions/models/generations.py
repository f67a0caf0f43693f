"""The generation number of each region, with which stored pages are compared (regions.generations)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Generation(models.Model):
    """A counter, which is increased in the transaction of every change that readers of the region can see.

    `region_id` is a region's key, or 0 for what all regions have in common. It is not a foreign key, so that an update
    locks only this row.
    """

    region_id = models.PositiveBigIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    next_change_at = models.DateTimeField(null=True)  # the next time at which the passing of time changes pages

    class Meta:
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        ordering = ["region_id"]

    def __str__(self) -> str:
        return f"{self.region_id}: {self.number}"
