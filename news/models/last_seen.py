"""Which version of a story an editor had on their screen last, so that the next review begins with what is new."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LastSeen(models.Model):
    """One row a person and story, deleted after WORKING_COPY_DAYS. `before` is the version that they had seen before
    `version`, so that loading the page anew does not hide what was new."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey("news.Article", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    before = models.PositiveIntegerField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("version seen last")
        verbose_name_plural = _("versions seen last")
        constraints = [
            models.UniqueConstraint(fields=["person", "article"], name="last_seen_once_per_article"),
            models.CheckConstraint(
                condition=Q(before=None) | Q(before__lt=F("version")), name="last_seen_before_is_earlier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.article_id} · {self.version}"
