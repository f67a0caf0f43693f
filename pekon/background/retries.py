"""When a task is done again: the one place where background work waits and tries once more.

A task that knows why it cannot go on (a mail server that is down) calls `again`. Every other failure, of any kind of
task, is put back by `on_finished` with the same waits. Tasks are idempotent, so neither does harm. After the last wait
a task has failed: administrators see it in the newsroom and can run it again.
"""

import logging
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

log = logging.getLogger(__name__)
WAITS = (15, 60, 300, 1_800, 7_200, 21_600)
"""Seconds until the next attempt."""


class GivenUp(Exception):
    """Raised by a task that would fail in the same way again: it is not repeated."""


def again(work: Any, *arguments: Any, attempt: int, waits: tuple[int, ...] = WAITS, endless: bool = False) -> bool:
    """Queue the task once more, with `attempt + 1` as its last argument. Returns False if all waits are over; with
    `endless` the last one is repeated."""
    if attempt >= len(waits) and not endless:
        return False
    later = timezone.now() + timedelta(seconds=waits[min(attempt, len(waits) - 1)])
    work.using(run_after=later).enqueue(*arguments, attempt + 1)
    return True


def on_finished(sender: Any, task_result: Any, **kwargs: Any) -> None:
    """Put a task that has just failed back into the queue, unless it has given up or has failed too often. Its error
    stays with it, for administrators to see."""
    if task_result.status != TaskResultStatus.FAILED:
        return
    row = DBTaskResult.objects.filter(pk=task_result.id, status=TaskResultStatus.FAILED).first()
    failures = len(row.worker_ids) if row else 0
    if row is None or failures > len(WAITS) or is_final(row.exception_class_path):
        return
    later = timezone.now() + timedelta(seconds=WAITS[failures - 1])
    log.warning("%s has failed %s times and is done again at %s", row.task_path, failures, f"{later:%H:%M:%SZ}")
    DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.FAILED).update(
        status=TaskResultStatus.READY, run_after=later, started_at=None, finished_at=None
    )


def is_final(exception_class_path: str) -> bool:
    """Whether the exception with this path means that the task has given up, or that somebody has ended the worker."""
    try:
        kind = import_string(exception_class_path)
    except ImportError:
        return False
    return issubclass(kind, GivenUp)
