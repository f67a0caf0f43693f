"""The migrations, run for real from an empty database: all other tests begin with a copy of what they once left."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections

from tests import made_once

pytestmark = pytest.mark.databases
SCHEMA = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2",
    "postgresql": """
        SELECT 'column', table_name || '.' || column_name, data_type || ' ' || is_nullable
            FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        ORDER BY 1, 2, 3""",
}


@pytest.fixture
def empty_database(tmp_path) -> Iterator[str]:
    """The address of a database without a table, of the kind that the tests run on."""
    server, name = os.environ["DATABASE_URL"], f"pekon_{secrets.token_hex(6)}"
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield made_once.with_database(server, name)
    made_once.drop_postgres(server, name)


def test_they_run_from_zero_and_leave_what_every_test_begins_with(db, empty_database, tmp_path: Path):
    made_once.manage("migrate", var=tmp_path, database_url=empty_database)
    made_once.manage("migrate", "--check", var=tmp_path, database_url=empty_database)
    migrated = connections.create_connection("default")
    migrated.settings_dict = connection.settings_dict | {"NAME": empty_database.rpartition("/")[2]}
    if connection.vendor == "sqlite":
        migrated.settings_dict["NAME"] = str(tmp_path / "empty.sqlite3")
    try:
        schemas, applied = [], []
        for each in (connection, migrated):
            with each.cursor() as cursor:
                cursor.execute(SCHEMA[connection.vendor])
                schemas.append(cursor.fetchall())
                cursor.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")
                applied.append(cursor.fetchall())
    finally:
        migrated.close()
    assert schemas[0] == schemas[1]
    assert applied[0] == applied[1]
    assert {"trigger", "index"} <= {row[0] for row in schemas[1]}
    assert "search_tokens" in {row[1] for row in schemas[1]}
