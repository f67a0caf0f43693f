"""Which advert fills which slot of a page. It is not random: pages are cached, so all readers get the same."""

from collections.abc import Iterable
from itertools import groupby

from .models import Advert


class PageAdverts:
    """Assigns adverts to the slots of one page; each advert is used at most once."""

    def __init__(self, adverts: Iterable[Advert], turn: int):
        """`adverts` are the region's live ones. `turn` is a number that differs from page to page, for the rotation."""
        found = list(adverts)
        self._waiting = {
            slot: in_turn([advert for advert in found if advert.slot == slot], turn) for slot in Advert.Slot.values
        }

    def take(self, slot: str) -> Advert | None:
        """The next advert for the slot, or None if there is none."""
        waiting = self._waiting.get(slot)
        return waiting.pop(0) if waiting else None


def in_turn(adverts: list[Advert], turn: int) -> list[Advert]:
    """Paid adverts first, then those of the nearest region; equal ones are rotated by `turn`."""
    ordered = sorted(adverts, key=lambda advert: (*_rank(advert), advert.pk))
    rotated: list[Advert] = []
    for _equal, group in groupby(ordered, _rank):
        equals = list(group)
        start = turn % len(equals)
        rotated += equals[start:] + equals[:start]
    return rotated


def _rank(advert: Advert) -> tuple[bool, int]:
    return advert.kind != Advert.Kind.PAID, -len(advert.region.path)
