"""`manage.py prune_static`: delete the static files of former releases."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from pekon import static_files
from pekon.background.runs import record_run

KEPT = 90 * 86_400
"""Seconds. Pages of a former release are in browsers and search engines for some weeks."""


class Command(BaseCommand):
    help = "Delete static files that no release of the last 90 days has, and that are older than that themselves."

    @record_run("prune_static")
    def handle(self, *args: Any, **options: Any) -> None:
        deleted = static_files.prune(Path(settings.STATIC_ROOT), KEPT)
        self.stdout.write(f"{deleted} static files of former releases are deleted.")
