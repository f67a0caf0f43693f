"""The newsroom's first page: what waits for this person, and what is about to happen."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from news.models import Article
from news.querysets import State
from regions import access
from regions.access import Permission

LENGTH = 8
"""Rows in one list."""


@dataclass(frozen=True)
class Pile:
    """A list on the desk. `more` is the address of all of it, when it is longer."""

    title: str | Promise
    empty: str | Promise
    stories: list[Article]
    more: str


def may_write(user: User | AnonymousUser) -> bool:
    """Whether this person writes for any region at all."""
    return bool(access.branches_for(user, Permission.WRITE))


def piles(user: User | AnonymousUser) -> list[Pile]:
    """The lists for this person, most urgent first."""
    edited = Article.objects.filter(region__in=access.regions_for(user, Permission.EDIT))
    own = Article.objects.by(user).filter(region__in=access.regions_for(user, Permission.WRITE))
    seen = (edited | own).distinct()
    lists = []
    if access.branches_for(user, Permission.PUBLISH):
        waiting = edited.in_review().order_by("updated_at", "pk")
        lists.append(_pile(_("Waiting for review"), _("Nothing waits for review."), waiting, State.SUBMITTED))
    else:
        waiting = own.in_review().order_by("updated_at", "pk")
        lists.append(_pile(_("With the editors"), _("Nothing of yours is with the editors."), waiting, State.SUBMITTED))
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


def _pile(title: Promise | str, empty: Promise | str, rows: Any, state: State) -> Pile:
    stories = list(rows.with_state().for_cards().prefetch_related("bylines")[: LENGTH + 1])
    more = f"{reverse('admin:news_article_changelist')}?state={state}" if len(stories) > LENGTH else ""
    return Pile(title, empty, stories[:LENGTH], more)
