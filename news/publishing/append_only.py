"""Makes the journal append-only: triggers in both databases refuse to change or delete its rows.

They are created after every `migrate` and not by a migration, because SQLite drops a table's triggers whenever a later
migration alters the table. Creating them again changes nothing.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from news.models import Event

REFUSAL = "the journal is append-only"
_STATEMENTS = {
    "sqlite": [
        *(
            f"CREATE TRIGGER IF NOT EXISTS {{table}}_kept_on_{verb} BEFORE {verb} ON {{table}} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for verb in ("update", "delete")
        ),
        # INSERT OR REPLACE deletes the old row without firing the trigger above.
        "CREATE TRIGGER IF NOT EXISTS {table}_kept_on_insert BEFORE INSERT ON {table} "  # noqa: S608  (our own names)
        "WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE OR REPLACE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION {table}_keep()",
        "CREATE OR REPLACE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {table}_keep()",
    ],
}


def guard(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers on the journal's table. Raises KeyError for a database that Pekon does not support."""
    with connection.cursor() as cursor:
        for statement in _STATEMENTS[connection.vendor]:
            cursor.execute(statement.format(table=Event._meta.db_table))


def on_migrated(sender: Any, using: str, **kwargs: Any) -> None:
    connection = connections[using]
    if Event._meta.db_table in connection.introspection.table_names():
        guard(connection)
