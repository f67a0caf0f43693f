"""Recovers the tasks of background workers that were killed.

A killed worker leaves its task RUNNING, and django-tasks-db never changes that. So every worker writes a heartbeat into
the shared cache, and a running task whose worker has been silent for SILENCE is put back into the queue. Heartbeats are
times of the database's clock, so that machines whose own clocks are wrong do not take each other for dead. A task may
therefore run twice, which all tasks of this project allow. A task whose worker died MAX_ATTEMPTS times has failed.
"""

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from pekon import maintenance

from . import retries

log = logging.getLogger(__name__)
HEARTBEAT_INTERVAL = 10.0  # seconds
SILENCE = timedelta(seconds=60)
KEPT = 86_400
"""Seconds for which a heartbeat is kept: longer than clocks are wrong."""
MAX_ATTEMPTS = 3
_LAST_BEAT = "workers:last-beat"


class WorkerLost(Exception):
    """Recorded for a task that is given up because every worker that ran it died."""


def beat(worker_id: str) -> None:
    """Record that this worker is alive."""
    cache.set(_key(worker_id), _now(), KEPT)
    cache.set(_LAST_BEAT, _now(), None)


def last_beat() -> datetime | None:
    """When any worker was last alive, by the database's clock; None if there never was one."""
    seconds: float | None = cache.get(_LAST_BEAT)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def oldest_waiting(now: datetime) -> timedelta:
    """How long the oldest task has been waiting that could run. A task with a later time waits since that time."""
    at_once = Q(run_after=get_date_max())
    since = DBTaskResult.objects.ready().aggregate(
        enqueued=Min("enqueued_at", filter=at_once), due=Min("run_after", filter=~at_once)
    )
    return max((now - moment for moment in since.values() if moment), default=timedelta())


def reap() -> int:
    """Put the tasks of dead workers back into the queue, or give them up; returns how many."""
    lost, now = 0, _now()
    for row in DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - SILENCE):
        beaten = cache.get(_key(row.worker_ids[-1])) if row.worker_ids else None
        if beaten is None or now - beaten > SILENCE.total_seconds():
            lost += _put_back(row)
    return lost


def _now() -> float:
    """The database's clock, in seconds since 1970."""
    is_postgres = connection.vendor == "postgresql"
    clock = "EXTRACT(EPOCH FROM clock_timestamp())" if is_postgres else "(julianday('now') - 2440587.5) * 86400.0"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {clock}")
        return float(cursor.fetchone()[0])


def in_state(tasks: QuerySet[DBTaskResult[Any, Any]], state: str) -> QuerySet[DBTaskResult[Any, Any]]:
    return tasks.filter(status=state)


def run_again(row: DBTaskResult[Any, Any]) -> bool:
    """Put a failed task back into the queue. Returns False if it is not failed any more."""
    afresh = {"exception_class_path": "", "traceback": "", "worker_ids": [], "run_after": timezone.now()}
    return bool(_change(row, TaskResultStatus.FAILED, _READY | afresh))


_READY: dict[str, object] = {
    "status": TaskResultStatus.READY,
    "started_at": None,
    "finished_at": None,
}


def _put_back(row: DBTaskResult[Any, Any]) -> int:
    # A task that failed before has been tried by further workers, which did not end with it.
    limit = len(retries.WAITS) + 1 if row.exception_class_path else MAX_ATTEMPTS
    if len(row.worker_ids) < limit:
        log.warning("The worker of %s is gone: it is done again", row.task_path)
        return _change(row, TaskResultStatus.RUNNING, _READY)
    log.error("%s is given up: %s workers ended with it", row.task_path, len(row.worker_ids))
    failed = {
        "status": TaskResultStatus.FAILED,
        "finished_at": timezone.now(),
        "exception_class_path": f"{WorkerLost.__module__}.{WorkerLost.__qualname__}",
        "traceback": f"{len(row.worker_ids)} workers ended while they ran it.",
    }
    return _change(row, TaskResultStatus.RUNNING, failed)


def _change(row: DBTaskResult[Any, Any], status: str, to: Mapping[str, object]) -> int:
    """Update a task, unless another process has changed it meanwhile; returns the number of changed rows."""
    return DBTaskResult.objects.filter(pk=row.pk, status=status, started_at=row.started_at).update(**to)


def _key(worker_id: str) -> str:
    return f"worker:{worker_id}"


class Heartbeat(threading.Thread):
    """A thread that records a worker's heartbeats, even during long tasks, and recovers other workers' lost tasks."""

    def __init__(self, worker_id: str):
        super().__init__(name="heartbeat", daemon=True)
        self.worker_id = worker_id
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                beat(self.worker_id)
                if not maintenance.current().is_read_only:
                    reap()
            except (DatabaseError, InterfaceError) as error:
                log.warning("A worker cannot say that it is alive: %s", error)
            finally:
                connection.close()
            self._ended.wait(HEARTBEAT_INTERVAL)

    def end(self) -> None:
        self._ended.set()
