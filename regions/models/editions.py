"""The number of each region's edition: what a kept page is compared with (regions.editions)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """A counter. Every change that readers of a region can see adds one, in the transaction that makes the change.

    `place` is a region's id, or 0 for what all regions have in common. There is no foreign key, so that counting locks
    nothing but this row.
    """

    place = models.PositiveBigIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    next_change_at = models.DateTimeField(null=True)  # when time alone will change what readers see

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.place}: {self.number}"
