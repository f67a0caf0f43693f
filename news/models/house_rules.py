"""House style: words and expressions about which writers get an advice while they write."""

from __future__ import annotations

import regex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField
from regions import tree
from regions.models import Region


class HouseRuleQuerySet(models.QuerySet["HouseRule"]):
    def holding_in(self, region: Region) -> HouseRuleQuerySet:
        """The rules that are on in this region, those of the network first."""
        lineage = tree.lineage(region.path)
        return self.filter(is_active=True, region__path__in=lineage).order_by("region__path", "pk")


class HouseRule(models.Model):
    """A word or expression, and what to write instead. It holds in its region and in all below."""

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="house_rules",
        verbose_name=_("region"),
        help_text=_("The rule holds here and in all regions below."),
    )
    pattern = PlainCharField(
        _("word or expression"),
        max_length=200,
        help_text=_("Whole words, in capitals or not: “walikota” also finds “Walikota”, but not “walikotamadya”."),
    )
    is_regular_expression = models.BooleanField(
        _("is a regular expression"),
        default=False,
        help_text=_(r"For those who know them: “\d+ orang tewas”. Capitals and small letters are alike."),
    )
    advice = PlainCharField(
        _("advice"), max_length=200, help_text=_("What the writer reads: “Tulis: wali kota, dua kata.”")
    )
    is_active = models.BooleanField(_("is on"), default=True)

    objects = HouseRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("house rule")
        verbose_name_plural = _("house style")
        ordering = ["region__code", "pattern", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(pattern=""), name="house_rule_has_pattern"),
            models.CheckConstraint(condition=~Q(advice=""), name="house_rule_has_advice"),
            models.UniqueConstraint(
                fields=["region", "pattern", "is_regular_expression"],
                name="house_rule_once",
                violation_error_message=_("There is this rule already in this region."),
            ),
        ]

    def __str__(self) -> str:
        return self.pattern

    def clean(self) -> None:
        """Refuse what no expression can be read from, and what would find something in every text."""
        self.pattern = self.pattern.strip()
        try:
            expression = self.compiled()
        except regex.error as error:
            raise ValidationError(
                {
                    "pattern": _("This regular expression cannot be read: %(reason)s, at character %(place)s.")
                    % {"reason": error.msg, "place": (error.pos or 0) + 1}
                }
            ) from None
        if self.pattern and expression.match("") is not None:
            raise ValidationError({"pattern": _("This expression also finds nothing at all. Say what it has to find.")})

    def compiled(self) -> regex.Pattern[str]:
        """The expression that finds the rule's words. Raises `regex.error`. Whoever uses it gives a time limit."""
        if self.is_regular_expression:
            return regex.compile(self.pattern, regex.IGNORECASE)
        words = r"\s+".join(regex.escape(word) for word in self.pattern.split())
        return regex.compile(rf"(?<!\w){words}(?!\w)", regex.IGNORECASE)
