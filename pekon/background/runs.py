"""Records when commands ran that a timer starts, and how they ended. `manage.py doctor` warns of those that are late.

    with record_run("backup") as detail:
        detail["stories"] = copy_stories()

It is also a decorator, for a command's `handle`.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from .models import CommandRun

log = logging.getLogger(__name__)
KEPT = timedelta(days=90)
"""How long runs are kept. The newest successful one of each name stays."""


@contextmanager
def record_run(name: str) -> Iterator[dict[str, Any]]:
    """Record one run of `name`. The dictionary that it yields is stored with the run, so its values must be JSON values
    and nobody's personal data. An exception is recorded by its class, as a run that failed, and raised again.

    A database that waits for its migrations may have no table for it: then the run is not recorded."""
    if CommandRun._meta.db_table not in connection.introspection.table_names():
        log.warning("%s is not recorded: the database has no table for it yet. Run manage.py migrate.", name)
        yield {}
        return
    run = CommandRun.objects.create(name=name, started_at=timezone.now())
    detail: dict[str, Any] = {}
    try:
        yield detail
    except BaseException as error:
        try:
            _finish(run, {**detail, "error": type(error).__name__}, succeeded=False)
        except (DatabaseError, InterfaceError) as also:  # what went wrong first is raised
            log.error("The end of %s cannot be recorded: %s", name, also)
        raise
    _finish(run, detail, succeeded=True)
    last = last_success(name)
    old = CommandRun.objects.filter(name=name, started_at__lt=timezone.now() - KEPT)
    if last:
        old.exclude(pk=last.pk).delete()


def last_run(name: str) -> CommandRun | None:
    """The run that was started last, finished or not."""
    return CommandRun.objects.filter(name=name).order_by("started_at", "pk").last()


def last_success(name: str) -> CommandRun | None:
    """The successful run that was finished last."""
    return CommandRun.objects.filter(name=name, succeeded=True).order_by("finished_at", "pk").last()


def _finish(run: CommandRun, detail: dict[str, Any], *, succeeded: bool) -> None:
    """Store how the run ended. Creates the row again if the run itself has replaced the database, as a restore does."""
    run.finished_at, run.succeeded, run.detail = timezone.now(), succeeded, detail
    if not CommandRun.objects.filter(pk=run.pk, name=run.name, started_at=run.started_at).update(
        finished_at=run.finished_at, succeeded=succeeded, detail=detail
    ):
        run.pk = None
        run.save(force_insert=True)
