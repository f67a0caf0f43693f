"""Which regions an advert or a line of ads.txt appears in: the row's region and all regions below it."""

from collections.abc import Iterator
from datetime import datetime

from news.publishing.cache_dependencies import subtree_of
from regions import generations
from regions.models import Region

from .models import AdsTxt, Advert


def register() -> None:
    generations.register(Advert, subtree_of)
    generations.register(AdsTxt, subtree_of)


@generations.register_schedule
def _adverts(regions: set[int], now: datetime) -> Iterator[tuple[int, datetime]]:
    """Yield the times at which an advert begins or ends, for its region and all regions below it."""
    for name in ("starts_at", "ends_at"):
        to_come = list(Advert.objects.filter(**{f"{name}__gt": now}).values_list("region__path", name))
        if to_come:
            for pk, path in Region.objects.filter(pk__in=regions).values_list("pk", "path"):
                moments = [moment for above, moment in to_come if path.startswith(above)]
                if moments:
                    yield pk, min(moments)
