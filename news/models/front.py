"""What editors place on a region's front page. `news.readers.front_page` fills the rest automatically.

An arrangement is all that was placed at once. It never changes: every edit stores another one. Readers get the newest
one that has begun, so a prepared arrangement begins by its time alone, and retiring it brings back the one before.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import Region

BREAKING_LASTS = timedelta(hours=6)
"""How long a story stands in the breaking news strip if the editor says nothing else."""


class FrontArrangementQuerySet(models.QuerySet["FrontArrangement"]):
    def kept(self) -> FrontArrangementQuerySet:
        return self.filter(is_retired=False)

    def in_force(self, region: Any, at: datetime | None = None) -> FrontArrangementQuerySet:
        """The one that readers of the region get at `at` (aware), or now by the database's clock; none if nothing has
        been placed yet. `region` is a region, its key, or an OuterRef."""
        begun = self.kept().filter(region=region, begins_at__lte=at or Now())
        return begun.order_by("-begins_at", "-pk")[:1]

    def current(self, at: datetime | None = None) -> FrontArrangementQuerySet:
        """Those that readers of their regions get at `at` or later: in force, or scheduled."""
        newest = FrontArrangement.objects.in_force(OuterRef("region"), at).values("pk")
        return self.kept().filter(Q(begins_at__gt=at or Now()) | Q(pk=Subquery(newest)))

    def scheduled(self, at: datetime) -> FrontArrangementQuerySet:
        """Those that begin after `at`, the earliest first."""
        return self.kept().filter(begins_at__gt=at).order_by("begins_at", "pk")

    def drafts(self) -> FrontArrangementQuerySet:
        return self.kept().filter(begins_at=None).order_by("pk")


class FrontArrangement(models.Model):
    """All that editors placed on a region's front page, from a moment on. Rows are added, and at most retired."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="front_arrangements", verbose_name=_("region")
    )
    begins_at = models.DateTimeField(_("from"), null=True, blank=True)  # none: a draft
    series = models.UUIDField(default=uuid.uuid4, editable=False)  # the same for all edits of a prepared arrangement
    follows_lead = models.BooleanField(_("follow the lead of the region above"), default=False)
    is_retired = models.BooleanField(default=False)  # edited further, thrown away or undone
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = FrontArrangementQuerySet.as_manager()

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")
        ordering = ["region__code", "-begins_at", "-pk"]
        indexes = [
            models.Index(
                "region",
                F("begins_at").desc(),
                F("id").desc(),
                name="front_in_force",
                condition=Q(is_retired=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.region.clock(self.begins_at)}"


class FrontSlotQuerySet(models.QuerySet["FrontSlot"]):
    def running(self, at: datetime | None = None) -> FrontSlotQuerySet:
        """The slots whose own times include `at` (aware), or now by the database's clock."""
        moment = at or Now()
        return self.filter(Q(starts_at=None) | Q(starts_at__lte=moment), Q(ends_at=None) | Q(ends_at__gt=moment))

    def in_region(self, region: Region | int) -> FrontSlotQuerySet:
        return self.filter(region=region)


class FrontSlot(models.Model):
    """A story in an arrangement, for as long as that holds and the slot's own times say."""

    class Slot(models.TextChoices):
        BREAKING = "breaking", _("breaking news strip")
        LEAD = "lead", _("lead")
        HEADLINE = "headline", _("beside the lead")
        PINNED = "pinned", _("pinned on top of the latest")

    arrangement = models.ForeignKey(FrontArrangement, on_delete=models.CASCADE, related_name="slots")
    # The arrangement's, repeated because slots are scoped and found by it.
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="front_slots", verbose_name=_("region"))
    slot = models.CharField(_("slot"), max_length=10, choices=Slot, default=Slot.LEAD)
    position = models.PositiveSmallIntegerField(_("position"), default=1, help_text=_("Small numbers stand first."))
    article = models.ForeignKey(
        "news.Article", on_delete=models.PROTECT, related_name="front_slots", verbose_name=_("story")
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)  # none: as soon as the arrangement holds
    ends_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until you remove it."))
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)

    objects = FrontSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot on a front page")
        verbose_name_plural = _("slots on front pages")
        ordering = ["arrangement", "slot", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="front_slot_ends_after_it_begins",
                violation_error_message=_("It would end before it begins. Choose a later end, or none."),
            ),
            models.CheckConstraint(
                condition=Q(slot__in=["breaking", "lead", "headline", "pinned"]), name="front_slot_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_slot_display()}: {self.article}"

    def clean(self) -> None:
        """Check that the article is in the region's lists, now or once it is published. Raises ValidationError."""
        if self.article_id and self.region_id and not self.article.placements.filter(region=self.region_id).exists():
            raise ValidationError(
                {"article": _("This story does not stand in this region's lists. Publish or share it there first.")}
            )
