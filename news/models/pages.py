"""Pages about the paper itself. A region without its own shows the nearest one above it, or Pekon's default text."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from news.content.richtext import BodyField
from pekon.text_fields import PlainCharField
from regions.models import Region


class PageQuerySet(models.QuerySet["Page"]):
    def read_for(self, region: Region, slug: str) -> Page | None:
        """The page for readers of `region`: its own or the nearest one above it; None if there is neither."""
        rows = {page.region_id: page for page in self.filter(slug=slug, region__in=region.lineage)}
        return next((rows[above.pk] for above in reversed(region.lineage) if above.pk in rows), None)


class Page(models.Model):
    class Slug(models.TextChoices):
        """The pages that every edition has; their titles are the footer's links."""

        ABOUT = "tentang", _("About us")
        MASTHEAD = "redaksi", _("Editors")
        GUIDELINES = "pedoman-media-siber", _("Guidelines for cyber media")
        ETHICS = "kode-etik", _("Code of ethics")
        CONTACT = "kontak", _("Contact")
        PRIVACY = "privasi", _("Privacy")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="pages", verbose_name=_("region"))
    slug = models.CharField(_("page"), max_length=30, choices=Slug)
    title = PlainCharField(_("title"), max_length=120)
    body = BodyField(_("text"))
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["region__code", "slug", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "slug"],
                name="page_once",
                violation_error_message=_("This region has this page already. Change that one."),
            )
        ]

    def __str__(self) -> str:
        return self.title
