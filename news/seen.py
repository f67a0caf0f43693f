"""Which rows readers see, and in which regions: saving one of these puts out new editions there.

Stories, their bylines, tags, galleries, shares, corrections and withdrawals are not in this list: they change with the
story, and `placing.rebuild`, which ends every act on a story, puts out its regions, those that it stood in before and
those that it stands in now.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Min

from regions import editions
from regions.models import Masthead, Region

from .adverts.models import AdsTxt, Advert
from .images.models import Photo
from .models import Article, Author, FrontSlot, Page, Placement, Section, Tag
from .search.models import Alias, Root


def _listing(**stories: Any) -> Iterable[int]:
    """The regions whose lists have such stories."""
    return Placement.objects.filter(**stories).order_by().values_list("region_id", flat=True).distinct()


def _branch(row: Any) -> Iterable[int]:
    """The row's region and all below, which have it too where they have none of their own."""
    return Region.objects.subtree_of(row.region).values_list("pk", flat=True)


def connect() -> None:
    editions.seen_by_readers(Alias, lambda alias: [editions.EVERYWHERE])  # other words find other stories
    editions.seen_by_readers(Root, lambda root: [editions.EVERYWHERE])
    editions.seen_by_readers(FrontSlot, lambda slot: [slot.region_id])
    for model in (Advert, AdsTxt, Masthead, Page):
        editions.seen_by_readers(model, _branch)
    editions.seen_by_readers(Section, lambda section: [editions.EVERYWHERE])
    editions.seen_by_readers(Author, lambda author: _listing(article__bylines__author=author))
    editions.seen_by_readers(Tag, lambda tag: _listing(article__tagged_articles__tag=tag))
    editions.seen_by_readers(Photo, lambda photo: _listing(article__in=Article.objects.showing(photo)))


@editions.changes_with_time
def _places_on_fronts(regions: set[int], now: datetime) -> Iterator[tuple[int, datetime]]:
    """When an editor's choice for a front page begins or ends."""
    slots = FrontSlot.objects.filter(region__in=regions).order_by()
    for name in ("starts_at", "ends_at"):
        yield from slots.filter(**{f"{name}__gt": now}).values_list("region_id").annotate(Min(name))


@editions.changes_with_time
def _adverts(regions: set[int], now: datetime) -> Iterator[tuple[int, datetime]]:
    """When an advert begins or ends, in its region and in all below."""
    for name in ("starts_at", "ends_at"):
        to_come = list(Advert.objects.filter(**{f"{name}__gt": now}).values_list("region__path", name))
        if to_come:
            for pk, path in Region.objects.filter(pk__in=regions).values_list("pk", "path"):
                moments = [moment for above, moment in to_come if path.startswith(above)]
                if moments:
                    yield pk, min(moments)
