"""`manage.py rebuild_search`: rewrite search documents, after an upgrade, an import that bypassed the workflow, or a
renamed author, tag or region."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from tqdm import tqdm

from news.models import Article
from news.search import documents, newsroom_documents
from news.search.models import NewsroomDocument, SearchDocument


class Command(BaseCommand):
    help = "Writes missing and outdated search documents. May be stopped and started again; readers go on searching."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every document, not only those that are outdated")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            SearchDocument.objects.update(built=0)
            NewsroomDocument.objects.update(built=0)
        written = self._rewrite(Article.objects.approved().count(), documents.stale(), documents.refresh)
        self.stdout.write(f"{written} documents written.")
        written = self._rewrite(newsroom_documents.count(), newsroom_documents.stale(), newsroom_documents.refresh)
        self.stdout.write(f"{written} documents written for the newsroom.")

    def _rewrite(
        self, stories: int, stale: Iterator[tuple[int, list[int]]], refresh: Callable[[Iterable[int]], int]
    ) -> int:
        written = 0
        with tqdm(total=stories, unit=" stories") as bar:
            for seen, ids in stale:
                # Locks the articles, because an edit during the rewrite would leave an outdated document.
                with transaction.atomic():
                    list(Article.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
                    written += refresh(ids)
                bar.update(seen)
        return written
