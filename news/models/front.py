"""What editors place on a region's front page. `news.readers.front_page` fills the rest automatically."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import Region


class FrontSlotQuerySet(models.QuerySet["FrontSlot"]):
    def running(self, at: datetime | None = None) -> FrontSlotQuerySet:
        """The slots that are shown at `at` (aware), or now by the database's clock."""
        moment = at or Now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=moment), starts_at__lte=moment)

    def in_region(self, region: Region | int) -> FrontSlotQuerySet:
        return self.filter(region=region)


class FrontSlot(models.Model):
    class Slot(models.TextChoices):
        BREAKING = "breaking", _("breaking news strip")
        LEAD = "lead", _("lead")
        HEADLINE = "headline", _("beside the lead")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="front_slots", verbose_name=_("region"))
    slot = models.CharField(_("slot"), max_length=10, choices=Slot, default=Slot.LEAD)
    position = models.PositiveSmallIntegerField(_("position"), default=1, help_text=_("Small numbers stand first."))
    article = models.ForeignKey(
        "news.Article", on_delete=models.PROTECT, related_name="front_slots", verbose_name=_("story")
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until you remove it."))

    objects = FrontSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot on a front page")
        verbose_name_plural = _("front pages")
        ordering = ["region__code", "slot", "position", "-starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="front_slot_ends_after_it_begins",
                violation_error_message=_("It would end before it begins. Choose a later end, or none."),
            ),
            models.CheckConstraint(condition=Q(slot__in=["breaking", "lead", "headline"]), name="front_slot_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_slot_display()}: {self.article}"

    def clean(self) -> None:
        """Check that the article is in the region's lists, now or once it is published. Raises ValidationError."""
        if self.article_id and self.region_id and not self.article.placements.filter(region=self.region_id).exists():
            raise ValidationError(
                {"article": _("This story does not stand in this region's lists. Publish or share it there first.")}
            )
