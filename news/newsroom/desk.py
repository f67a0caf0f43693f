"""The desk: what waits for this person, what goes out next, what is live, who is on duty, and what needs a look.

All lists together cost three queries, however many there are and however large the archive is: one finds the keys of
their rows, one loads the articles, one what the journal knows about them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value, prefetch_related_objects
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from news.models import Article, Comment, Duty, Event, Placement
from news.models.querysets import ArticleQuerySet, State
from news.popularity import rankings
from news.publishing import front_ages, proposals
from regions import tree
from regions.permissions import access
from regions.permissions.access import Permission

from .first_steps import Step, first_steps
from .readable import readable

LENGTH = 8
"""Rows in one list."""
MOST_COMMENTS = 20
ROSTER_AHEAD = timedelta(hours=12)
"""Duties that begin this soon are shown too."""
SILENT_FROM = time(9)
"""From then on, in a region's own time, an edition that has published nothing since midnight is called silent."""

LEAD_STANDS = timedelta(hours=24)
"""A lead that has stood for this long on a front page is pointed out."""


@dataclass(frozen=True)
class Row:
    """An article in one of the lists. `reads` are those of the last day."""

    article: Article
    submitted: Event | None = None
    returned: Event | None = None
    reads: int = 0


@dataclass(frozen=True)
class Pile:
    """One list. `more` is the address of the whole list, if it is longer than shown."""

    key: str
    title: str | Promise
    empty: str | Promise
    rows: list[Row]
    more: str
    is_aside: bool = False


class Edition(NamedTuple):
    name: str
    label: str
    """The region's, empty for the network."""


@dataclass(frozen=True)
class Desk:
    piles: list[Pile] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    roster: list[Duty] = field(default_factory=list)
    first_steps: list[Step] = field(default_factory=list)
    silent: list[Edition] = field(default_factory=list)
    """Those that have published nothing today, for those who manage them."""
    stale: list[Edition] = field(default_factory=list)
    """Others whose front page has had the same lead for long, for those who manage them."""
    pulse: str = ""
    """Changes when something on this desk has changed."""

    @property
    def main(self) -> list[Pile]:
        return [pile for pile in self.piles if not pile.is_aside]

    @property
    def aside(self) -> list[Pile]:
        return [pile for pile in self.piles if pile.is_aside]


@dataclass(frozen=True)
class _Plan:
    """A list before it is read. `rows` are in the order in which they are shown; `state` is what the list of stories
    is filtered by to show all of them; `hides` when it is empty."""

    key: str
    title: str | Promise
    empty: str | Promise
    rows: ArticleQuerySet
    state: State
    is_aside: bool = False
    hides: bool = False


def desk(user: User | AnonymousUser) -> Desk:
    """All that this person's desk shows."""
    if not isinstance(user, User) or not access.branches_for(user, Permission.WRITE):
        return Desk()
    seen = _seen(user)
    silent, stale = _alarms(user)
    return Desk(
        piles=_piles(_plans(user, seen)),
        comments=_comments(user, seen),
        roster=_roster(user),
        first_steps=first_steps(user),
        silent=silent,
        stale=stale,
        pulse=_pulse(user, seen),
    )


def _pulse(user: User, seen: ArticleQuerySet) -> str:
    stored = seen.order_by("-updated_at").values("updated_at")[:1]
    written = Comment.objects.order_by("-pk").values("pk")[:1]
    known = User.objects.filter(username=user.get_username()).values_list(Subquery(stored), Subquery(written))
    return " ".join(str(value) for value in known.get())


@require_safe
def pulse(request: HttpRequest) -> JsonResponse:
    """`{"pulse": …}` of the person's desk, for which its script asks again and again."""
    user = request.user
    value = _pulse(user, _seen(user)) if isinstance(user, User) else ""
    return JsonResponse({"pulse": value}, headers={"Cache-Control": "no-store"})


# --- Lists ----------------------------------------------------------------------------------------------------


def _plans(user: User, seen: ArticleQuerySet) -> list[_Plan]:
    edited, own = _edited(user), _own(user)
    edits = bool(access.branches_for(user, Permission.EDIT))
    plans = []
    if access.branches_for(user, Permission.PUBLISH):
        waiting = edited.in_review().order_by("updated_at", "pk")
        plans.append(_Plan("review", _("Waiting for review"), _("Nothing waits for review."), waiting, State.SUBMITTED))
    if edits:
        proposed = edited.filter(pk__in=proposals.waiting(user).values("article")).order_by("updated_at", "pk")
        plans.append(_Plan("proposed", _("Proposed changes"), "", proposed, State.LIVE, hides=True))
    returned = own.returned().order_by("-updated_at", "-pk")
    plans.append(
        _Plan("returned", _("Returned to you"), _("Nothing came back."), returned, State.RETURNED, hides=edits)
    )
    drafts = own.drafts().order_by("-updated_at", "-pk")
    plans.append(_Plan("drafts", _("Your drafts"), _("You have no drafts."), drafts, State.DRAFT))
    if edits:
        by_user = Event.objects.filter(article=OuterRef("pk"), verb=Event.Verb.RETURNED, actor=user.pk)
        sent_back = edited.returned().filter(Exists(by_user)).order_by("-updated_at", "-pk")
        plans.append(_Plan("sent-back", _("Sent back by you"), "", sent_back, State.RETURNED, hides=True))
    else:
        submitted = own.in_review().order_by("updated_at", "pk")
        plans.append(
            _Plan(
                "with-editors",
                _("With the editors"),
                _("Nothing of yours is with the editors."),
                submitted,
                State.SUBMITTED,
            )
        )
    scheduled = seen.scheduled().order_by("published_at", "pk")
    live = seen.live().order_by("-published_at", "-pk")
    if not edits:
        # A writer's own articles, few and perhaps old, are found first and then sorted. Ordered by the column itself,
        # PostgreSQL walks through everybody's newest ones until it has met enough of them.
        live = live.order_by((F("published_at") + timedelta(0)).desc(), "-pk")
    return [
        *plans,
        _Plan("due", _("Due next"), _("Nothing is scheduled."), scheduled, State.SCHEDULED, is_aside=True),
        _Plan("live", _("Live"), _("Nothing is live yet."), live, State.LIVE, is_aside=True),
    ]


def _piles(plans: list[_Plan]) -> list[Pile]:
    keys = _keys(plans)
    rows = _rows({key for pile in keys.values() for key in pile})
    piles = []
    for plan in plans:
        found = [rows[key] for key in keys.get(plan.key, []) if key in rows]
        if not found and plan.hides:
            continue
        more = f"{reverse('admin:news_article_changelist')}?state={plan.state}" if len(found) > LENGTH else ""
        piles.append(Pile(plan.key, plan.title, plan.empty, found[:LENGTH], more, plan.is_aside))
    return piles


def _keys(plans: list[_Plan]) -> dict[str, list[int]]:
    """List → keys of its first articles, in its order; one row more than is shown. One query."""
    parts = [_part(plan) for plan in plans]
    found: dict[str, list[tuple[Any, int]]] = {}
    for pile, pk, updated_at, published_at in parts[0].union(*parts[1:], all=True):
        moment = published_at if pile in ("due", "live") else updated_at
        found.setdefault(pile, []).append((moment, pk))
    newest_first = {plan.key: str(plan.rows.query.order_by[0]).startswith("-") for plan in plans}
    return {pile: [pk for _at, pk in sorted(rows, reverse=newest_first[pile])] for pile, rows in found.items()}


def _part(plan: _Plan) -> "QuerySet[Article, tuple[Any, ...]]":
    """The list's own part of the union. Its slice is a subquery, because SQLite allows none in the parts themselves."""
    first = plan.rows.values("pk")[: LENGTH + 1]
    named = Article.objects.filter(pk__in=first).annotate(pile=Value(plan.key)).order_by()
    return named.values_list("pile", "pk", "updated_at", "published_at")


def _rows(keys: Iterable[int]) -> dict[int, Row]:
    """Key → row, with what the journal and the counter know."""
    articles = list(Article.objects.filter(pk__in=keys).with_state().for_cards())
    if not articles:
        return {}
    prefetch_related_objects(articles, "bylines")
    events = {(event.article_id, event.verb): event for event in _events(articles)}  # the last one counts
    live = [article for article in articles if article.state == State.LIVE]
    reads = rankings.of_last_day(live) if live else {}
    return {
        article.pk: Row(
            article,
            submitted=events.get((article.pk, Event.Verb.SUBMITTED)),
            returned=events.get((article.pk, Event.Verb.RETURNED)),
            reads=reads.get(article.pk, 0),
        )
        for article in articles
    }


def _events(articles: list[Article]) -> "QuerySet[Event]":
    waiting = [article.pk for article in articles if article.state in (State.SUBMITTED, State.RETURNED)]
    verbs = [Event.Verb.SUBMITTED, Event.Verb.RETURNED]
    return Event.objects.filter(article__in=waiting, verb__in=verbs).select_related("actor").order_by("pk")


# --- Everything else ------------------------------------------------------------------------------------------


def _comments(user: User, seen: ArticleQuerySet) -> list[Comment]:
    """The newest comment by somebody else in each open thread that waits for this person, on stories that they may
    read; newest first."""
    rows = Comment.objects.waiting_for(user, seen).select_related("person", "article__region")
    return list(rows.order_by("-written_at", "-pk")[:MOST_COMMENTS])


def _roster(user: User) -> list[Duty]:
    """Who is on duty now or soon, in this person's regions and those above them."""
    branches = access.branches_for(user, Permission.WRITE)
    above = {path for branch in branches for path in tree.lineage(branch)}
    below = Q(region__in=access.regions_for(user, Permission.WRITE))
    duties = Duty.objects.until(timezone.now() + ROSTER_AHEAD).filter(below | Q(region__path__in=above))
    return list(duties.select_related("person", "region")[:LENGTH])


def _alarms(user: User) -> tuple[list[Edition], list[Edition]]:
    """The silent editions of open regions that this person manages, and the others whose lead has stood for
    `LEAD_STANDS`. One query."""
    silent: list[Edition] = []
    stale: list[Edition] = []
    if not access.branches_for(user, Permission.MANAGE):
        return silent, stale
    now = timezone.now()
    newest = Placement.objects.live().filter(region=OuterRef("pk")).newest_first().values("published_at")[:1]
    editions = front_ages.with_leads(access.regions_for(user, Permission.MANAGE).filter(is_open=True))
    columns = editions.values_list("short_name", "subdomain", "timezone", Subquery(newest), "lead_since")
    for name, subdomain, zone, newest_at, lead_since in columns:
        edition = Edition(name, subdomain)
        if _is_silent(ZoneInfo(zone), newest_at, now):
            silent.append(edition)
        elif lead_since and now - lead_since >= LEAD_STANDS:
            stale.append(edition)
    return silent, stale


def _is_silent(zone: ZoneInfo, newest: datetime | None, now: datetime) -> bool:
    here = now.astimezone(zone)
    return here.time() >= SILENT_FROM and (newest is None or newest.astimezone(zone).date() < here.date())


def _edited(user: User) -> ArticleQuerySet:
    return Article.objects.filter(region__in=access.regions_for(user, Permission.EDIT))


def _own(user: User) -> ArticleQuerySet:
    return Article.objects.by(user).filter(region__in=access.regions_for(user, Permission.WRITE))


def _seen(user: User) -> ArticleQuerySet:
    """The articles that the person may read."""
    return Article.objects.filter(readable(user).condition)
