"""What PostgreSQL's planner is to believe of placements' regions, sections and tags (migrations 0008 and 0015)."""

import pytest
from django.db import connection

from news.models import Placement, TaggedPlacement

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans each query for its values")
LISTS = {
    Placement: (Placement.objects.in_region(1), {"section_id": "1"}),
    TaggedPlacement: (TaggedPlacement.objects.in_region(1).filter(tag=2), {"tag_id": "n % 3"}),
}
"""Table → a list, and the column that the other table does not have, with its value for row `n`."""


def plan_for_any_values(cursor, rows) -> str:
    sql = str(rows.newest_first().values_list("article_id")[:14].query)
    for place, condition in enumerate(('"region_id" = 1', '"tag_id" = 2'), 1):
        sql = sql.replace(condition, condition.rpartition(" ")[0] + f" ${place}")
    assert "$1" in sql
    cursor.execute(f"PREPARE newest AS {sql}")
    cursor.execute(f"EXPLAIN EXECUTE newest({'1, 2' if '$2' in sql else '1'})")
    plan = "\n".join(line for (line,) in cursor.fetchall())
    cursor.execute("DEALLOCATE newest")
    return plan


@pytest.mark.parametrize("model", LISTS)
def test_a_plan_for_any_region_walks_along_the_index_where_most_have_few_articles(db, model):
    rows, columns = LISTS[model]
    table, others = model._meta.db_table, {"published_at": "now() - n * interval '1 hour'"} | columns
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # placements of articles that are not there
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(
            f"INSERT INTO {table} (article_id, region_id, {', '.join(others)})"
            f" SELECT n, CASE WHEN n % 3 = 0 THEN n % 600 ELSE 1 END, {', '.join(others.values())}"
            " FROM generate_series(1, 4000) n"
        )
        cursor.execute(f"ANALYZE {table}")
        assert "Sort" not in plan_for_any_values(cursor, rows)
        for column in ("region_id", *columns):
            cursor.execute(f"ALTER TABLE {table} ALTER {column} RESET (n_distinct)")
        cursor.execute(f"ANALYZE {table}")
        assert "Sort" in plan_for_any_values(cursor, rows)  # or this test shows nothing
