"""Pekon as it runs in production, for tests and benchmarks: gunicorn's own processes over a database of its own.

The server can be killed and started again at any time. Everything it writes is in a temporary folder; its
database is an SQLite file there, or a new database on the PostgreSQL server that `database_url` names.
"""

import fcntl
import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds that a start may take on a busy machine


class Server:
    def __init__(
        self,
        database_url: str = "",
        workers: int = 2,
        application: str = "pekon.wsgi",
        filled: bool = False,
        **environment: str,
    ):
        """`environment` overrides what the processes are told. `filled`: the database itself is given, and stays."""
        self.folder = Path(tempfile.mkdtemp(prefix="pekon-server-"))
        self.port = free_port()
        self.workers = workers
        self.application = application
        self._given_url = database_url if filled else ""
        self._admin_url = database_url if database_url.startswith("postgres") and not filled else ""
        self._database = f"pekon_{secrets.token_hex(6)}"
        self._process: subprocess.Popen[bytes] | None = None
        self.env = (
            os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "pekon.settings",
                "DEBUG": "false",
                "SCHEME": "http",
                "DOMAIN": f"localhost:{self.port}",
                "SECRET_KEY": secrets.token_hex(32),
                "VAR_DIR": str(self.folder),
                "DATABASE_URL": self._make_database(),
                "DATABASE_POOL": "true",
                "TRUSTED_PROXY_COUNT": "0",
                "EMAIL_URL": "console:",
                "REQUIRE_SECOND_FACTOR": "false",
                "BIND": f"127.0.0.1:{self.port}",
                "WORKERS": str(workers),
            }
            | environment
        )

    def __enter__(self) -> "Server":
        self.prepare()
        self.start()
        return self

    def prepare(self) -> None:
        self.run("manage.py", "migrate", "--verbosity", "0")
        self._collect_static()

    def __exit__(self, *exception: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._admin_url:
            with psycopg.connect(self._admin_url, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{self._database}" WITH (FORCE)')

    def _make_database(self) -> str:
        if self._given_url:
            return self._given_url
        if not self._admin_url:
            return f"sqlite:///{self.folder / 'pekon.sqlite3'}"
        with psycopg.connect(self._admin_url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self._database}"')
        return urlsplit(self._admin_url)._replace(path=f"/{self._database}").geturl()

    def _collect_static(self) -> None:
        """Packing static files takes longer than all else here, so the processes of one test run do it once."""
        static = self.folder / "static"
        shared = Path(os.environ.get("SHARED_BY_TESTS", self.folder))
        with (shared / "collected.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            collected = shared / "collected"
            if shared == self.folder:  # one that is kept from run to run
                shutil.rmtree(collected, ignore_errors=True)
            if not collected.exists():
                self.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
                static.rename(collected)
        static.unlink(missing_ok=True)
        static.symlink_to(collected)

    def run(self, *arguments: str) -> str:
        """Run a Python script or `-m module` in the server's environment, and return what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Start gunicorn in a process group of its own, and wait until it answers."""
        log = (self.folder / "gunicorn.log").open("ab")
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", self.application]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                self.get("/", host="")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self.folder / "gunicorn.log").read_text()[-4000:])

    def kill(self) -> None:
        """End all of the server's processes at once, without a chance to finish anything."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    @property
    def processes(self) -> list[int]:
        """The ids of gunicorn's workers."""
        assert self._process
        return children_of(self._process.pid)

    def get(self, path: str, host: str, connection: http.client.HTTPConnection | None = None) -> int:
        """The status that a reader of `host` (without the domain, empty for the network) gets. Raises OSError."""
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        label = f"{host}." if host else ""
        try:
            own.request("GET", path, headers={"Host": f"{label}localhost:{self.port}"})
            response = own.getresponse()
            response.read()
        except http.client.HTTPException as error:
            own.close()
            raise ConnectionError(str(error)) from error
        except OSError:
            own.close()
            raise
        if connection is None:
            own.close()
        return response.status

    def url(self, path: str = "/", host: str = "") -> str:
        """An address that a browser can open."""
        return f"http://{host + '.' if host else ''}localhost:{self.port}{path}"


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
