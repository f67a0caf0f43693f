"""The databases that are copied and loaded, as their settings name them."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import psycopg
import pytest

from pekon.backup import databases, locks

SEVERAL = "postgres://u:p%40@/name?host=db1,db2&port=5432,5433&target_session_attrs=read-write&options=-c%20a%3Db"


def test_several_servers_are_named_to_programs_and_to_the_scratch_database():
    database = databases.database(databases.settings_of(SEVERAL))
    [_psql, *arguments], env = database._command("psql")
    assert arguments == ["-U", "u", "name"]
    assert (env["PGHOST"], env["PGPORT"], env["PGTARGETSESSIONATTRS"]) == ("db1,db2", "5432,5433", "read-write")
    assert (env["PGOPTIONS"], env["PGPASSWORD"]) == ("-c a=b", "p@")
    scratch = databases.settings_of(database._url("scratch"))
    assert scratch == database.settings | {"NAME": "scratch"}


@pytest.fixture
def server():
    """Settings of the PostgreSQL that the tests run on."""
    url = os.environ["DATABASE_URL"]
    if not url.startswith("postgres"):
        pytest.skip("needs PostgreSQL")
    return databases.settings_of(url)


@pytest.mark.databases
def test_the_server_that_takes_writes_is_found_among_several(server):
    """By Pekon itself and by PostgreSQL's programs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = probe.getsockname()[1]
    host, port = server.pop("HOST"), server.pop("PORT")
    server["OPTIONS"] |= {"host": f"{host},{host}", "port": f"{nobody},{port}", "target_session_attrs": "read-write"}
    database = databases.PostgreSQL(server)
    assert database.version()
    command, env = database._command("psql", "--no-psqlrc", "--tuples-only", "--command=SHOW port")
    assert subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout.strip() == str(port)
    with database.scratch("pekon_drill_several") as url, psycopg.connect(url) as connection:
        assert connection.info.dbname == "pekon_drill_several"


READ_AND_WAIT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT * FROM story").fetchall()
print("idle", flush=True)
sys.stdin.read()
"""


def test_an_sqlite_database_that_somebody_has_open_is_not_replaced(tmp_path):
    path, dump = tmp_path / "pekon.sqlite3", tmp_path / "dump"
    for file, title in ((path, "old"), (dump, "new")):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE story (title)")
            connection.execute("INSERT INTO story VALUES (?)", [title])
            connection.commit()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    database = databases.SQLite({"NAME": str(path)})

    def titles():
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("SELECT title FROM story").fetchall()

    def idle():
        command = [sys.executable, "-c", READ_AND_WAIT, str(path)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"idle\n"
        return process

    with idle() as other:
        with pytest.raises(databases.DatabaseError, match="Stop gunicorn"):
            database.begin(dump, [])
        other.communicate()
    assert not (tmp_path / "pekon.sqlite3.restoring").exists()
    database.begin(dump, [])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    with idle() as other:  # who has come meanwhile
        with pytest.raises(databases.DatabaseError, match="Stop gunicorn"):
            database.finish()
        other.communicate()
    assert titles() == [("old",)]
    database.finish()
    assert titles() == [("new",)]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["dump", "pekon.sqlite3"]


@pytest.mark.databases
def test_the_lock_of_backups_is_of_a_transaction_which_a_pooler_cannot_keep(server):
    database = databases.PostgreSQL(server)
    with database.locked():
        with pytest.raises(databases.DatabaseError, match="being made already"), database.locked():
            pass
        with database._connected() as connection:
            held = "pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
            assert (True,) in connection.execute(f"SELECT xact_start IS NOT NULL FROM {held}").fetchall()
    with database.locked():
        pass


@pytest.mark.databases
def test_a_scratch_database_is_like_its_source_whatever_the_cluster_makes(server):
    sql = (
        "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()"
    )
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS pekon_c")
        connection.execute(
            "CREATE DATABASE pekon_c TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
        )
        try:
            database = databases.PostgreSQL(server | {"NAME": "pekon_c"})
            with database.scratch("pekon_drill_like") as url, psycopg.connect(url) as scratch:
                [found] = scratch.execute(sql).fetchall()
        finally:
            connection.execute("DROP DATABASE pekon_c")
    assert found == ("UTF8", "C", "C.UTF-8")


@pytest.mark.databases
def test_a_drill_drops_what_killed_ones_have_left_and_is_the_only_one(server):
    database = databases.PostgreSQL(server)
    with database.drill() as url:
        left = databases.settings_of(url)["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{left}"')
        with database.drill(), pytest.raises(databases.DatabaseError, match="A drill"), database.drill():
            pass
        assert connection.execute("SELECT datname FROM pg_database WHERE datname ^@ 'pekon_drill'").fetchall() == []


def test_folders_that_killed_ones_have_left_are_deleted(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    for name in ("drill-ab_12345", "drill-of-mine", "originals"):
        (tmp_path / name).mkdir()
    with locks.only_one("drill", "A drill"), locks.working_folder("drill-") as folder:
        assert {path.name for path in tmp_path.iterdir()} == {"drill-of-mine", "originals", "drill.lock", folder.name}
        with pytest.raises(locks.Busy, match="A drill"), locks.only_one("drill", "A drill"):
            pass
