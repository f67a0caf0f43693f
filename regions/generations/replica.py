"""A read replica of the database, from which readers' pages are made while it has everything that their numbers stand
for (REPLICA_URL, docs/decisions/0079).

The numbers of a page are read from the primary database. A replica shows an unbroken beginning of the primary's
history, and every change increases numbers in its own transaction. So as soon as the numbers on the replica add up to
as much as those of a snapshot, it has replayed every change that the snapshot knows, and pages made there are not
older than their numbers. Until then, and whenever the replica fails, the primary makes the pages.

A restored backup can have fewer numbers, which add up to less than before. But restoring gives it numbers above all
former ones, so a replica whose newest number is older than the snapshot's has not replayed the restore.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections, models
from django.db.models import Max, Sum
from django.db.models.functions import Now

from regions.models import Generation

from .snapshot import Snapshot

log = logging.getLogger(__name__)
ALIAS = "replica"
INTERVAL = 0.03
"""Seconds between two looks at a replica that is behind."""
LONGEST_INTERVAL = 0.5
"""Seconds between two looks at a replica that has been behind, or down, for a while."""
TIMEOUT = 2.0
"""Seconds after which a replica that does not answer counts as hung, and its connections are broken off."""
PATIENCE = 0.1
"""Seconds that a page waits for a replica that had caught up with the snapshot before."""
MAX_AHEAD = 0.5
"""Seconds by which the replica's clock may be ahead of the primary's. Articles appear by the clock of the database that
makes the page, so they can be early by this much."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_alias: ContextVar[str] = ContextVar("readers' database", default=DEFAULT_DB_ALIAS)


class ReadersRouter:
    """Sends reads within `Replica.reading` to the replica, and everything else to the primary database."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return _alias.get()

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *rows: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return None if db == DEFAULT_DB_ALIAS else False


def is_configured() -> bool:
    return ALIAS in settings.DATABASES


class Replica:
    """What this process knows of the replica. A thread looks at it for each new snapshot, so that no request waits for
    a replica that is behind, down or hangs."""

    def __init__(self) -> None:
        self._snapshot: Snapshot | None = None
        self._reached = float("-inf")  # the time of the newest snapshot that the replica has caught up with
        self._is_close = False  # whether it had caught up at the last look
        self._is_down = False
        self._readers: dict[int, Any] = {}  # thread → its connection to the replica, while it may be in use
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._looked = threading.Condition()

    def follow(self, snapshot: Snapshot) -> None:
        """Find out whether the replica has caught up with this snapshot, without waiting for it."""
        if snapshot is self._snapshot:
            return
        self._snapshot = snapshot
        self._wanted.set()
        if self._thread is None:  # started late, because threads do not survive a server's fork
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="replica", daemon=True)
                    self._thread.start()

    def has_reached(self, snapshot: Snapshot) -> bool:
        """Whether pages may be made from the replica under the numbers of this snapshot. Waits for PATIENCE at most,
        and not if the replica was behind or down at the last look."""
        if snapshot.read_at > self._reached and self._is_close:
            with self._looked:
                if not self._looked.wait_for(lambda: snapshot.read_at <= self._reached, PATIENCE):
                    self._is_close = False
        return snapshot.read_at <= self._reached

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read from the replica in the `with` body. Writes go to the primary database."""
        token, thread = _alias.set(ALIAS), threading.get_ident()
        self._readers[thread] = connections[ALIAS]
        try:
            yield
        finally:
            self._readers.pop(thread, None)
            _alias.reset(token)

    def give_up(self) -> None:
        """Leave the replica alone until the next look at it, after an error."""
        self._reached, self._is_close = float("-inf"), False

    def _run(self) -> None:
        interval = INTERVAL
        while True:
            is_new = self._wanted.wait(1.0)
            self._wanted.clear()
            snapshot = self._snapshot
            if snapshot is None or not (is_new or self._readers):
                continue
            if self._look(snapshot):
                interval = INTERVAL
            else:
                interval = min(interval * 1.5, LONGEST_INTERVAL)
                time.sleep(interval)
                self._wanted.set()

    def _look(self, snapshot: Snapshot) -> bool:
        """Whether the replica answers and has caught up. A replica that hangs loses the connections of all threads,
        which then turn to the primary."""
        hung = threading.Timer(TIMEOUT, self._break_off)
        hung.daemon = True
        hung.start()
        try:
            with self.reading():
                is_reached = _has(snapshot)
        except (DatabaseError, InterfaceError) as error:
            if not self._is_down:
                log.error("The replica is down, the primary database makes the pages: %s", error)
            self._is_down = True
            self.give_up()
            connections[ALIAS].close()
            return False
        finally:
            hung.cancel()
        if self._is_down:
            log.warning("The replica is back")
            self._is_down = False
        with self._looked:
            self._is_close = is_reached
            if is_reached:
                self._reached = snapshot.read_at
                self._looked.notify_all()
        return is_reached

    def _break_off(self) -> None:
        log.error("The replica does not answer: its connections are broken off")
        self.give_up()
        for connection in list(self._readers.values()):
            with suppress(Exception), _line(connection) as line:  # it may be made or closed just now
                line.shutdown(socket.SHUT_RDWR)


def _line(connection: Any) -> socket.socket:
    """The socket of a connection to the database, which stays open when this object is closed."""
    return socket.socket(fileno=os.dup(connection.connection.pgconn.socket))


def _has(snapshot: Snapshot) -> bool:
    """Whether the replica has replayed all changes that the snapshot's numbers count, and its clock is neither behind
    their times nor ahead of the primary's."""
    wall = time.time()
    found = Generation.objects.using(ALIAS).aggregate(total=Sum("number"), newest=Max("number"), now=Max(Now()))
    if found["now"] is None:
        return False
    if found["total"] < sum(snapshot.numbers.values()) or found["newest"] < max(snapshot.numbers.values(), default=0):
        return False
    # A number is at least the microseconds of the primary's clock when it was written. So what was due then is due by
    # the replica's clock too, once that has passed all numbers.
    microseconds = (found["now"] - _EPOCH) // timedelta(microseconds=1)
    ahead = found["now"].timestamp() - wall + snapshot.offset
    return bool(found["newest"] <= microseconds and ahead <= MAX_AHEAD)
