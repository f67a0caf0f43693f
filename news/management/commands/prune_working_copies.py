"""`manage.py prune_working_copies`: delete working copies that nobody needs any more. Run it every night."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from news.models import Presence, WorkingCopy


class Command(BaseCommand):
    help = (
        "Delete working copies that were thrown away, or that are older than the stored story, after "
        "WORKING_COPY_DAYS. What is newer than the stored story, or was never saved, stays until its writer decides."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        count, _by_model = WorkingCopy.objects.prunable(now - timedelta(days=settings.WORKING_COPY_DAYS)).delete()
        Presence.objects.filter(seen_at__lt=now - Presence.GONE_AFTER).delete()
        self.stdout.write(f"Working copies deleted: {count}")
