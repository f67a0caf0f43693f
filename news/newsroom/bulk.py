"""One act with many stories: each in its own transaction, and each refusal with its reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.models import Article, Section
from news.publishing import fronts, workflow
from news.publishing.workflow import Act, Details
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

MOST = 100
"""Stories at once."""


@dataclass(frozen=True)
class Typed:
    """What was typed or chosen for all of the stories. An act uses its own `fields` alone."""

    note: str = ""
    reason: str = ""
    section: Section | None = None
    region: Region | None = None
    slot: str = ""


@dataclass(frozen=True)
class Task:
    """One story's share, with the version that the person saw on the list."""

    article: Article
    seen: int
    actor: User
    typed: Typed


@dataclass(frozen=True)
class BulkAct:
    """An act of the list. `permission` is the one that offers it; each story asks for its own.

    `is_last_first`: the lowest story of the list comes first, so that readers' lists, where the newest stands on top,
    have the same order. `is_final`: it cannot be undone.
    """

    label: str | Promise
    permission: Permission
    run: Callable[[Task], object]
    fields: tuple[str, ...] = ()
    is_last_first: bool = False
    is_final: bool = False


@dataclass
class Outcome:
    """The keys of the stories with which it was done, and those with which it was not, each with the reason."""

    done: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def offered(person: User | AnonymousUser) -> dict[str, BulkAct]:
    """The acts that this person's roles allow in some region."""
    return {name: act for name, act in ACTS.items() if access.branches_for(person, act.permission)}


def run(act: BulkAct, articles: Iterable[Article], *, seen: dict[int, int], actor: User, typed: Typed) -> Outcome:
    """Do the act with each story. `seen` has the versions that the person saw; a story without one is refused.

    Call it outside of a transaction: what is done stays done, whatever becomes of the next story.
    """
    order = list(articles)
    outcome = Outcome()
    for article in reversed(order) if act.is_last_first else order:
        task = Task(article, seen.get(article.pk, 0), actor, typed)
        reason = _try(act, task)
        if reason:
            outcome.refused.append((article.pk, reason))
        else:
            outcome.done.append(article.pk)
    if act.is_last_first:
        outcome.done.reverse()
        outcome.refused.reverse()
    return outcome


def _try(act: BulkAct, task: Task) -> str:
    """Do one story's share. Returns why it was refused; empty if it was done."""
    try:
        act.run(task)
    except workflow.VersionConflict:
        return _("Somebody else has stored the story since you chose it. Look at it, then try again.")
    except PermissionDenied:
        return _("Your role does not allow it in %(region)s.") % {"region": task.article.region}
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    except OperationalError:  # a deadlock, or the database went away
        return _("It could not be stored just now. Try again.")
    return ""


# --- The acts -----------------------------------------------------------------------------------------------------


def _perform(act: Act) -> Callable[[Task], object]:
    def run(task: Task) -> object:
        details = Details(note=task.typed.note, reason=task.typed.reason)
        return workflow.perform(act, task.article, actor=task.actor, details=details, seen_version=task.seen)

    return run


def _assign_section(task: Task) -> object:
    if task.typed.section is None:
        raise ValidationError(_("Choose a section."))
    article = task.article
    if not access.allowed(task.actor, Permission.EDIT, article.region):
        raise PermissionDenied
    article.section = task.typed.section
    try:
        return workflow.save(article, actor=task.actor, seen_version=task.seen)
    except PermissionDenied as refusal:  # the role allows it, so it is the state that does not
        state = {"status": article.get_status_display()}
        raise ValidationError(_("This is not possible: the story is %(status)s.") % state) from refusal


def _place(task: Task) -> object:
    """First in the slot of the front page, so that the last one of the list comes first.

    It makes no version of the story, but what is placed is what the person saw.
    """
    if task.typed.region is None:
        raise ValidationError(_("Choose a region."))
    if task.article.version != task.seen:
        raise workflow.VersionConflict("")
    live = fronts.in_force(task.typed.region)
    seen = fronts.Seen(live.pk if live else None)
    return fronts.place(task.article, task.typed.region, task.typed.slot, actor=task.actor, seen=seen)


ACTS: dict[str, BulkAct] = {
    "publish": BulkAct(gettext_lazy("Publish now"), Permission.PUBLISH, _perform(Act.PUBLISH), is_last_first=True),
    "return": BulkAct(gettext_lazy("Return"), Permission.PUBLISH, _perform(Act.RETURN), ("note",)),
    "section": BulkAct(gettext_lazy("Assign a section"), Permission.EDIT, _assign_section, ("section",)),
    "place": BulkAct(
        gettext_lazy("Place on a front page, in this order"),
        Permission.PUBLISH,
        _place,
        ("region", "slot"),
        is_last_first=True,
    ),
    "throw_away": BulkAct(gettext_lazy("Throw away"), Permission.WRITE, _perform(Act.THROW_AWAY)),
    "bring_back": BulkAct(gettext_lazy("Bring back"), Permission.WRITE, _perform(Act.BRING_BACK)),
    "withdraw": BulkAct(
        gettext_lazy("Withdraw"), Permission.WITHDRAW, _perform(Act.WITHDRAW), ("reason",), is_final=True
    ),
}
