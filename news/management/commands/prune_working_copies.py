"""`manage.py prune_working_copies`: delete working copies that nobody needs any more. Run it every night."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from news.models import LastSeen, Presence, WorkingCopy
from pekon.background.runs import record_run


class Command(BaseCommand):
    help = (
        "Delete working copies that were thrown away, or that are older than the stored story, after "
        "WORKING_COPY_DAYS. What is newer than the stored story, or was never saved, stays until its writer decides."
    )

    @record_run("prune_working_copies")
    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        before = now - timedelta(days=settings.WORKING_COPY_DAYS)
        count, _by_model = WorkingCopy.objects.prunable(before).delete()
        LastSeen.objects.filter(seen_at__lt=before).delete()
        Presence.objects.filter(seen_at__lt=now - Presence.GONE_AFTER).delete()
        self.stdout.write(f"Working copies deleted: {count}")
