"""Keys of stored forms, so that a second press of a button does nothing (regions.permissions.form_keys)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FormKey(models.Model):
    """A stored form, and the address to which its answer redirected. It is deleted after a day."""

    # Of the person, the address and everything that was posted.
    digest = models.CharField(max_length=64, primary_key=True)
    location = models.TextField(blank=True)
    used_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("stored form")
        verbose_name_plural = _("stored forms")

    def __str__(self) -> str:
        return self.digest
