"""Queries of the hottest pages, whose SQL is made once for each process: building it costs several times what running
it does.

    stories = Prepared(lambda pk: Article.objects.live().filter(pk=pk), pk=int)
    stories.read(pk=12)

The function is called once, with a value of each type that cannot otherwise occur; every place in the SQL that got it
gets the real value from then on. So it must make the same query whatever the values are. Rows become objects by
Django's own means (docs/decisions/0033).
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=models.Model)
_STANDS_FOR: dict[type, list[Any]] = {int: [2**53 + 11, 2**53 + 12], str: ["\ue000-first", "\ue000-second"]}


class Prepared(Generic[Row]):
    def __init__(self, make: "Callable[..., models.QuerySet[Row]]", **types: type):
        self._make, self._types = make, types
        self._sql = ""

    def _prepare(self) -> None:
        left = {kind: list(values) for kind, values in _STANDS_FOR.items()}
        marks = {name: left[kind].pop() for name, kind in self._types.items()}
        rows = self._make(**marks)
        self._compiler = rows.query.get_compiler(rows.db)
        self._db = rows.db
        sql, params = self._compiler.as_sql()
        names = {mark: name for name, mark in marks.items()}
        self._params = [(names.get(value) if type(value) in _STANDS_FOR else None, value) for value in params]
        if {name for name, _value in self._params} - {None} != self._types.keys():
            raise TypeError("The query does not use every value as it was given.")
        info, select = self._compiler.klass_info, self._compiler.select
        self._model = info["model"]
        self._fields = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        self._names = [column[0].target.attname for column in select[self._fields]]
        self._related = get_related_populators(info, select, self._db)  # type: ignore[call-arg]  # stubs of Django 6
        self._sql = sql  # last: another thread may look

    def read(self, **values: Any) -> list[Row]:
        """The rows, with these values in place of the arguments."""
        if not self._sql:
            self._prepare()
        params = [values[name] if name else value for name, value in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            found = cursor.fetchall()
        rows = []
        for row in self._compiler.results_iter([found]):
            rows.append(self._model.from_db(self._db, self._names, row[self._fields]))
            for related in self._related:
                related.populate(row, rows[-1])
        return rows
