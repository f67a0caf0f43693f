"""Makes the newsroom's search document of an article, in the transaction that rebuilds its placements.

Beside the words of `documents`, with the same marks, its tokens say what the newsroom's filters ask for:

    r_N k_N a_N   home region and those above, section, author     u_N   the account that made it or is an author's
    z_draft       status       t_news   kind
    y_2024 m_202411   when it was changed     e_2024 d_202411   when it was or will be published (UTC)

Tokens only narrow a search down. What a person may see is asked of the article itself, in the same query.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from news.models import Article
from news.models.querysets import ArticleQuerySet

from . import documents, synonyms
from .models import NewsroomDocument, NewsroomWord
from .synonyms import Synonyms

VERSION = 1
"""Increase it when documents are made differently; `manage.py rebuild_search` then rewrites all of them."""
_WRITTEN = ("title", "names", "body", "title_stems", "stems", "tokens", "built")


def on_placed(sender: Any, article_ids: list[int], **kwargs: Any) -> None:
    refresh(article_ids)


@transaction.atomic
def refresh(article_ids: Iterable[int]) -> int:
    """Write the documents of these articles; returns how many. Those that can no longer be brought back from the bin
    have none."""
    ids = set(article_ids)
    known = synonyms.current()
    articles = list(_searched().filter(pk__in=ids).for_page())
    written = [write(article, known) for article in articles]
    if gone := ids - {article.pk for article in articles}:
        NewsroomDocument.objects.filter(article__in=gone).delete()
    NewsroomDocument.objects.bulk_create(
        written, update_conflicts=True, unique_fields=["article"], update_fields=_WRITTEN, batch_size=500
    )
    NewsroomWord.objects.bulk_create(
        [NewsroomWord(word) for word in documents.suggested_words(articles, written)],
        ignore_conflicts=True,
        batch_size=500,
    )
    return len(written)


def write(article: Article, known: Synonyms) -> NewsroomDocument:
    """The document of an article that was read `for_page()`, not stored."""
    parts = documents.ArticleWords.of(article)
    return NewsroomDocument(
        article=article,
        tokens=" ".join(sorted(parts.tokens(known) | set(_facts(article)))),
        built=VERSION,
        **parts.texts(known),
    )


def _facts(article: Article) -> Iterator[str]:
    yield from (f"r_{region.pk}" for region in article.region.lineage if region.parent_id)
    yield from (f"k_{article.section_id}", f"t_{article.kind}", f"z_{article.status}")
    yield from (f"y_{article.updated_at:%Y}", f"m_{article.updated_at:%Y%m}")
    if article.has_a_time:
        yield from (f"e_{article.publication_time:%Y}", f"d_{article.publication_time:%Y%m}")
    if article.created_by_id:
        yield f"u_{article.created_by_id}"
    for byline in article.bylines.all():
        yield f"a_{byline.author_id}"
        if byline.author.user_id:
            yield f"u_{byline.author.user_id}"


def stale(batch: int = 200) -> Iterator[tuple[int, list[int]]]:
    """As `documents.stale`, for articles in any status."""
    return documents.outdated(_searched(), "newsroom_document", VERSION, batch)


def count() -> int:
    """How many articles are to have a document."""
    return _searched().count()


def _searched() -> ArticleQuerySet:
    return Article.objects.not_emptied(timezone.now() - timedelta(days=settings.BIN_DAYS))
