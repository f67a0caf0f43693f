"""Makes an article's search document, in the transaction that rebuilds its placements.

A document's tokens are the words of the article and, marked by a prefix, what else it can be found by:

    w        a word                       h_w      a word of the title, kicker, tags or authors
    s_w      the stem of other words      hs_w     … of the title, kicker, tags or authors
    c_N      alias N                      hc_N     … there
    r_N k_N a_N   region, section, author     y_2024 m_202411   when it was published (UTC)
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db import models, transaction

from news.content import body
from news.models import Article, Placement

from . import synonyms
from .models import Document, KnownWord, SearchDocument
from .synonyms import Synonyms
from .words import STOP_WORDS, padded, words

VERSION = 2
"""Increase it when documents are made differently; `manage.py rebuild_search` then rewrites all of them."""
MAX_WORDS = 5_000
"""Words of a text that are indexed. Long articles have a third of this."""
_NAME = re.compile(r"\b[A-Z]\w{3,}")
_WRITTEN = ("published_at", "title", "names", "body", "title_stems", "stems", "tokens", "built")


def on_placed(sender: Any, article_ids: list[int], **kwargs: Any) -> None:
    refresh(article_ids)


@transaction.atomic
def refresh(article_ids: Iterable[int]) -> int:
    """Write the documents of those articles that are approved, delete the others'; returns how many were written."""
    ids = list(article_ids)
    known = synonyms.current()
    approved = Article.objects.approved().filter(pk__in=ids).for_page()
    regions: dict[int, list[int]] = {}
    for article_id, region_id in Placement.objects.filter(article__in=ids).values_list("article_id", "region_id"):
        regions.setdefault(article_id, []).append(region_id)
    written = [write(article, regions.get(article.pk, []), known) for article in approved]
    SearchDocument.objects.filter(article__in=set(ids) - {document.article_id for document in written}).delete()
    SearchDocument.objects.bulk_create(
        written, update_conflicts=True, unique_fields=["article"], update_fields=_WRITTEN, batch_size=500
    )
    KnownWord.objects.bulk_create(
        [KnownWord(word) for word in suggested_words(approved, written)], ignore_conflicts=True, batch_size=500
    )
    return len(written)


def write(article: Article, region_ids: list[int], known: Synonyms) -> SearchDocument:
    """The document of an approved article, not stored. `known` has the names and aliases."""
    parts = ArticleWords.of(article)
    assert article.published_at is not None  # noqa: S101  (by the database's constraint article_approved_has_time)
    tokens = {f"y_{article.published_at:%Y}", f"m_{article.published_at:%Y%m}", f"k_{article.section_id}"}
    tokens |= {f"r_{number}" for number in region_ids} | {f"a_{byline.author_id}" for byline in article.bylines.all()}
    return SearchDocument(
        article=article,
        published_at=article.published_at,
        tokens=" ".join(sorted(tokens | parts.tokens(known))),
        built=VERSION,
        **parts.texts(known),
    )


@dataclass(frozen=True)
class ArticleWords:
    """The words of an article: of its title, of kicker, tags and authors, of section and regions, and of its text."""

    title: list[str]
    named: list[str]
    placed: list[str]
    text: list[str]

    @classmethod
    def of(cls, article: Article) -> Self:
        """The words of an article that was read `for_page()`."""
        names = [article.kicker, *(tag.name for tag in article.tags.all())]
        names += [byline.author.name for byline in article.bylines.all()]
        places = [article.section.name, *(region.short_name for region in article.region.lineage if region.parent_id)]
        text = f"{article.summary} · {article.dateline} · {body.plain(article.body)}"
        return cls(words(article.title), words(" · ".join(names)), words(" · ".join(places)), words(text)[:MAX_WORDS])

    def texts(self, known: Synonyms) -> dict[str, str]:
        """The fields of a document that ranking reads."""
        return {
            "title": padded(self.title),
            "names": padded(self.named + self.placed),
            "body": padded(self.text),
            "title_stems": padded([known.stem(word) for word in self.title + self.named]),
            "stems": padded([known.stem(word) for word in self.text if known.stem(word) != word]),
        }

    def tokens(self, known: Synonyms) -> set[str]:
        head = self.title + self.named
        return {*_tokens(head, "h", known), *_tokens(head + self.placed + self.text, "", known)}


def suggested_words(articles: Iterable[Article], written: Iterable[Document]) -> list[str]:
    """The words of these articles, and of their documents, that may be suggested for a word that finds nothing."""
    heads = {word for document in written for word in (document.title + document.names).split()}
    heads |= {word for article in articles for name in _NAME.findall(body.plain(article.body)) for word in words(name)}
    return sorted(word for word in heads if word.isalpha())


def _tokens(text: list[str], mark: str, known: Synonyms) -> Iterator[str]:
    for word in set(text):
        if mark or word not in STOP_WORDS:
            yield f"{mark}_{word}" if mark else word
            if (root := known.stem(word)) != word:
                yield f"{mark}s_{root}"
    for number in known.aliases_in(text):
        yield f"{mark}c_{number}"


def stale(batch: int = 200) -> Iterator[tuple[int, list[int]]]:
    """For each batch of approved articles, newest first: its size, and the ids without a document of this version."""
    return outdated(Article.objects.approved(), "search_document", VERSION, batch)


def outdated(
    articles: models.QuerySet[Article], document: str, version: int, batch: int = 200
) -> Iterator[tuple[int, list[int]]]:
    """For each batch of the articles, newest first: its size, and the ids without a document of this version.

    Progress is recorded only in the documents themselves, so an interrupted run continues where it stopped.
    """
    last = None
    while True:
        rows = articles.order_by("-pk")
        if last is not None:
            rows = rows.filter(pk__lt=last)
        versions = list(rows.values_list("pk", f"{document}__built")[:batch])
        if not versions:
            return
        last = versions[-1][0]
        yield len(versions), [pk for pk, built in versions if built != version]
