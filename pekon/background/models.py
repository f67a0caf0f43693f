from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult


class BackgroundTask(DBTaskResult[Any, Any]):
    """A task in the queue, as a proxy model with a name that people in the newsroom understand."""

    class Meta:
        proxy = True
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")

    def __str__(self) -> str:
        return self.task_path


class CommandRun(models.Model):
    """One run of a command that a timer starts (pekon.background.runs). `finished_at` is empty while it runs, and for
    ever if its process was killed."""

    name = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    succeeded = models.BooleanField(default=False)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = "run of a command"  # only in the log and in manage.py doctor, so not translated
        verbose_name_plural = "runs of commands"
        indexes = [models.Index(fields=["name", "started_at"], name="command_run_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%Y-%m-%dT%H:%M:%SZ}"
