"""Queries whose SQL is generated once per process, because generating it takes several times as long as running it.

    newest = CompiledQuery(lambda region: Article.objects.live().filter(region=region), region=int)
    newest.read(region=12)

The function is called once, with a placeholder for each argument: a value that does not occur otherwise. Where a
placeholder appears among the SQL's parameters, later reads send the real value. So the function must build the same
query for all values. Arguments are int, str, datetime or `Keys`. Rows become model instances by Django's own `from_db`,
or tuples if the function ends in `values_list()` (docs/decisions/0033).

Threads can share a compiled query: it does not change once it is compiled, and each read uses the reading thread's own
connection to the database that the queryset would read then (`using()`, or Django's routers).
"""

from collections.abc import Callable, Iterable
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import NotSupportedError, connections, models, router
from psycopg.types.numeric import Int8

Row = TypeVar("Row")


class Keys(tuple[int, ...]):
    """Any number of keys, for `__in`. The last one is repeated until their number is a power of two, so that few
    different queries are compiled."""

    def __new__(cls, keys: Iterable[int]) -> "Keys":
        given = tuple(keys) or (0,)
        return super().__new__(cls, given + given[-1:] * ((1 << (len(given) - 1).bit_length()) - len(given)))


_PLACEHOLDERS: dict[type, Callable[[int], Any]] = {
    # Fits small columns, because Django drops comparisons with values that a column cannot hold.
    int: lambda n: 32_767 - n,
    str: lambda n: f"\ue000{n}\ue000",
    datetime: lambda n: datetime(1, 2, 3, tzinfo=UTC) + timedelta(microseconds=n),
}


class CompiledQuery(Generic[Row]):
    """`one_plan`: PostgreSQL plans the query once for each connection, whatever the values (docs/decisions/0033).

    It is for rows that are found by their keys, and for the newest placements of a region, or of a section or a tag in
    it. A query whose best plan depends on how common an author is can take seconds by a plan for the average.
    """

    def __init__(self, make: "Callable[..., models.QuerySet[Any, Row]]", one_plan: bool = False, **types: type):
        self._make, self._one_plan, self._types = make, one_plan, types
        self._statements: dict[tuple[int, ...], _Statement] = {}
        self._unions: dict[tuple[str, int], _Statement] = {}

    def read(self, at: datetime | None = None, **values: Any) -> list[Row]:
        """The rows of the query with these values as arguments.

        `at` is passed to the function, which then answers for that moment instead of now. This is rare, so such a query
        is not compiled.
        """
        if at:
            return list(self._make(at=at, **values))
        lengths = tuple(len(value) for value in values.values() if type(value) is Keys)
        statement = self._statements.get(lengths)
        if statement is None:  # two threads may both compile it; the results are equal
            statement = self._statements[lengths] = self._compile(values)
        return statement.read(values)

    def read_each(self, name: str, keys: Keys, **values: Any) -> list[Row]:
        """The rows for each of these keys as the argument `name`, in no particular order, by one statement."""
        union = self._unions.get((name, len(keys)))
        if union is None:
            statement = self._compile(values | {name: keys[0]})
            union = self._unions[name, len(keys)] = statement.union(name, len(keys))
        return union.read(values | {name: keys})

    def _compile(self, values: dict[str, Any]) -> "_Statement":
        count = 0
        arguments: dict[str, Any] = {}
        places: dict[Any, tuple[str, int | None]] = {}
        for name, kind in self._types.items():
            length = len(values[name]) if kind is Keys else 1
            placeholders = [_PLACEHOLDERS[int if kind is Keys else kind](count + n) for n in range(length)]
            places |= {placeholder: (name, n if kind is Keys else None) for n, placeholder in enumerate(placeholders)}
            arguments[name] = placeholders if kind is Keys else placeholders[0]
            count += length
        return _Statement(self._make(**arguments), places, self._one_plan)


class _Statement:
    """One query's SQL. `places` maps a placeholder to the argument's name and, for `Keys`, the position in it."""

    def __init__(self, rows: "models.QuerySet[Any, Any]", places: dict[Any, tuple[str, int | None]], one_plan: bool):
        self._model, self._given_alias, self._one_plan = rows.model, rows._db, one_plan  # type: ignore[attr-defined]
        self._compiler = rows.query.get_compiler(self._alias)
        self._sql, params = self._compiler.as_sql()
        adapted = {_adapted(placeholder, self._alias): place for placeholder, place in places.items()}
        known = (int, str, datetime)
        self._params = [(adapted.get(value) if isinstance(value, known) else None, value) for value in params]
        if {place for place, _value in self._params} - {None} != set(places.values()):
            raise TypeError("The query does not use every value as it was given.")
        columns = [column[0] for column in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)
        is_tuples = not rows.query.default_cols
        if self._compiler.annotation_col_map and not is_tuples:
            raise TypeError("Annotations come with values_list() only.")
        self._objects = None if is_tuples else _Objects(self._compiler.klass_info, self._compiler.select)

    @property
    def _alias(self) -> str:
        alias: str = self._given_alias or router.db_for_read(self._model)
        return alias

    def read(self, values: dict[str, Any]) -> list[Any]:
        params = [self._value(values, *place) if place else value for place, value in self._params]
        rows = self._rows(params)
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        if self._objects is None:
            return [tuple(row) for row in rows]
        alias = self._alias
        return [self._objects.make(row, alias) for row in rows]

    def union(self, name: str, count: int) -> "_Statement":
        """The statement for `count` values of this argument. Django has none with limits inside, which SQLite refuses
        unless they are in subqueries."""
        united = copy(self)
        united._sql = " UNION ALL ".join(f"SELECT * FROM ({self._sql}) AS part_{n}" for n in range(count))  # noqa: S608
        united._params = [
            ((name, n) if place == (name, None) else place, value)
            for n in range(count)
            for place, value in self._params
        ]
        return united

    def _rows(self, params: list[Any]) -> Any:
        connection: Any = connections[self._alias]
        if self._one_plan and _keeps_plans(connection):
            try:
                with _planning_cursor(connection) as cursor:
                    # A number has one type whatever its size; a statement for each type would have a plan for each.
                    cursor.execute(self._sql, [Int8(value) if type(value) is int else value for value in params])
                    return cursor.fetchall()
            except NotSupportedError:  # a migration has changed a column's type since it was planned
                if connection.in_atomic_block:
                    raise
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            return cursor.fetchall()

    def _value(self, values: dict[str, Any], name: str, position: int | None) -> Any:
        return _adapted(values[name] if position is None else values[name][position], self._alias)


class _Objects:
    """Turns rows into model instances, including those that `select_related` loads."""

    def __init__(self, info: dict[str, Any], select: Any):
        self._model: type[models.Model] = info["model"]
        self._positions: list[int] = info["select_fields"]
        self._names = [select[position][0].target.attname for position in self._positions]
        self._key = self._positions[self._names.index(self._model._meta.pk.attname)]
        self._related = [
            (_Objects(other, select), other["local_setter"], other["remote_setter"])
            for other in info.get("related_klass_infos", [])
        ]

    def make(self, row: Any, alias: str) -> models.Model:
        instance = self._model.from_db(alias, self._names, [row[position] for position in self._positions])
        for objects, set_here, set_there in self._related:
            other = objects.make(row, alias) if row[objects._key] is not None else None
            set_here(instance, other)
            if other is not None:
                set_there(other, instance)
        return instance


def _keeps_plans(connection: Any) -> bool:
    """Whether settings let this connection prepare statements, and plan them for any values (pekon.settings). Not while
    Django notes queries, because it could not tell what the prepared ones were."""
    connection.ensure_connection()
    is_noted = connection.queries_logged
    return not is_noted and getattr(connection.connection, "prepare_threshold", None) is not None


def _planning_cursor(connection: Any) -> Any:
    """One that sends values apart from the SQL, unlike Django's usual ones, so that psycopg can prepare it."""
    from django.db.backends.postgresql.base import ServerBindingCursor

    return connection.make_cursor(ServerBindingCursor(connection.connection))  # type: ignore[call-arg]


def _adapted(value: Any, alias: str) -> Any:
    """The value as this database's driver expects it."""
    return connections[alias].ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
