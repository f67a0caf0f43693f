"""Finds documents by tokens, and known words by similarity: the only module of search that depends on the database.

On PostgreSQL there is a GIN index over each document's tokens and a trigram index over known words; on SQLite two FTS5
tables, which triggers keep up to date. They are created after every `migrate`, because SQLite drops a table's triggers
whenever a migration alters the table. The indexes know no positions or weights: `ranking` handles those for the few
documents that are found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

from .models import KnownWord, NewsroomDocument, NewsroomWord, SearchDocument


@dataclass(frozen=True)
class Index:
    """The names of a table of documents and one of words, and of their indexes."""

    documents: str
    words: str
    tokens: str
    likeness: str


READERS = Index(SearchDocument._meta.db_table, KnownWord._meta.db_table, "search_tokens", "search_likeness")
NEWSROOM = Index(NewsroomDocument._meta.db_table, NewsroomWord._meta.db_table, "newsroom_tokens", "newsroom_likeness")
DOCUMENTS = READERS.documents
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


def _statements(vendor: str, index: Index) -> list[str]:
    """The SQL that creates the indexes. Raises KeyError for a database that Pekon does not support."""
    return {
        "sqlite": [
            *_kept_by_triggers(
                index.tokens,
                index.documents,
                "article_id",
                "tokens",
                "detail=none, tokenize=\"unicode61 tokenchars '_'\"",
            ),
            *_kept_by_triggers(index.likeness, index.words, "rowid", "word", "tokenize=trigram"),
        ],
        "postgresql": [
            "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            f"CREATE INDEX IF NOT EXISTS {index.tokens} ON {index.documents} USING gin ({_VECTOR})",
            f"CREATE INDEX IF NOT EXISTS {index.likeness} ON {index.words} USING gin (word gin_trgm_ops)",
        ],
    }[vendor]


AnyOf = Sequence[Sequence[str]]
"""Alternatives; each is a list of tokens that a document must all have. A token that ends with `*` is the beginning of
one."""


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
    with connections[router.db_for_read(SearchDocument)].cursor() as cursor:
        cursor.execute(statement, [_expression(wanted), connection.ops.adapt_datetimefield_value(until), limit])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _expression(wanted: Iterable[AnyOf]) -> str:
    """The expression for tsquery or FTS5. Tokens have only letters, digits and underscores, so quoting is safe."""
    together, other = (" & ", " | ") if connection.vendor == "postgresql" else (" AND ", " OR ")
    groups = [
        "(" + other.join("(" + together.join(_quoted(token) for token in tokens) + ")" for tokens in any_of) + ")"
        for any_of in wanted
    ]
    return together.join(groups)


def _quoted(token: str) -> str:
    quote, beginning = ("'", ":*") if connection.vendor == "postgresql" else ('"', "*")
    return f"{quote}{token.removesuffix('*')}{quote}{beginning if token.endswith('*') else ''}"


def newsroom_ids(wanted: Iterable[AnyOf]) -> RawSQL:
    """The ids of the newsroom's documents that match everything in `wanted`, for a look-up with `__in`."""
    if connection.vendor == "postgresql":
        # OFFSET keeps the planner, which does not know what making a vector costs, from doing it for row after row.
        matching = f"SELECT article_id FROM {NEWSROOM.documents} WHERE {_VECTOR} @@ %s::tsquery OFFSET 0"  # noqa: S608
    else:
        matching = f"SELECT rowid FROM {NEWSROOM.tokens} WHERE {NEWSROOM.tokens} MATCH %s"  # noqa: S608
    return RawSQL(matching, [_expression(wanted)])  # noqa: S611  (our own names)


def similar_words(word: str, limit: int = 40, *, index: Index = READERS) -> list[str]:
    """Known words that share trigrams with `word`, the most similar first."""
    if connection.vendor == "postgresql":
        statement = f"SELECT word FROM {index.words} WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT %s"  # noqa: S608
        parameters: list[Any] = [word, word, limit]
    else:
        trigrams = " OR ".join(f'"{word[start : start + 3]}"' for start in range(len(word) - 2))
        if not trigrams:
            return []
        found = index.likeness
        statement = f"SELECT word FROM {found} WHERE {found} MATCH %s ORDER BY rank LIMIT %s"  # noqa: S608
        parameters = [trigrams, limit]
    with connections[router.db_for_read(KnownWord)].cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] for row in cursor.fetchall()]


def install(using: BaseDatabaseWrapper) -> None:
    """Create the indexes. Raises KeyError for a database that Pekon does not support."""
    with using.cursor() as cursor:
        for index in (READERS, NEWSROOM):
            for statement in _statements(using.vendor, index):
                cursor.execute(statement)


def on_migrated(sender: Any, using: str, **kwargs: Any) -> None:
    tables = connections[using].introspection.table_names()
    if {name for index in (READERS, NEWSROOM) for name in (index.documents, index.words)} <= set(tables):
        install(connections[using])
