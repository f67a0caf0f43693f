"""Queries that are compiled once: whose connection they take, what they make, and what is refused."""

from datetime import datetime
from threading import Thread

import psycopg
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from news.demo import builders
from news.models import Article, Byline, Placement, Section
from news.readers.compiled_queries import CompiledQuery, Keys


class Asked(Exception):
    """Raised in place of asking the database."""


class NotThere:
    """Stands in for a connection."""

    def __init__(self, real):
        self.ops = real.ops

    def cursor(self):
        raise Asked


def by_slug() -> CompiledQuery[Section]:
    return CompiledQuery(lambda slug: Section.objects.filter(slug=slug), slug=str)


def test_rows_are_those_of_the_values_and_made_by_their_model(tree, monkeypatch, django_assert_num_queries):
    section = builders.make_section("Politik")
    builders.make_section("Hukum")
    article = builders.make_live(tree.payakumbuh, section=section)
    made = []
    from_db = Article.from_db.__func__
    monkeypatch.setattr(Article, "from_db", classmethod(lambda *given: made.append(given[0]) or from_db(*given)))
    query = CompiledQuery(
        lambda keys: Article.objects.filter(pk__in=keys).select_related("section", "lead_photo").defer("body"),
        keys=Keys,
    )
    for keys in ([article.pk], [article.pk, 987654321], [987654321]):
        with django_assert_num_queries(1):
            found = query.read(keys=Keys(keys))
            assert [(each, each.section, each.lead_photo) for each in found] == [(article, section, None)] * (
                article.pk in keys
            )
    assert made == [Article] * 2
    again = query.read(keys=Keys([article.pk]))[0]
    assert (again.get_deferred_fields(), again._state.db, again._state.adding) == ({"body"}, "default", False)
    with django_assert_num_queries(1):
        assert again.body == article.body


def test_it_is_compiled_once(db):
    calls = []
    query = CompiledQuery(lambda slug: calls.append(slug) or Section.objects.filter(slug=slug), slug=str)
    builders.make_section("Politik")
    assert [len(query.read(slug=slug)) for slug in ("politik", "hukum", "politik")] == [1, 0, 1]
    assert len(calls) == 1


def test_it_asks_the_database_that_the_queryset_names(db, monkeypatch):
    real = connections["default"]
    monkeypatch.setitem(connections.databases, "replica", connections.databases["default"])
    connections["replica"] = real
    try:
        query = CompiledQuery(lambda slug: Section.objects.using("replica").filter(slug=slug), slug=str)
        builders.make_section("Politik")
        assert [each._state.db for each in query.read(slug="politik")] == ["replica"]
        connections["replica"] = NotThere(real)
        with pytest.raises(Asked):
            query.read(slug="politik")
    finally:
        del connections["replica"]


def test_each_thread_asks_by_its_own_connection(db):
    query, raised, real = by_slug(), [], connections["default"]
    assert query.read(slug="politik") == []

    def read() -> None:
        connections["default"] = NotThere(real)
        try:
            query.read(slug="politik")
        except Asked as asked:
            raised.append(asked)

    thread = Thread(target=read)
    thread.start()
    thread.join()
    assert len(raised) == 1
    assert query.read(slug="politik") == []


def test_a_query_that_loses_a_value_is_refused(db):
    query = CompiledQuery(lambda slug, name: Section.objects.filter(slug=slug), slug=str, name=str)
    with pytest.raises(TypeError, match="does not use every value"):
        query.read(slug="politik", name="Politik")


def newest_of_section() -> CompiledQuery[tuple[datetime, int]]:
    def query(region: int, section: int):
        rows = Placement.objects.in_region(region).filter(section=section).newest_first()
        return rows.values_list("published_at", "article_id")[:2]

    return CompiledQuery(query, one_plan=True, region=int, section=int)


def test_the_rows_of_each_key_come_by_one_statement_each_with_the_querys_limit(tree, django_assert_num_queries):
    query, sections = newest_of_section(), [builders.make_section(name) for name in ("Politik", "Hukum", "Budaya")]
    for section in sections[:2]:
        for _number in range(3):
            builders.make_live(tree.payakumbuh, section=section)
    builders.make_live(tree.ambon, section=sections[0])
    each = {section.pk: query.read(region=tree.payakumbuh.pk, section=section.pk) for section in sections}
    assert [len(rows) for rows in each.values()] == [2, 2, 0]
    for keys in (list(each), list(each)[1:], list(each)[:1], [987654321]):
        with django_assert_num_queries(1):
            found = query.read_each("section", Keys(keys), region=tree.payakumbuh.pk)
        assert set(found) == {row for key in keys for row in each.get(key, [])}
        assert len(found) == sum(len(each.get(key, [])) for key in Keys(keys))


def test_a_statement_for_each_number_of_keys_is_compiled_once(db):
    calls = []
    query = CompiledQuery(lambda key: calls.append(key) or Section.objects.filter(pk=key)[:1], key=int)
    for count in (2, 3, 4, 2, 1):
        assert query.read_each("key", Keys(range(1, count + 1))) == []
    assert len(calls) == 3  # for 1, 2 and 4 keys


on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no prepared statements")


def statements() -> list[tuple[int, int]]:
    """(executions by a plan for any values, by plans for the values given) of this connection's prepared statements."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements")
        return cursor.fetchall()


@on_postgresql
def test_a_query_with_one_plan_is_planned_once_for_numbers_of_any_size(tree):
    query = CompiledQuery(lambda article: Byline.objects.filter(article_id=article), one_plan=True, article=int)
    article = builders.make_live(tree.payakumbuh)
    found = [query.read(article=pk) for pk in (article.pk, 1_000_000, 2**40, article.pk)]
    assert [len(each) for each in found] == [1, 0, 0, 1]
    assert statements() == [(4, 0)]


@on_postgresql
def test_the_rows_of_each_key_have_one_plan_for_each_number_of_keys(tree):
    query = newest_of_section()
    for keys in ([1, 2], [3, 4], [2**40, 1], [1, 2, 3]):
        assert query.read_each("section", Keys(keys), region=tree.network.pk) == []
    assert sorted(statements()) == [(1, 0), (3, 0)]


@on_postgresql
def test_a_query_with_one_plan_is_noted_with_its_values(db):
    query = CompiledQuery(lambda slug: Section.objects.filter(slug=slug), one_plan=True, slug=str)
    with CaptureQueriesContext(connection) as noted:
        query.read(slug="politik")
    assert ["'politik'" in each["sql"] for each in noted] == [True]


@on_postgresql
def test_other_queries_are_planned_for_their_values(db):
    by_slug().read(slug="politik")
    assert statements() == []


@on_postgresql
def test_a_query_whose_columns_have_changed_is_planned_anew(db):
    """As by a migration while the servers run."""
    query = CompiledQuery(lambda slug: Section.objects.filter(slug=slug), one_plan=True, slug=str)
    length = Section._meta.get_field("name").max_length
    found = []

    def alter(length: int) -> None:
        with psycopg.connect(connection.connection.info.dsn, autocommit=True) as migration:
            migration.execute(f"ALTER TABLE news_section ALTER name TYPE varchar({length})")

    def read() -> None:  # on a connection without a transaction, as readers' pages are made
        try:
            found.append(query.read(slug="politik"))
            alter(length + 1)
            found.append(query.read(slug="politik"))
        finally:
            connection.close()

    thread = Thread(target=read)
    thread.start()
    thread.join()
    alter(length)
    assert found == [[], []]
