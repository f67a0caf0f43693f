"""Putting out editions: saying, in the transaction that changes it, whose readers will see something else.

Every region has a number, and there is one more for what all have in common (EVERYWHERE). A kept page says under
which numbers it was made and is shown as long as they are the same (regions.pagecache); so nothing is ever purged,
and a page is exactly as old as its numbers, in every process and on every machine.

`put_out` adds one to the numbers of the regions and of those above them. It works at the end of the outermost
`writing()`, so that the rows are locked last, always in the same order, and only until the commit. What time alone will
change is kept as the earliest such moment (`next_change_at`), found by the functions in `SOURCES`; when it has
passed, whoever sees that first calls `move_on`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.db.models.signals import post_save, pre_delete, pre_save

from . import tree
from .models import Edition, Region

EVERYWHERE = 0
"""In place of a region's id: what all editions have in common, like sections and the regions themselves."""

Regions = Callable[[Any], Iterable[int]]
Moments = Callable[[set[int], datetime], Iterable[tuple[int, datetime]]]

SOURCES: list[Moments] = []
SEEN: dict[type[models.Model], Regions] = {}
_pending: ContextVar[set[int] | None] = ContextVar("pending", default=None)


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that ends by putting out what `put_out` was told in it; also as a decorator."""
    if _pending.get() is not None:
        with transaction.atomic():
            yield
        return
    pending: set[int] = set()
    token = _pending.set(pending)
    with transaction.atomic():
        try:
            yield
        finally:
            _pending.reset(token)
        if not transaction.get_rollback():
            _count(pending)


def put_out(regions: Iterable[int]) -> None:
    """New editions of these regions (primary keys, or EVERYWHERE) and of all above them.

    Call it in the transaction that changes what their readers see: at once there, or at the end of `writing()`.
    """
    pending = _pending.get()
    if pending is not None:
        pending.update(regions)
        return
    with transaction.atomic():
        _count(set(regions))


def seen_by_readers(model: type[models.Model], regions: Regions) -> None:
    """Say that readers see rows of `model`: saving or deleting one puts out the editions that `regions(row)` names.

    Updates in bulk send no signal: whoever writes so calls `changed` or `put_out`.
    """
    SEEN[model] = regions
    pre_save.connect(_on_change_from, sender=model, dispatch_uid="editions")
    post_save.connect(_on_change, sender=model, dispatch_uid="editions")
    pre_delete.connect(_on_change, sender=model, dispatch_uid="editions")


def changed(row: models.Model) -> None:
    """Put out the editions in which readers see `row`, of a model known to `seen_by_readers`.

    Where they see it is asked once more after the commit: a story that shows it may have been published meanwhile, by
    a transaction whose rows ours did not see.
    """
    regions = SEEN[type(row)]
    found = set(regions(row))
    put_out(found)

    def put_out_more() -> None:
        more = set(regions(row)) - found if row.pk else set()
        if more:
            put_out(more)

    transaction.on_commit(put_out_more)


def _on_change_from(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    """What moves elsewhere was seen where it stood before."""
    before = sender._base_manager.filter(pk=instance.pk).first() if instance.pk and not raw else None
    if before:
        changed(before)


def _on_change(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    if not raw:  # fixtures come before what they refer to
        changed(instance)


def changes_with_time(source: Moments) -> Moments:
    """Add a source of what time alone changes: given regions' keys and a moment, later moments, each with its
    region."""
    SOURCES.append(source)
    return source


@changes_with_time
def _midnights(regions: set[int], now: datetime) -> Iterator[tuple[int, datetime]]:
    """A new day on a region's calendar: the index leads to it, and yesterday's page to today's."""
    for region in Region.objects.filter(pk__in=regions).only("timezone"):
        tomorrow = region.local(now).date() + timedelta(days=1)
        yield region.pk, datetime.combine(tomorrow, time.min, region.zone)


def move_on() -> None:
    """New editions where the moment of a change by time has passed, by the database's clock, and of all above them;
    once, whoever asks."""
    with transaction.atomic():
        due = set(_rows().filter(next_change_at__lte=Now()).values_list("place", flat=True))
        locked = _lock(_with_those_above(due))
        still = {place for place, change_at, now in locked if place in due and change_at and change_at <= now}
        if still:
            _add_one(_with_those_above(still), locked[0][2])


def _rows() -> models.QuerySet[Edition]:
    """In the order in which everybody locks them. From the primary: a replica may be behind what it shows."""
    return Edition.objects.using(DEFAULT_DB_ALIAS).order_by("place")


def _lock(places: set[int]) -> list[tuple[int, datetime | None, datetime]]:
    """(place, next_change_at, the database's time when they were locked)"""
    rows = _rows().filter(place__in=places).select_for_update().annotate(now=Now())
    return list(rows.values_list("place", "next_change_at", "now"))


def _with_those_above(regions: set[int]) -> set[int]:
    paths = Region.objects.filter(pk__in=regions).values_list("path", flat=True)
    lines = {above for path in paths for above in tree.lineage(path)}
    return set(Region.objects.filter(path__in=lines).values_list("pk", flat=True)) | (regions & {EVERYWHERE})


def _count(regions: set[int]) -> None:
    """Lock and count. Regions that have no row yet get one."""
    if not regions:
        return
    places = _with_those_above(regions)
    locked = _lock(places)
    if len(locked) < len(places):
        missing = places - {place for place, _change_at, _now in locked}
        Edition.objects.bulk_create([Edition(place=place) for place in sorted(missing)], ignore_conflicts=True)
        locked = _lock(places)
    if locked:
        _add_one(places, locked[0][2])


def _add_one(places: set[int], now: datetime) -> None:
    """`now` is the database's time, read with the locks: what comes after it is still to come."""
    following: dict[int, datetime] = {}
    for source in SOURCES:
        for place, moment in source(places - {EVERYWHERE}, now):
            following[place] = min(moment, following.get(place, moment))
    together: dict[datetime | None, list[int]] = defaultdict(list)
    for place in places:
        together[following.get(place)].append(place)
    for change_at, same in together.items():
        _rows().filter(place__in=same).order_by().update(number=F("number") + 1, next_change_at=change_at)
