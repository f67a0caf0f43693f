from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackgroundConfig(AppConfig):
    name = "pekon.background"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from django_tasks.signals import task_finished

        from . import retries

        task_finished.connect(retries.on_finished, dispatch_uid="retries")
