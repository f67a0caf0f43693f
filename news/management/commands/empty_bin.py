"""`manage.py empty_bin`: delete the content of stories that were thrown away more than BIN_DAYS ago."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from news.publishing import binned
from pekon.background.runs import record_run


class Command(BaseCommand):
    help = "Deletes the content of stories that were thrown away more than BIN_DAYS ago. For every night."

    @record_run("empty_bin")
    def handle(self, *args: Any, **options: Any) -> None:
        emptied = binned.empty(timezone.now() - timedelta(days=settings.BIN_DAYS))
        self.stdout.write(f"{emptied} stories deleted from the bin")
