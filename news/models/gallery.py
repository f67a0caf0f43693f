"""The photos of a photo story, in order. Each can have a caption and credit for this article."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from news.images.models import Photo
from pekon.text_fields import PlainCharField


class GalleryPhoto(models.Model):
    article = models.ForeignKey("news.Article", on_delete=models.CASCADE, related_name="gallery")
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="gallery_uses", verbose_name=_("photo"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    caption = PlainCharField(_("caption in this story"), max_length=300, blank=True)
    credit = PlainCharField(_("credit in this story"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("photo of the gallery")
        verbose_name_plural = _("gallery")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "photo"],
                name="gallery_photo_once",
                violation_error_message=_("This photo is in the gallery already."),
            )
        ]

    def __str__(self) -> str:
        return self.caption or str(self.photo)
