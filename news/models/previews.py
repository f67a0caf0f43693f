"""Links by which people without an account may read one story before readers do."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


def make_key() -> str:
    """128 random bits, in characters that an address may hold."""
    return secrets.token_urlsafe(16)


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def valid(self) -> PreviewLinkQuerySet:
        """Neither revoked nor expired, by the database's clock."""
        return self.filter(revoked_at=None, expires_at__gt=Now())


class PreviewLink(models.Model):
    """The key alone opens nothing: an address carries it with a signature (`news.previews`)."""

    article = models.ForeignKey("news.Article", on_delete=models.PROTECT, related_name="preview_links")
    key = models.CharField(max_length=22, unique=True, default=make_key, editable=False)
    purpose = models.CharField(_("for whom"), max_length=80, blank=True, help_text=_("Like “the lawyer”; for you."))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="preview_link_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.purpose or str(self.article)
