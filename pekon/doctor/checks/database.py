"""The database: whether it answers, has connections for all processes, the tables of this release, and our time."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from pekon.doctor.registry import Finding, Options, check, fail, ok, skip, warn

POOL = 8
"""Connections that a process of gunicorn may open (DATABASE_POOL)."""
WORKER = 4
"""Connections that a background worker may open: its task, its heartbeat, its numbers, and one of a task's threads."""
COMMANDS = 5
"""Connections left for commands and people."""
CLOCK_WARN, CLOCK_FAIL = 0.5, 2.0  # seconds; freshness is counted in whole seconds


@check("database")
def reachable(options: Options) -> Iterator[Finding]:
    began = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:
        yield fail(
            f"does not answer: {type(error).__name__}: {' '.join(str(error).split())}",
            "Start it, and compare DATABASE_URL with what it is called and where it listens.",
        )
        return
    milliseconds = (time.perf_counter() - began) * 1_000
    version = ".".join(map(str, connection.get_database_version()))
    yield ok(f"{connection.display_name} {version} answers in {milliseconds:.0f} ms")
    if connection.vendor == "sqlite" and (settings.WEB_MACHINES > 1 or not settings.DEBUG):
        make = fail if settings.WEB_MACHINES > 1 else warn
        yield make("SQLite is for one machine and few writers", "Use PostgreSQL: set DATABASE_URL=postgres://…")


@check("connections", needs_database=True)
def connection_limit(options: Options) -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        yield skip("SQLite has no limit")
        return
    if not settings.DATABASE_POOL:
        yield skip("DATABASE_POOL is false: the pooler before PostgreSQL has the limit")
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
            " - coalesce(current_setting('reserved_connections', true), '0')::int, r.rolconnlimit, d.datconnlimit"
            " FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()"
        )
        limit = min(number for number in cursor.fetchone() if number >= 0)
    web = POOL * settings.WORKERS * settings.GUNICORNS * settings.WEB_MACHINES
    needed = web + WORKER * settings.BACKGROUND_WORKERS + COMMANDS
    sum_of = (
        f"{POOL} × {settings.WORKERS} workers × {settings.GUNICORNS} gunicorns × {settings.WEB_MACHINES} machines + "
        f"{WORKER} × {settings.BACKGROUND_WORKERS} background workers + {COMMANDS} for commands = {needed}"
    )
    if needed <= limit:
        yield ok(f"{limit} connections allowed, at most {needed} needed ({sum_of})")
    else:
        yield warn(
            f"{limit} connections allowed, and up to {needed} needed ({sum_of})",
            f"Set max_connections of PostgreSQL (or its limit for this role or database) to {needed} or more, lower "
            "WORKERS, or put PgBouncer in between with DATABASE_POOL=false.",
        )


@check("migrations", needs_database=True)
def migrations(options: Options) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        named = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan[:5])
        more = f" and {len(plan) - 5} more" if len(plan) > 5 else ""
        yield fail(f"not applied: {named}{more}", "Run manage.py migrate.")
    known = executor.loader.disk_migrations
    labels = {label for label, _name in known}
    foreign = [key for key in MigrationRecorder(connection).applied_migrations() if key[0] in labels]
    newer = sorted(f"{label}.{name}" for label, name in foreign if (label, name) not in executor.loader.graph.nodes)
    replaced = {f"{label}.{name}" for migration in known.values() for label, name in migration.replaces}
    newer = [name for name in newer if name not in replaced]
    if newer:
        yield warn(
            f"of a newer release: {', '.join(newer[:5])}",
            "This code is older than the database. That is right after a rollback that the CHANGELOG allows; otherwise "
            "install the newer release.",
        )
    if not plan and not newer:
        yield ok("all applied")


@check("clock", needs_database=True)
def clock(options: Options) -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        yield skip("SQLite uses this machine's clock")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # so that connecting is not part of the measured time
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        [theirs] = cursor.fetchone()
        after = datetime.now(UTC)
    ahead = (before + (after - before) / 2 - theirs).total_seconds()
    uncertain = (after - before).total_seconds() / 2
    text = f"this machine is {abs(ahead):.3f} s {'ahead of' if ahead > 0 else 'behind'} the database"
    if abs(ahead) - uncertain < CLOCK_WARN:
        yield ok(text)
        return
    make = fail if abs(ahead) - uncertain >= CLOCK_FAIL else warn
    yield make(text, "Let NTP set the clocks of all machines (timedatectl set-ntp true); chronyc tracking shows it.")
