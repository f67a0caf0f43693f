"""What makes a benchmark fail: the budgets are in its code, and a page over one is named."""

import random
from collections import Counter

import psycopg
import pytest
from django.db import connection

from benchmarks import measure
from benchmarks.render import BUDGETS, GROWTH, LIST_BUDGET, drawn, over_budget

WITHIN = {kind: [budget - 2, budget - 1, budget - 1] for kind, budget in BUDGETS.items()}
LISTS = {"index": [LIST_BUDGET - 1] * 3}


def test_pages_within_their_budgets_are_not_named():
    assert not list(over_budget({"small": WITHIN | LISTS, "large": WITHIN | LISTS}))


@pytest.mark.parametrize("kind", ["article", "region front", "network front", "index"])
def test_a_page_over_its_budget_is_named_with_its_archive(kind):
    budget = BUDGETS.get(kind, LIST_BUDGET)
    over = WITHIN | LISTS | {kind: [budget - 1, budget + 0.5, budget + 3]}
    assert list(over_budget({"small": over})) == [
        f"small, {kind}: {budget + 0.5:.1f} × a bare view; its budget is {budget:g}"
    ]


def test_a_page_that_grows_with_the_archive_is_named():
    small, large = {"index": [4.0, 5.0, 6.0]}, {"index": [4.0 * 1.2, 5.0 * 1.2, 6.0]}
    assert list(over_budget({"small": small, "large": large})) == [
        f"index: 1.20 × as dear in large as in small; its budget is {GROWTH:g}"
    ]


def test_a_kind_that_one_archive_lacks_is_not_compared():
    assert not list(over_budget({"small": {"tag (short)": [1.0]}, "large": {"tag": [9.0]}}))


def test_every_address_is_drawn_as_often_as_the_others():
    addresses = [("host", f"/{n}/") for n in range(7)]
    counts = Counter(drawn(addresses, 17, random.Random(1)))
    assert set(counts.values()) == {2, 3}
    assert sum(counts.values()) == 17


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no processes of its own")
@pytest.mark.django_db
def test_processor_time_of_connections_that_have_ended_is_counted():
    connection.ensure_connection()
    database_url = connection.connection.info.dsn
    before = measure.database_seconds(database_url)
    with psycopg.connect(database_url) as other:
        other.execute("SELECT count(*) FROM generate_series(1, 3000000)")
    assert measure.database_seconds(database_url) > before + 0.1
