"""Background tasks that rewrite documents after words, names or authors were changed."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks import task

from news.models import Article, Author

from . import backends, documents, newsroom_documents, synonyms
from .words import STOP_WORDS

BATCH = 200
_EVER = timedelta(days=36_500)  # scheduled articles too


@task()
def refresh_with(phrases: list[list[str]]) -> None:
    """Rewrite the documents that contain the words of any of these phrases. Safe to run twice."""
    synonyms.forget()
    ways = [[word for word in phrase if word not in STOP_WORDS] or phrase for phrase in phrases]
    ids = backends.find([ways], limit=10_000_000, until=timezone.now() + _EVER) if ways else []
    _in_batches(documents.refresh, ids)
    if ways:
        in_newsroom = Article.objects.filter(pk__in=backends.newsroom_ids([ways]))
        _in_batches(newsroom_documents.refresh, list(in_newsroom.order_by("pk").values_list("pk", flat=True)))


@task()
def refresh_author(author_id: int) -> None:
    """Rewrite the newsroom's documents of an author's articles. Safe to run twice."""
    _in_batches(
        newsroom_documents.refresh,
        list(Article.objects.filter(authors=author_id).distinct().values_list("pk", flat=True)),
    )


def on_author_saved(sender: Any, instance: Author, created: bool, **kwargs: Any) -> None:
    """Have the documents rewritten that hold an author's name and account."""
    if not created:
        refresh_author.enqueue(instance.pk)


def _in_batches(refresh: Callable[[Iterable[int]], int], ids: list[int]) -> None:
    for start in range(0, len(ids), BATCH):
        refresh(ids[start : start + BATCH])
