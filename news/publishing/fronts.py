"""The acts on a front page: put an arrangement in force, prepare one, undo one. Nothing else writes arrangements.

Each act locks its region, so that two editors act one after the other. Whoever comes second gives what they had seen:
what only the other has changed is kept, and a slot that both have changed raises `Met`, which holds both. What a
prepared arrangement has left as it was follows the page: a change is carried into the drafts, and into those that are
scheduled, up to the first one that changes the same slot.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from news.models import Article, Event, FrontArrangement, FrontSlot, Placement
from regions import generations
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

from . import journal
from .front_content import MOST, Content, Entry, Slot, merged, newly_placed, stored, with_usual_ends

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Seen:
    """What was in force, and which prepared arrangement was opened, when the editor began. Keys."""

    live: int | None = None
    prepared: int | None = None


class Met(Exception):
    """Somebody else has changed the same slots. Nothing is stored.

    `content` is the editor's, with what only the others changed; `theirs` maps each slot to the arrangement in which it
    is different; `seen` is what the next attempt must give.
    """

    def __init__(self, content: Content, theirs: dict[str, FrontArrangement], seen: Seen):
        self.content, self.theirs, self.seen = content, theirs, seen
        super().__init__(sorted(theirs))


def in_force(region: Region, at: datetime | None = None) -> FrontArrangement | None:
    """What readers get at `at` (aware), or now by the database's clock."""
    return FrontArrangement.objects.in_force(region, at).first()


def head(region: Region, key: int | None, now: datetime) -> FrontArrangement | None:
    """The newest edit of the prepared arrangement with this key; None if it has begun or is gone."""
    opened = FrontArrangement.objects.filter(region=region, pk=key).first() if key else None
    if opened is None:
        return None
    kept = FrontArrangement.objects.kept().filter(region=region, series=opened.series)
    return next((each for each in kept if each.begins_at is None or each.begins_at > now), None)


@generations.bumping()
def publish(region: Region, *, actor: "User", content: Content, seen: Seen) -> FrontArrangement:
    """Put the content in force now; a prepared arrangement that it was made from is done with. Raises Met,
    PermissionDenied, and ValidationError for stories that the region does not list."""
    now = _lock(region, actor)
    live, prepared = in_force(region, now), head(region, seen.prepared, now)
    before = stored(live, now)
    conflicts: dict[str, FrontArrangement] = {}
    if prepared:
        content, both = merged(_content_of(region, seen.prepared, now), content, stored(prepared, now))
        conflicts |= dict.fromkeys(both, prepared)
    content, both = merged(_content_of(region, seen.live, now), content, before)
    conflicts |= {slot: live for slot in both if live}
    if conflicts:
        raise Met(content, conflicts, Seen(live.pk if live else None, prepared.pk if prepared else None))
    _require_listed(region, content, before, stored(prepared, now))
    if prepared:
        _retire(prepared)
    return _put_in_force(region, before, content, actor, now)


@generations.bumping()
def prepare(
    region: Region, *, actor: "User", content: Content, seen: Seen, begins_at: datetime | None = None
) -> FrontArrangement:
    """Store a draft, or with `begins_at` (aware) schedule the content as a whole. Raises as `publish`, and
    ValidationError for a time that is past."""
    now = _lock(region, actor)
    if begins_at and begins_at <= now:
        raise ValidationError(_("This time is past. Choose a later one, or put it out now."))
    live, prepared = in_force(region, now), head(region, seen.prepared, now)
    before = stored(prepared, now) if prepared else stored(live, now)
    base = _content_of(region, seen.prepared if prepared else seen.live, now)
    content, both = merged(base, content, before)
    if both and prepared:
        raise Met(content, dict.fromkeys(both, prepared), Seen(live.pk if live else None, prepared.pk))
    _require_listed(region, content, before)
    was_scheduled = bool(prepared and prepared.begins_at)
    replaced = before if was_scheduled else stored(live, now)
    if prepared:
        _retire(prepared)
    if begins_at:
        content = with_usual_ends(content, content.changed_from(replaced), begins_at)
        content = newly_placed(content, stored(live, now), begins_at)
    made = _store(region, content, actor, begins_at, prepared)
    if begins_at:
        if was_scheduled:
            _carry(before, content, list(FrontArrangement.objects.scheduled(begins_at).filter(region=region)), now)
        _record(region, replaced, content, actor, begins_at)
    return made


@generations.bumping()
def discard(region: Region, *, actor: "User", seen: Seen) -> bool:
    """Throw away a prepared arrangement. False if it was thrown away already or has begun. Raises PermissionDenied."""
    now = _lock(region, actor)
    prepared = head(region, seen.prepared, now)
    if prepared is None:
        return False
    _retire(prepared)
    return True


@generations.bumping()
def undo(region: Region, *, actor: "User", seen: Seen) -> bool:
    """Bring back what stood before the arrangement that is in force. False if another one is in force by now, so that
    two presses do not go back two steps. Raises PermissionDenied."""
    now = _lock(region, actor)
    live = in_force(region, now)
    if live is None or live.pk != seen.live or not may_undo(live):
        return False
    before = stored(live, now)
    _retire(live)
    after = stored(in_force(region, now), now)
    _carry_into_prepared(region, before, after, now)
    _record(region, before, after, actor, None)
    return True


def may_undo(live: FrontArrangement | None) -> bool:
    """Whether a person has made it, so that something stood before it."""
    return live is not None and live.made_by_id is not None


@generations.bumping()
def place(
    article: Article, region: Region, slot: str, *, actor: "User", seen: Seen, ends_at: datetime | None = None
) -> FrontArrangement:
    """Put the story first in the slot, now, and out of the others; a new lead takes the place of the former. Raises as
    `publish`; Met only for a lead that somebody else has changed."""
    now = _lock(region, actor)
    live = in_force(region, now)
    before = stored(live, now)
    entry = Entry(article.pk, None, ends_at, actor.pk, now)
    others = before
    for name in Slot.values:
        others = others.with_entries(name, (each for each in before[name] if each.article_id != article.pk))
    content = others.with_entries(slot, [entry, *([] if slot == Slot.LEAD else others[slot])])
    is_new_to_editor = before.part(slot) != _content_of(region, seen.live, now).part(slot)
    if slot == Slot.LEAD and is_new_to_editor and live:
        raise Met(content, {slot: live}, Seen(live.pk))
    _require_listed(region, content, before)
    return _put_in_force(region, before, content, actor, now)


# --- The parts of an act ----------------------------------------------------------------------------------------


def _lock(region: Region, actor: "User") -> datetime:
    """Lock the region's front page. Returns the database's time once it is locked: no earlier act has a later one."""
    if not access.allowed(actor, Permission.PUBLISH, region):
        raise PermissionDenied
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    now: datetime = Region.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=region.pk)
    return now


def _content_of(region: Region, key: int | None, now: datetime) -> Content:
    return stored(FrontArrangement.objects.filter(region=region, pk=key).first() if key else None, now)


def _require_listed(region: Region, content: Content, *known: Content | None) -> None:
    """Raise ValidationError for a new story that the region does not list, and for too many."""
    if any(len(content[slot]) > MOST for slot in Slot.values):
        raise ValidationError(_("A slot holds %(most)s stories at most.") % {"most": MOST})
    for _slot, entry in content:
        if entry.starts_at and entry.ends_at and entry.ends_at <= entry.starts_at:
            raise ValidationError(_("It would end before it begins. Choose a later end, or none."))
    stand = {entry.article_id for each in known if each for _slot, entry in each}
    new = {entry.article_id for _slot, entry in content} - stand
    listed = Placement.objects.filter(region=region, article__in=new).values_list("article", flat=True)
    if new - set(listed):
        raise ValidationError(_("This story does not stand in this region's lists. Publish or share it there first."))


def _put_in_force(region: Region, before: Content, content: Content, actor: "User", now: datetime) -> FrontArrangement:
    content = newly_placed(with_usual_ends(content, content.changed_from(before), now), before, now)
    made = _store(region, content, actor, now, None)
    _carry_into_prepared(region, before, content, now)
    _record(region, before, content, actor, None)
    return made


def _store(
    region: Region, content: Content, actor: "User | None", begins_at: datetime | None, edited: FrontArrangement | None
) -> FrontArrangement:
    series = {"series": edited.series} if edited else {}
    made = FrontArrangement.objects.create(
        region=region, begins_at=begins_at, follows_lead=content.follows_lead, made_by=actor, **series
    )
    FrontSlot.objects.bulk_create(
        FrontSlot(
            arrangement=made,
            region=region,
            slot=slot,
            position=position,
            article_id=entry.article_id,
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            placed_by_id=entry.placed_by_id or (actor.pk if actor else None),
            placed_at=entry.placed_at,
        )
        for position, (slot, entry) in enumerate(content, 1)
    )
    generations.bump_for(made)
    return made


def _retire(arrangement: FrontArrangement) -> None:
    arrangement.is_retired = True
    arrangement.save(update_fields=["is_retired"])


def _carry_into_prepared(region: Region, before: Content, after: Content, now: datetime) -> None:
    """Carry a change of what is in force into all that is prepared."""
    prepared = FrontArrangement.objects.filter(region=region)
    _carry(before, after, list(prepared.scheduled(now)), now)
    for draft in prepared.drafts():
        _carry(before, after, [draft], now)


def _carry(before: Content, after: Content, following: Iterable[FrontArrangement], now: datetime) -> None:
    """Carry a change into the arrangements that follow each other, up to the first that changes the same slot."""
    changed = set(after.changed_from(before))
    for arrangement in following:
        content = stored(arrangement, now)
        changed = {slot for slot in changed if content.part(slot) == before.part(slot)}
        if not changed:
            return
        _retire(arrangement)
        new = content.taking(changed, after)
        _store(arrangement.region, new, arrangement.made_by, arrangement.begins_at, arrangement)


def _record(region: Region, before: Content, after: Content, actor: "User", begins_at: datetime | None) -> None:
    """Write into the journal which stories were placed and taken off, and from when if that is later."""
    old, new = ({(slot, entry.article_id): entry for slot, entry in content} for content in (before, after))
    for verb, mine, others in ((Event.Verb.FRONT_REMOVED, old, new), (Event.Verb.FRONT_PLACED, new, old)):
        gone_or_new = [key for key in mine if key not in others]
        articles = Article.objects.in_bulk([article for _slot, article in gone_or_new])
        for slot, article in gone_or_new:
            ends_at = mine[slot, article].ends_at if verb == Event.Verb.FRONT_PLACED else None
            note = _note(region, str(Slot(slot).label), begins_at, ends_at)
            journal.record(verb, actor=actor, article=articles[article], region=region, note=note)
    if before.follows_lead != after.follows_lead:
        verb = Event.Verb.FRONT_PLACED if after.follows_lead else Event.Verb.FRONT_REMOVED
        note = _note(region, _("the lead of the region above"), begins_at, None)
        journal.record(verb, actor=actor, region=region, note=note)


def _note(region: Region, what: str, begins_at: datetime | None, ends_at: datetime | None) -> str:
    parts = [region.short_name, what]
    if begins_at:
        parts.append(_("from %(time)s") % {"time": region.clock(begins_at)})
    if ends_at:
        parts.append(_("until %(time)s") % {"time": region.clock(ends_at)})
    return " · ".join(parts)
