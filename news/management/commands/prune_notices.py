from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from news.models import Notice
from pekon.background.runs import record_run


class Command(BaseCommand):
    help = "Deletes notices that are older than NOTICE_DAYS. For every night."

    @record_run("prune_notices")
    def handle(self, *args: Any, **options: Any) -> None:
        old = Notice.objects.filter(made_at__lt=timezone.now() - timedelta(days=settings.NOTICE_DAYS))
        deleted, _models = old.delete()
        self.stdout.write(f"{deleted} notices deleted")
