"""Sections (called *rubrik* on screen), which all editions have in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField


class Section(models.Model):
    name = PlainCharField(_("name"), max_length=40, unique=True)
    slug = models.SlugField(_("address part"), max_length=40, unique=True, help_text=_("As in /rubrik/politik/."))
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("Small numbers stand first in the menu.")
    )
    description = PlainCharField(_("description"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/rubrik/{self.slug}/"
