"""Who may do what with an article: the acts, and the permission and statuses that each requires."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from news.models import Article, Byline, Status
from news.models.querysets import State
from regions import tree
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Actor = User | AnonymousUser


class Act(StrEnum):
    """What a person can do with an article besides saving its text. The form's buttons send these values."""

    SUBMIT = "submit"
    RECALL = "recall"
    RETURN = "return"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    THROW_AWAY = "throw_away"
    BRING_BACK = "bring_back"


@dataclass(frozen=True)
class Rule:
    """Who may do an act, and in which statuses. `own` allows it to writers for their own articles; without a
    permission, to nobody else."""

    permission: Permission | None
    statuses: frozenset[Status]
    own: bool = False


_ON_THE_DESK = frozenset({Status.DRAFT, Status.RETURNED, Status.SUBMITTED})
RULES = {
    Act.SUBMIT: Rule(Permission.EDIT, frozenset({Status.DRAFT, Status.RETURNED}), own=True),
    Act.RECALL: Rule(None, frozenset({Status.SUBMITTED}), own=True),
    Act.RETURN: Rule(Permission.PUBLISH, frozenset({Status.SUBMITTED, Status.APPROVED})),
    Act.PUBLISH: Rule(Permission.PUBLISH, _ON_THE_DESK | {Status.APPROVED}),
    Act.SCHEDULE: Rule(Permission.PUBLISH, _ON_THE_DESK | {Status.APPROVED}),
    Act.WITHDRAW: Rule(Permission.WITHDRAW, frozenset({Status.APPROVED})),
    Act.CORRECT: Rule(Permission.PUBLISH, frozenset({Status.APPROVED})),
    Act.THROW_AWAY: Rule(Permission.EDIT, frozenset({Status.DRAFT, Status.RETURNED}), own=True),
    Act.BRING_BACK: Rule(Permission.EDIT, frozenset({Status.BINNED}), own=True),
}
PUBLISHING_FIELDS = ("published_at", "expires_at", "embargo_until", "is_unverified")
"""Fields that only people who publish in the article's region may change."""
_PERMISSION_TO_MOVE: dict[str, Permission] = {Status.APPROVED: Permission.PUBLISH, Status.SUBMITTED: Permission.EDIT}
"""The permission required in the region to which an article is moved: the one for writing such an article there."""


def is_own(article: Article, actor: "Actor") -> bool:
    """Whether the actor created the article or has a byline on it."""
    if actor.pk is None:
        return False
    if article.created_by_id == actor.pk:
        return True
    return article.pk is not None and any(row.author.user_id == actor.pk for row in article.bylines.all())


def is_entitled(article: Article, actor: "Actor", rule: Rule) -> bool:
    """Whether the actor's roles in the article's region allow the rule's act, regardless of the article's status."""
    if rule.permission and access.allowed(actor, rule.permission, article.region):
        return True
    return rule.own and is_own(article, actor) and access.allowed(actor, Permission.WRITE, article.region)


def may_read(article: Article, actor: "Actor") -> bool:
    """Whether the actor may see the article in the newsroom: editors see all of their regions, writers their own."""
    return is_entitled(article, actor, Rule(Permission.EDIT, frozenset(), own=True))


def readable_by(actor: "Actor") -> Q:
    """The condition for articles that the actor may see in the newsroom: those for which `may_read` answers yes.

    Bylines are looked up row by row, so it suits queries that are narrow otherwise.
    """
    edits, writes = (access.branches_for(actor, each) for each in (Permission.EDIT, Permission.WRITE))
    seen = _in_branches(edits)
    if all(any(tree.contains(path, other) for path in edits) for other in writes):
        return seen
    has_byline = Exists(Byline.objects.filter(article=OuterRef("pk"), author__user=actor.pk))
    return seen | (_in_branches(writes) & (Q(created_by=actor.pk) | Q(has_byline)))


def _in_branches(paths: list[str]) -> Q:
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(region__path__startswith=path)
    return condition


def readers(article: Article) -> QuerySet[User]:
    """The people who may see the article in the newsroom: all whom `may_read` answers with yes."""
    own = Q(pk=article.created_by_id) | Q(author__bylines__article=article.pk)
    writers = access.people_for(Permission.WRITE, article.region).filter(own)
    editors = access.people_for(Permission.EDIT, article.region)
    return User.objects.filter(Q(pk__in=editors.values("pk")) | Q(pk__in=writers.values("pk")))


def may_edit(article: Article, actor: "Actor") -> bool:
    """Whether the actor may change the text: editors always, writers while their own article is a draft or returned."""
    if article.status in (Status.WITHDRAWN, Status.BINNED):
        return False
    is_with_writer = article.status in (Status.DRAFT, Status.RETURNED)
    return is_entitled(article, actor, Rule(Permission.EDIT, frozenset(), own=is_with_writer))


def may_propose(article: Article, actor: "Actor") -> bool:
    """Whether the actor may propose changes: writers to their own live or scheduled articles."""
    if article.status != Status.APPROVED or may_edit(article, actor):
        return False
    return is_entitled(article, actor, Rule(Permission.EDIT, frozenset(), own=True))


def may_move(article: Article, region: Region, actor: "Actor") -> bool:
    """Whether the actor may move the article, in its present status, to `region`."""
    return access.allowed(actor, _PERMISSION_TO_MOVE.get(article.status, Permission.WRITE), region)


def has_begun(article: Article, now: datetime) -> bool:
    """Whether the article has been published by `now` (the database's time), even if it is gone again."""
    return article.status == Status.APPROVED and article.published_at is not None and article.published_at <= now


def database_time() -> datetime:
    """The time by the database's clock, which decides what is live."""
    now: datetime = Region.objects.order_by().annotate(now=Now()).values_list("now", flat=True)[:1].get()
    return now


def state(article: Article, now: datetime) -> State:
    """The article's state at `now`, from its status and its times."""
    if article.status != Status.APPROVED:
        return State(article.status)
    if article.published_at is None or article.published_at > now:
        return State.SCHEDULED
    return State.EXPIRED if article.expires_at and article.expires_at <= now else State.LIVE


def is_possible(act: Act, article: Article, now: datetime) -> bool:
    """Whether the article's status and time allow the act.

    An approved article can be returned or rescheduled until it is live; from then on it can be corrected and withdrawn.
    One in the bin can be brought back for BIN_DAYS.
    """
    if article.status not in RULES[act].statuses:
        return False
    if article.status == Status.BINNED:
        return article.updated_at > now - timedelta(days=settings.BIN_DAYS)
    if article.status != Status.APPROVED:
        return True
    return has_begun(article, now) is (act in (Act.WITHDRAW, Act.CORRECT))


def offered(article: Article, actor: "Actor") -> list[Act]:
    """The acts that this person can do with the article now, in the order of the form's buttons."""
    now = database_time()
    return [act for act, rule in RULES.items() if is_possible(act, article, now) and is_entitled(article, actor, rule)]
