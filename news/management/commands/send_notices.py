from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from news.publishing import notice_mail
from pekon.background.runs import record_run


class Command(BaseCommand):
    help = (
        "Queues mails with what people have not read, one an hour at most for each. db_worker does so by itself; with a"
        " timer this finds what a failed task left behind."
    )

    @record_run("send_notices")
    def handle(self, *args: Any, **options: Any) -> None:
        sent, _later = notice_mail.deliver(timezone.now())
        self.stdout.write(f"{sent} mails queued")
