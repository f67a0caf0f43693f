"""`make check-migrations`: this release's newest migrations, applied under the previous release while it is at work.

    python -m benchmarks.migrating --previous COMMIT

The previous release (a worktree of that commit; by default the one before the last commit that touched a migration)
runs on a PostgreSQL of its own, with readers and a reporter. Then this release's `migrate` is applied to the same
database, the previous release goes on for a while, and this release takes over. Prints the reads and saves that
failed, the slowest of each, and the longest time that a statement waited for a lock. Exit status 1 if a read or a save
failed, or one waited for a lock for longer than `--longest` seconds.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from benchmarks.load import Load
from benchmarks.measure import keep
from tests.server import ROOT, Server
from tests.standby import Postgres

WAITING = """
SELECT COALESCE(MAX(EXTRACT(EPOCH FROM clock_timestamp() - query_start)), 0)
FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name <> 'watch'
"""
INTERVAL = 0.02
"""Seconds between two looks at who waits for a lock."""


class Locks(threading.Thread):
    """The longest wait for a lock so far, in seconds, to the accuracy of INTERVAL. What writers wait for each other is
    in it too."""

    def __init__(self, url: str):
        super().__init__(daemon=True)
        self.url, self.longest, self.over = url, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        with psycopg.connect(self.url, autocommit=True, application_name="watch") as watching:
            while not self.over.wait(INTERVAL):
                found = watching.execute(WAITING).fetchone()
                self.longest = max(self.longest, float(found[0]) if found else 0.0)


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def newest_before_migrations() -> str:
    """The commit before the last one that touched a migration."""
    return git("log", "-1", "--format=%H^", "--", "*/migrations/*.py")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--previous", default=os.environ.get("PREVIOUS") or newest_before_migrations())
    options.add_argument("--seconds", type=float, default=10, help="of load before, after and with this release")
    options.add_argument("--longest", type=float, default=2, help="seconds that a statement may wait for a lock")
    asked = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="pekon-previous-")) / "release"
    git("worktree", "add", "--detach", str(folder), asked.previous)
    database, server = Postgres.start_new(), None
    try:
        server = Server(database.url, filled=True)
        server.root = folder
        server.prepare()
        server.start()
        load, locks = Load(server), Locks(database.url)
        time.sleep(asked.seconds)
        before = dict(load.slowest)
        server.root = ROOT
        plan = server.run("manage.py", "migrate", "--plan")
        began = time.monotonic()
        server.run("manage.py", "migrate", "--verbosity", "0")
        took = time.monotonic() - began
        time.sleep(asked.seconds)
        under_previous = locks.longest
        failed, refused = sum(count for (_way, good), count in load.reads.items() if not good), load.refused
        server.run("manage.py", "migrate", "--check")
        reads, saves, slowest = sum(load.reads.values()), len(load.acknowledged), dict(load.slowest)
        load.end()
        locks.over.set()
        stored = {title for (title,) in database.sql("SELECT title FROM news_article")}
        lost = set(load.acknowledged) - stored
        server.kill()
        server.start()
        good = [load.ask(server.port, "GET", path, load.host) == 200 for path in load.paths] + [load.save()]
    finally:
        if server:
            server.__exit__()
        database.remove()
        with suppress(subprocess.CalledProcessError):
            git("worktree", "remove", "--force", str(folder))
    print(plan.strip())
    print(
        f"previous release {asked.previous[:12]}: {reads} reads, {failed} failed; {saves} saves, {refused} refused, "
        f"{len(lost)} lost\nmigrations took {took:.1f} s in all; slowest read {slowest['read']:.2f} s, save "
        f"{slowest['save']:.2f} s (before: {before['read']:.2f}, {before['save']:.2f}); longest wait for a lock "
        f"{under_previous:.2f} s\nthis release afterwards: {sum(good)} of {len(good)} answers right"
    )
    load_now = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"Load of this machine with {os.cpu_count()} cores, at the end: {load_now}")
    keep("migrating", reads=reads, failed=failed, saves=saves, refused=refused, lost=len(lost), lock=under_previous)
    return int(bool(failed or refused or lost or under_previous > asked.longest or not all(good)))


if __name__ == "__main__":
    sys.exit(main())
