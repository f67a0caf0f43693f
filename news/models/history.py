"""What happened to an article: the append-only journal, and the public record of a withdrawal."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Event(models.Model):
    """One act on one article. Rows are added, and never changed or deleted."""

    class Verb(models.TextChoices):
        CREATED = "created", pgettext_lazy("journal", "wrote")
        EDITED = "edited", pgettext_lazy("journal", "edited")
        SUBMITTED = "submitted", pgettext_lazy("journal", "submitted")
        RETURNED = "returned", pgettext_lazy("journal", "returned")
        PUBLISHED = "published", pgettext_lazy("journal", "published")
        SCHEDULED = "scheduled", pgettext_lazy("journal", "scheduled")
        WITHDRAWN = "withdrawn", pgettext_lazy("journal", "withdrew")

    article = models.ForeignKey("news.Article", on_delete=models.PROTECT, related_name="events")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    verb = models.CharField(max_length=12, choices=Verb)
    note = models.TextField(_("note"), blank=True)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-happened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.actor or 'Pekon'} {self.get_verb_display()}"


class Withdrawal(models.Model):
    """Published news is never deleted: it is withdrawn, in public and with a reason.

    Source: Press Council guideline for cyber media (Pedoman Pemberitaan Media Siber), section 5, which asks that a
    withdrawal be announced with its reason.
    """

    article = models.OneToOneField("news.Article", on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField(_("reason, for readers"), max_length=500)
    withdrawn_at = models.DateTimeField(_("withdrawn at"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="withdrawal_has_reason",
                violation_error_message=_("Say why the story is withdrawn: readers will see it."),
            )
        ]

    def __str__(self) -> str:
        return self.reason
