"""An article's way from the first line to readers, and back: the only writer of `status`.

Every act is one transaction: lock the row, check that the actor may and that the article is ready, change it,
write the journal, rebuild the placements. Times are aware; "now" is the database's clock, read with the lock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from regions import access, editions
from regions.access import Permission

from . import body, journal, placing
from .images import renditions
from .models import Article, Byline, Correction, Event, Status, Withdrawal
from .slugs import slug_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    Actor = User | AnonymousUser
    Change = Callable[[Article, datetime], None]


class Refused(ValidationError):
    """The act is not possible now; the message says why and what to do."""


class Stale(Refused):
    """Somebody else stored the article since the actor opened it."""


class Act(StrEnum):
    """What a person can do with an article besides editing it."""

    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    WITHDRAW = "withdraw"
    CORRECT = "correct"


@dataclass(frozen=True)
class Rule:
    """Who may do an act, and from which status. `own` lets writers do it with their own stories."""

    permission: Permission
    statuses: frozenset[Status]
    own: bool = False


_ON_THE_DESK = frozenset({Status.DRAFT, Status.RETURNED, Status.SUBMITTED})
RULES = {
    Act.SUBMIT: Rule(Permission.EDIT, frozenset({Status.DRAFT, Status.RETURNED}), own=True),
    Act.RETURN: Rule(Permission.PUBLISH, frozenset({Status.SUBMITTED, Status.APPROVED})),
    Act.PUBLISH: Rule(Permission.PUBLISH, _ON_THE_DESK | {Status.APPROVED}),
    Act.SCHEDULE: Rule(Permission.PUBLISH, _ON_THE_DESK | {Status.APPROVED}),
    Act.WITHDRAW: Rule(Permission.WITHDRAW, frozenset({Status.APPROVED})),
    Act.CORRECT: Rule(Permission.PUBLISH, frozenset({Status.APPROVED})),
}


_NEEDED_THERE: dict[str, Permission] = {
    Status.APPROVED: Permission.PUBLISH,
    Status.SUBMITTED: Permission.EDIT,
}
"""What moving a story to another region asks for there: no more can be done by moving than by writing it there."""


def is_own(article: Article, actor: "Actor") -> bool:
    """Whether the actor made the article or has a byline on it."""
    return article.created_by_id == actor.pk or article.bylines.filter(author__user=actor.pk).exists()


def _entitled(article: Article, actor: "Actor", rule: Rule) -> bool:
    if access.allowed(actor, rule.permission, article.region):
        return True
    return rule.own and is_own(article, actor) and access.allowed(actor, Permission.WRITE, article.region)


def may_read(article: Article, actor: "Actor") -> bool:
    """Whether the newsroom shows the article to the actor: editors see their regions' stories, writers their own."""
    return _entitled(article, actor, Rule(Permission.EDIT, frozenset(), own=True))


def may_edit(article: Article, actor: "Actor") -> bool:
    """Whether the actor may change the text: editors always, writers while their own story is with them."""
    if article.status == Status.WITHDRAWN:
        return False
    writing = Rule(Permission.EDIT, frozenset(), own=article.status in (Status.DRAFT, Status.RETURNED))
    return _entitled(article, actor, writing)


def offered(article: Article, actor: "Actor") -> list[Act]:
    """The acts that this person can do with the article as it is now, in the desk's order."""
    begun = has_begun(article)
    return [
        act
        for act, rule in RULES.items()
        if article.status in rule.statuses and _in_time(act, article, begun) and _entitled(article, actor, rule)
    ]


def has_begun(article: Article) -> bool:
    """Whether the article is or has been before readers, by the database's clock."""
    return bool(article.pk) and Article.objects.filter(pk=article.pk).published().exists()


def _in_time(act: Act, article: Article, begun: bool) -> bool:
    """An approved article can be called back or timed anew until readers have it; then corrected and withdrawn."""
    if article.status != Status.APPROVED:
        return True
    return begun if act in (Act.WITHDRAW, Act.CORRECT) else not begun


# --- Storing a text -------------------------------------------------------------------------------------------


@editions.writing()
def store(article: Article, *, actor: "Actor", seen_version: int | None = None) -> None:
    """Store a new or edited article; status and times of approved articles stay as they are.

    `seen_version` is the version that the actor had before them. Raises Stale when somebody stored a newer one,
    PermissionDenied when the actor may not edit it. Call `settle` after the related rows are stored.
    """
    before = _lock(article)[0] if article.pk else None
    begun = before is not None and has_begun(before)
    if before is None:
        _require(access.allowed(actor, Permission.WRITE, article.region))
        article.status, article.version = Status.DRAFT, 1
        article.created_by = actor if actor.is_authenticated else None
    else:
        _require(may_edit(before, actor))
        if before.region_id != article.region_id:
            _require(access.allowed(actor, _NEEDED_THERE.get(before.status, Permission.WRITE), article.region))
        if seen_version is not None and before.version != seen_version:
            raise Stale(_("Somebody else has stored this story since you opened it."))
        article.status, article.version = before.status, before.version + 1
        if before.status == Status.APPROVED:
            article.published_at = before.published_at
        if begun:
            article.region, article.slug = before.region, before.slug
    article.body = body.tidy(  # type: ignore[assignment]
        article.body, dateline=article.dateline, sign_off=article.sign_off
    )
    if not begun:
        article.slug = slug_for(article.title)
    article.save()
    verb = Event.Verb.EDITED if before else Event.Verb.CREATED
    journal.record(verb, actor=actor, article=article)


def settle(article: Article) -> None:
    """Make lists follow an edited article, after its shares, bylines and gallery are stored."""
    first = article.gallery.first() if article.kind == Article.Kind.PHOTOS and not article.lead_photo_id else None
    if first:  # lists show a photo story's first photo
        Article.objects.filter(pk=article.pk).update(lead_photo=first.photo_id)
    placing.rebuild(article.pk)


# --- Acts -----------------------------------------------------------------------------------------------------


def submit(article: Article, *, actor: "Actor") -> Article:
    """Hand a draft or returned story to the editors. Raises Refused, PermissionDenied."""

    def change(locked: Article, now: datetime) -> None:
        _require_ready(locked)
        locked.status = Status.SUBMITTED

    return _perform(Act.SUBMIT, article, actor, change, Event.Verb.SUBMITTED)


def return_to_writer(article: Article, *, actor: "Actor", note: str) -> Article:
    """Send a story back, or call back one that is scheduled, saying why. Raises Refused, PermissionDenied."""

    def change(locked: Article, now: datetime) -> None:
        if not note.strip():
            raise Refused(_("Say what the writer should change, then return the story."))
        locked.status = Status.RETURNED

    return _perform(Act.RETURN, article, actor, change, Event.Verb.RETURNED, note.strip())


def publish(article: Article, *, actor: "Actor") -> Article:
    """Approve the story for now. Raises Refused, PermissionDenied."""

    def change(locked: Article, now: datetime) -> None:
        _require_ready(locked)
        _require_photos_fit(locked, now)
        locked.status, locked.published_at = Status.APPROVED, now
        _require_end_after_beginning(locked)

    return _perform(Act.PUBLISH, article, actor, change, Event.Verb.PUBLISHED)


def schedule(article: Article, *, actor: "Actor", at: datetime) -> Article:
    """Approve the story for a moment to come, or move its schedule. Raises Refused, PermissionDenied."""

    def change(locked: Article, now: datetime) -> None:
        _require_ready(locked)
        if at <= now:
            raise Refused(_("That time has passed. Choose a later one, or publish the story now."))
        _require_photos_fit(locked, at)
        locked.status, locked.published_at = Status.APPROVED, at
        _require_end_after_beginning(locked)

    return _perform(Act.SCHEDULE, article, actor, change, Event.Verb.SCHEDULED, article.region.clock(at))


def withdraw(article: Article, *, actor: "Actor", reason: str) -> Article:
    """Take a published story back, in public and for good. Raises Refused, PermissionDenied."""

    def change(locked: Article, now: datetime) -> None:
        if not reason.strip():
            raise Refused(_("Say why the story is withdrawn: readers will see it."))
        locked.status = Status.WITHDRAWN
        Withdrawal.objects.create(
            article=locked,
            reason=reason.strip()[:500],
            withdrawn_at=now,
            actor_id=actor.pk,
        )
        _withdraw_photos(locked)

    return _perform(Act.WITHDRAW, article, actor, change, Event.Verb.WITHDRAWN, reason.strip())


def correct(article: Article, *, actor: "Actor", kind: str, text: str) -> Article:
    """Put a dated record (`Correction.Kind`) on a story that readers have. Raises Refused, PermissionDenied."""

    def change(locked: Article, now: datetime) -> None:
        if not text.strip():
            raise Refused(_("Write what was wrong, and what is right."))
        Correction.objects.create(article=locked, kind=kind, text=text.strip(), made_at=now, actor_id=actor.pk)
        locked.corrected_at = now

    return _perform(Act.CORRECT, article, actor, change, Event.Verb.CORRECTED, text.strip())


@editions.writing()
def bring_in(
    article: Article, *, status: Status, published_at: datetime | None = None, withdrawal: Withdrawal | None = None
) -> Article:
    """Give a story from elsewhere (an import, the demo) the status and time that it had there.

    Nobody decides anything here, so nobody is asked for and the journal has no row. `withdrawal` is its public
    record, not stored yet, for a story that was withdrawn.
    """
    locked, _now = _lock(article)
    locked.status, locked.published_at = status, published_at
    locked.save(update_fields=["status", "published_at", "updated_at"])
    if withdrawal:
        withdrawal.article = locked
        withdrawal.save()
    placing.rebuild(locked.pk)
    return locked


@editions.writing()
def _perform(
    act: Act,
    article: Article,
    actor: "Actor",
    change: Callable[[Article, datetime], None],
    verb: Event.Verb,
    note: str = "",
) -> Article:
    """Check, change, journal, place. The stored article comes back; the one given is left as it was."""
    (locked, now), rule = _lock(article), RULES[act]
    _require(_entitled(locked, actor, rule))
    if locked.status not in rule.statuses or not _in_time(act, locked, has_begun(locked)):
        raise Refused(
            _("This is not possible any more: the story is %(status)s now.") % {"status": _state_in_words(locked)}
        )
    change(locked, now)
    locked.version += 1
    locked.save(update_fields=["status", "published_at", "corrected_at", "version", "updated_at"])
    journal.record(verb, actor=actor, article=locked, note=note)
    placing.rebuild(locked.pk)
    return locked


def _lock(article: Article) -> tuple[Article, datetime]:
    """The stored article, locked until the transaction ends, and the database's time."""
    rows = Article.objects.select_for_update(of=("self",)).select_related("region").annotate(now=Now())
    locked = rows.get(pk=article.pk)
    return locked, locked.now


def _require(condition: bool) -> None:
    if not condition:
        raise PermissionDenied


def _require_ready(article: Article) -> None:
    """Refuse a story that readers could not be given."""
    missing = []
    if not body.words(article.body):
        missing.append(_("a text"))
    if article.kind != Article.Kind.RELEASE and not article.bylines.filter(role=Byline.Role.WRITER).exists():
        missing.append(_("a writer in the byline"))
    if missing:
        raise Refused(_("The story still needs %(things)s.") % {"things": _(" and ").join(missing)})


def _require_end_after_beginning(article: Article) -> None:
    if article.expires_at and article.published_at and article.expires_at <= article.published_at:
        raise Refused(_("The story would leave the lists before it is published. Choose a later end, or none."))


def _require_photos_fit(article: Article, at: datetime) -> None:
    """Refuse photos that blind readers are told nothing of, and those that may not be used any more at that time."""
    for photo in article.photos:
        if not photo.is_described:
            raise Refused(
                _("Describe the photo “%(photo)s” for blind readers, or mark it as decorative.") % {"photo": photo}
            )
        if not photo.may_be_used_on(article.region.local(at).date()):
            raise Refused(
                _("The photo “%(photo)s” may be used until %(day)s only. Choose another one.")
                % {"photo": photo, "day": photo.usable_until}
            )


def _withdraw_photos(article: Article) -> None:
    """End the addresses of the story's photos, but for those that another approved story shows."""
    for photo in article.photos:
        if not Article.objects.approved().showing(photo).exclude(pk=article.pk).exists():
            renditions.withdraw(photo)


def _state_in_words(article: Article) -> str:
    if article.status == Status.APPROVED:
        return _("live") if has_begun(article) else _("scheduled")
    return str(Status(article.status).label)
