"""`manage.py clearsessions`: Django's own, whose runs are recorded."""

from typing import Any

from django.contrib.sessions.management.commands import clearsessions

from pekon.background.runs import record_run


class Command(clearsessions.Command):
    @record_run("clearsessions")
    def handle(self, **options: Any) -> None:
        super().handle(**options)
