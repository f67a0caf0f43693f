"""`make check-faults`: what readers and writers lose while every part is killed, hung or led astray in turn.

    python -m benchmarks.fault_table --runs 200 --only "worker failover"

nginx, gunicorn, db_worker, Redis and a PostgreSQL with a synchronous standby, all of our own. Readers ask for stored
pages, through nginx and from gunicorn itself, and for new ones; a reporter stores one story after another by the
newsroom's form. A save is acknowledged when the form answered with its redirect; afterwards all acknowledged stories
are looked for in the database. For each fault the table has the reads that failed, the seconds from the fault until a
save is acknowledged again (the time that an operator or systemd takes to start a part again is in it), the saves that
were refused meanwhile, and the acknowledged saves that are gone. After it come `--runs` kills -9 of web and database.
Exit status 1 if a save was lost, or a stored page failed behind nginx.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.faults import Redis
from benchmarks.load import Load
from benchmarks.measure import keep
from tests.nginx import Nginx
from tests.server import Server, children_of, free_port
from tests.standby import Postgres

CALM = 2.0
"""Seconds of load before and after each fault."""
PATIENCE = 120
"""Seconds after which a fault counts as not mended."""


class World:
    """All parts, and the load on them."""

    def __enter__(self) -> "World":
        self.primary = Postgres.start_new()
        # The test server does not wait for its log; a session of ours does, and for the standby.
        self.primary.sql("ALTER ROLE pekon SET synchronous_commit = on")
        self.standby = self.primary.make_replica()
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.sql("SELECT pg_reload_conf()")
        self.redis = Redis(free_port())
        self.server = Server(self.primary.url, REDIS_URL=f"redis://127.0.0.1:{self.redis.port}/0")
        self.server.prepare()
        name = urlsplit(self.server.env["DATABASE_URL"]).path.strip("/")
        hosts = {"host": "127.0.0.1,127.0.0.1", "port": f"{self.primary.port},{self.standby.port}"}
        hosts |= {"target_session_attrs": "read-write"}
        self.name = name
        self.server.env["DATABASE_URL"] = f"postgres://pekon@/{name}?{urlencode(hosts, safe=',')}"
        self.server.start()
        self.nginx = Nginx(self.server).__enter__()
        self.start_worker()
        self.load = Load(self.server, nginx=self.nginx.port)
        time.sleep(CALM)
        return self

    def __exit__(self, *exception: object) -> None:
        self.load.end()
        self.worker.kill()
        self.nginx.__exit__()
        self.server.kill()
        shutil.rmtree(self.server.folder, ignore_errors=True)
        self.redis.stop()
        for database in (self.standby, self.primary):
            with suppress(Exception):
                database.remove()

    def start_worker(self) -> None:
        command = [sys.executable, "manage.py", "db_worker"]
        out = (self.server.folder / "worker.log").open("ab")
        self.worker = subprocess.Popen(command, cwd=self.server.root, env=self.server.env, stdout=out, stderr=out)

    # --- Measuring ----------------------------------------------------------------------------------------------

    def suffer(self, name: str, fault: Callable[[], object], calm: float = CALM) -> dict[str, Any]:
        """One fault, and what it cost."""
        load = self.load
        with load.lock:
            load.reads.clear()
            before, refused = len(load.acknowledged), load.refused
        began = time.monotonic()
        with suppress(ProcessLookupError):
            fault()
        while True:
            asked = time.monotonic()
            if load.save() and load.ask(self.server.port, "GET", load.cold(), load.host) == 200:
                break
            if asked - began > PATIENCE:
                raise RuntimeError(f"{name}: not mended after {PATIENCE} s\n{self.logs()}")
            time.sleep(0.1)
        seconds = time.monotonic() - began
        time.sleep(calm)
        with load.lock:
            failed = {way: count for (way, is_good), count in sorted(load.reads.items()) if not is_good}
            row = {"fault": name, "reads": sum(load.reads.values()), "failed": failed, "seconds": round(seconds, 1)}
            row |= {"saved": len(load.acknowledged) - before, "refused": load.refused - refused}
        row["lost"] = len(self.lost())
        return row

    def lost(self) -> set[str]:
        with self.load.lock:
            acknowledged = set(self.load.acknowledged)
        for database in (self.primary, self.standby):
            with suppress(Exception):
                if database.sql("SELECT pg_is_in_recovery()") == [(False,)]:
                    there = Postgres(str(database.folder), database.database(self.name))
                    return acknowledged - {title for (title,) in there.sql("SELECT title FROM news_article")}
        raise RuntimeError("no database answers")

    def logs(self) -> str:
        return (self.server.folder / "gunicorn.log").read_text()[-3000:]

    # --- Faults -------------------------------------------------------------------------------------------------

    def kill_web_worker(self) -> None:
        os.kill(random.choice(self.server.processes), signal.SIGKILL)

    def kill_web_master(self) -> None:
        """systemd ends what is left of the unit, and starts it again."""
        assert self.server._process
        left = self.server.processes
        self.server._process.kill()
        self.server._process.wait()
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        wait_until_gone(left)
        self.server.start()

    def kill_web(self) -> None:
        self.server.kill()
        self.server.start()

    def kill_background(self) -> None:
        self.worker.kill()
        self.worker.wait()
        self.start_worker()

    def kill_redis(self) -> None:
        self.redis.stop()
        time.sleep(2)
        self.redis.start()

    def hang_redis(self) -> None:
        self.redis.process.send_signal(signal.SIGSTOP)
        time.sleep(5)
        self.redis.process.send_signal(signal.SIGCONT)

    def kill_nginx_worker(self) -> None:
        os.kill(random.choice(self.nginx.workers), signal.SIGKILL)

    def kill_backend(self) -> None:
        """One of PostgreSQL's connections: it restarts all of them and replays its log."""
        rows = self.primary.sql(
            f"SELECT pid FROM pg_stat_activity WHERE datname = '{self.name}' AND pid <> pg_backend_pid()"
        )
        os.kill(random.choice(rows)[0], signal.SIGKILL)

    def kill_postmaster(self) -> None:
        pid = self.primary.pid
        others = children_of(pid)
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(others)  # they notice, and it does not start beside them
        self.primary.start()

    def fill_disk(self) -> None:
        """VAR_DIR has no room: readers and the texts of stories need none."""
        folder = self.server.folder / "uploads"
        folder.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=True)
        try:
            with suppress(OSError):
                (folder / "full").write_bytes(b"x" * 2**20)
            time.sleep(3)
        finally:
            subprocess.run(["umount", str(folder)], check=True)

    def skew(self, seconds: int) -> Callable[[], None]:
        """gunicorn on a machine whose clock is wrong."""

        def restart() -> None:
            self.server.kill()
            self.server.env["SKEW"] = str(seconds)
            self.server.application = "benchmarks.skewed" if seconds else "pekon.wsgi"
            self.server.start()

        return restart

    def fail_over(self) -> None:
        """The primary is gone for good, and the standby takes its place."""
        self.primary.signal(signal.SIGKILL, backends=True)
        self.standby.promote()


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)


def shown(row: dict[str, Any]) -> str:
    failed = ", ".join(f"{way} {count}" for way, count in row["failed"].items()) or "0"
    return (
        f"| {row['fault']} | {row['reads']} | {failed} | {row['seconds']} | {row['saved']} | {row['refused']} "
        f"| {row['lost']} |"
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--runs", type=int, default=int(os.environ.get("RUNS") or 200), help="kills after the table")
    options.add_argument("--only", default=os.environ.get("ONLY", ""), help="words of the faults to try")
    asked = options.parse_args()
    rows = []
    with World() as world:
        faults: dict[str, Callable[[], object]] = {
            "gunicorn worker, kill -9": world.kill_web_worker,
            "gunicorn master, kill -9": world.kill_web_master,
            "db_worker, kill -9": world.kill_background,
            "Redis, kill -9, back after 2 s": world.kill_redis,
            "Redis hangs for 5 s": world.hang_redis,
            "nginx worker, kill -9": world.kill_nginx_worker,
            "PostgreSQL backend, kill -9": world.kill_backend,
            "PostgreSQL postmaster, kill -9": world.kill_postmaster,
            "disk of VAR_DIR/uploads full for 3 s": world.fill_disk,
            "clock of gunicorn 90 s ahead": world.skew(90),
            "clock of gunicorn 90 s behind": world.skew(-90),
            "clock right again": world.skew(0),
        }
        print("| fault | reads | failed | seconds until a save | saved | refused | lost |")
        print("|---|---:|---|---:|---:|---:|---:|", flush=True)
        words = asked.only.split()

        def suffer(name: str, fault: Callable[[], object]) -> None:
            if not words or any(word in name for word in words):
                rows.append(world.suffer(name, fault))
                print(shown(rows[-1]), flush=True)

        for name, fault in faults.items():
            suffer(name, fault)
        kills = [world.kill_web_worker, world.kill_web, world.kill_backend, world.kill_postmaster]
        total: dict[str, Any] = {}
        for number in range(asked.runs):
            done = world.suffer(f"kill {number + 1}", kills[number % len(kills)], calm=random.uniform(0, 0.5))
            total = {
                "fault": f"{number + 1} kills -9 of web and database in turn",
                "reads": done["reads"] + total.get("reads", 0),
                "failed": dict(Counter(done["failed"]) + Counter(total.get("failed", {}))),
                "seconds": max(done["seconds"], total.get("seconds", 0)),
                "saved": done["saved"] + total.get("saved", 0),
                "refused": done["refused"] + total.get("refused", 0),
                "lost": done["lost"],
            }
        if total:
            rows.append(total)
            print(shown(total), flush=True)
        suffer("PostgreSQL failover to the standby", world.fail_over)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"Load of this machine with {os.cpu_count()} cores, at the end: {load}")
    keep("fault-table", rows=rows, load=load)
    lost = sum(int(row["lost"]) for row in rows)
    behind = sum(row["failed"].get("nginx, stored", 0) for row in rows)
    return int(bool(lost or behind))


if __name__ == "__main__":
    sys.exit(main())
