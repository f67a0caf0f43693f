"""Timers: when the nightly commands and the backup last succeeded (pekon.background.runs)."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from pekon.background import runs
from pekon.doctor.registry import Finding, Options, check, fail, ok, warn

NIGHTLY = (
    "renditions",
    "prune_working_copies",
    "prune_versions",
    "prune_notices",
    "empty_bin",
    "clearsessions",
    "prune_db_task_results",
    "prune_static",
    "send_notices",
)
"""Commands that a timer runs every night. `renditions` is recorded with --make."""
LATE = timedelta(hours=36)
VERY_LATE = timedelta(days=7)
_COMMANDS = {"renditions": "renditions --make", "drill": "backup --drill"}


@check("timers", needs_database=True)
def nightly(options: Options) -> Iterator[Finding]:
    findings = [finding for name in NIGHTLY for finding in _examine(name, is_vital=False)]
    yield from findings or [ok(f"all {len(NIGHTLY)} nightly commands have succeeded lately")]


@check("backup", needs_database=True)
def backup(options: Options) -> Iterator[Finding]:
    yield from list(_examine("backup", is_vital=True)) or [ok(_last("backup", "backup"))]
    yield from list(_examine("drill", is_vital=True)) or [ok(_last("drill", "proof that a backup can be restored"))]


def _examine(name: str, *, is_vital: bool) -> Iterator[Finding]:
    """Nothing if the command has succeeded lately and did not fail since."""
    command = f"manage.py {_COMMANDS.get(name, name)}"
    now, last, success = timezone.now(), runs.last_run(name), runs.last_success(name)
    age = now - success.finished_at if success and success.finished_at else None
    when = f"succeeded {age.days * 24 + age.seconds // 3_600} hours ago" if age else "has never succeeded"
    if age is None or age > LATE:
        make = fail if is_vital or (age and age > VERY_LATE) else warn
        yield make(f"{name} {when}", f"Run {command}, and see that its timer is on (systemctl list-timers).")
    if last and last != success:
        if last.finished_at:
            why = last.detail.get("error", "an error")
            yield warn(f"{name} failed at its last run: {why}", f"Read the log of its unit, or run {command}.")
        elif now - last.started_at > LATE:
            yield warn(f"{name} was started and never ended", f"It was probably killed. Run {command} and watch it.")


def _last(name: str, what: str) -> str:
    success = runs.last_success(name)
    finished_at = success.finished_at if success else None
    return f"last {what}: {finished_at:%Y-%m-%d %H:%M} UTC" if finished_at else f"no {what}"
