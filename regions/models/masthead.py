"""The masthead: who is responsible for an edition, as the law and the Press Council require it to publish.

Sources: Law 40 of 1999 on the press, article 12 (name, address and responsible person must be public), and the Press
Council's verification of media companies. It is a table of its own, so that readers' requests do not load it with the
region, and chief editors can change it without being able to change the region itself.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField, PlainTextField

from .regions import Region


class MastheadQuerySet(models.QuerySet["Masthead"]):
    def read_for(self, region: Region) -> Masthead:
        """The masthead for `region`, not stored: an empty field has the value of the nearest region above."""
        rows = {row.region_id: row for row in self.filter(region__in=region.lineage)}
        nearest = [rows[above.pk] for above in reversed(region.lineage) if above.pk in rows]
        values = {name: next(filter(None, (getattr(row, name) for row in nearest)), "") for name in Masthead.INHERITED}
        return Masthead(region=region, **values)


class Masthead(models.Model):
    region = models.OneToOneField(
        Region, on_delete=models.CASCADE, related_name="masthead", verbose_name=_("region"), help_text=_("Once each.")
    )
    publisher = PlainCharField(
        _("publisher"), max_length=120, blank=True, help_text=_("The company, as registered: “PT Pekon Media Nagari”.")
    )
    verification = PlainCharField(
        _("Press Council verification"),
        max_length=80,
        blank=True,
        help_text=_("Its number; empty while there is none."),
    )
    responsible = PlainCharField(
        _("person responsible"), max_length=120, blank=True, help_text=_("Who answers for what is published.")
    )
    chief_editor = PlainCharField(_("chief editor"), max_length=120, blank=True)
    staff = PlainTextField(
        _("editors and reporters"), max_length=2000, blank=True, help_text=_("One line each: “Redaktur: Linda Sari”.")
    )
    address = PlainCharField(_("address"), max_length=250, blank=True)
    phone = PlainCharField(_("telephone"), max_length=40, blank=True)
    whatsapp = PlainCharField(
        _("WhatsApp number"), max_length=20, blank=True, help_text=_("With the country's code: +62 812 …")
    )
    email = models.EmailField(_("e-mail address"), blank=True)

    INHERITED = (
        "publisher",
        "verification",
        "responsible",
        "chief_editor",
        "staff",
        "address",
        "phone",
        "whatsapp",
        "email",
    )

    objects = MastheadQuerySet.as_manager()

    class Meta:
        verbose_name = _("masthead")
        verbose_name_plural = _("mastheads")
        ordering = ["region__code", "pk"]

    def __str__(self) -> str:
        return str(self.region)

    @property
    def whatsapp_digits(self) -> str:
        """The WhatsApp number in the form of wa.me addresses."""
        return "".join(filter(str.isdecimal, self.whatsapp))

    @property
    def people(self) -> list[tuple[str, str]]:
        """The staff lines as (position, names); a line without a colon has no position."""
        lines = (line.rpartition(":") for line in self.staff.splitlines() if line.strip())
        return [(position.strip(), names.strip()) for position, _colon, names in lines]
