"""A PostgreSQL with a streaming replica, for tests and benchmarks: the replica can be paused, stopped and promoted."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.server import ROOT, free_port

SCRIPT = str(ROOT / "tests" / "postgres.sh")


class Postgres:
    """A server of our own; `url` names its database `postgres`."""

    def __init__(self, folder: str, url: str):
        self.folder, self.url = Path(folder), url

    @classmethod
    def start_new(cls, *options: str) -> "Postgres":
        folder = tempfile.mkdtemp(prefix="pekon-postgres-")
        done = subprocess.run([SCRIPT, "start", folder], check=True, capture_output=True, text=True)
        server = cls(folder, done.stdout.strip())
        for option in options:
            server.sql(f"ALTER SYSTEM SET {option}")
        server.sql("SELECT pg_reload_conf()")
        return server

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    def sql(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def database(self, name: str) -> str:
        """The address of another database on this server."""
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    @property
    def pid(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    def signal(self, number: signal.Signals, backends: bool = False) -> None:
        """Send the postmaster a signal, with `backends` its children too."""
        for pid in [*(children(self.pid) if backends else []), self.pid]:
            os.kill(pid, number)

    def start(self) -> None:
        """Start it again after it was killed, and wait until it answers."""
        command = shlex.split((self.folder / "data" / "postmaster.opts").read_text())
        subprocess.Popen(as_owner(command), cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait()

    def wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self.sql("SELECT 1")
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def make_replica(self) -> "Postgres":
        """A streaming replica of this server."""
        folder = Path(tempfile.mkdtemp(prefix="pekon-replica-"))
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        data, port = folder / "data", free_port()
        options = shlex.split((self.folder / "data" / "postmaster.opts").read_text())
        binary = Path(options[0]).parent
        host = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "pekon"]
        command = [str(binary / "pg_basebackup"), *host, "-D", str(data), "-R", "-X", "stream", "-c", "fast"]
        subprocess.run(as_owner(command), cwd="/", check=True, capture_output=True)
        set_up = f"-c listen_addresses=127.0.0.1 -p {port} -k {data} -c max_connections=200 -c fsync=off"
        command = [str(binary / "pg_ctl"), "-D", str(data), "-w", "-l", str(data / "log"), "-o", set_up, "start"]
        subprocess.run(as_owner(command), cwd="/", check=True, capture_output=True)
        parts = urlsplit(self.url)
        return Postgres(str(folder), parts._replace(netloc=f"pekon@127.0.0.1:{port}").geturl())

    def pause(self) -> None:
        """Stop replaying: from now on this replica lags behind."""
        self.sql("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        self.sql("SELECT pg_wal_replay_resume()")

    def promote(self) -> None:
        """Make this replica a primary."""
        self.sql("SELECT pg_promote(true)")

    def remove(self) -> None:
        """Stop it and delete its files."""
        subprocess.run([SCRIPT, "stop", str(self.folder)], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def as_owner(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else command


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
