"""Numbers that the database knows, told by the background worker on WORKER_METRICS_BIND: the queue and the timers.

They are read when Prometheus asks. Each worker tells the same ones, so rules take their maximum.
"""

import logging
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, Max
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from . import workers
from .models import CommandRun

log = logging.getLogger(__name__)


def start() -> None:
    """Answer on WORKER_METRICS_BIND from a thread, if it is set. Work goes on if that is not possible."""
    if not settings.WORKER_METRICS_BIND:
        return
    from prometheus_client import REGISTRY, disable_created_metrics, start_http_server

    disable_created_metrics()  # type: ignore[no-untyped-call]
    host, _colon, port = settings.WORKER_METRICS_BIND.rpartition(":")
    try:
        start_http_server(int(port), host.strip("[]"))
    except OSError as error:
        log.error("Numbers cannot be told on %s: %s", settings.WORKER_METRICS_BIND, error)
        return
    REGISTRY.register(_collector())


def _collector() -> Any:  # prometheus_client is only imported if it is wanted
    from prometheus_client.metrics_core import GaugeMetricFamily
    from prometheus_client.registry import Collector

    class FromDatabase(Collector):
        def describe(self) -> list[GaugeMetricFamily]:
            return []  # registering would otherwise collect

        def collect(self) -> Iterator[GaugeMetricFamily]:
            try:
                families = list(self._read())
                down = 0
            except (DatabaseError, InterfaceError):
                families, down = [], 1
            finally:
                connection.close()
            yield GaugeMetricFamily("pekon_worker_database_down", "Whether the worker misses the database", down)
            yield from families

        def _read(self) -> Iterator[GaugeMetricFamily]:
            now = timezone.now()
            tasks = GaugeMetricFamily("pekon_tasks", "Tasks in the queue by state", labels=["state"])
            counted = dict(DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")))
            for state in ("READY", "RUNNING", "FAILED"):
                tasks.add_metric([state.lower()], counted.get(state, 0))
            yield tasks
            yield GaugeMetricFamily(
                "pekon_oldest_task_seconds",
                "How long the oldest task that could run has waited",
                workers.oldest_waiting(now).total_seconds(),
            )
            succeeded = GaugeMetricFamily(
                "pekon_command_success_timestamp_seconds", "When a command last succeeded", labels=["name"]
            )
            runs = CommandRun.objects.filter(succeeded=True).order_by().values_list("name").annotate(Max("finished_at"))
            for name, finished_at in runs:
                succeeded.add_metric([name], finished_at.timestamp())
            yield succeeded

    return FromDatabase()
