"""Links with which people without an account can read one article before it is published."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField


def make_key() -> str:
    """128 random bits in URL-safe characters."""
    return secrets.token_urlsafe(16)


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def valid(self) -> PreviewLinkQuerySet:
        """Neither revoked nor expired, by the database's clock."""
        return self.filter(revoked_at=None, expires_at__gt=Now())


class PreviewLink(models.Model):
    """A preview link. Its key alone opens nothing: the address also needs a signature (`news.publishing.previews`)."""

    article = models.ForeignKey("news.Article", on_delete=models.PROTECT, related_name="preview_links")
    key = models.CharField(max_length=22, unique=True, default=make_key, editable=False)
    purpose = PlainCharField(_("for whom"), max_length=80, blank=True, help_text=_("Like “the lawyer”; for you."))
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
