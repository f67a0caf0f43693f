from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from regions.branches import branch_moved

        from . import announcing, append_only, door, placing, seen

        branch_moved.connect(placing.on_branch_moved, dispatch_uid="news.placing")
        post_migrate.connect(append_only.on_migrated, sender=self, dispatch_uid="news.append_only")
        placing.placed.connect(announcing.on_placed, dispatch_uid="news.announcing")
        door.connect()
        seen.connect()
