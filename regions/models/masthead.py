"""Who answers for an edition, as readers, the Press Council and the law ask to be told.

Source: Law 40 of 1999 on the press, article 12 (name, address and the person responsible, in public), and the Press
Council's verification of media companies. It is a table of its own, so that a reader's request does not load it with
its region, and a region's chief editor can change it without being able to move the region.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .regions import Region


class MastheadQuerySet(models.QuerySet["Masthead"]):
    def read_for(self, region: Region) -> Masthead:
        """What holds in `region`: each field is its own, or the nearest one above it. Not stored."""
        rows = {row.region_id: row for row in self.filter(region__in=region.lineage)}
        nearest = [rows[above.pk] for above in reversed(region.lineage) if above.pk in rows]
        values = {name: next(filter(None, (getattr(row, name) for row in nearest)), "") for name in Masthead.INHERITED}
        return Masthead(region=region, **values)


class Masthead(models.Model):
    region = models.OneToOneField(
        Region, on_delete=models.CASCADE, related_name="masthead", verbose_name=_("region"), help_text=_("Once each.")
    )
    publisher = models.CharField(
        _("publisher"), max_length=120, blank=True, help_text=_("The company, as registered: “PT Pekon Media Nagari”.")
    )
    verification = models.CharField(
        _("Press Council verification"),
        max_length=80,
        blank=True,
        help_text=_("Its number; empty while there is none."),
    )
    responsible = models.CharField(
        _("person responsible"), max_length=120, blank=True, help_text=_("Who answers for what is published.")
    )
    chief_editor = models.CharField(_("chief editor"), max_length=120, blank=True)
    staff = models.TextField(
        _("editors and reporters"), max_length=2000, blank=True, help_text=_("One line each: “Redaktur: Linda Sari”.")
    )
    address = models.CharField(_("address"), max_length=250, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    whatsapp = models.CharField(
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
        """As wa.me addresses want it."""
        return "".join(filter(str.isdecimal, self.whatsapp))

    @property
    def people(self) -> list[tuple[str, str]]:
        """The staff lines as (position, names); a line without a colon has no position."""
        lines = (line.rpartition(":") for line in self.staff.splitlines() if line.strip())
        return [(position.strip(), names.strip()) for position, _colon, names in lines]
