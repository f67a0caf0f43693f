"""Recovers the tasks of background workers that were killed.

A killed worker leaves its task RUNNING, and django-tasks-db never changes that. So every worker writes a heartbeat into
the shared cache, and a running task whose worker has been silent for SILENCE is put back into the queue. A task may
therefore run twice, which all tasks of this project allow. A task whose worker died MAX_ATTEMPTS times has failed.
"""

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from pekon import maintenance

log = logging.getLogger(__name__)
HEARTBEAT_INTERVAL = 10.0  # seconds
SILENCE = timedelta(seconds=60)
MAX_ATTEMPTS = 3


class WorkerLost(Exception):
    """Recorded for a task that is given up because every worker that ran it died."""


def beat(worker_id: str) -> None:
    """Record that this worker is alive."""
    cache.set(_key(worker_id), 1, SILENCE.total_seconds())


def reap() -> int:
    """Put the tasks of dead workers back into the queue, or give them up; returns how many."""
    lost = 0
    for row in DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - SILENCE):
        if not row.worker_ids or cache.get(_key(row.worker_ids[-1])) is None:
            lost += _put_back(row)
    return lost


def in_state(tasks: QuerySet[DBTaskResult[Any, Any]], state: str) -> QuerySet[DBTaskResult[Any, Any]]:
    return tasks.filter(status=state)


def run_again(row: DBTaskResult[Any, Any]) -> bool:
    """Put a failed task back into the queue. Returns False if it is not failed any more."""
    return bool(_change(row, TaskResultStatus.FAILED, _READY))


_READY = {
    "status": TaskResultStatus.READY,
    "started_at": None,
    "finished_at": None,
    "exception_class_path": "",
    "traceback": "",
}


def _put_back(row: DBTaskResult[Any, Any]) -> int:
    if len(row.worker_ids) < MAX_ATTEMPTS:
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
