"""Photos: a private original and its caption, credit and description.

Readers never get the original. What they get are re-encoded copies under `rendition_key`, 128 random bits, so
that nothing can be guessed before publication; a photo whose copies are made anew gets a new key, so that an
address always means the same bytes (docs/decisions/0005).
"""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regions.models import Region

from . import renditions


def originals() -> Storage:
    """The private storage; a callable, so that migrations do not fix where it is."""
    return storages["originals"]


class Photo(models.Model):
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="photos", verbose_name=_("region"))
    original = models.FileField(_("original"), storage=originals, max_length=200, editable=False)
    sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    width = models.PositiveIntegerField(_("width"), editable=False, help_text=_("In pixels, upright."))
    height = models.PositiveIntegerField(_("height"), editable=False)
    rendition_key = models.CharField(max_length=32, unique=True, editable=False)
    caption = models.CharField(
        _("caption"), max_length=300, blank=True, help_text=_("Left empty, the story's title stands below it.")
    )
    credit = models.CharField(_("credit"), max_length=100, blank=True, help_text=_("“Photo: …”"))
    alt = models.CharField(
        _("description for blind readers"),
        max_length=300,
        blank=True,
        help_text=_("What the photo shows, in a plain sentence."),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="photos",
        verbose_name=_("uploaded by"),
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0),
                name="photo_has_size",
                violation_error_message=_("A photo is at least one pixel wide and high."),
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.alt or f"{_('photo')} {self.pk}"

    @property
    def widths(self) -> list[int]:
        """The widths, in pixels, in which readers can have it."""
        return renditions.widths(self.width)

    def height_at(self, width: int) -> int:
        """The height that goes with `width`, both in pixels."""
        return renditions.height_at(width, (self.width, self.height))

    def url(self, width: int) -> str:
        """The public address of the copy of `width` pixels."""
        return reverse("rendition", args=[self.rendition_key, width])

    @property
    def thumbnail_url(self) -> str:
        return self.url(self.widths[0])

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.url(width)} {width}w" for width in self.widths)
