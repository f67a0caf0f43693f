"""Finds documents by tokens, and known words by similarity: the only module of search that depends on the database.

On PostgreSQL there is a GIN index over each document's tokens and a trigram index over known words; on SQLite two FTS5
tables, which triggers keep up to date. They are created after every `migrate`, because SQLite drops a table's triggers
whenever a migration alters the table. The indexes know no positions or weights: `ranking` handles those for the few
documents that are found.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import KnownWord, SearchDocument

DOCUMENTS, WORDS = SearchDocument._meta.db_table, KnownWord._meta.db_table
_VECTOR = "array_to_tsvector(array_remove(string_to_array(replace(tokens, chr(10), ' '), ' '), ''))"


def _kept_by_triggers(index: str, table: str, key: str, text: str, options: str) -> list[str]:
    """The SQL for an FTS5 table over a column of another table, with its triggers (SQLite's manual, FTS5, 4.4.3)."""
    add = f"INSERT INTO {index}(rowid, {text}) VALUES (new.{key}, new.{text});"  # noqa: S608  (our own names)
    take = f"INSERT INTO {index}({index}, rowid, {text}) VALUES ('delete', old.{key}, old.{text});"  # noqa: S608
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} "
        f"USING fts5({text}, content='{table}', content_rowid='{key}', {options})",
        f"CREATE TRIGGER IF NOT EXISTS {index}_added AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_taken AFTER DELETE ON {table} BEGIN {take} END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_changed AFTER UPDATE OF {text} ON {table} BEGIN {take} {add} END",
    ]


_STATEMENTS = {
    "sqlite": [
        *_kept_by_triggers(
            "search_tokens", DOCUMENTS, "article_id", "tokens", "detail=none, tokenize=\"unicode61 tokenchars '_'\""
        ),
        *_kept_by_triggers("search_likeness", WORDS, "rowid", "word", "tokenize=trigram"),
    ],
    "postgresql": [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        f"CREATE INDEX IF NOT EXISTS search_tokens ON {DOCUMENTS} USING gin ({_VECTOR})",
        f"CREATE INDEX IF NOT EXISTS search_likeness ON {WORDS} USING gin (word gin_trgm_ops)",
    ],
}

AnyOf = Sequence[Sequence[str]]
"""Alternatives; each is a list of tokens that a document must all have."""


def find(wanted: Iterable[AnyOf], *, limit: int, until: datetime) -> list[int]:
    """The ids of the newest documents (at most `limit`) from before `until` that match everything in `wanted`."""
    return [row[0] for row in _ask("", wanted, limit, until)]


def plan(wanted: Iterable[AnyOf], *, limit: int = 150, until: datetime) -> str:
    """The database's query plan for `find` with these arguments; on PostgreSQL also the time that it took."""
    explain = "EXPLAIN (ANALYZE, COSTS OFF)" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    return "\n".join(str(row[-1]) for row in _ask(explain, wanted, limit, until))


def _ask(explain: str, wanted: Iterable[AnyOf], limit: int, until: datetime) -> list[tuple[Any, ...]]:
    if connection.vendor == "postgresql":
        chosen, match = f"FROM {DOCUMENTS} d", f"{_VECTOR} @@ %s::tsquery"
    else:
        chosen, match = f"FROM search_tokens i JOIN {DOCUMENTS} d ON d.article_id = i.rowid", "search_tokens MATCH %s"
    statement = (
        f"{explain} SELECT d.article_id {chosen} WHERE {match} "
        "AND d.published_at <= %s ORDER BY d.published_at DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [_expression(wanted), connection.ops.adapt_datetimefield_value(until), limit])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _expression(wanted: Iterable[AnyOf]) -> str:
    """The expression for tsquery or FTS5. Tokens have only letters, digits and underscores, so quoting is safe."""
    quote, together, other = ("'", " & ", " | ") if connection.vendor == "postgresql" else ('"', " AND ", " OR ")
    groups = [
        "("
        + other.join("(" + together.join(f"{quote}{token}{quote}" for token in tokens) + ")" for tokens in any_of)
        + ")"
        for any_of in wanted
    ]
    return together.join(groups)


def similar_words(word: str, limit: int = 40) -> list[str]:
    """Known words that share trigrams with `word`, the most similar first."""
    if connection.vendor == "postgresql":
        statement = f"SELECT word FROM {WORDS} WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT %s"  # noqa: S608
        parameters: list[Any] = [word, word, limit]
    else:
        trigrams = " OR ".join(f'"{word[start : start + 3]}"' for start in range(len(word) - 2))
        if not trigrams:
            return []
        statement = "SELECT word FROM search_likeness WHERE search_likeness MATCH %s ORDER BY rank LIMIT %s"
        parameters = [trigrams, limit]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] for row in cursor.fetchall()]


def install(using: BaseDatabaseWrapper) -> None:
    """Create the indexes. Raises KeyError for a database that Pekon does not support."""
    with using.cursor() as cursor:
        for statement in _STATEMENTS[using.vendor]:
            cursor.execute(statement)


def on_migrated(sender: Any, using: str, **kwargs: Any) -> None:
    tables = connections[using].introspection.table_names()
    if DOCUMENTS in tables and WORDS in tables:
        install(connections[using])
