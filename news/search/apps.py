from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "news.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_migrate, post_save

        from news.models import Author
        from news.placing import placed
        from regions.models import Region

        from . import documents, index, lexicon
        from .models import Alias, Root

        post_migrate.connect(index.on_migrated, sender=self, dispatch_uid="news.search.index")
        placed.connect(documents.on_placed, dispatch_uid="news.search.documents")
        for model in (Alias, Root, Author, Region):
            for signal in (post_save, post_delete):
                signal.connect(lexicon.forget, sender=model, dispatch_uid=f"news.search.lexicon.{model.__name__}")
