"""What is on the board: the numbers of all editions, read once a second, and what all of them have in common.

One thread of each process reads the numbers from the primary, when somebody asks for them and those it has are of an
earlier second, or when a change by time is due. So no reader waits for a database that is down or hangs: the last
numbers stay, and say so. Seconds are those of the wall clock, because a proxy's cache counts them too
(regions.pagecache).
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection
from django.db.models.functions import Now
from django.utils import timezone

from . import editions
from .models import Edition, Region

log = logging.getLogger(__name__)
Thing = TypeVar("Thing")
PATIENCE = 2.0
"""Seconds that a reader waits for the numbers until the database counts as down."""
PAUSE = 0.5
"""Seconds between two attempts while it is."""


class Shared:
    """What all pages have in common, kept until the number of EVERYWHERE changes: regions, and what views put in."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self._of_regions: dict[tuple[int, str], tuple[int, Any]] = {}
        self.every = {region.pk: region for region in Region.objects.using(DEFAULT_DB_ALIAS)}
        """Regions by key, their ancestors linked: reading a region's lineage costs no query."""
        for region in self.every.values():
            region.parent = self.every[region.parent_id] if region.parent_id else None
        self.regions = {region.subdomain: region for region in self.every.values() if region.is_open}
        """Open regions by label."""
        self.network = next((region.pk for region in self.every.values() if not region.parent_id), 0)

    def get(self, name: str, make: Callable[[], Thing]) -> Thing:
        """What `make` returned when it was first asked for by this name."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def of_region(self, place: int, number: int, name: str, make: Callable[[], Thing]) -> Thing:
        """Likewise for one region, as long as its edition has this number."""
        kept = self._of_regions.get((place, name))
        if kept is None or kept[0] != number:
            kept = self._of_regions[place, name] = (number, make())
        value: Thing = kept[1]
        return value


@dataclass(frozen=True)
class Snapshot:
    """The numbers as they were at one moment. Times are seconds since 1970 by this machine's clock."""

    second: int  # in which they were read
    began: float  # on the monotonic clock
    numbers: dict[int, int]
    changes: dict[int, float]  # when time alone will change an edition
    shared: Shared
    earliest: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "earliest", min(self.changes.values(), default=float("inf")))

    @classmethod
    def alone(cls) -> "Snapshot":
        """For one page of which nothing is kept."""
        return cls(0, 0.0, {}, {}, Shared())

    @property
    def is_of_now(self) -> bool:
        now = time.time()
        return int(now) == self.second and now < self.earliest and time.monotonic() - self.began < 1

    @property
    def age(self) -> float:
        """Seconds."""
        return time.monotonic() - self.began

    def number(self, place: int) -> int:
        return self.numbers.get(place, 0)

    def of_region(self, place: int, name: str, make: Callable[[], Thing]) -> Thing:
        """What the pages of one region have in common: made once for each of its editions."""
        return self.shared.of_region(place, self.number(place), name, make)


class Board:
    """`in_thread=False` reads in the asking thread, for tests, whose transaction no other thread sees."""

    def __init__(self, in_thread: bool = True):
        self.is_down = False
        self._in_thread = in_thread
        self._thread: threading.Thread | None = None
        self._snapshot: Snapshot | None = None
        self._rounds = 0
        self._wanted = threading.Event()
        self._news = threading.Condition()

    def snapshot(self) -> Snapshot | None:
        """The present numbers; while the database is down the last ones, or None if there were none."""
        last = self._snapshot
        return last if last and last.is_of_now else self._newer()

    def ask_again(self) -> None:
        """Something went wrong with the database: find out whether it is down."""
        if not self._in_thread:
            self._read()
            return
        with self._news:
            rounds = self._rounds
            self._start()
            self._wanted.set()
            if not self._news.wait_for(lambda: self._rounds > rounds, PATIENCE):
                self.is_down = True

    def _newer(self) -> Snapshot | None:
        if not self._in_thread:
            self._read()
            return self._snapshot
        with self._news:
            self._start()
            deadline = time.monotonic() + PATIENCE
            while not (self._snapshot and self._snapshot.is_of_now):
                self._wanted.set()
                if self.is_down:
                    break
                if not self._news.wait(deadline - time.monotonic()):
                    log.error("The database does not answer: what is kept is shown")
                    self.is_down = True
            return self._snapshot

    def _start(self) -> None:
        if self._thread is None:  # in the process that serves, not in one that it was forked from
            self._thread = threading.Thread(target=self._keep_reading, name="editions", daemon=True)
            self._thread.start()

    def _keep_reading(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            self._read()
            if self.is_down:
                time.sleep(PAUSE)

    def _read(self) -> None:
        try:
            snapshot = self._take()
            if snapshot is None:
                editions.move_on()
                snapshot = self._take(overdue=True)
        except (DatabaseError, InterfaceError) as error:
            if not self.is_down:
                log.error("The database is down, what is kept is shown: %s", error)
            if self._in_thread:
                connection.close()
            self._tell(None)
        else:
            self._tell(snapshot)

    def _tell(self, snapshot: Snapshot | None) -> None:
        with self._news:
            if snapshot and self.is_down:
                log.warning("The database is back")
                if hasattr(connection, "close_pool"):  # its connections are those from before
                    connection.close_pool()
            self.is_down = snapshot is None
            self._snapshot = snapshot or self._snapshot
            self._rounds += 1
            self._news.notify_all()

    def _take(self, overdue: bool = False) -> Snapshot | None:
        """None where a change by time is due, unless it may be `overdue`."""
        wall, began = time.time(), time.monotonic()
        every = Edition.objects.using(DEFAULT_DB_ALIAS).order_by().annotate(now=Now())
        rows = list(every.values_list("place", "number", "next_change_at", "now"))
        now = rows[0][3] if rows else timezone.now()
        if not overdue and any(due and due <= now for _place, _number, due, _now in rows):
            return None
        numbers = {place: number for place, number, _due, _now in rows}
        last = self._snapshot
        known = last and last.number(editions.EVERYWHERE) == numbers.get(editions.EVERYWHERE, 0)
        # The database's clock was read after ours, so this errs, if at all, on the side of asking too early.
        ours = wall - now.timestamp()
        changes = {place: due.timestamp() + ours for place, _number, due, _now in rows if due}
        return Snapshot(int(wall), began, numbers, changes, last.shared if last and known else Shared())
