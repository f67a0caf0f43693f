"""Advertisements and ads.txt: what stands in the pages' advertising places, and who may sell them.

An advert is shown in its region and in all below it. Its picture is a photo like any other, so it is opened in the
cage and made into renditions, and shown whole: an advertiser's artwork is never cropped.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from news.images.models import Photo
from regions import tree
from regions.models import Region

from . import ads_txt


class AdvertQuerySet(models.QuerySet["Advert"]):
    def live(self, at: datetime | None = None) -> Self:
        """What readers see and can click: switched on and in its time, at `at` or by the database's clock."""
        return self.filter(is_active=True, starts_at__lte=at or Now(), ends_at__gt=at or Now())

    def shown_in(self, region: Region) -> Self:
        """Those of the region and of all above it."""
        return self.filter(region__path__in=tree.lineage(region.path))


class Advert(models.Model):
    class Place(models.TextChoices):
        TOP = "top", _("below the masthead")
        INLINE = "inline", _("between stories")
        STORY = "story", _("below a story")

    class Kind(models.TextChoices):
        HOUSE = "house", _("house ad")
        PAID = "paid", _("paid ad")

    SHAPES = {Place.TOP: (3, 9), Place.INLINE: (1, 7), Place.STORY: (1, 7)}
    """How many times as wide as high a picture is there, at least and at most: a page is for its stories."""

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="adverts",
        verbose_name=_("region"),
        help_text=_("It is shown there and in all regions below."),
    )
    place = models.CharField(_("place"), max_length=10, choices=Place)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PAID)
    advertiser = models.CharField(
        _("advertiser"), max_length=100, blank=True, help_text=_("Readers see the name. A house ad needs none.")
    )
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="adverts", verbose_name=_("picture"))
    alt = models.CharField(
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
                condition=Q(place__in=["top", "inline", "story"], kind__in=["house", "paid"]), name="advert_words_known"
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
        """Where a click goes: to us, and from there to `link`."""
        return reverse("advert", args=[self.pk])

    def clean(self) -> None:
        """Refuse a picture that does not fit its place or may not be used that long. Raises ValidationError."""
        photo = Photo.objects.filter(pk=self.photo_id).first()
        if photo is None or self.place not in self.SHAPES:
            return  # said at the field itself
        least, most = self.SHAPES[self.Place(self.place)]
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
    """Name every line that no crawler would understand. Raises ValidationError."""
    found = ads_txt.problems(text)
    if found:
        raise ValidationError(
            [_("Line %(number)s: %(problem)s") % {"number": number, "problem": problem} for number, problem in found]
        )


class AdsTxt(models.Model):
    """A region's part of its /ads.txt, which begins with those of the regions above."""

    region = models.OneToOneField(
        Region, on_delete=models.PROTECT, related_name="ads_txt", verbose_name=_("region"), help_text=_("And below it.")
    )
    lines = models.TextField(
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
