"""What an arrangement of a front page holds, as plain data, and how two editors' changes of it are merged.

The unit is a slot with all of its stories in order. What only one of two editors changed is taken from them; a slot
that both changed differently is a conflict, which a person decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone

from news.models.front import BREAKING_LASTS, FrontArrangement, FrontSlot

Slot = FrontSlot.Slot
MOST = 20
"""The most stories in one slot."""


@dataclass(frozen=True)
class Entry:
    """A story in a slot. Times are aware; None means as soon as, or as long as, the arrangement holds."""

    article_id: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    placed_by_id: int | None = field(default=None, compare=False)
    placed_at: datetime = field(default_factory=timezone.now, compare=False)

    def is_running(self, at: datetime) -> bool:
        return (self.starts_at is None or self.starts_at <= at) and not self.has_ended(at)

    def has_ended(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at


@dataclass(frozen=True)
class Content:
    """All slots of an arrangement. Following the lead of the region above is part of the slot of the lead."""

    slots: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    follows_lead: bool = False

    def __getitem__(self, slot: str) -> tuple[Entry, ...]:
        return self.slots.get(slot, ())

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        """(slot, entry), slot by slot in the page's order."""
        return ((slot, entry) for slot in Slot.values for entry in self[slot])

    def part(self, slot: str) -> tuple[object, ...]:
        """What makes two contents equal in this slot."""
        return (self[slot], self.follows_lead if slot == Slot.LEAD else None)

    def changed_from(self, other: "Content") -> list[str]:
        """The slots in which this one differs from the other."""
        return [slot for slot in Slot.values if self.part(slot) != other.part(slot)]

    def taking(self, slots: Iterable[str], other: "Content") -> "Content":
        """This content with these slots of the other."""
        taken = set(slots)
        return Content(
            {slot: (other if slot in taken else self)[slot] for slot in Slot.values},
            (other if Slot.LEAD in taken else self).follows_lead,
        )

    def with_entries(self, slot: str, entries: Iterable[Entry]) -> "Content":
        return replace(self, slots={**self.slots, slot: tuple(entries)})


NOTHING = Content()


def stored(arrangement: FrontArrangement | None, now: datetime) -> Content:
    """What the arrangement holds, without stories whose time was over at `now`."""
    if arrangement is None:
        return NOTHING
    slots: dict[str, list[Entry]] = {}
    for row in arrangement.slots.order_by("position", "pk"):
        entry = Entry(row.article_id, row.starts_at, row.ends_at, row.placed_by_id, row.placed_at)
        if not entry.has_ended(now):
            slots.setdefault(row.slot, []).append(entry)
    return Content({slot: tuple(entries) for slot, entries in slots.items()}, arrangement.follows_lead)


def merged(base: Content, mine: Content, theirs: Content) -> tuple[Content, list[str]]:
    """Mine, with what only they have changed since `base`; and the slots that both have changed differently, which are
    mine in the result."""
    by_me, by_them = set(mine.changed_from(base)), set(theirs.changed_from(base))
    both = [slot for slot in mine.changed_from(theirs) if slot in by_me & by_them]
    return mine.taking(by_them - by_me, theirs), both


def with_usual_ends(content: Content, slots: Iterable[str], begins_at: datetime) -> Content:
    """The content, in which the news in the breaking strip ends, if that is one of the changed `slots`."""
    if Slot.BREAKING not in slots:
        return content
    ending = (entry if entry.ends_at else _ending(entry, begins_at) for entry in content[Slot.BREAKING])
    return content.with_entries(Slot.BREAKING, ending)


def _ending(entry: Entry, begins_at: datetime) -> Entry:
    """The entry with the usual end, on a full minute."""
    begun = max(entry.starts_at or begins_at, begins_at)
    return replace(entry, ends_at=(begun + BREAKING_LASTS).replace(second=0, microsecond=0))


def newly_placed(content: Content, before: Content, at: datetime) -> Content:
    """The content, whose stories that did not stand in their slot `before` were placed at `at`."""
    stood = {(slot, entry.article_id) for slot, entry in before}
    for slot in Slot.values:
        entries = (
            entry if (slot, entry.article_id) in stood else replace(entry, placed_at=at) for entry in content[slot]
        )
        content = content.with_entries(slot, entries)
    return content
