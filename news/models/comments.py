"""What the newsroom says about a story, and about words of it. No reader, feed, version or journal entry has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.content import quotes
from pekon.text_fields import PlainCharField, PlainTextField

from .articles import Article

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class CommentQuerySet(models.QuerySet["Comment"]):
    def threads(self) -> CommentQuerySet:
        """The comments that answer no other one."""
        return self.filter(thread=None)

    def open(self) -> CommentQuerySet:
        """The comments of threads that nobody has resolved."""
        return self.filter(Q(thread=None, resolved_at=None) | Q(thread__isnull=False, thread__resolved_at=None))

    def waiting_for(self, person: User, articles: models.QuerySet[Article]) -> CommentQuerySet:
        """The newest comment by somebody else in each open thread on these articles that mentions the person, that is
        on a story of theirs, or that they began."""
        said = Comment.objects.filter(Q(pk=OuterRef("pk")) | Q(thread=OuterRef("pk"))).order_by("-written_at", "-pk")
        newest = Subquery(said.exclude(person=person.pk).values("pk")[:1])
        own = Article.objects.by(person).values("pk")
        theirs = Q(Exists(said.order_by().filter(mentions=person.pk))) | Q(article__in=own) | Q(person=person.pk)
        threads = Comment.objects.threads().open().filter(theirs, article__in=articles.order_by().values("pk"))
        return self.filter(pk__in=threads.order_by().annotate(newest=newest).values("newest"))


class Comment(models.Model):
    """One comment. It begins a thread, or answers one. The words that a thread is about are a quote with what stands
    around it, so the story's text holds no mark of it."""

    LONGEST = 2000

    article = models.ForeignKey("news.Article", on_delete=models.PROTECT, related_name="comments")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    thread = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    quote = PlainCharField(max_length=quotes.LONGEST, blank=True)  # empty: it is about the whole story
    prefix = PlainCharField(max_length=quotes.CONTEXT, blank=True)
    suffix = PlainCharField(max_length=quotes.CONTEXT, blank=True)
    text = PlainTextField(_("comment"), max_length=LONGEST)
    written_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True)  # its writer has mended it
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("mentions"))

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="comment_has_text", violation_error_message=_("Write a comment.")
            ),
            models.CheckConstraint(
                condition=Q(thread=None) | Q(quote="", resolved_at=None),
                name="comment_reply_has_no_quote_or_end",
                violation_error_message=_("A reply belongs to its thread's words, and ends with it."),
            ),
            models.CheckConstraint(
                condition=~Q(quote="") | Q(prefix="", suffix=""),
                name="comment_context_is_of_a_quote",
                violation_error_message=_("There are no words around a comment on the whole story."),
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_by_somebody",
                violation_error_message=_("Say who has resolved the comment."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def anchor(self) -> quotes.Quote:
        return quotes.Quote(self.quote, self.prefix, self.suffix)
