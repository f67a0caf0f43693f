"""Planned ideas: what a newsroom means to write, before there is a story."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField, PlainTextField
from regions.models import Region

from .articles import Article
from .people import Author
from .sections import Section


class PlannedIdeaQuerySet(models.QuerySet["PlannedIdea"]):
    def between(self, first: date, last: date, start: datetime, end: datetime) -> PlannedIdeaQuerySet:
        """The ideas for these days (both included) and from `start` until before `end` (aware)."""
        return self.filter(Q(day__range=(first, last)) | Q(planned_at__gte=start, planned_at__lt=end))

    def without_a_time_of_their_own(self) -> PlannedIdeaQuerySet:
        """The ideas that are no story yet, and those whose story has no time of publication yet."""
        return self.exclude(Exists(Article.objects.addressed().filter(pk=OuterRef("became"))))


class PlannedIdea(models.Model):
    """A title that somebody may write for a day, or for a time. All who write in its region see and change it."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="planned_ideas", verbose_name=_("home region")
    )
    title = PlainCharField(_("title"), max_length=200, validators=[MinLengthValidator(5)])
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", verbose_name=_("section"))
    author = models.ForeignKey(
        Author,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_ideas",
        verbose_name=_("who writes it"),
    )
    # One of both: a day by the region's calendar, or a moment.
    day = models.DateField(_("day"), null=True, blank=True, db_index=True)
    planned_at = models.DateTimeField(_("time"), null=True, blank=True, db_index=True)
    note = PlainTextField(
        _("note"), max_length=1000, blank=True, help_text=_("It becomes the first comment on the story.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    became = models.ForeignKey(
        Article,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="planned_ideas",
        verbose_name=_("story"),
    )

    objects = PlannedIdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned idea")
        verbose_name_plural = _("planned ideas")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""), name="idea_has_title", violation_error_message=_("An idea needs a title.")
            ),
            models.CheckConstraint(
                condition=Q(day=None, planned_at__isnull=False) | Q(day__isnull=False, planned_at=None),
                name="idea_has_a_day_or_a_time",
                violation_error_message=_("An idea is planned for a day or for a time."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def local_day(self) -> date | None:
        """The day for which it is planned, by its region's calendar."""
        return self.region.local(self.planned_at).date() if self.planned_at else self.day
