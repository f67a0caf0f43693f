"""`manage.py prune_versions`: forget versions of stories that readers never saw, after VERSION_DAYS."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from news.publishing import versions
from pekon.background.runs import record_run


class Command(BaseCommand):
    help = "Forgets versions that readers never saw and that are older than VERSION_DAYS. For every night."

    @record_run("prune_versions")
    def handle(self, *args: Any, **options: Any) -> None:
        forgotten = versions.prune(timezone.now() - timedelta(days=settings.VERSION_DAYS))
        self.stdout.write(f"{forgotten} versions forgotten")
