"""Background work: whether a worker is alive, keeps up, and which tasks have failed."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from pekon.background import workers
from pekon.doctor.registry import Finding, Options, check, fail, ok, warn

WAIT_WARN, WAIT_FAIL = timedelta(minutes=10), timedelta(hours=1)
FAILED_WITHIN = timedelta(days=1)


@check("worker", needs_database=True)
def background_work(options: Options) -> Iterator[Finding]:
    now = timezone.now()
    beat = workers.last_beat()
    start = "Start the service that runs manage.py db_worker, and read its log."
    if beat is None:
        yield fail("no background worker has ever run", start)
    elif now - beat > workers.SILENCE:
        yield fail(f"the last sign of a background worker is {_say(now - beat)} old", start)
    else:
        yield ok(f"a background worker was alive {_say(now - beat)} ago")
    waiting = workers.oldest_waiting(now)
    if waiting > WAIT_WARN:
        make = fail if waiting > WAIT_FAIL else warn
        yield make(f"the oldest task has waited for {_say(waiting)}", "Start more workers, if one is alive.")
    else:
        yield ok(f"the oldest waiting task has waited for {_say(waiting)}" if waiting else "no task waits")
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=now - FAILED_WITHIN).count()
    if failed:
        yield warn(
            f"{failed} tasks failed within a day",
            "An administrator sees why, and runs them again, in the newsroom under Tugas latar belakang.",
        )


def _say(duration: timedelta) -> str:
    seconds = round(duration.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min" if seconds < 7_200 else f"{seconds // 3_600} h"
