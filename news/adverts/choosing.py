"""Which advert stands where on a page. The same for everybody: pages are kept, so nothing here is left to chance.

A page without adverts costs nothing: whether there are any is a column of the menu's query, which every page makes;
only then are they read, all places in one query.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Exists, QuerySet
from django.utils.functional import cached_property

from regions.models import Region

from .models import Advert

_NOTE = "has_adverts"


def noting(rows: QuerySet[Any], region: Region) -> QuerySet[Any]:
    """`rows` that know whether any advert is live in the region."""
    return rows.annotate(**{_NOTE: Exists(Advert.objects.live().shown_in(region))})


class PageAdverts:
    """The adverts of one page, handed out place by place and each once."""

    def __init__(self, region: Region, menu: Iterable[Any], turn: int):
        """`menu`: rows that may have been read `noting()`; `turn`: what the page is about, as a number."""
        self._region, self._menu, self._turn = region, menu, turn

    def take(self, place: str) -> Advert | None:
        """The next advert for the place; None for an empty one."""
        waiting = self._waiting.get(place)
        return waiting.pop(0) if waiting else None

    @cached_property
    def _waiting(self) -> dict[str, list[Advert]]:
        if not all(getattr(row, _NOTE, True) for row in self._menu):
            return {}
        live = Advert.objects.live().shown_in(self._region).select_related("photo", "region")
        adverts = [advert for advert in live if advert.photo.made]
        return {
            place: in_turn([advert for advert in adverts if advert.place == place], self._turn)
            for place in Advert.Place.values
        }


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
