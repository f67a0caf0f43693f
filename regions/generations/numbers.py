"""The generation numbers, which are increased ("bumped") in the transaction that changes what readers see.

Every region has a number, and there is one for what all editions have in common (EVERYWHERE). A stored page has the
numbers under which it was made, and is shown as long as these are current (pekon.pagecache). So pages never need to be
purged, and are equally fresh in every process and on every machine.

`bump` increases the numbers of the given regions and of those above them. It takes effect at the end of the outermost
`bumping()`, so that the rows are locked last, always in the same order, and only until the commit. `next_change_at` is
the earliest time at which the passing of time changes what readers see (an article is published, a day ends). The
functions in `SCHEDULES` find it, and the first process that notices that it has passed calls `bump_due`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.db.models.signals import post_save, pre_delete, pre_save

from pekon import metrics
from regions import tree
from regions.models import Generation, Region

EVERYWHERE = 0
"""Used in place of a region's key for what all editions have in common, such as sections and the regions themselves."""

RegionsOf = Callable[[Any], Iterable[int]]
Schedule = Callable[[set[int], datetime], Iterable[tuple[int, datetime]]]

SCHEDULES: list[Schedule] = []
DEPENDENCIES: dict[type[models.Model], RegionsOf] = {}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_pending: ContextVar[set[int] | None] = ContextVar("pending", default=None)


@contextmanager
def bumping() -> Iterator[None]:
    """A transaction in which calls of `bump` are collected, and take effect at the end. Also usable as a decorator."""
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
            _bump(pending)


def bump(regions: Iterable[int]) -> None:
    """Increase the generation numbers of these regions (primary keys, or EVERYWHERE) and of all regions above them.

    Call it in the transaction that changes what their readers see. Inside `bumping()` it takes effect at the end.
    """
    pending = _pending.get()
    if pending is not None:
        pending.update(regions)
        return
    with transaction.atomic():
        _bump(set(regions))


def register(model: type[models.Model], regions_of: RegionsOf) -> None:
    """Declare that readers see rows of `model`: saving or deleting one bumps the regions that `regions_of(row)`
    returns.

    Bulk updates send no signals, so code that uses them must call `bump_for` or `bump` itself.
    """
    DEPENDENCIES[model] = regions_of
    pre_save.connect(_before_save, sender=model, dispatch_uid="generations")
    post_save.connect(_on_change, sender=model, dispatch_uid="generations")
    pre_delete.connect(_on_change, sender=model, dispatch_uid="generations")


def bump_for(row: models.Model) -> None:
    """Bump the regions whose readers see `row`. Its model must have been passed to `register`.

    The regions are determined again after the commit, because a simultaneous transaction, whose rows this one does not
    see, may have published an article that shows the row.
    """
    regions_of = DEPENDENCIES[type(row)]
    regions = set(regions_of(row))
    bump(regions)

    def bump_more() -> None:
        more = set(regions_of(row)) - regions if row.pk else set()
        if more:
            bump(more)

    transaction.on_commit(bump_more)


def _before_save(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    """Bump the regions of the row as it was before, because it may be moving to another region."""
    before = sender._base_manager.filter(pk=instance.pk).first() if instance.pk and not raw else None
    if before:
        bump_for(before)


def _on_change(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    if not raw:  # the related rows of a fixture may not be loaded yet
        bump_for(instance)


def register_schedule(schedule: Schedule) -> Schedule:
    """Declare changes that the passing of time causes. `schedule` takes keys of regions and a time, and yields the
    later times of changes, each with its region's key. Also usable as a decorator."""
    SCHEDULES.append(schedule)
    return schedule


@register_schedule
def _midnights(regions: set[int], now: datetime) -> Iterator[tuple[int, datetime]]:
    """The next midnight of each region, because archive pages link to the new day."""
    for region in Region.objects.filter(pk__in=regions).only("timezone"):
        tomorrow = region.local(now).date() + timedelta(days=1)
        yield region.pk, datetime.combine(tomorrow, time.min, region.zone)


def bump_due() -> None:
    """Bump the regions whose `next_change_at` has passed by the database's clock, and all regions above them. If
    several processes call this, only one bumps."""
    with transaction.atomic():
        due = set(_generations().filter(next_change_at__lte=Now()).values_list("region_id", flat=True))
        locked = _lock(_with_ancestors(due))
        still_due = {pk for pk, change_at, now in locked if pk in due and change_at and change_at <= now}
        if still_due:
            _write(_with_ancestors(still_due), locked[0][2])
            for pk, change_at, now in locked:
                if pk in still_due and change_at:
                    metrics.LATENESS_SECONDS.observe((now - change_at).total_seconds())


def _generations() -> models.QuerySet[Generation]:
    """All rows in the order in which they are always locked, from the primary database, because replicas lag behind."""
    return Generation.objects.using(DEFAULT_DB_ALIAS).order_by("region_id")


def _lock(regions: set[int]) -> list[tuple[int, datetime | None, datetime]]:
    """Lock the rows of these regions. Returns (region's key, next_change_at, the database's time) of each."""
    rows = _generations().filter(region_id__in=regions).select_for_update().annotate(now=Now())
    return list(rows.values_list("region_id", "next_change_at", "now"))


def _with_ancestors(regions: set[int]) -> set[int]:
    paths = Region.objects.filter(pk__in=regions).values_list("path", flat=True)
    lineages = {above for path in paths for above in tree.lineage(path)}
    return set(Region.objects.filter(path__in=lineages).values_list("pk", flat=True)) | (regions & {EVERYWHERE})


def _bump(regions: set[int]) -> None:
    """Lock the regions' rows and increase their numbers. Missing rows are created."""
    if not regions:
        return
    wanted = _with_ancestors(regions)
    locked = _lock(wanted)
    if len(locked) < len(wanted):
        missing = wanted - {pk for pk, _change_at, _now in locked}
        Generation.objects.bulk_create([Generation(region_id=pk) for pk in sorted(missing)], ignore_conflicts=True)
        locked = _lock(wanted)
    if locked:
        _write(wanted, locked[0][2])


def _write(regions: set[int], now: datetime) -> None:
    """Increase the numbers of these regions and set their next changes. The rows must be locked; `now` is the
    database's time that was read with the locks.

    A number is never used twice, not even after restoring an older backup, because it is at least the number of
    microseconds since 1970 by the database's clock.
    """
    metrics.BUMPS.inc()
    metrics.BUMPED_REGIONS.inc(len(regions))
    microseconds = (now - _EPOCH) // timedelta(microseconds=1)
    next_changes: dict[int, datetime] = {}
    for schedule in SCHEDULES:
        for pk, moment in schedule(regions - {EVERYWHERE}, now):
            next_changes[pk] = min(moment, next_changes.get(pk, moment))
    together: dict[datetime | None, list[int]] = defaultdict(list)
    for pk in regions:
        together[next_changes.get(pk)].append(pk)
    for change_at, same in together.items():
        _generations().filter(region_id__in=same).order_by().update(
            number=Greatest(F("number") + 1, microseconds), next_change_at=change_at
        )
