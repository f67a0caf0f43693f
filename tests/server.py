"""Pekon as it runs in production, for tests and benchmarks: gunicorn's own processes over a database of its own.

The server can be killed and started again at any time. Everything it writes is in a temporary folder; its
database is an SQLite file there, or a new database on the PostgreSQL server that `database_url` names.
"""

import http.client
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests import made_once
from tests.made_once import ROOT

PATIENCE = 60  # seconds that a start may take on a busy machine


class Server:
    root = ROOT
    """The checkout whose code runs."""

    def __init__(
        self,
        database_url: str = "",
        workers: int = 2,
        application: str = "pekon.wsgi",
        filled: bool = False,
        **environment: str,
    ):
        """`environment` overrides settings. `filled`: `database_url` is a database that exists and stays."""
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
                "DATABASE_URL": self._database_url(),
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
        """The database and the static files, unless the folder or the database was given and has them already."""
        if self._given_url or self._sqlite_file.exists():
            self.run("manage.py", "migrate", "--verbosity", "0")
        elif self._admin_url:
            made_once.copy_postgres(self._admin_url, self._database)
        else:
            with closing(sqlite3.connect(self._sqlite_file)) as database:
                made_once.copy_sqlite(database)
        shutil.copytree(made_once.static_files(), self.folder / "static", dirs_exist_ok=True)

    def __exit__(self, *exception: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._admin_url:
            made_once.drop_postgres(self._admin_url, self._database)

    @property
    def _sqlite_file(self) -> Path:
        return self.folder / "pekon.sqlite3"

    def _database_url(self) -> str:
        if self._given_url:
            return self._given_url
        if not self._admin_url:
            return f"sqlite:///{self._sqlite_file}"
        return made_once.with_database(self._admin_url, self._database)

    def run(self, *arguments: str) -> str:
        """Run a Python script or `-m module` in the server's environment, and return what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.root, env=self.env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Start gunicorn in a process group of its own, and wait until it answers."""
        log = (self.folder / "gunicorn.log").open("ab")
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", self.application]
        self._process = subprocess.Popen(
            command, cwd=self.root, env=self.env, stdout=log, stderr=log, start_new_session=True
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
