"""Makes an article's search document, in the transaction that rebuilds its placements.

A document's tokens are the words of the article and, marked by a prefix, what else it can be found by:

    w        a word                       h_w      a word of the title, kicker, tags or authors
    s_w      the stem of other words      hs_w     … of the title, kicker, tags or authors
    c_N      alias N                      hc_N     … there
    r_N k_N a_N   region, section, author     y_2024 m_202411   when it was published (UTC)
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction

from news.content import body
from news.models import Article, Placement

from . import synonyms
from .models import KnownWord, SearchDocument
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
    heads = {word for document in written for word in (document.title + document.names).split()}
    heads |= {word for article in approved for name in _NAME.findall(body.plain(article.body)) for word in words(name)}
    KnownWord.objects.bulk_create(
        [KnownWord(word) for word in sorted(heads) if word.isalpha()], ignore_conflicts=True, batch_size=500
    )
    return len(written)


def write(article: Article, region_ids: list[int], known: Synonyms) -> SearchDocument:
    """The document of an approved article, not stored. `known` has the names and aliases."""
    authors = [byline.author for byline in article.bylines.all()]
    head = [article.kicker, *(tag.name for tag in article.tags.all()), *(author.name for author in authors)]
    places = [article.section.name, *(region.short_name for region in article.region.lineage if region.parent_id)]
    title = words(article.title)
    named, placed = words(" · ".join(head)), words(" · ".join(places))
    text = words(f"{article.summary} · {article.dateline} · {body.plain(article.body)}")[:MAX_WORDS]
    tokens = {*_tokens(title + named, "h", known), *_tokens(title + named + placed + text, "", known)}
    assert article.published_at is not None  # noqa: S101  (by the database's constraint article_approved_has_time)
    tokens |= {f"y_{article.published_at:%Y}", f"m_{article.published_at:%Y%m}", f"k_{article.section_id}"}
    tokens |= {f"r_{number}" for number in region_ids} | {f"a_{author.pk}" for author in authors}
    return SearchDocument(
        article=article,
        published_at=article.published_at,
        title=padded(title),
        names=padded(named + placed),
        body=padded(text),
        title_stems=padded([known.stem(word) for word in title + named]),
        stems=padded([known.stem(word) for word in text if known.stem(word) != word]),
        tokens=" ".join(sorted(tokens)),
        built=VERSION,
    )


def _tokens(text: list[str], mark: str, known: Synonyms) -> Iterator[str]:
    for word in set(text):
        if mark or word not in STOP_WORDS:
            yield f"{mark}_{word}" if mark else word
            if (root := known.stem(word)) != word:
                yield f"{mark}s_{root}"
    for number in known.aliases_in(text):
        yield f"{mark}c_{number}"


def stale(batch: int = 200) -> Iterator[tuple[int, list[int]]]:
    """For each batch of approved articles, newest first: its size, and the ids without a document of this version.

    Progress is recorded only in the documents themselves, so an interrupted run continues where it stopped.
    """
    last = None
    while True:
        rows = Article.objects.approved().order_by("-pk")
        if last is not None:
            rows = rows.filter(pk__lt=last)
        versions = list(rows.values_list("pk", "search_document__built")[:batch])
        if not versions:
            return
        last = versions[-1][0]
        yield len(versions), [pk for pk, built in versions if built != VERSION]
