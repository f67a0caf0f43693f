"""Snapshots: the generation numbers as of one second, and the data that all pages made under them share.

In each process one thread, the poller, reads the numbers from the primary database when a request needs newer ones:
after a second, or when a scheduled change is due. So readers do not wait for a database that is down or hangs: the last
numbers stay in use, and the poller is marked as down. Seconds are those of the wall clock, because proxies' caches
count these too (pekon.pagecache).
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection
from django.db.models.functions import Now
from django.utils import timezone

from pekon import metrics
from regions.models import Generation, Region

from .numbers import EVERYWHERE, bump_due

log = logging.getLogger(__name__)
Value = TypeVar("Value")
DATABASE_TIMEOUT = 2.0
"""Seconds that a reader waits for the numbers before the database is considered down."""
RETRY_INTERVAL = 0.5
"""Seconds between two attempts while the database is down."""


class SharedData:
    """Data that all pages share until the number of EVERYWHERE changes: the regions, and what `get` has stored."""

    def __init__(self, regions: Iterable[Region] | None = None) -> None:
        """`regions` are all regions; by default they are read from the database."""
        self._values: dict[str, Any] = {}
        self._values_of_regions: dict[tuple[int, str], tuple[int, Any]] = {}
        rows = Region.objects.using(DEFAULT_DB_ALIAS) if regions is None else regions
        self.regions = {region.pk: region for region in rows}
        """Regions by key. Their ancestors are set, so that a region's lineage causes no query."""
        for region in self.regions.values():
            region.parent = self.regions[region.parent_id] if region.parent_id else None
        self.open_regions = {region.subdomain: region for region in self.regions.values() if region.is_open}
        """Open regions by subdomain; the network's is the empty string."""
        self.network = next((region.pk for region in self.regions.values() if not region.parent_id), 0)
        """The network's key; 0 if there is no network yet."""

    def get(self, name: str, make: Callable[[], Value]) -> Value:
        """The value with this name. `make` is called the first time only."""
        if name not in self._values:
            self._values[name] = make()
        value: Value = self._values[name]
        return value

    def get_for_region(self, region_id: int, number: int, name: str, make: Callable[[], Value]) -> Value:
        """A region's value with this name. `make` is called once per generation of the region."""
        stored = self._values_of_regions.get((region_id, name))
        if stored is None or stored[0] != number:
            stored = self._values_of_regions[region_id, name] = (number, make())
        value: Value = stored[1]
        return value


@dataclass(frozen=True)
class Snapshot:
    """The generation numbers at one moment. Times are seconds since 1970 by this machine's clock."""

    second: int  # in which the numbers were read
    read_at: float  # on the monotonic clock
    numbers: dict[int, int]
    next_changes: dict[int, float]  # the time of each region's next scheduled change
    shared: SharedData
    offset: float = 0.0  # seconds by which this machine's clock is ahead of the database's
    earliest_change: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "earliest_change", min(self.next_changes.values(), default=float("inf")))

    @classmethod
    def for_one_page(cls) -> "Snapshot":
        """A snapshot without numbers for a single request, if there is no page cache in front."""
        return cls(0, 0.0, {}, {}, SharedData())

    def to_plain(self) -> dict[str, Any]:
        """The snapshot as JSON values: enough to find stored pages by host, and to know the snapshot's age."""
        regions = [[row.pk, row.parent_id, row.subdomain, row.is_open] for row in self.shared.regions.values()]
        return {"second": self.second, "numbers": list(self.numbers.items()), "regions": regions}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Snapshot":
        """A snapshot from the result of `to_plain`. It has no scheduled changes: it is only used while the database is
        down, when other caches may not store pages. Raises ValueError, TypeError or KeyError for invalid data."""
        regions = [
            Region(pk=int(pk), parent_id=parent_id, subdomain=str(subdomain), is_open=bool(is_open))
            for pk, parent_id, subdomain, is_open in plain["regions"]
        ]
        second = int(plain["second"])
        read_at = time.monotonic() - max(0.0, time.time() - second)
        numbers = {int(pk): int(number) for pk, number in plain["numbers"]}
        return cls(second, read_at, numbers, {}, SharedData(regions))

    @property
    def is_current(self) -> bool:
        now = time.time()
        return int(now) == self.second and now < self.earliest_change and time.monotonic() - self.read_at < 1

    @property
    def age(self) -> float:
        """The snapshot's age in seconds."""
        return time.monotonic() - self.read_at

    def number(self, region_id: int) -> int:
        return self.numbers.get(region_id, 0)

    def get_for_region(self, region_id: int, name: str, make: Callable[[], Value]) -> Value:
        """A value that the pages of a region share. `make` is called once per generation of the region."""
        return self.shared.get_for_region(region_id, self.number(region_id), name, make)


class Poller:
    """Holds the newest snapshot of this process.

    With `in_thread=False` it reads in the calling thread, for tests, whose transactions other threads cannot see.
    """

    def __init__(self, in_thread: bool = True):
        self.is_down = False
        """Whether the database failed to answer the last time."""
        self._in_thread = in_thread
        self._thread: threading.Thread | None = None
        self._snapshot: Snapshot | None = None
        self._attempts = 0
        self._wanted = threading.Event()
        self._finished = threading.Condition()

    def snapshot(self) -> Snapshot | None:
        """The current snapshot. While the database is down it is the last one, or None if there was none."""
        last = self._snapshot
        return last if last and last.is_current else self._newer()

    def ask_again(self) -> None:
        """Find out whether the database is down, after an error."""
        if not self._in_thread:
            self._read()
            return
        with self._finished:
            attempts = self._attempts
            self._start()
            self._wanted.set()
            if not self._finished.wait_for(lambda: self._attempts > attempts, DATABASE_TIMEOUT):
                self.is_down = True
                metrics.DATABASE_DOWN.set(1.0)

    def _newer(self) -> Snapshot | None:
        if not self._in_thread:
            self._read()
            return self._snapshot
        with self._finished:
            self._start()
            deadline = time.monotonic() + DATABASE_TIMEOUT
            while not (self._snapshot and self._snapshot.is_current):
                self._wanted.set()
                if self.is_down:
                    break
                if not self._finished.wait(deadline - time.monotonic()):
                    log.error("The database does not answer: stored pages are shown")
                    self.is_down = True
                    metrics.DATABASE_DOWN.set(1.0)
            return self._snapshot

    def _start(self) -> None:
        if self._thread is None:  # started late, because threads do not survive a server's fork
            self._thread = threading.Thread(target=self._run, name="generations", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            self._read()
            if self.is_down:
                time.sleep(RETRY_INTERVAL)

    def _read(self) -> None:
        with metrics.POLL_SECONDS.time():
            self._read_once()

    def _read_once(self) -> None:
        try:
            snapshot = self._take_snapshot()
            if snapshot is None:
                bump_due()
                snapshot = self._take_snapshot(with_overdue=True)
        except (DatabaseError, InterfaceError) as error:
            if not self.is_down:
                log.error("The database is down, stored pages are shown: %s", error)
            if self._in_thread:
                connection.close()
            self._finish(None)
        else:
            self._finish(snapshot)

    def _finish(self, snapshot: Snapshot | None) -> None:
        """Give the snapshot to the waiting requests; None means that the database is down."""
        with self._finished:
            if snapshot and self.is_down:
                log.warning("The database is back")
                if hasattr(connection, "close_pool"):  # its connections are from before the outage
                    connection.close_pool()
            self.is_down = snapshot is None
            metrics.DATABASE_DOWN.set(float(self.is_down))
            self._snapshot = snapshot or self._snapshot
            self._attempts += 1
            self._finished.notify_all()

    def _take_snapshot(self, with_overdue: bool = False) -> Snapshot | None:
        """Read the numbers. Returns None if a scheduled change is due, unless `with_overdue` is set."""
        wall, monotonic = time.time(), time.monotonic()
        generations = Generation.objects.using(DEFAULT_DB_ALIAS).order_by().annotate(now=Now())
        rows = list(generations.values_list("region_id", "number", "next_change_at", "now"))
        now = rows[0][3] if rows else timezone.now()
        if not with_overdue and any(change_at and change_at <= now for _pk, _number, change_at, _now in rows):
            return None
        numbers = {pk: number for pk, number, _change_at, _now in rows}
        last = self._snapshot
        is_known = last and last.number(EVERYWHERE) == numbers.get(EVERYWHERE, 0)
        # The database's clock was read after ours, so a change can at worst be noticed too early, not too late.
        offset = wall - now.timestamp()
        next_changes = {pk: change_at.timestamp() + offset for pk, _number, change_at, _now in rows if change_at}
        shared = last.shared if last and is_known else SharedData()
        return Snapshot(int(wall), monotonic, numbers, next_changes, shared, offset)
