"""Advertisements and ads.txt: what fills the pages' advertising slots, and who may sell them.

An advert is shown in its region and in all below it. Its picture is a photo like any other, so it is opened in the
sandbox and made into renditions. It is shown whole: an advertiser's artwork is never cropped.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from news.images.models import Photo
from pekon.text_fields import PlainCharField, PlainTextField
from regions import tree
from regions.models import Region

from . import ads_txt


class AdvertQuerySet(models.QuerySet["Advert"]):
    def live(self, at: datetime | None = None) -> Self:
        """The adverts that readers see: active, and within their dates at `at`, or now by the database's clock."""
        return self.filter(is_active=True, starts_at__lte=at or Now(), ends_at__gt=at or Now())

    def shown_in(self, region: Region) -> Self:
        """The adverts of the region and of all regions above it."""
        return self.filter(region__path__in=tree.lineage(region.path))


class Advert(models.Model):
    class Slot(models.TextChoices):
        TOP = "top", _("below the masthead")
        INLINE = "inline", _("between stories")
        STORY = "story", _("below a story")

    class Kind(models.TextChoices):
        HOUSE = "house", _("house ad")
        PAID = "paid", _("paid ad")

    SHAPES = {Slot.TOP: (3, 9), Slot.INLINE: (1, 7), Slot.STORY: (1, 7)}
    """The smallest and the largest ratio of width to height in each slot, so that adverts do not dominate a page."""

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="adverts",
        verbose_name=_("region"),
        help_text=_("It is shown there and in all regions below."),
    )
    slot = models.CharField(_("slot"), max_length=10, choices=Slot)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PAID)
    advertiser = PlainCharField(
        _("advertiser"), max_length=100, blank=True, help_text=_("Readers see the name. A house ad needs none.")
    )
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="adverts", verbose_name=_("picture"))
    alt = PlainCharField(
        _("what it says, for blind readers"), max_length=300, help_text=_("The picture's words and what it offers.")
    )
    link = models.URLField(
        _("link"), max_length=500, validators=[URLValidator(["http", "https"])], help_text=_("Where a click leads.")
    )
    starts_at = models.DateTimeField(_("from"), help_text=_("On the region's clocks."))
    ends_at = models.DateTimeField(_("until"))
    is_active = models.BooleanField(_("switched on"), default=True)

    objects = AdvertQuerySet.as_manager()

    class Meta:
        verbose_name = _("advert")
        verbose_name_plural = _("adverts")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slot__in=["top", "inline", "story"], kind__in=["house", "paid"]), name="advert_words_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="advert_ends_after_it_starts",
                violation_error_message=_("The advert ends before it starts. Choose a later end."),
            ),
            models.CheckConstraint(
                condition=Q(link__regex=r"^https?://"),
                name="advert_link_is_web",
                violation_error_message=_("The link must begin with https:// or http://."),
            ),
            models.CheckConstraint(
                condition=Q(kind="house") | ~Q(advertiser=""),
                name="advert_paid_names_advertiser",
                violation_error_message=_("Say who pays for this advert: readers are told."),
            ),
        ]

    def __str__(self) -> str:
        return self.advertiser or self.alt

    def get_absolute_url(self) -> str:
        """The path of Pekon's own click view, which redirects to `link`."""
        return reverse("advert", args=[self.pk], urlconf=settings.ROOT_URLCONF)

    def clean(self) -> None:
        """Check that the picture fits the slot and may be used until the advert ends. Raises ValidationError."""
        photo = Photo.objects.filter(pk=self.photo_id).first()
        if photo is None or self.slot not in self.SHAPES:
            return  # the field has its own error
        least, most = self.SHAPES[self.Slot(self.slot)]
        if not least <= photo.width / photo.height <= most:
            raise ValidationError(
                {
                    "photo": _(
                        "This picture is %(width)s × %(height)s pixels. In this place it must be at least %(least)s "
                        "and at most %(most)s times as wide as high. Ask the advertiser for another one."
                    )
                    % {"width": photo.width, "height": photo.height, "least": least, "most": most}
                }
            )
        if self.region_id and self.ends_at and not photo.may_be_used_on(self.region.local(self.ends_at).date()):
            message = _("This photo could be used until %(day)s. Choose another one.") % {"day": photo.usable_until}
            raise ValidationError({"photo": message})


def validate_lines(text: str) -> None:
    """Raise a ValidationError that names every line that crawlers would not understand."""
    problems = ads_txt.problems(text)
    if problems:
        raise ValidationError(
            [_("Line %(number)s: %(problem)s") % {"number": number, "problem": problem} for number, problem in problems]
        )


class AdsTxt(models.Model):
    """The lines that a region adds to its /ads.txt, below those of the regions above it."""

    region = models.OneToOneField(
        Region, on_delete=models.PROTECT, related_name="ads_txt", verbose_name=_("region"), help_text=_("And below it.")
    )
    lines = PlainTextField(
        _("lines"),
        blank=True,
        max_length=20_000,
        validators=[validate_lines],
        help_text=_(
            "As the advertising system gives them: “google.com, pub-0000000000000000, DIRECT, f08c47fec0942fa0”."
        ),
    )

    class Meta:
        verbose_name = "ads.txt"
        verbose_name_plural = "ads.txt"
        ordering = ["region__code", "pk"]

    def __str__(self) -> str:
        return f"ads.txt: {self.region}"
