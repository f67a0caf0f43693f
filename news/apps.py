from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from news.publishing import (
            append_only,
            cache_dependencies,
            indexing_pings,
            placements,
            versions,
            withdrawn_again,
        )
        from news.staff import auth_signals
        from regions.services import branch_moved

        branch_moved.connect(placements.on_branch_moved, dispatch_uid="news.publishing.placements")
        post_migrate.connect(append_only.on_migrated, sender=self, dispatch_uid="news.publishing.append_only")
        placements.placed.connect(indexing_pings.on_placed, dispatch_uid="news.publishing.indexing_pings")
        auth_signals.connect()
        versions.register()
        withdrawn_again.register()
        cache_dependencies.register()
