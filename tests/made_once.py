"""What every test begins with and none changes, made once for each state of the code and stored in pytest's cache.

That is a database as the migrations leave it, of which each worker and each server takes a copy
(tests/test_migrations.py runs them for real), and the collected static files. Each is thrown away when the code that it
was made from changes.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".pytest_cache" / "made_once"
STATES = 4
"""How many states of the code are stored, so that a run that began before the code changed goes on with its own."""
UNFINISHED = "unfinished-"
PREFIX = "pekon_template_"
LOCK = 0x70656B6F6E
"""Key of PostgreSQL's advisory lock while a template is made: an arbitrary constant."""


@cache
def state() -> str:
    """Names the code that databases and static files are made from: ours, and the packages that are installed."""
    digest = hashlib.sha256()
    files = [path for package in ("pekon", "regions", "news") for path in (ROOT / package).rglob("*.py")]
    files += [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    files.append(ROOT / "pyproject.toml")  # the version
    for path in sorted(files):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    site_packages = Path(psycopg.__file__).parent.parent
    digest.update("\n".join(sorted(path.name for path in site_packages.glob("*.dist-info"))).encode())
    return digest.hexdigest()[:16]


def static_files() -> Path:
    """The folder that `collectstatic` fills: packing them takes longer than starting a server."""
    return _made("static", lambda made: manage("collectstatic", "--noinput", var=made.parent))


def copy_sqlite(target: sqlite3.Connection) -> None:
    """Fill an empty database with the template's tables and rows."""
    with closing(sqlite3.connect(f"file:{_sqlite_template()}?mode=ro", uri=True)) as source:
        source.backup(target)


def copy_postgres(server_url: str, name: str) -> None:
    """Make the database `name`, which may be there already, on the server that has the database of `server_url`."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        template = _postgres_template(connection, server_url)
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop_postgres(server_url: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def with_database(url: str, name: str) -> str:
    """The address of another database on the same PostgreSQL server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _sqlite_template() -> Path:
    def make(made: Path) -> None:
        manage("migrate", var=made.parent)
        with closing(sqlite3.connect(made)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # one file, which can be read without writing beside it

    return _made("pekon.sqlite3", make)


def _postgres_template(connection: psycopg.Connection, server_url: str) -> str:
    """The template's name. Templates of other states are dropped."""
    name = PREFIX + state()
    connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        known = [
            row[0]
            for row in connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        ]
        if name not in known:
            for old in [*known, f"{name}_unfinished"]:
                connection.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}_unfinished"')
            with tempfile.TemporaryDirectory(prefix="pekon-template-") as var:
                manage("migrate", var=Path(var), database_url=with_database(server_url, f"{name}_unfinished"))
            connection.execute(f'ALTER DATABASE "{name}_unfinished" RENAME TO "{name}"')
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return name


def _made(name: str, make: Callable[[Path], None]) -> Path:
    """A file or folder of this state in the cache; `make(path)` makes it, with a folder of its own around it."""
    kept = CACHE / state() / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    with _locked(CACHE / f"{name}.lock"):
        if not kept.exists():
            with tempfile.TemporaryDirectory(dir=CACHE, prefix=UNFINISHED) as var:
                make(Path(var) / name)
                (Path(var) / name).rename(kept)
            _forget_old_states()
    return kept


def _forget_old_states() -> None:
    states = [path for path in CACHE.iterdir() if path.is_dir() and not path.name.startswith(UNFINISHED)]
    for old in sorted(states, key=lambda path: path.stat().st_mtime)[:-STATES]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def manage(*command: str, var: Path, database_url: str = "") -> None:
    """Run a command of manage.py as in production; what it writes, its SQLite database included, is in `var`."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "pekon.settings",
        "DEBUG": "false",
        "SCHEME": "http",
        "DOMAIN": "pekon.web.id",
        "SECRET_KEY": "0123456789" * 6,
        "EMAIL_URL": "console:",
        "DATABASE_POOL": "false",
        "VAR_DIR": str(var),
        "DATABASE_URL": database_url or f"sqlite:///{var / 'pekon.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *command, "--verbosity", "0"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(command)}\n{done.stdout}\n{done.stderr}")
