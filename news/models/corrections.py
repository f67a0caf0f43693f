"""Corrections: dated public records on an article, never edited afterwards.

Source: the Press Council's code of ethics (Kode Etik Jurnalistik, articles 10 and 11) and its guideline for cyber media
(section 4): corrections and rights of reply stand on the corrected article, with the time at which they were made.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainTextField


class Correction(models.Model):
    class Kind(models.TextChoices):
        ERRATUM = "erratum", _("erratum")  # the newsroom's own discovery
        CORRECTION = "correction", _("correction")  # somebody pointed it out
        REPLY = "reply", _("right of reply")  # an answer by somebody whom the article is about

    article = models.ForeignKey("news.Article", on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ERRATUM)
    text = PlainTextField(
        _("text, for readers"), max_length=3000, help_text=_("What was wrong, and what is right; or the reply.")
    )
    made_at = models.DateTimeField(_("made at"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="correction_has_text",
                violation_error_message=_("Write what was wrong, and what is right."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["erratum", "correction", "reply"]), name="correction_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text
