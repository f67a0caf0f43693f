"""`manage.py prune_db_task_results`: django-tasks-db's own, whose runs are recorded."""

from contextlib import nullcontext
from typing import Any

from django_tasks_db.management.commands import prune_db_task_results

from pekon.background.runs import record_run


class Command(prune_db_task_results.Command):
    def handle(self, **options: Any) -> None:
        with nullcontext() if options["dry_run"] else record_run("prune_db_task_results"):
            super().handle(**options)
