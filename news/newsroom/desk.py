"""The newsroom's start page: comments and articles that wait for this person, and articles that are scheduled."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from news.models import Article, Comment
from news.models.querysets import ArticleQuerySet, State
from news.publishing import proposals
from regions.permissions import access
from regions.permissions.access import Permission

from .readable import readable

LENGTH = 8
"""Rows in one list."""
MOST_COMMENTS = 20


@dataclass(frozen=True)
class Pile:
    """A list on the desk. `more` is the address of the whole list, if it is longer than shown."""

    title: str | Promise
    empty: str | Promise
    articles: list[Article]
    more: str


def may_write(user: User | AnonymousUser) -> bool:
    """Whether this person may write for any region."""
    return bool(access.branches_for(user, Permission.WRITE))


def comments(user: User | AnonymousUser) -> list[Comment]:
    """The newest comment by somebody else in each open thread that waits for this person, on stories that they may
    read; newest first."""
    if not isinstance(user, User):
        return []
    rows = Comment.objects.waiting_for(user, _seen(user)).select_related("person", "article__region")
    return list(rows.order_by("-written_at", "-pk")[:MOST_COMMENTS])


def piles(user: User | AnonymousUser) -> list[Pile]:
    """The lists for this person, most urgent first."""
    edited, own = _edited(user), _own(user)
    seen = _seen(user)
    lists = []
    if access.branches_for(user, Permission.PUBLISH):
        waiting = edited.in_review().order_by("updated_at", "pk")
        lists.append(_pile(_("Waiting for review"), _("Nothing waits for review."), waiting, State.SUBMITTED))
    else:
        waiting = own.in_review().order_by("updated_at", "pk")
        lists.append(_pile(_("With the editors"), _("Nothing of yours is with the editors."), waiting, State.SUBMITTED))
    proposed = edited.filter(pk__in=proposals.waiting(user).values("article"))
    if access.branches_for(user, Permission.EDIT) and proposed.exists():
        lists.append(_pile(_("Proposed changes"), "", proposed.order_by("updated_at", "pk"), State.LIVE))
    returned = own.returned().order_by("-updated_at", "-pk")
    lists += [
        _pile(_("Returned to you"), _("Nothing came back."), returned, State.RETURNED),
        _pile(_("Your drafts"), _("You have no drafts."), own.drafts().order_by("-updated_at", "-pk"), State.DRAFT),
        _pile(
            _("Scheduled"), _("Nothing is scheduled."), seen.scheduled().order_by("published_at", "pk"), State.SCHEDULED
        ),
        _pile(_("Live"), _("Nothing is live yet."), seen.live().order_by("-published_at", "-pk"), State.LIVE),
    ]
    return lists


def _edited(user: User | AnonymousUser) -> ArticleQuerySet:
    return Article.objects.filter(region__in=access.regions_for(user, Permission.EDIT))


def _own(user: User | AnonymousUser) -> ArticleQuerySet:
    return Article.objects.by(user).filter(region__in=access.regions_for(user, Permission.WRITE))


def _seen(user: User | AnonymousUser) -> ArticleQuerySet:
    """The articles that the person may read."""
    return Article.objects.filter(readable(user).condition)


def _pile(title: Promise | str, empty: Promise | str, rows: Any, state: State) -> Pile:
    articles = list(rows.with_state().for_cards().prefetch_related("bylines")[: LENGTH + 1])
    more = f"{reverse('admin:news_article_changelist')}?state={state}" if len(articles) > LENGTH else ""
    return Pile(title, empty, articles[:LENGTH], more)
