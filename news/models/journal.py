"""The journal: who did what to which article or person. Rows are only ever added."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pekon.text_fields import PlainTextField
from regions.models import Region


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, person: models.Model, regions: models.QuerySet[Region]) -> "EventQuerySet":
        """The events about a person that somebody who manages people in `regions` may see: without log-ins, and without
        events in other regions."""
        return self.filter(person=person.pk, region__in=regions)


class Event(models.Model):
    """One act on an article or a person. Rows are only added: the database refuses to change or delete them
    (`news.publishing.append_only`)."""

    class Verb(models.TextChoices):
        CREATED = "created", pgettext_lazy("journal", "wrote")
        EDITED = "edited", pgettext_lazy("journal", "edited")
        SUBMITTED = "submitted", pgettext_lazy("journal", "submitted")
        RETURNED = "returned", pgettext_lazy("journal", "returned")
        RECALLED = "recalled", pgettext_lazy("journal", "took back from review")
        THROWN_AWAY = "thrown_away", pgettext_lazy("journal", "threw away")
        BROUGHT_BACK = "brought_back", pgettext_lazy("journal", "brought back from the bin")
        PUBLISHED = "published", pgettext_lazy("journal", "published")
        SCHEDULED = "scheduled", pgettext_lazy("journal", "scheduled")
        WITHDRAWN = "withdrawn", pgettext_lazy("journal", "withdrew")
        CORRECTED = "corrected", pgettext_lazy("journal", "corrected")
        RESTORED = "restored", pgettext_lazy("journal", "restored the version")
        PROPOSED = "proposed", pgettext_lazy("journal", "proposed changes")
        APPLIED = "applied", pgettext_lazy("journal", "applied proposed changes")
        DECLINED = "declined", pgettext_lazy("journal", "declined proposed changes")
        PREVIEW_MADE = "preview_made", pgettext_lazy("journal", "made a preview link")
        PREVIEW_REVOKED = "preview_revoked", pgettext_lazy("journal", "revoked a preview link")
        INVITED = "invited", pgettext_lazy("journal", "invited")
        INVITATION_REVOKED = "invitation_revoked", pgettext_lazy("journal", "revoked the invitation of")
        JOINED = "joined", pgettext_lazy("journal", "accepted the invitation")
        ROLE_GIVEN = "role_given", pgettext_lazy("journal", "gave the role")
        ROLE_TAKEN = "role_taken", pgettext_lazy("journal", "took away the role")
        DEACTIVATED = "deactivated", pgettext_lazy("journal", "deactivated the account")
        REACTIVATED = "reactivated", pgettext_lazy("journal", "reactivated the account")
        CHANGED = "changed", pgettext_lazy("journal", "changed the account")
        AUTHOR_LINKED = "author_linked", pgettext_lazy("journal", "linked the account to the author")
        AUTHOR_UNLINKED = "author_unlinked", pgettext_lazy("journal", "unlinked the account from the author")
        FACTORS_RESET = "factors_reset", pgettext_lazy("journal", "removed the second factors")
        LOGGED_IN = "logged_in", pgettext_lazy("journal", "logged in")
        PASSWORD_CHANGED = "password_changed", pgettext_lazy("journal", "changed the password")
        FACTOR_ADDED = "factor_added", pgettext_lazy("journal", "added a second factor")
        FACTOR_REMOVED = "factor_removed", pgettext_lazy("journal", "removed a second factor")
        TAG_RENAMED = "tag_renamed", pgettext_lazy("journal", "renamed the tag")
        TAG_MERGED = "tag_merged", pgettext_lazy("journal", "merged the tag")
        FRONT_PLACED = "front_placed", pgettext_lazy("journal", "placed on the front page")
        FRONT_REMOVED = "front_removed", pgettext_lazy("journal", "took off the front page")

    article = models.ForeignKey("news.Article", on_delete=models.PROTECT, null=True, related_name="events")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="events")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    verb = models.CharField(max_length=20, choices=Verb)
    note = PlainTextField(_("note"), blank=True)
    address = models.GenericIPAddressField(_("from the address"), null=True)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-happened_at", "-pk"]
        indexes = [models.Index("verb", "happened_at", name="event_by_verb")]
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False) | Q(person__isnull=False) | Q(region__isnull=False),
                name="event_is_about_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor or 'Pekon'} {self.get_verb_display()}"
