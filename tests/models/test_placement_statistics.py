"""What PostgreSQL's planner is to believe of the regions and sections of placements (migration 0008)."""

import pytest
from django.db import connection

from news.models import Placement

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans each query for its values")
NEWEST = Placement.objects.in_region(1).newest_first().values_list("article_id")[:14]


def plan_for_any_region(cursor) -> str:
    sql = str(NEWEST.query).replace('"region_id" = 1', '"region_id" = $1')
    assert "$1" in sql
    cursor.execute(f"PREPARE newest(bigint) AS {sql}")
    cursor.execute("EXPLAIN EXECUTE newest(1)")
    plan = "\n".join(line for (line,) in cursor.fetchall())
    cursor.execute("DEALLOCATE newest")
    return plan


def test_a_plan_for_any_region_walks_along_the_index_where_most_regions_have_few_articles(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # placements of articles that are not there
        cursor.execute(
            "INSERT INTO news_placement (article_id, region_id, section_id, published_at)"
            " SELECT n, CASE WHEN n % 3 = 0 THEN n % 600 ELSE 1 END, 1, now() - n * interval '1 hour'"
            " FROM generate_series(1, 4000) n"
        )
        cursor.execute("ANALYZE news_placement")
        assert "Sort" not in plan_for_any_region(cursor)
        cursor.execute("ALTER TABLE news_placement ALTER region_id RESET (n_distinct)")
        cursor.execute("ANALYZE news_placement")
        assert "Sort" in plan_for_any_region(cursor)  # or this test shows nothing
