"""What is public: the one place that knows.

An article's status is only what a person decided. *Scheduled* and *live* are not stored: an approved article is
live when its `published_at` is past by the database's clock, so time publishes it, and no job can be late. Views,
feeds, counts and tests all ask the verbs below; nothing else in the project filters on status.

`at` is an aware moment to look from; without it the database's own clock decides, at the time of the query.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from regions.models import Region

if TYPE_CHECKING:
    from .models import Article, Placement  # noqa: F401


class Status(models.TextChoices):
    """What a person decided about an article. Only `news.workflow` assigns it."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")


class State(models.TextChoices):
    """Where an article is: its status, and what time has made of it. Derived, never stored."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("in review")
    RETURNED = "returned", _("returned")
    SCHEDULED = "scheduled", _("scheduled")
    LIVE = "live", _("live")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")


def _started(at: datetime | None, prefix: str = "") -> Q:
    return Q(**{f"{prefix}published_at__lte": at or Now()})


def _ended(at: datetime | None, prefix: str = "") -> Q:
    return Q(**{f"{prefix}expires_at__lte": at or Now()})


def _not_ended(at: datetime | None) -> Q:
    return Q(expires_at=None) | Q(expires_at__gt=at or Now())


_NOT_ON_CARDS = (
    "body corrected_at created_at created_by dateline expires_at is_unverified lead_caption lead_credit sign_off "
    "source_key status updated_at version"
).split()
_NOT_ON_PAGES_OF_PHOTOS = (
    "created_at file_type focus_x focus_y is_decorative is_shared original people place previous_key rights_note "
    "sha256 taken_on uploaded_by usable_until waiting"
).split()
_NOT_ON_CARDS_OF_PHOTOS = [*_NOT_ON_PAGES_OF_PHOTOS, "alt", "caption", "credit", "region"]


class ArticleQuerySet(models.QuerySet["Article"]):
    def live(self, at: datetime | None = None) -> Self:
        """What readers can open."""
        return self.filter(_started(at), _not_ended(at), status=Status.APPROVED, region__is_open=True)

    def gone(self, at: datetime | None = None) -> Self:
        """What readers could open once, and cannot any more: expired, or withdrawn after it was live (410)."""
        expired = Q(status=Status.APPROVED) & _ended(at)
        withdrawn = Q(status=Status.WITHDRAWN, published_at__lte=F("withdrawal__withdrawn_at"))
        return self.filter(_started(at), expired | withdrawn, region__is_open=True)

    def approved(self) -> Self:
        """Scheduled, live or expired: what has placements."""
        return self.filter(status=Status.APPROVED)

    def addressed(self) -> Self:
        """Those whose address may say something to readers, now or later: with placements, or taken back."""
        return self.filter(status__in=[Status.APPROVED, Status.WITHDRAWN])

    def scheduled(self, at: datetime | None = None) -> Self:
        """Approved, and not live yet."""
        return self.filter(status=Status.APPROVED, published_at__gt=at or Now())

    def published(self, at: datetime | None = None) -> Self:
        """Approved and begun; live, or expired since."""
        return self.filter(_started(at), status=Status.APPROVED)

    def unpublished(self, at: datetime | None = None) -> Self:
        """Not before readers yet, and not taken back: on the desk, or scheduled."""
        scheduled = Q(status=Status.APPROVED, published_at__gt=at or Now())
        return self.filter(scheduled | Q(status__in=[Status.DRAFT, Status.SUBMITTED, Status.RETURNED]))

    def in_review(self) -> Self:
        return self.filter(status=Status.SUBMITTED)

    def drafts(self) -> Self:
        return self.filter(status=Status.DRAFT)

    def with_editors(self) -> Self:
        """What its writer has handed over, or readers have."""
        return self.exclude(status__in=[Status.DRAFT, Status.RETURNED])

    def returned(self) -> Self:
        return self.filter(status=Status.RETURNED)

    def with_state(self, at: datetime | None = None) -> Self:
        """Adds `state`, a `State`."""
        approved = Q(status=Status.APPROVED)
        return self.annotate(
            state=Case(
                When(approved & ~_started(at), then=Value(State.SCHEDULED)),
                When(approved & _ended(at), then=Value(State.EXPIRED)),
                When(approved, then=Value(State.LIVE)),
                default=F("status"),
                output_field=models.CharField(),
            )
        )

    def showing(self, photo: Any) -> Self:
        """Those with this photo at their top or in their gallery."""
        return self.filter(Q(lead_photo=photo) | Q(pk__in=photo.gallery_uses.values("article")))

    def by(self, user: Any) -> Self:
        """The person's own: created by them, or with their byline."""
        own = self.model._default_manager.filter(Q(created_by=user) | Q(bylines__author__user=user))
        return self.filter(pk__in=own.values("pk"))

    def for_cards(self) -> Self:
        """Everything that a card shows, in one query."""
        return self.select_related("region", "section", "lead_photo").defer("body")

    def for_furnished_cards(self) -> Self:
        """Likewise where regions and sections come from memory (news.furnishing): a fraction of the columns."""
        return self.select_related("lead_photo").defer(
            *_NOT_ON_CARDS, *(f"lead_photo__{name}" for name in _NOT_ON_CARDS_OF_PHOTOS)
        )

    def for_page(self) -> Self:
        """Everything that the article page shows, in three queries."""
        return self.select_related("region__parent__parent", "section", "lead_photo").prefetch_related(
            "bylines", "tags"
        )

    def for_furnished_page(self) -> Self:
        """Likewise, in one; the rest is news.furnishing's."""
        return self.select_related("lead_photo").defer(*(f"lead_photo__{name}" for name in _NOT_ON_PAGES_OF_PHOTOS))


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Lists: rows that say "this article stands in this region's lists, from this time"."""

    def live(self, at: datetime | None = None) -> Self:
        """What readers can see in lists."""
        return self.filter(_started(at), _not_ended(at), article__status=Status.APPROVED, article__region__is_open=True)

    def in_region(self, region: Region | int) -> Self:
        return self.filter(region=region)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-article_id")

    def before(self, published_at: datetime, article_id: int) -> Self:
        """What follows the row with these keys in `newest_first()` order.

        Written as a range with the ties taken out, not as `a < x or (a = x and b < y)`: both databases start the
        index scan at `published_at` for this form.
        """
        return self.filter(published_at__lte=published_at).exclude(
            published_at=published_at, article_id__gte=article_id
        )
