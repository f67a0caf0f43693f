"""The roster: who is on duty in a region's newsroom, and when."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField
from regions.models import Region


class DutyQuerySet(models.QuerySet["Duty"]):
    def until(self, moment: datetime) -> DutyQuerySet:
        """What has begun and is not over, and what begins before `moment`; the soonest first."""
        return self.filter(ends_at__gt=Now(), starts_at__lt=moment).order_by("starts_at", "pk")


class Duty(models.Model):
    """One person's duty in a region and in all below it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="duties", verbose_name=_("region"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="duties", verbose_name=_("person")
    )
    task = PlainCharField(_("task"), max_length=60, blank=True, help_text=_("For example: night editor, photo desk."))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("roster")
        ordering = ["-starts_at", "pk"]
        indexes = [models.Index("ends_at", name="duty_ends")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="duty_ends_after_it_begins",
                violation_error_message=_("It would end before it begins. Choose a later end."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.region}"
