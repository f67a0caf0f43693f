"""The one definition of which articles are public.

An article's status stores only what a person decided. *Scheduled* and *live* are not stored: an approved article is
live once its `published_at` has passed by the database's clock, so publication needs no job that could be late. Views,
feeds, counts and tests all use the methods below; nothing else in the project filters on status.

`at` is an aware moment for which a question is answered; by default it is the time of the query by the database's
clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from typing_extensions import TypeVar

from regions.models import Region

if TYPE_CHECKING:
    from . import Article, Placement, TaggedPlacement  # noqa: F401

Listed = TypeVar("Listed", bound="Placement | TaggedPlacement", default="Placement")


class Status(models.TextChoices):
    """What a person decided about an article. Only `news.publishing.workflow` assigns it."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")
    BINNED = "binned", _("in the bin")


class State(models.TextChoices):
    """What an article is at a moment: derived from its status and its times, never stored."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("in review")
    RETURNED = "returned", _("returned")
    SCHEDULED = "scheduled", _("scheduled")
    LIVE = "live", _("live")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")
    BINNED = "binned", _("in the bin")


def _started(at: datetime | None, prefix: str = "") -> Q:
    return Q(**{f"{prefix}published_at__lte": at or Now()})


def _ended(at: datetime | None, prefix: str = "") -> Q:
    return Q(**{f"{prefix}expires_at__lte": at or Now()})


def _not_ended(at: datetime | None) -> Q:
    return Q(expires_at=None) | Q(expires_at__gt=at or Now())


CARD_COLUMNS = "id kicker kind lead_photo published_at region section slug summary title".split()
"""The columns of an article that cards show. For a new column, tests/models/test_card_columns.py asks whether it
belongs here."""
PHOTO_CARD_COLUMNS = "id colour height rendition_key rendition_manifest width".split()
"""The columns of a photo that cards show."""
PHOTO_PAGE_COLUMNS = [*PHOTO_CARD_COLUMNS, "alt", "caption", "credit", "region"]
"""The columns of the lead photo that an article's page shows."""


class ArticleQuerySet(models.QuerySet["Article"]):
    def live(self, at: datetime | None = None) -> Self:
        """The articles that readers can open."""
        return self.filter(_started(at), _not_ended(at), status=Status.APPROVED, region__is_open=True)

    def gone(self, at: datetime | None = None) -> Self:
        """The articles that readers could open in the past: expired, or withdrawn after being live. They answer 410."""
        expired = Q(status=Status.APPROVED) & _ended(at)
        withdrawn = Q(status=Status.WITHDRAWN, published_at__lte=F("withdrawal__withdrawn_at"))
        return self.filter(_started(at), expired | withdrawn, region__is_open=True)

    def published(self, at: datetime | None = None) -> Self:
        """The articles that were published: live or expired ones, and those withdrawn after being live."""
        withdrawn = Q(status=Status.WITHDRAWN, published_at__lte=F("withdrawal__withdrawn_at"))
        return self.filter(_started(at), Q(status=Status.APPROVED) | withdrawn)

    def approved(self) -> Self:
        """The articles that are scheduled, live or expired; exactly these have placements."""
        return self.filter(status=Status.APPROVED)

    def addressed(self) -> Self:
        """The articles whose address may show readers something, now or later: approved or withdrawn ones."""
        return self.filter(status__in=[Status.APPROVED, Status.WITHDRAWN])

    def scheduled(self, at: datetime | None = None) -> Self:
        """The approved articles that are not live yet."""
        return self.filter(status=Status.APPROVED, published_at__gt=at or Now())

    def unpublished(self, at: datetime | None = None) -> Self:
        """The articles that have not been published: drafts, submitted, returned and scheduled ones."""
        scheduled = Q(status=Status.APPROVED, published_at__gt=at or Now())
        return self.filter(scheduled | Q(status__in=[Status.DRAFT, Status.SUBMITTED, Status.RETURNED]))

    def in_review(self) -> Self:
        return self.filter(status=Status.SUBMITTED)

    def drafts(self) -> Self:
        return self.filter(status=Status.DRAFT)

    def with_editors(self) -> Self:
        """The articles that their writers have submitted, whatever became of them, except returned ones."""
        return self.exclude(status__in=[Status.DRAFT, Status.RETURNED, Status.BINNED])

    def in_bin(self, since: datetime) -> Self:
        """The articles that were thrown away since then. Nothing changes an article that is in the bin."""
        return self.filter(status=Status.BINNED, updated_at__gt=since)

    def outside_bin(self) -> Self:
        return self.exclude(status=Status.BINNED)

    def to_be_emptied(self, before: datetime) -> Self:
        """The articles that were thrown away before then."""
        return self.filter(status=Status.BINNED, updated_at__lte=before)

    def not_emptied(self, before: datetime) -> Self:
        """All articles but those that were thrown away before then."""
        return self.exclude(status=Status.BINNED, updated_at__lte=before)

    def returned(self) -> Self:
        return self.filter(status=Status.RETURNED)

    def in_state(self, state: State, at: datetime | None = None) -> Self:
        """The articles whose `State` that is, by conditions for which there are indexes."""
        match state:
            case State.SCHEDULED:
                return self.scheduled(at)
            case State.LIVE:
                return self.filter(_started(at), _not_ended(at), status=Status.APPROVED)
            case State.EXPIRED:
                return self.filter(_started(at), _ended(at), status=Status.APPROVED)
            case _:
                return self.filter(status=state)

    def waiting_since(self, moment: datetime) -> Self:
        """The articles in review that were submitted last before `moment`."""
        later = self.model._meta.get_field("events").related_model._default_manager.filter(
            article=OuterRef("pk"), verb="submitted", happened_at__gt=moment
        )
        return self.in_review().filter(~Exists(later))

    def with_state(self, at: datetime | None = None) -> Self:
        """Annotate `state`, a value of `State`."""
        approved = Q(status=Status.APPROVED)
        return self.annotate(
            state=Case(
                When(approved & ~_started(at), then=Value(State.SCHEDULED)),
                When(approved & _ended(at), then=Value(State.EXPIRED)),
                When(approved, then=Value(State.LIVE)),
                default=F("status"),
            )
        )

    def showing(self, photo: Any) -> Self:
        """The articles with this photo as lead photo, in their gallery or in their text."""
        return self.filter(
            Q(lead_photo=photo)
            | Q(pk__in=photo.gallery_uses.values("article"))
            | Q(pk__in=photo.body_uses.values("article"))
        )

    def referring_to(self, stories: Iterable[int]) -> Self:
        """The articles whose text refers to one of these stories."""
        return self.filter(body_references__story__in=stories)

    def by(self, user: Any) -> Self:
        """The articles that the person created or has a byline on."""
        return self.filter(pk__in=self.keys_by(user))

    def keys_by(self, user: Any) -> models.QuerySet[Any, Any]:
        """The keys of `by`, for a look-up with `__in`: two look-ups in indexes, where OR would read all articles."""
        articles = self.model._default_manager.order_by()
        made, signed = articles.filter(created_by=user), articles.filter(bylines__author__user=user)
        return made.values("pk").union(signed.values("pk"))

    def for_cards(self) -> Self:
        """Load everything that a card shows, in one query."""
        return self.select_related("region", "section", "lead_photo").defer("body")

    def with_card_columns(self) -> Self:
        """Load what a card shows, except region and section, which news.readers.article_cache has in memory."""
        return self.select_related("lead_photo").only(
            *CARD_COLUMNS, *(f"lead_photo__{name}" for name in PHOTO_CARD_COLUMNS)
        )

    def for_page(self) -> Self:
        """Load everything that the article page shows, in three queries."""
        return self.select_related("region__parent__parent", "section", "lead_photo").prefetch_related(
            "bylines", "tags"
        )

    def with_page_columns(self) -> Self:
        """Load what the article page shows, without what news.readers.article_cache adds, in one query."""
        return self.select_related("lead_photo").only(
            *(field.name for field in self.model._meta.concrete_fields),
            *(f"lead_photo__{name}" for name in PHOTO_PAGE_COLUMNS),
        )


class PlacementQuerySet(models.QuerySet[Listed]):
    """The rows that regions' lists are made of: those of all articles, or those of articles with a tag."""

    def live(self, at: datetime | None = None) -> Self:
        """The placements that readers can see now."""
        return self.filter(_started(at), _not_ended(at), article__status=Status.APPROVED, article__region__is_open=True)

    def in_region(self, region: Region | int) -> Self:
        return self.filter(region=region)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-article_id")

    def before(self, published_at: datetime, article_id: int) -> Self:
        """The rows after the one with these keys, in `newest_first()` order.

        The condition is a range without its ties instead of `a < x or (a = x and b < y)`, because both databases can
        then start the index scan at `published_at`.
        """
        return self.filter(published_at__lte=published_at).exclude(
            published_at=published_at, article_id__gte=article_id
        )
