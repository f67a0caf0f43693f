"""What people are typing into stories, and who is in which story. Readers, lists and search never see these rows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField, PlainTextField
from regions.people import display_name

if TYPE_CHECKING:
    from .articles import Article

    Content = dict[str, list[str]]
    """The fields of an article's form, as a browser would post them: name → values."""


class Typed(models.Model):
    """The whole of an article's form as one person typed it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    content = models.JSONField[Any, Any](default=dict)

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        return " ".join("".join(self.content.get("title", [])).split())


class WorkingCopyQuerySet(models.QuerySet["WorkingCopy"]):
    def offered(self, person: Any, article: Article | None) -> WorkingCopyQuerySet:
        """The person's copies of an article, or of stories that were never saved; newest first."""
        return self.filter(person=person.pk, article=article, discarded_at=None).order_by("-updated_at", "-pk")

    def prunable(self, before: Any) -> WorkingCopyQuerySet:
        """Copies that were thrown away before that moment, or are as old and older than the stored article.

        A copy that is newer than the stored article is never prunable, nor that of a story that was never saved: only
        the person who typed it throws it away.
        """
        superseded = Q(article__updated_at__gt=F("updated_at"), updated_at__lt=before)
        return self.filter(superseded | Q(discarded_at__lt=before))


class WorkingCopy(Typed):
    """What one person is typing in one form, sent every few seconds until the form is stored.

    There is one for each form that is open, so that two devices of one person never overwrite each other's words.
    """

    article = models.ForeignKey("news.Article", on_delete=models.PROTECT, null=True, related_name="working_copies")
    key = models.UUIDField()  # of the form that is open, so that a story without a row has a name too
    number = models.PositiveIntegerField()  # counts what the form has sent, so that a late request changes nothing
    device = PlainCharField(max_length=40, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
    discarded_at = models.DateTimeField(null=True)  # thrown away, which can be undone until it is pruned

    objects = WorkingCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="working_copy_once_per_form"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.key)


class Proposal(Typed):
    """Changes to a live or scheduled article, by a writer who may not edit it. An editor applies or declines it."""

    article = models.ForeignKey("news.Article", on_delete=models.PROTECT, related_name="proposals")
    note = PlainTextField(_("what is changed, and why"), max_length=500, blank=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    declined_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    answer = PlainTextField(_("why it is declined"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        constraints = [
            models.UniqueConstraint(fields=["person", "article"], name="proposal_once_per_person"),
            models.CheckConstraint(
                condition=Q(declined_at=None) | ~Q(answer=""),
                name="proposal_declined_with_answer",
                violation_error_message=_("Say why the proposal is declined."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def proposer(self) -> str:
        return display_name(self.person)


class Presence(models.Model):
    """A person who has an article's form open. One of them has the turn to write in the body."""

    GONE_AFTER = timedelta(seconds=50)

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey("news.Article", on_delete=models.CASCADE, related_name="presences")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    page = PlainCharField(max_length=40, blank=True)  # names the opened page that asked last
    left_at = models.DateTimeField(null=True)  # that page was left; the person may come back, by loading it anew
    writing_since = models.DateTimeField(null=True)  # has the turn
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(fields=["person", "article"], name="presence_once_per_article"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(writing_since__isnull=False), name="presence_one_writes"
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None, asked_by=None)
                | Q(asked_at__isnull=False, asked_by__isnull=False, writing_since__isnull=False),
                name="presence_asked_of_who_writes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.article_id}"
