"""The public records of withdrawals."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainTextField


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def public(self) -> "WithdrawalQuerySet":
        """The withdrawals of articles that were live, in open regions."""
        return self.filter(article__region__is_open=True, article__published_at__lte=F("withdrawn_at"))


class Withdrawal(models.Model):
    """The public record, with the reason, of an article's withdrawal. Published news is withdrawn and never deleted.

    Source: Press Council guideline for cyber media (Pedoman Pemberitaan Media Siber), section 5, which asks that a
    withdrawal be announced with its reason.
    """

    article = models.OneToOneField("news.Article", on_delete=models.PROTECT, related_name="withdrawal")
    reason = PlainTextField(_("reason, for readers"), max_length=500)
    withdrawn_at = models.DateTimeField(_("withdrawn at"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-withdrawn_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="withdrawal_has_reason",
                violation_error_message=_("Say why the story is withdrawn: readers will see it."),
            )
        ]

    def __str__(self) -> str:
        return self.reason
