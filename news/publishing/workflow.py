"""Stores articles and changes their status. No other module does either.

The newsroom's form calls `save`. Whichever button was pressed, it is one transaction: lock the stored article, check
that the actor may do this and that the article is ready, store it with its parts, write one journal entry and one
version, rebuild its placements and search document once, and bump the generations last. Times are aware; "now" is the
database's time, read after locking.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from news.content import body
from news.content.slugs import slug_for
from news.images import renditions
from news.models import Article, Correction, Event, Proposal, Share, Status, Withdrawal, body_references
from regions import generations
from regions.permissions import access
from regions.permissions.access import Permission

from . import comments, journal, placements, readiness, rules, versions, withdrawals
from .parts import ArticleWithParts, Parts
from .readiness import TransitionError
from .rules import RULES, Act

if TYPE_CHECKING:
    from .rules import Actor

__all__ = ["Act", "Details", "Parts", "Saved", "TransitionError", "VersionConflict", "save"]


class VersionConflict(ValidationError):
    """Somebody else has stored the article since the actor opened it."""


@dataclass(frozen=True)
class Details:
    """What acts need besides the article: a time, a note to the writer or to the editors, a public reason, or a
    correction's text.

    `proposal` holds the changes that are stored, if somebody else proposed them.
    """

    at: datetime | None = None
    note: str = ""
    reason: str = ""
    correction_kind: str = Correction.Kind.ERRATUM
    correction: str = ""
    proposal: Proposal | None = None


@dataclass(frozen=True)
class Saved:
    """The stored article, with the act that was done, or the reason why the requested one was not."""

    article: Article
    act: Act | None = None
    refusal: ValidationError | PermissionDenied | None = None


_VERBS = {
    Act.SUBMIT: Event.Verb.SUBMITTED,
    Act.RECALL: Event.Verb.RECALLED,
    Act.RETURN: Event.Verb.RETURNED,
    Act.PUBLISH: Event.Verb.PUBLISHED,
    Act.SCHEDULE: Event.Verb.SCHEDULED,
    Act.WITHDRAW: Event.Verb.WITHDRAWN,
    Act.CORRECT: Event.Verb.CORRECTED,
    Act.THROW_AWAY: Event.Verb.THROWN_AWAY,
    Act.BRING_BACK: Event.Verb.BROUGHT_BACK,
}


@generations.bumping()
def save(
    article: Article,
    *,
    actor: "Actor",
    parts: Parts | None = None,
    act: Act | None = None,
    details: Details | None = None,
    seen_version: int | None = None,
    saving: tuple[Event.Verb, str] | None = None,
) -> Saved:
    """Store a new or edited article with its parts, and do `act` if one is given.

    Without an act, an approved article keeps its status and publication time, and an article that is equal to the
    stored one is not stored again. If the act is not possible, the text is stored all the same, and the result holds
    the refusal. `seen_version` is the version that the actor was editing. `saving` is the verb and the note under which
    the journal has a save without an act, if it is more than an edit.

    Raises VersionConflict if somebody has stored a newer version, PermissionDenied if the actor may not edit the
    article or do the act, and TransitionError for an embargo that ends after the time of an approved article. Then
    nothing is stored.
    """
    parts, details = parts or Parts(), details or Details()
    stored, now = _lock(article)
    _refuse_stale(stored, seen_version)
    _check_editing(article, parts, stored, actor, now)
    _prepare(article, stored, actor, now)
    whole = ArticleWithParts(article, parts, ArticleWithParts(stored) if stored else None)
    before = versions.before(whole.before) if whole.before else None
    if article.kind == Article.Kind.PHOTOS and not article.lead_photo_id and whole.gallery:
        article.lead_photo = whole.gallery[0].photo  # lists show a photo story's first photo
    done, refusal = _try(act, whole, actor, now, details, is_new=stored is None)
    if stored and article.status == Status.APPROVED:
        _hold_to_embargo(article, stored, refusal)
    if (
        before
        and not done
        and not whole.changes_photo
        and not versions.changes(before.content, versions.content(whole))
    ):
        article.version = before.number
        return Saved(article, None, refusal)
    article.save()
    whole.store()
    verb, note = saving or (Event.Verb.EDITED if before else Event.Verb.CREATED, "")
    _finish(done, whole, actor, now, details, verb=_VERBS[done] if done else verb, note=note, before=before)
    return Saved(article, done, refusal)


@generations.bumping()
def perform(
    act: Act,
    article: Article,
    *,
    actor: "Actor",
    details: Details | None = None,
    seen_version: int | None = None,
) -> Article:
    """Do an act with the stored version of the article and return it; the given instance is not changed.

    `seen_version` is the version that the actor was looking at. Raises VersionConflict if there is a newer one,
    TransitionError if the act is not possible now, and PermissionDenied.
    """
    details = details or Details()
    stored, now = _lock(article)
    if stored is None:
        raise Article.DoesNotExist
    _refuse_stale(stored, seen_version)
    whole = ArticleWithParts(stored)
    before = versions.before(whole)
    _apply(act, whole, actor, now, details)
    stored.version += 1
    stored.save(update_fields=["status", "published_at", "corrected_at", "version", "updated_at"])
    _finish(act, whole, actor, now, details, verb=_VERBS[act], before=before)
    return stored


@generations.bumping()
def import_as(
    article: Article,
    *,
    status: Status,
    published_at: datetime | None = None,
    updated_at: datetime | None = None,
    withdrawal: Withdrawal | None = None,
) -> Article:
    """Give an article from elsewhere (an import, the demo) the status and times that it had there.

    This is no editorial decision, so there is no actor, no journal entry and no version; the next act on the article
    keeps what it replaces (`versions.record`). `updated_at` is the time of the last change there, by default now.
    `withdrawal` is the public record of a withdrawn article, not stored yet.
    """
    stored, now = _lock(article)
    if stored is None:
        raise Article.DoesNotExist
    stored.status, stored.published_at, stored.updated_at = status, published_at, updated_at or now
    # Not by save(), which would set `updated_at` to now.
    own = {name: getattr(stored, name) for name in ("status", "published_at", "updated_at")}
    Article.objects.filter(pk=stored.pk).update(**own)
    if withdrawal:
        withdrawal.article = stored
        withdrawal.save()
        withdrawals.record(withdrawal)
    body_references.store(stored)
    placements.rebuild(stored.pk)
    return stored


@generations.bumping()
def withdraw_again(
    article: Article, *, reason: str, withdrawn_at: datetime, published_at: datetime | None = None
) -> Article:
    """Withdraw an article that an older backup has brought back, whatever its status, as it was withdrawn before.

    `published_at` is when it had been published. There is no actor, and no further tombstone.
    """
    stored, _now = _lock(article)
    if stored is None:
        raise Article.DoesNotExist
    whole = ArticleWithParts(stored)
    before = versions.before(whole)
    stored.status, stored.version = Status.WITHDRAWN, stored.version + 1
    stored.published_at = published_at or stored.published_at or withdrawn_at
    stored.save(update_fields=["status", "published_at", "version", "updated_at"])
    Withdrawal.objects.create(article=stored, reason=reason, withdrawn_at=withdrawn_at)
    _withdraw_photos(whole)
    note = _("%(reason)s (Withdrawn again, because an older backup was restored.)") % {"reason": reason}
    nobody = AnonymousUser()
    event = journal.record(Event.Verb.WITHDRAWN, actor=nobody, article=stored, note=note)
    versions.record(whole, before, actor=nobody, event=event)
    placements.rebuild(stored.pk)
    return stored


# --- The acts by name -----------------------------------------------------------------------------------------


def submit(article: Article, *, actor: "Actor", note: str = "") -> Article:
    """Hand a draft or returned article to the editors, with a note for them or without. Raises TransitionError,
    PermissionDenied."""
    return perform(Act.SUBMIT, article, actor=actor, details=Details(note=note))


def recall(article: Article, *, actor: "Actor") -> Article:
    """Take one's own submitted article back from the editors. Raises TransitionError, PermissionDenied."""
    return perform(Act.RECALL, article, actor=actor)


def throw_away(article: Article, *, actor: "Actor") -> Article:
    """Put a draft or returned article into the bin. Raises TransitionError, PermissionDenied."""
    return perform(Act.THROW_AWAY, article, actor=actor)


def bring_back(article: Article, *, actor: "Actor") -> Article:
    """Make an article from the bin a draft again. Raises TransitionError, PermissionDenied."""
    return perform(Act.BRING_BACK, article, actor=actor)


def return_to_writer(article: Article, *, actor: "Actor", note: str = "") -> Article:
    """Return a submitted or scheduled article to its writer, with a note that says why, or open comments of the actor's
    that do. Raises TransitionError, PermissionDenied."""
    return perform(Act.RETURN, article, actor=actor, details=Details(note=note))


def publish(article: Article, *, actor: "Actor") -> Article:
    """Approve the article, live from now on. Raises TransitionError, PermissionDenied."""
    return perform(Act.PUBLISH, article, actor=actor)


def schedule(article: Article, *, actor: "Actor", at: datetime) -> Article:
    """Approve the article for a future time, or reschedule it. Raises TransitionError, PermissionDenied."""
    return perform(Act.SCHEDULE, article, actor=actor, details=Details(at=at))


def withdraw(article: Article, *, actor: "Actor", reason: str) -> Article:
    """Take a published article back, in public and for good. Raises TransitionError, PermissionDenied."""
    return perform(Act.WITHDRAW, article, actor=actor, details=Details(reason=reason))


def correct(article: Article, *, actor: "Actor", kind: str, text: str) -> Article:
    """Add a public, dated correction (`kind` is a `Correction.Kind`) to a live article. Raises TransitionError,
    PermissionDenied."""
    details = Details(correction_kind=kind, correction=text)
    return perform(Act.CORRECT, article, actor=actor, details=details)


# --- Checking -------------------------------------------------------------------------------------------------


def _check_editing(article: Article, parts: Parts, stored: Article | None, actor: "Actor", now: datetime) -> None:
    """Raise PermissionDenied if the actor may not store the article with these changes. The permissions are checked for
    the locked row and for the region that the article is to have."""
    if stored is None:
        _require(access.allowed(actor, Permission.WRITE, article.region))
    else:
        _require(rules.may_edit(stored, actor))
        if stored.region_id != article.region_id and not rules.has_begun(stored, now):
            _require(rules.may_move(stored, article.region, actor))
    if not access.allowed(actor, Permission.PUBLISH, article.region):
        before = stored or Article()
        for name in rules.PUBLISHING_FIELDS:
            _require(getattr(article, name) == getattr(before, name))
        _require(parts.shares is None or _times(parts.shares) == _times(stored.shares.all() if stored else ()))


def _times(shares: Iterable[Share]) -> set[tuple[int, datetime | None]]:
    """The shares as comparable values: the region and the time of each."""
    return {(share.region_id, share.published_at) for share in shares}


def _prepare(article: Article, stored: Article | None, actor: "Actor", now: datetime) -> None:
    """Set what no form may change: status, version and slug, and, once the article was published, its region."""
    begun = stored is not None and rules.has_begun(stored, now)
    if stored is None:
        article.status, article.version = Status.DRAFT, 1
        article.created_by_id = actor.pk
    else:
        article.status, article.version = stored.status, stored.version + 1
        article.created_by_id = stored.created_by_id
        article.corrected_at = stored.corrected_at
        if stored.status == Status.APPROVED:
            article.published_at = stored.published_at
        if begun:
            article.region, article.slug = stored.region, stored.slug
    article.body = body.tidy(article.body, dateline=article.dateline, sign_off=article.sign_off)
    if not begun:
        article.slug = slug_for(article.title)


def _try(
    act: Act | None, whole: ArticleWithParts, actor: "Actor", now: datetime, details: Details, *, is_new: bool
) -> tuple[Act | None, ValidationError | PermissionDenied | None]:
    """Apply the act if it is possible. Returns the act, or None and the refusal; then the article keeps its status."""
    if act is None:
        return None, None
    article = whole.article
    before = article.status, article.published_at, article.corrected_at
    try:
        _apply(act, whole, actor, now, details)
    except ValidationError as refusal:
        article.status, article.published_at, article.corrected_at = before
        return None, refusal
    except PermissionDenied as refusal:
        if not is_new:
            raise  # the form did not offer this button to the actor
        return None, refusal
    return act, None


def _apply(act: Act, whole: ArticleWithParts, actor: "Actor", now: datetime, details: Details) -> None:
    """Change the article in memory as the act says. Raises TransitionError, PermissionDenied."""
    article = whole.article
    _require(rules.is_entitled(article, actor, RULES[act]))
    if not rules.is_possible(act, article, now):
        raise TransitionError(
            _("This is not possible any more: the story is %(status)s now.")
            % {"status": rules.state(article, now).label}
        )
    match act:
        case Act.SUBMIT:
            readiness.require_text_and_writer(article, whole.bylines)
            article.status = Status.SUBMITTED
        case Act.RECALL | Act.BRING_BACK:
            article.status = Status.DRAFT
        case Act.THROW_AWAY:
            article.status = Status.BINNED
        case Act.RETURN:
            if not details.note.strip() and not comments.has_open_by(article, actor):
                raise TransitionError(comments.asked_for())
            article.status = Status.RETURNED
        case Act.PUBLISH:
            _approve(whole, now)
        case Act.SCHEDULE:
            if details.at is None:
                raise TransitionError(_("Choose when the story is to be published."))
            if details.at <= now:
                raise TransitionError(_("That time has passed. Choose a later one, or publish the story now."))
            _approve(whole, details.at)
        case Act.WITHDRAW:
            if not details.reason.strip():
                raise TransitionError(_("Say why the story is withdrawn: readers will see it."))
            article.status = Status.WITHDRAWN
        case Act.CORRECT:
            if not details.correction.strip():
                raise TransitionError(_("Write what was wrong, and what is right."))
            article.corrected_at = now


def _approve(whole: ArticleWithParts, at: datetime) -> None:
    article = whole.article
    readiness.require_text_and_writer(article, whole.bylines)
    readiness.require_usable_photos(article, whole.photos, at)
    article.published_at = at
    readiness.require_embargo_over(article)
    readiness.require_end_after_beginning(article)
    article.status = Status.APPROVED


def _hold_to_embargo(article: Article, stored: Article, refusal: Exception | None) -> None:
    """Raise TransitionError for an approved article whose embargo ends after its time. If an act was refused, the text
    is stored without it, and so without the embargo that belongs to the act."""
    try:
        readiness.require_embargo_over(article)
    except TransitionError:
        if refusal is None:
            raise
        article.embargo_until = stored.embargo_until


# --- Storing --------------------------------------------------------------------------------------------------


def _finish(
    act: Act | None,
    whole: ArticleWithParts,
    actor: "Actor",
    now: datetime,
    details: Details,
    *,
    verb: Event.Verb,
    note: str = "",
    before: versions.Before | None,
) -> None:
    """Write what depends on the stored article: the act's public record, the journal entry, the version and the
    placements."""
    article = whole.article
    match act:
        case Act.SUBMIT:
            note = details.note.strip()
        case Act.RETURN:
            note = details.note.strip() or comments.counted(article)
        case Act.SCHEDULE:
            note = article.region.clock(article.published_at)
        case Act.WITHDRAW:
            note = details.reason.strip()
            record = Withdrawal.objects.create(article=article, reason=note[:500], withdrawn_at=now, actor_id=actor.pk)
            _withdraw_photos(whole)
            withdrawals.record(record)
        case Act.CORRECT:
            note = details.correction.strip()
            Correction.objects.create(
                article=article, kind=details.correction_kind, text=note, made_at=now, actor_id=actor.pk
            )
    if details.proposal:
        if act is None:
            verb, note = Event.Verb.APPLIED, details.proposal.proposer
        details.proposal.delete()
    event = journal.record(verb, actor=actor, article=article, note=note)
    versions.record(whole, before, actor=actor, event=event)
    placements.rebuild(article.pk)


def _withdraw_photos(whole: ArticleWithParts) -> None:
    """Remove the public renditions of a withdrawn article's photos, except photos that an approved article shows."""
    for photo in whole.photos:
        if not Article.objects.approved().showing(photo).exists():
            renditions.withdraw(photo)


def _lock(article: Article) -> tuple[Article | None, datetime]:
    """The stored article, locked until the transaction ends (None for a new one), and the database's time."""
    rows = Article.objects.select_for_update(of=("self",)).select_related("region")
    stored = rows.get(pk=article.pk) if article.pk else None
    return stored, rules.database_time()


def _refuse_stale(stored: Article | None, seen_version: int | None) -> None:
    if seen_version is not None and stored and stored.version != seen_version:
        raise VersionConflict(_("Somebody else has stored this story since you opened it."))


def _require(condition: bool) -> None:
    if not condition:
        raise PermissionDenied
