"""Migrations that a release may apply while the previous one runs (docs/developers.md): expand, migrate, contract.

django-migration-linter reads the SQL of every migration that came after 0.1, on PostgreSQL: no column or table may go
or change its name or type, none may come that old code cannot fill, and nothing may lock a table for long.
`make check-migrations` applies them under a running release.
"""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from tests.server import ROOT

RELEASED = {
    "news": "0022_roster",
    "images": "0004_rendition_manifest",
    "adverts": "0002_slot",
    "search": "0004_newsroom_documents",
    "popularity": "0002_addresses",
    "regions": "0008_form_keys",
    "background": "0001_background_tasks",
}
"""The newest migration of each application in 0.1, which nobody runs under an older release."""
EXCEPTIONS: dict[tuple[str, str], str] = {}
"""Application and migration → why it is safe although the linter says otherwise."""

pytestmark = [
    pytest.mark.databases,
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="the linter is wrong about the SQL for SQLite"),
]


@pytest.fixture
def linter():
    return MigrationLinter(path=str(ROOT), no_cache=True, no_output=True, all_warnings_as_errors=True)


def test_no_migration_breaks_or_stops_the_previous_release(linter):
    loader, refused = MigrationLoader(connection), []
    for app, released in RELEASED.items():
        assert (app, released) in loader.disk_migrations
        newer = [key for key in loader.disk_migrations if key[0] == app and key[1] > released]
        for key in sorted(set(newer) - set(EXCEPTIONS)):
            linter.reset_counters()
            linter.lint_migration(loader.disk_migrations[key])
            refused += [key] if linter.has_errors or linter.nb_warnings else []
    assert not refused, "see `django-migration-linter`'s docs for what each may do, or name the reason in EXCEPTIONS"


def test_the_linter_finds_what_would_break_it(linter):
    """One of 0.1's own, which renames a column."""
    linter.lint_migration(MigrationLoader(connection).disk_migrations["images", "0004_rendition_manifest"])
    assert linter.has_errors
