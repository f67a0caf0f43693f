"""The stories that wait for a person's review, in the order in which they were submitted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from news.models import Article, Event
from news.models.querysets import ArticleQuerySet
from regions.permissions import access
from regions.permissions.access import Permission


@dataclass(frozen=True)
class Place:
    """Where a story stands in the queue: the keys of those before and after it, and how many others wait.

    Behind the last story comes the first one. None: no other story waits.
    """

    previous: int | None
    next: int | None
    others: int


def waiting(user: User | AnonymousUser) -> ArticleQuerySet:
    """The stories in review where this person may publish, oldest submitted first."""
    return _in_order(Article.objects.in_review().filter(region__in=access.regions_for(user, Permission.PUBLISH)))


def place(user: User | AnonymousUser, article: Article) -> Place:
    """Where the story stands in this person's queue, or stood before somebody decided about it. Two queries."""
    own = _keys(_in_order(Article.objects.filter(pk=article.pk)))[0]
    keys = [key for key in _keys(waiting(user)) if key != own]
    before = [pk for moment, pk in keys if (moment, pk) < own]
    after = [pk for moment, pk in keys if (moment, pk) > own]
    around = [*after, *before]
    return Place(around[-1] if around else None, around[0] if around else None, len(around))


def next_in_queue(user: User | AnonymousUser, after: Article | None = None) -> int | None:
    """The key of the story to review after this one; without one, of the story that has waited longest. None: nothing
    waits."""
    if after is None:
        return waiting(user).values_list("pk", flat=True).first()
    return place(user, after).next


def _in_order(articles: ArticleQuerySet) -> ArticleQuerySet:
    """By the time of submission, so that a story keeps its place when an editor saves it. Imports have no such time."""
    submitted = Event.objects.filter(article=OuterRef("pk"), verb=Event.Verb.SUBMITTED)
    newest = submitted.order_by("-happened_at", "-pk").values("happened_at")[:1]
    return articles.annotate(submitted_at=Coalesce(Subquery(newest), "updated_at")).order_by("submitted_at", "pk")


def _keys(articles: Any) -> list[tuple[datetime, int]]:
    return list(articles.values_list("submitted_at", "pk"))
