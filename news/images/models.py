"""Photos: a private original, its caption and other texts, and the public renditions that are made from it.

Readers never get the original. They get renditions, stored under `rendition_key` (128 random bits).
`rendition_manifest` lists them, so that a page knows every address without a query (docs/decisions/0009).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shutil import copyfileobj

from django.conf import settings
from django.core.files.storage import Storage
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField
from regions.models import Region

from . import pending_files, rendition_specs, storage
from .pending_rows import PendingChunk, PendingFile

__all__ = ["PendingChunk", "PendingFile", "Photo"]


def originals() -> Storage:
    """The private storage. It is a callable, so that migrations do not contain its location."""
    return storage.originals()


class Photo(models.Model):
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="photos", verbose_name=_("region"))
    original = models.FileField(_("original"), storage=originals, max_length=200, editable=False)
    waiting = models.CharField(max_length=50, blank=True, editable=False)  # in news.images.pending_files, until stored
    file_type = models.CharField(_("file type"), max_length=5, default="jpeg", editable=False)
    sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    width = models.PositiveIntegerField(_("width"), editable=False, help_text=_("In pixels, upright."))
    height = models.PositiveIntegerField(_("height"), editable=False)
    rendition_key = models.CharField(max_length=32, unique=True, editable=False)
    previous_key = models.CharField(
        max_length=32, blank=True, editable=False
    )  # still answers, for pages kept somewhere
    rendition_manifest = models.JSONField(
        default=dict, editable=False
    )  # the manifest (news.images.rendition_specs) whose files are there
    colour = models.CharField(max_length=7, default="#888888", editable=False)  # shown until the photo is loaded
    focus_x = models.PositiveSmallIntegerField(
        _("focal point, from the left"),
        default=rendition_specs.CENTRE[0],
        validators=[MaxValueValidator(100)],
        help_text=_("In percent. Every crop keeps this point in sight."),
    )
    focus_y = models.PositiveSmallIntegerField(
        _("focal point, from the top"), default=rendition_specs.CENTRE[1], validators=[MaxValueValidator(100)]
    )
    caption = PlainCharField(
        _("caption"), max_length=300, blank=True, help_text=_("Left empty, the story's title stands below it.")
    )
    credit = PlainCharField(_("credit"), max_length=100, blank=True, help_text=_("“Photo: …”"))
    alt = PlainCharField(
        _("description for blind readers"),
        max_length=300,
        blank=True,
        help_text=_("What the photo shows, in a plain sentence."),
    )
    is_decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It says nothing that the text does not: no description is needed.")
    )
    people = PlainCharField(_("people in it"), max_length=200, blank=True)
    place = PlainCharField(_("place"), max_length=100, blank=True, help_text=_("A city or village. Never coordinates."))
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    rights_note = PlainCharField(
        _("rights"), max_length=300, blank=True, help_text=_("What was agreed, and with whom.")
    )
    usable_until = models.DateField(
        _("usable until"), null=True, blank=True, help_text=_("After this day no further story may use it.")
    )
    is_shared = models.BooleanField(
        _("shared with the network"), default=False, help_text=_("Every region may use it; only its own may change it.")
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
            models.CheckConstraint(condition=Q(rendition_key__regex=r"^[0-9a-f]{32}$"), name="photo_key_is_ours"),
            models.CheckConstraint(
                condition=Q(
                    previous_key__regex=r"^([0-9a-f]{32})?$",
                    waiting__regex=r"^([0-9a-f]{32}\.original)?$",
                    file_type__regex=r"^[a-z]{3,5}$",
                    colour__regex=r"^#[0-9a-f]{6}$",
                ),
                name="photo_names_are_ours",
            ),
            models.CheckConstraint(
                condition=Q(focus_x__lte=100, focus_y__lte=100),
                name="photo_focus_is_inside",
                violation_error_message=_("The focal point is outside the photo. Choose 0 to 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.alt or f"{_('photo')} {self.pk}"

    @property
    def size(self) -> rendition_specs.Size:
        return self.width, self.height

    @property
    def focus(self) -> tuple[int, int]:
        return self.focus_x, self.focus_y

    @property
    def wanted_manifest(self) -> rendition_specs.Manifest:
        """The manifest that the photo should have; equal to `rendition_manifest` once all renditions are made."""
        return rendition_specs.full(self.size, self.focus)

    @property
    def is_described(self) -> bool:
        """Whether the photo has an alternative text, or is marked as decorative."""
        return bool(self.alt) or self.is_decorative

    def may_be_used_on(self, day: date) -> bool:
        return self.usable_until is None or day <= self.usable_until

    def url(self, ratio: str, width: int, format: str = "webp") -> str:
        """The public address of a rendition."""
        return self._url(f"{ratio}-{width}.{format}")

    def _url(self, name: str) -> str:
        return f"{settings.MEDIA_URL}{self.rendition_key}/{name}"  # news/images/urls.py

    @property
    def share_url(self) -> str:
        """The path of the JPEG for previews of shared links; empty until it is made."""
        return self._url("share.jpg") if self.rendition_manifest else ""

    @property
    def thumbnail_url(self) -> str:
        """A small square for the newsroom; empty until it is made."""
        widths = self.rendition_manifest.get("1x1")
        return self.url("1x1", min(widths, key=lambda width: abs(width - 224))) if widths else ""

    @property
    def preview_url(self) -> str:
        """The uncropped photo in a medium size, for the newsroom; empty until it is made."""
        widths = self.rendition_manifest.get("free")
        return self.url("free", min(widths, key=lambda width: abs(width - 1080))) if widths else ""

    @contextmanager
    def local_original(self) -> Iterator[Path]:
        """The original as a file on this machine, wherever it is stored. Raises StorageDown."""
        if self.waiting:
            try:
                with pending_files.waiting(self.waiting) as path:
                    yield path
            except FileNotFoundError as error:
                raise storage.StorageDown(f"{self.waiting} waits on another machine") from error
            return
        with tempfile.NamedTemporaryFile(prefix="pekon-original-") as copy:
            with storage.errors_as_storage_down(), storage.originals().open(self.original.name or "", "rb") as stored:
                copyfileobj(stored, copy)
            copy.flush()
            yield Path(copy.name)
