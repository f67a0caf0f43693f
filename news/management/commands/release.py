"""`manage.py release`: which release this is (`manage.py version` is Django's and tells Django's own)."""

from typing import Any

from django.core.management.base import BaseCommand

from pekon.release import RELEASE


class Command(BaseCommand):
    help = "Tell which release of Pekon this is: the version, and between two versions the commit too."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(RELEASE)
