"""`manage.py db_worker`: django-tasks-db's worker, extended to continue after a database outage."""

import logging
import time
from typing import Any

from django.db import InterfaceError, OperationalError, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands import db_worker

from pekon import maintenance
from pekon.background import numbers
from pekon.background.workers import Heartbeat

log = logging.getLogger(__name__)
RETRY_INTERVAL = 2.0
"""Seconds between two attempts to reach a database that is down."""


class PausingWorker(db_worker.Worker):
    """Takes no task while the newsroom is read-only."""

    @property
    def queue_names(self) -> list[str]:
        """The queues to take the next task from, which the worker asks for each time."""
        while maintenance.current().is_read_only:
            time.sleep(maintenance.INTERVAL)
        return self._queue_names

    @queue_names.setter
    def queue_names(self, names: list[str]) -> None:
        self._queue_names = names


db_worker.Worker = PausingWorker  # type: ignore[misc]


class Command(db_worker.Command):
    def handle(self, **options: Any) -> None:
        numbers.start()
        while True:
            # With a new id, a task that was running during the outage is recognised as lost and put back.
            options["worker_id"] = get_random_string(32)
            heartbeat = Heartbeat(options["worker_id"])
            heartbeat.start()
            try:
                super().handle(**options)
                return
            except (OperationalError, InterfaceError) as error:
                if options["batch"]:
                    raise
                log.error("The database is down, the worker waits for it: %s", error)
            finally:
                heartbeat.end()
            for connection in connections.all(initialized_only=True):
                connection.close()
                if hasattr(connection, "close_pool"):
                    connection.close_pool()
            time.sleep(RETRY_INTERVAL)
