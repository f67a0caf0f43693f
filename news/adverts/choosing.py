"""Which advert stands where on a page. The same for everybody: pages are kept, so nothing here is left to chance."""

from collections.abc import Iterable
from itertools import groupby

from .models import Advert


class PageAdverts:
    """The adverts of one page, handed out place by place and each once."""

    def __init__(self, adverts: Iterable[Advert], turn: int):
        """`adverts`: the live ones of the region; `turn`: what the page is about, as a number."""
        found = list(adverts)
        self._waiting = {
            place: in_turn([advert for advert in found if advert.place == place], turn) for place in Advert.Place.values
        }

    def take(self, place: str) -> Advert | None:
        """The next advert for the place; None for an empty one."""
        waiting = self._waiting.get(place)
        return waiting.pop(0) if waiting else None


def in_turn(adverts: list[Advert], turn: int) -> list[Advert]:
    """Paid ones first, then those of the nearest region; among equals each one's turn comes on another page."""
    ordered = sorted(adverts, key=lambda advert: (*_rank(advert), advert.pk))
    found: list[Advert] = []
    for _equal, group in groupby(ordered, _rank):
        equals = list(group)
        start = turn % len(equals)
        found += equals[start:] + equals[:start]
    return found


def _rank(advert: Advert) -> tuple[bool, int]:
    return advert.kind != Advert.Kind.PAID, -len(advert.region.path)
