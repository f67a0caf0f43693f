"""Copies a database as it is at one moment, and loads such a copy in place of what is there.

PostgreSQL's own programs do the work (pg_dump, pg_restore, psql), or SQLite's online backup. Loading is one
transaction, or one file that takes the place of another: whoever is killed meanwhile leaves the old database.
"""

import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.client import DatabaseClient
from environs import Env

from .encryption import Readable

LOCK = 0x70656B6F6E62
"""Key of PostgreSQL's advisory lock while a backup is made: an arbitrary constant."""
_LOCK_OF_DRILLS = LOCK + 1
_SIGNS_OF_USE = ("auth_user", "regions_region", "news_article")
_SCHEMA = "public"
_EMPTIED = f"""
SET client_min_messages = warning;
DO $$ DECLARE thing record; BEGIN
    FOR thing IN SELECT tablename AS name FROM pg_tables WHERE schemaname = '{_SCHEMA}' LOOP
        EXECUTE format('DROP TABLE IF EXISTS {_SCHEMA}.%I CASCADE', thing.name);
    END LOOP;
    FOR thing IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE pronamespace = '{_SCHEMA}'::regnamespace
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
        EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', thing.name);
    END LOOP;
END $$;
"""  # noqa: S608  (our own name)


class DatabaseError(Exception):
    """The database cannot be copied or loaded. The message says why, and what to do."""


class Snapshot(ABC):
    """A database as it was at one moment."""

    @abstractmethod
    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    @abstractmethod
    def dump(self) -> Any:
        """A context manager that gives the dump to read. Raises DatabaseError at its end if the dump is not whole."""

    @abstractmethod
    def table_names(self) -> set[str]:
        """The tables that there are."""

    def tables(self, names: set[str]) -> dict[str, int]:
        """The number of rows of those tables that exist."""
        there = sorted(names & self.table_names())
        return {name: self.rows(f'SELECT count(*) FROM "{name}"')[0][0] for name in there}  # noqa: S608  (our own names)


class Database(ABC):
    vendor: str

    def __init__(self, settings: dict[str, Any]) -> None:
        """`settings` is an entry of Django's DATABASES."""
        self.settings = settings

    @abstractmethod
    def locked(self) -> Any:
        """A context manager that holds the lock of backups, on whatever machine they run. Raises DatabaseError if one
        is being made."""

    @abstractmethod
    def snapshot(self, folder: Path) -> Any:
        """A context manager that gives a Snapshot. `folder` is for files that it needs meanwhile."""

    @abstractmethod
    def version(self) -> str:
        """The version of the database server."""

    @abstractmethod
    def is_used(self) -> bool:
        """Whether somebody has stored regions, people or articles in it. Raises DatabaseError if it cannot be
        reached."""

    @abstractmethod
    def tombstones(self) -> list[tuple[Any, ...]]:
        """The rows of tombstones (id, kind, subject, lifts, made_at, detail) that it has; none if it has no table."""

    @abstractmethod
    def begin(self, dump: Path, statements: list[str]) -> str:
        """Load a dump, with `statements` before anybody could see it; returns the URL of the database that it is in,
        or an empty string for this one. `finish` ends it."""

    @abstractmethod
    def loaded_tables(self, names: set[str]) -> dict[str, int]:
        """The number of rows of the tables that `begin` has loaded."""

    @abstractmethod
    def finish(self) -> None:
        """What `begin` has loaded is the database from now on."""


def database(settings: dict[str, Any]) -> Database:
    if settings["ENGINE"].endswith("sqlite3"):
        return SQLite(settings)
    return PostgreSQL(settings)


def settings_of(url: str) -> dict[str, Any]:
    """An entry of Django's DATABASES, from a URL as DATABASE_URL has it. Raises DatabaseError."""
    env = Env()
    with _environment(PEKON_RESTORE_URL=url):
        try:
            settings: dict[str, Any] = env.dj_db_url("PEKON_RESTORE_URL")
        except Exception as error:
            raise DatabaseError(f"This is no address of a database: {error}") from None
    settings.setdefault("OPTIONS", {})
    return settings


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]


# --- PostgreSQL -----------------------------------------------------------------------------------------------


class PostgreSQL(Database):
    vendor = "postgresql"

    def locked(self) -> Any:
        return self._locked(LOCK, "A backup")

    @contextmanager
    def _locked(self, key: int, what: str) -> Iterator[None]:
        # The lock of a transaction: a session's would outlive this connection behind a transaction pooler.
        with self._connected() as connection:
            connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            [got] = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [key]).fetchone() or [False]
            if not got:
                raise DatabaseError(f"{what} of this database is being made already. Wait until it has ended.")
            yield

    @contextmanager
    def snapshot(self, folder: Path) -> Iterator["Snapshot"]:
        self._program("pg_dump")
        with self._connected() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            [name] = connection.execute("SELECT pg_export_snapshot()").fetchone() or [""]
            yield _PostgreSQLSnapshot(self, connection, name)

    def version(self) -> str:
        with self._connected() as connection:
            return str(connection.info.parameter_status("server_version"))

    def is_used(self) -> bool:
        with self._connected() as connection:
            for table in _SIGNS_OF_USE:
                [there] = connection.execute("SELECT to_regclass(%s)", [f"{_SCHEMA}.{table}"]).fetchone() or [None]
                if there and connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():  # noqa: S608
                    return True
        return False

    def tombstones(self) -> list[tuple[Any, ...]]:
        with self._connected() as connection:
            [there] = connection.execute("SELECT to_regclass('tombstones_tombstone')").fetchone() or [None]
            return connection.execute(_TOMBSTONES).fetchall() if there else []

    def others(self) -> int:
        """How many other connections to this database there are."""
        with self._connected() as connection:
            sql = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            [count] = connection.execute(sql).fetchone() or [0]
        return int(count)

    def begin(self, dump: Path, statements: list[str]) -> str:
        if others := self.others():
            raise DatabaseError(
                f"{others} other connections to this database are open. Stop gunicorn and db_worker, everywhere, "
                "so that nobody writes into it and no reader sees it half restored."
            )
        restore = [self._program("pg_restore"), "--no-owner", "--no-privileges", "--no-comments", "--file=-", str(dump)]
        # Set at the end: the dump's own settings leave no schema to look in.
        ending = "".join(f"{line};\n" for line in [f"SET search_path = {_SCHEMA}", *statements, "COMMIT"])
        arguments, env = self._command("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
        with (
            tempfile.TemporaryFile() as complaints,
            subprocess.Popen(arguments, stdin=subprocess.PIPE, stderr=complaints, env=env) as psql,  # noqa: S603
            tempfile.TemporaryFile() as refusals,
            subprocess.Popen(restore, stdout=subprocess.PIPE, stderr=refusals, env=env) as source,  # noqa: S603
        ):
            assert psql.stdin  # noqa: S101
            assert source.stdout  # noqa: S101
            try:
                psql.stdin.write(b"BEGIN;\n" + _EMPTIED.encode())
                shutil.copyfileobj(source.stdout, psql.stdin)
                if source.wait() == 0:  # otherwise psql ends without COMMIT
                    psql.stdin.write(ending.encode())
                psql.stdin.close()
            except BrokenPipeError:
                source.kill()
            except BaseException:
                psql.kill()
                source.kill()
                raise
            codes = source.wait(), psql.wait()
            if any(codes):
                raise DatabaseError(f"The dump cannot be loaded: {_said(complaints) or _said(refusals)}")
        return ""

    def loaded_tables(self, names: set[str]) -> dict[str, int]:
        with self._connected() as connection:
            return _PostgreSQLSnapshot(self, connection, "").tables(names)

    def finish(self) -> None:
        with self._connected(autocommit=True) as connection:
            connection.execute("ANALYZE")

    @contextmanager
    def drill(self) -> Iterator[str]:
        """A scratch database for a drill, after dropping what killed ones have left. Its name has the number of the
        database that it belongs to, because the server may have other installations, with drills of their own. Raises
        DatabaseError."""
        with self._locked(_LOCK_OF_DRILLS, "A drill"):
            with self._connected(autocommit=True) as connection:
                sql = "SELECT oid::int8 FROM pg_database WHERE datname = current_database()"
                [number] = connection.execute(sql).fetchone() or [0]
                ours = f"pekon_drill_{number}_"
                drops = "SELECT format('DROP DATABASE %%I WITH (FORCE)', datname) FROM pg_database"
                for [drop] in connection.execute(f"{drops} WHERE datname ^@ %s::text", [ours]).fetchall():
                    connection.execute(drop)
            with self.scratch(f"{ours}{secrets.token_hex(6)}") as url:
                yield url

    @contextmanager
    def scratch(self, name: str) -> Iterator[str]:
        """A new database on the same server; gives its URL, and drops it afterwards. Raises DatabaseError."""
        with self._connected(autocommit=True) as connection:
            # What is in a cluster without a locale is SQL_ASCII, unless said otherwise.
            sql = (
                "SELECT format('CREATE DATABASE %%I TEMPLATE template0 ENCODING ''UTF8'' LC_COLLATE %%L LC_CTYPE %%L', "
                "%s::text, datcollate, datctype) FROM pg_database WHERE datname = current_database()"
            )
            [created] = connection.execute(sql, [name]).fetchone() or [""]
            try:
                connection.execute(created)
            except psycopg.errors.InsufficientPrivilege:
                raise DatabaseError(
                    "Pekon's database user may not create a database for the drill: ALTER ROLE … CREATEDB, or give "
                    "an empty one with --scratch URL."
                ) from None
        try:
            yield self._url(name)
        finally:
            with self._connected(autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        own = self.settings
        user = quote(str(own.get("USER") or ""), safe="")
        password = f":{quote(str(own['PASSWORD']), safe='')}" if own.get("PASSWORD") else ""
        host = quote(str(own.get("HOST") or ""), safe="") + (f":{own['PORT']}" if own.get("PORT") else "")
        options = self._connection_options()
        passed_on = [f"{key}={quote(str(value), safe='')}" for key, value in options.items() if key != "dbname"]
        query = f"?{'&'.join(passed_on)}" if passed_on else ""
        return f"postgres://{user}{password}@{host}/{name}{query}"

    def _connection_options(self) -> dict[str, Any]:
        """What the settings' OPTIONS say of the connection: as of a URL with several servers (host, port,
        target_session_attrs). Without Django's own."""
        return {key: value for key, value in self.settings["OPTIONS"].items() if key in _CONNECTION_OPTIONS}

    @contextmanager
    def _connected(self, *, autocommit: bool = False) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        own = self.settings
        named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        values = {"connect_timeout": 5} | self._connection_options()
        values |= {name: own[key] for name, key in named.items() if own.get(key)}
        try:
            connection = psycopg.connect(**values, autocommit=autocommit)
        except psycopg.OperationalError as error:
            raise DatabaseError(f"The database cannot be reached: {error}") from None
        with connection:
            yield connection

    def _command(self, program: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """A program of PostgreSQL with what it needs to connect. The password is in the environment alone."""
        command, env = DatabaseClient.settings_to_cmd_args_env(self.settings, list(arguments))
        options = {
            _CONNECTION_OPTIONS[key]: str(value)
            for key, value in self._connection_options().items()
            if _CONNECTION_OPTIONS[key]
        }
        return [self._program(program), *command[1:]], os.environ | options | (env or {})

    @staticmethod
    def _program(name: str) -> str:
        path = shutil.which(name)
        if not path:
            raise DatabaseError(
                f"{name} is not installed. Install PostgreSQL's client programs, of the server's version or newer "
                "(Debian: apt-get install postgresql-client)."
            )
        return path


_CONNECTION_OPTIONS = {
    option.keyword.decode(): option.envvar.decode() if option.envvar else ""
    for option in psycopg.pq.Conninfo.get_defaults()
}
"""All that libpq knows, and the environment variable by which its programs learn it (`PGHOST`), if there is one."""
_TOMBSTONES = "SELECT id, kind, subject, lifts, made_at, detail FROM tombstones_tombstone"


class _PostgreSQLSnapshot(Snapshot):
    def __init__(self, own: PostgreSQL, connection: "psycopg.Connection[tuple[Any, ...]]", name: str) -> None:
        self._database, self._connection, self._name = own, connection, name

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql.encode()).fetchall()

    def table_names(self) -> set[str]:
        return {row[0] for row in self.rows(f"SELECT tablename FROM pg_tables WHERE schemaname = '{_SCHEMA}'")}  # noqa: S608

    @contextmanager
    def dump(self) -> Iterator[Readable]:
        arguments, env = self._database._command(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={self._name}"
        )
        with (
            tempfile.TemporaryFile() as complaints,
            subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=complaints, env=env) as process,  # noqa: S603
        ):
            assert process.stdout  # noqa: S101
            try:
                yield process.stdout
            except BaseException:
                process.kill()
                raise
            if process.wait():
                raise DatabaseError(f"pg_dump failed: {_said(complaints)}")


def _said(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    return complaints.read().decode(errors="replace").strip()[-2000:]


# --- SQLite ---------------------------------------------------------------------------------------------------


class SQLite(Database):
    vendor = "sqlite"

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__(settings)
        self.path = Path(str(settings["NAME"])).absolute()
        if ":memory:" in str(settings["NAME"]) or not str(settings["NAME"]):
            raise ImproperlyConfigured("A database in memory has no backup.")
        self._loaded = self.path.with_name(f"{self.path.name}.restoring")

    @contextmanager
    def locked(self) -> Iterator[None]:
        yield  # the database is on one machine, where the lock in VAR_DIR is enough

    @contextmanager
    def snapshot(self, folder: Path) -> Iterator["Snapshot"]:
        """All in one step, which in WAL mode keeps nobody from writing, and is not begun anew when somebody does."""
        copy = folder / "database.sqlite3"
        with closing(self._connected()) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            yield _SQLiteSnapshot(target, copy)

    def version(self) -> str:
        return sqlite3.sqlite_version

    def is_used(self) -> bool:
        if not self.path.exists():
            return False
        with closing(self._connected()) as connection:
            there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            sql = "SELECT 1 FROM {} LIMIT 1"
            return any(connection.execute(sql.format(table)).fetchone() for table in _SIGNS_OF_USE if table in there)

    def tombstones(self) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with closing(self._connected()) as connection:
            sql = "SELECT 1 FROM sqlite_master WHERE name = 'tombstones_tombstone'"
            return connection.execute(_TOMBSTONES).fetchall() if connection.execute(sql).fetchone() else []

    def begin(self, dump: Path, statements: list[str]) -> str:
        """Without the statements: nobody sees what is loaded before `finish`."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():  # said before anything is done; `finish` makes sure
            pass
        _remove(self._loaded)
        os.close(os.open(self._loaded, os.O_CREAT | os.O_RDONLY, 0o600))
        shutil.copyfile(dump, self._loaded)
        return f"sqlite:///{self._loaded}"

    def loaded_tables(self, names: set[str]) -> dict[str, int]:
        try:
            with closing(sqlite3.connect(self._loaded)) as connection:
                return _SQLiteSnapshot(connection, self._loaded).tables(names)
        except sqlite3.DatabaseError as error:
            raise DatabaseError(f"The dump is no database: {error}") from None

    def finish(self) -> None:
        with closing(sqlite3.connect(self._loaded)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
        with self._alone():
            self._loaded.replace(self.path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else is connected to the database, and nothing of it is left in its -wal, which another file in its
        place would take for its own. Raises DatabaseError.

        Whoever is connected to a database in WAL mode, even idle, keeps it from leaving that mode.
        """
        if not self.path.exists():
            for suffix in ("-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
            yield
            return
        with closing(sqlite3.connect(self.path, timeout=5, isolation_level=None)) as connection:
            try:
                connection.execute("PRAGMA journal_mode=DELETE")
                connection.execute("BEGIN EXCLUSIVE")
                [mode] = connection.execute("PRAGMA journal_mode").fetchone()
            except sqlite3.OperationalError as error:
                mode = f"{error}"
            if mode != "delete":  # somebody is connected, or has just come
                raise DatabaseError(
                    f"{self.path} is in use ({mode}). Stop gunicorn, db_worker and whatever else has opened it: "
                    "what they write from now on would be lost."
                )
            yield

    @contextmanager
    def scratch(self, folder: Path) -> Iterator[str]:
        yield f"sqlite:///{folder / 'scratch.sqlite3'}"

    def _connected(self) -> sqlite3.Connection:
        try:
            return sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro", uri=True, timeout=20)
        except sqlite3.OperationalError as error:
            raise DatabaseError(f"{self.path} cannot be opened: {error}") from None


class _SQLiteSnapshot(Snapshot):
    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def table_names(self) -> set[str]:
        return {row[0] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    @contextmanager
    def dump(self) -> Iterator[Readable]:
        with self._path.open("rb") as file:
            yield file


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
