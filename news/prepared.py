"""Queries of the hottest pages, whose SQL is made once for each process: building it costs several times what running
it does.

    stories = Prepared(lambda region: Article.objects.live().filter(region=region), region=int)
    stories.read(region=12)

The function is called once, with a value of each type that cannot otherwise occur; every place in the SQL that got it
gets the real value from then on. So it must make the same query whatever the values are. Types are int, str, datetime
and `Keys`. Rows become objects by Django's own means, or tuples for `values_list()` (docs/decisions/0033).
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

Row = TypeVar("Row")


class Keys(tuple[int, ...]):
    """Any number of keys, for `__in`: filled up to a power of two by saying the last one again, so that queries for
    few numbers of them are made."""

    def __new__(cls, keys: Iterable[int]) -> "Keys":
        found = tuple(keys) or (0,)
        return super().__new__(cls, found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found)))


_STANDS_FOR: dict[type, Callable[[int], Any]] = {
    int: lambda n: 32_767 - n,  # Django leaves out comparisons with what a small column cannot hold
    str: lambda n: f"\ue000{n}\ue000",
    datetime: lambda n: datetime(1, 2, 3, tzinfo=UTC) + timedelta(microseconds=n),
}


class Prepared(Generic[Row]):
    def __init__(self, make: "Callable[..., models.QuerySet[Any, Row]]", **types: type):
        self._make, self._types = make, types
        self._queries: dict[tuple[int, ...], _Query] = {}

    def read(self, at: datetime | None = None, **values: Any) -> list[Row]:
        """The rows, with these values in place of the arguments.

        `at`: passed on to the function, which then looks from this moment instead of now. That is rare, so nothing is
        kept of that query.
        """
        if at:
            return list(self._make(at=at, **values))
        shape = tuple(len(value) for value in values.values() if type(value) is Keys)
        query = self._queries.get(shape)
        if query is None:
            query = self._queries[shape] = self._compile(values)
        return query.read(values)

    def _compile(self, values: dict[str, Any]) -> "_Query":
        count = 0
        marks: dict[str, Any] = {}
        names: dict[Any, tuple[str, int | None]] = {}
        for name, kind in self._types.items():
            length = len(values[name]) if kind is Keys else 1
            each = [_STANDS_FOR[int if kind is Keys else kind](count + n) for n in range(length)]
            names |= {_adapted(mark): (name, n if kind is Keys else None) for n, mark in enumerate(each)}
            marks[name] = each if kind is Keys else each[0]
            count += length
        return _Query(self._make(**marks), names)


class _Query:
    """One compiled query. `names`: what stands for a value in its parameters → the value's name, and its place in
    `Keys`."""

    def __init__(self, rows: "models.QuerySet[Any, Any]", names: dict[Any, tuple[str, int | None]]):
        self._compiler = rows.query.get_compiler(rows.db)
        self._sql, params = self._compiler.as_sql()
        known = (int, str, datetime)
        self._params = [(names.get(value) if isinstance(value, known) else None, value) for value in params]
        if {place for place, _value in self._params} - {None} != set(names.values()):
            raise TypeError("The query does not use every value as it was given.")
        columns = [column[0] for column in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)
        is_tuples = rows._fields is not None  # type: ignore[attr-defined]
        if self._compiler.annotation_col_map and not is_tuples:
            raise TypeError("Annotations come with values_list() only.")
        self._objects = None if is_tuples else _Objects(self._compiler.klass_info, self._compiler.select, rows.db)

    def read(self, values: dict[str, Any]) -> list[Any]:
        params = [_value(values, place) if place else value for place, value in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            found = cursor.fetchall()
        if self._converters:
            found = self._compiler.apply_converters(found, self._converters)
        if self._objects is None:
            return [tuple(row) for row in found]
        return [self._objects.make(row) for row in found]


class _Objects:
    """Makes a row into an object of its model, and those that `select_related` read along: as `Model.from_db`, without
    the signals that no model here listens to. What is deferred is not there until it is asked for, as ever."""

    def __init__(self, info: dict[str, Any], select: Any, database: str):
        self.model: type[models.Model] = info["model"]
        self.database = database
        self.columns = [(select[index][0].target.attname, index) for index in info["select_fields"]]
        self.key = dict(self.columns)[self.model._meta.pk.attname]
        self.related = [
            (_Objects(other, select, database), other["local_setter"], other["remote_setter"])
            for other in info.get("related_klass_infos", [])
        ]

    def make(self, row: Any) -> models.Model:
        made = self.model.__new__(self.model)
        made.__dict__ = {name: row[index] for name, index in self.columns}
        made._state = ModelState()
        made._state.adding = False
        made._state.db = self.database
        for objects, set_here, set_there in self.related:
            other = objects.make(row) if row[objects.key] is not None else None
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        return made


def _value(values: dict[str, Any], place: tuple[str, int | None]) -> Any:
    name, index = place
    return _adapted(values[name] if index is None else values[name][index])


def _adapted(value: Any) -> Any:
    """As the database's driver is given it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
