"""The migrations, which have run for real from an empty database: every test begins with a copy of what they left
(tests/made_once.py)."""

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.databases
NAMES = {
    "sqlite": "SELECT type, name FROM sqlite_master",
    "postgresql": """
        SELECT 'table', table_name FROM information_schema.tables WHERE table_schema = 'public'
        UNION ALL SELECT 'index', indexname FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal""",
}


def test_none_is_left_to_run(db):
    call_command("migrate", check_unapplied=True, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor])
        made = cursor.fetchall()
    assert {"table", "index", "trigger"} <= {kind for kind, _name in made}
    assert "search_tokens" in {name for _kind, name in made}
