"""People's roles in regions, and invitations to take one."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField

from .regions import Region


class Assignment(models.Model):
    """A person's role in a region and all regions below it."""

    class Role(models.TextChoices):
        CONTRIBUTOR = "contributor", _("contributor")
        REPORTER = "reporter", _("reporter")
        EDITOR = "editor", _("editor")
        CHIEF_EDITOR = "chief_editor", _("chief editor")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="assignments",
        verbose_name=_("person"),
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("region"))
    role = models.CharField(_("role"), max_length=12, choices=Role)

    class Meta:
        verbose_name = _("role in a region")
        verbose_name_plural = _("roles in regions")
        ordering = ["region__code", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "region", "role"],
                name="assignment_once",
                violation_error_message=_("This person has that role in this region already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.region}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """The invitations that can be accepted now, by the database's clock."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=Now())


class Invitation(models.Model):
    """A link, sent by mail, that gives one person one role, once. Only a digest of the link's secret is stored."""

    email = models.EmailField(_("e-mail address"))
    name = PlainCharField(_("name"), max_length=80)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("region"))
    role = models.CharField(_("role"), max_length=12, choices=Assignment.Role)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("can be accepted until"), editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, at: datetime) -> bool:
        """Whether the invitation can be accepted at this time (aware)."""
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at
