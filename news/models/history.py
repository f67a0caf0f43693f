"""What happened: the append-only journal, and the public record of a withdrawal."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regions.models import Region


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, person: models.Model, regions: models.QuerySet[Region]) -> "EventQuerySet":
        """What happened to a person, as told to somebody who manages people in `regions`: no log-in, no elsewhere."""
        return self.filter(person=person.pk, region__in=regions)


class Event(models.Model):
    """One act, on an article or a person. Rows are added; the database refuses to change or delete them
    (`news.append_only`)."""

    class Verb(models.TextChoices):
        CREATED = "created", pgettext_lazy("journal", "wrote")
        EDITED = "edited", pgettext_lazy("journal", "edited")
        SUBMITTED = "submitted", pgettext_lazy("journal", "submitted")
        RETURNED = "returned", pgettext_lazy("journal", "returned")
        PUBLISHED = "published", pgettext_lazy("journal", "published")
        SCHEDULED = "scheduled", pgettext_lazy("journal", "scheduled")
        WITHDRAWN = "withdrawn", pgettext_lazy("journal", "withdrew")
        CORRECTED = "corrected", pgettext_lazy("journal", "corrected")
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

    article = models.ForeignKey("news.Article", on_delete=models.PROTECT, null=True, related_name="events")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="events")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    verb = models.CharField(max_length=20, choices=Verb)
    note = models.TextField(_("note"), blank=True)
    address = models.GenericIPAddressField(_("from the address"), null=True)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False) | Q(person__isnull=False) | Q(region__isnull=False),
                name="event_is_about_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor or 'Pekon'} {self.get_verb_display()}"


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def public(self) -> "WithdrawalQuerySet":
        """Of stories that readers had, in regions that they can visit."""
        return self.filter(article__region__is_open=True, article__published_at__lte=F("withdrawn_at"))


class Withdrawal(models.Model):
    """Published news is never deleted: it is withdrawn, in public and with a reason.

    Source: Press Council guideline for cyber media (Pedoman Pemberitaan Media Siber), section 5, which asks that a
    withdrawal be announced with its reason.
    """

    article = models.OneToOneField("news.Article", on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField(_("reason, for readers"), max_length=500)
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
