from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "news.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_migrate, post_save

        from news.models import Author
        from news.publishing.placements import placed
        from regions import generations
        from regions.models import Region

        from . import backends, documents, newsroom_documents, synonyms, tasks
        from .models import Alias, StemOverride

        post_migrate.connect(backends.on_migrated, sender=self, dispatch_uid="news.search.backends")
        placed.connect(documents.on_placed, dispatch_uid="news.search.documents")
        placed.connect(newsroom_documents.on_placed, dispatch_uid="news.search.newsroom_documents")
        post_save.connect(tasks.on_author_saved, sender=Author, dispatch_uid="news.search.tasks")
        for taught in (Alias, StemOverride):  # changing them changes search results everywhere
            generations.register(taught, lambda row: [generations.EVERYWHERE])
        for model in (Alias, StemOverride, Author, Region):
            for signal in (post_save, post_delete):
                signal.connect(synonyms.forget, sender=model, dispatch_uid=f"news.search.synonyms.{model.__name__}")
