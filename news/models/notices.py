"""Notices: what the newsroom tells one person about stories near them, and by which ways they want to hear it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pekon.text_fields import PlainTextField


class Notice(models.Model):
    """One act or comment, told to one person. Whether they may still read the story is asked whenever it is shown
    (`news.publishing.notice_reading`)."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("notice", "Submitted stories")
        PROPOSED = "proposed", pgettext_lazy("notice", "Proposed changes")
        RETURNED = "returned", pgettext_lazy("notice", "Returned stories")
        APPROVED = "approved", pgettext_lazy("notice", "Scheduled stories")
        PUBLISHED = "published", pgettext_lazy("notice", "Published stories")
        COMMENTED = "commented", pgettext_lazy("notice", "Comments")
        MENTIONED = "mentioned", pgettext_lazy("notice", "Mentions")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind)
    article = models.ForeignKey("news.Article", on_delete=models.PROTECT, related_name="notices")
    comment = models.ForeignKey("news.Comment", on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = PlainTextField(blank=True)  # the act's, as in the journal
    due_at = models.DateTimeField(null=True)  # for which a story was scheduled
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    is_to_mail = models.BooleanField(default=False)  # it waits for the person's next mail

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_of_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["person"], condition=Q(is_to_mail=True), name="notice_to_mail"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["commented", "mentioned"], comment__isnull=False)
                | (~Q(kind__in=["commented", "mentioned"]) & Q(comment=None)),
                name="notice_of_a_comment_has_it",
            ),
            models.CheckConstraint(
                condition=Q(is_to_mail=False) | Q(read_at=None),
                name="notice_to_mail_is_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.article}"


def mailed_at_first() -> list[str]:
    """The kinds that are mailed to somebody who has not chosen: what waits for them personally."""
    return [Notice.Kind.RETURNED.value, Notice.Kind.MENTIONED.value]


def pushed_at_first() -> list[str]:
    """The kinds that are pushed to a device that was turned on, unless the person chose otherwise: all."""
    return list(Notice.Kind.values)


class NoticeChoices(models.Model):
    """What a person wants to hear besides in the newsroom, where every notice is. Without a row, the defaults."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notice_choices"
    )
    mail = models.JSONField(default=mailed_at_first)  # kinds
    push = models.JSONField(default=pushed_at_first)  # kinds
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    mailed_at = models.DateTimeField(null=True)  # the last digest

    class Meta:
        verbose_name = _("choices about notices")
        verbose_name_plural = _("choices about notices")

    def __str__(self) -> str:
        return str(self.person)
