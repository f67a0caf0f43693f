from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        from regions.branches import branch_moved

        from . import placing

        branch_moved.connect(placing.on_branch_moved, dispatch_uid="news.placing")
