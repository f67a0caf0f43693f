"""Searches the articles that a person of the newsroom may see, in any status.

As `engine` does for readers, the index gives the newest articles that match and `ranking` orders them. Who may see an
article is a condition of the same query (`within`), so an article that is hidden from the person is never a candidate.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Case, QuerySet, When
from django.utils import timezone

from news.models import Article
from pekon.plain_text import whole_number

from . import backends, engine, queries, synonyms
from .backends import AnyOf
from .engine import FEW, MAX_CANDIDATES, MIN_SIMILARITY, TEXTS, Results
from .queries import Query, Term
from .ranking import Texts, score
from .synonyms import Synonyms
from .words import is_number

_ALIKE = 3
"""The most words that are tried in place of one that finds little."""
_SAMPLE = 20


def search(text: str, within: QuerySet[Article], narrowing: Sequence[AnyOf] = ()) -> Results:
    """The articles of `within` that match, best first; a story's number finds it, with `#` it alone.

    `narrowing` are tokens that all articles of `within` have; they save work. Never raises, whatever `text` is.
    """
    if (number := story_number(text)) and text.strip().startswith("#"):
        return Results(Query(text), tuple(within.filter(pk=number).order_by().values_list("pk", flat=True)))
    known = synonyms.current()
    query = queries.parse(text, known)
    if not query.wanted:
        return Results(query)
    archive = Archive(within, narrowing, timezone.now())
    results = Results(query, archive.answers(query))
    if number and (numbered := tuple(within.filter(pk=number).order_by().values_list("pk", flat=True))):
        return replace(results, ids=tuple(dict.fromkeys(numbered + results.ids)))
    if len(results.ids) < FEW and (better := archive.correction(query, known)):
        ids = archive.answers(better)
        if ids and not results.ids:
            return Results(better, ids, corrected=better.text)
        if len(ids) > len(results.ids):
            results = replace(results, suggestion=better.text)
    if not results.ids and len(query.wanted) > 1:
        return replace(results, ids=archive.answers(query, all_terms=False), partial=True)
    return results


def find(text: str, within: QuerySet[Article], narrowing: Sequence[AnyOf] = (), *, limit: int) -> list[Article]:
    """A few articles of `within` while somebody types: those with all words in title, kicker, tags or writers first,
    then the last changed. The last word may be the beginning of one. At most two queries."""
    if number := story_number(text):
        numbered = list(within.filter(pk=number))
        if text.strip().startswith("#"):
            return numbered
    else:
        numbered = []
    query = queries.parse(text, synonyms.current())
    if not query.wanted:
        return numbered
    archive = Archive(within, narrowing, timezone.now())
    heads, anywhere = beginnings(query, "h"), beginnings(query, "")
    found: list[Article] = []
    if engine.is_large() and not numbered and not is_number(query.text):
        found = list(archive.matching([*heads, *archive.recent()])[:limit])
    if len(found) < limit:
        in_head = Case(When(pk__in=backends.newsroom_ids([*heads, *narrowing]), then=1), default=0)
        rows = archive.matching(anywhere).annotate(in_head=in_head)
        found += [row for row in rows.order_by("-in_head", "-updated_at", "-pk")[:limit] if row not in found]
    return [*numbered, *(row for row in found if row not in numbered)][:limit]


def story_number(text: str) -> int | None:
    """The number in `#123` or `123`; None for other texts."""
    return whole_number(text.strip().removeprefix("#"), 18) or None


def beginnings(query: Query, mark: str) -> list[AnyOf]:
    """What `query` asks of the index, where its last word may be the beginning of one."""
    wanted: list[AnyOf] = [term.tokens(mark) for term in query.wanted]
    last = query.wanted[-1]
    if _is_unfinished(last) and query.text.endswith(tuple("abcdefghijklmnopqrstuvwxyz0123456789")):
        joint = f"{mark}_" if mark else ""
        wanted[-1] = [*wanted[-1], [f"{joint}{last.typed[0]}*"]]
    return wanted


def _is_unfinished(term: Term) -> bool:
    return len(term.typed) == 1 and len(term.typed[0]) > 1


@dataclass(frozen=True)
class Archive:
    """The articles that are searched, as of `now`."""

    within: QuerySet[Article]
    narrowing: Sequence[AnyOf]
    now: datetime

    def answers(self, query: Query, *, all_terms: bool = True) -> tuple[int, ...]:
        """The ids of the articles that match the query, best first."""
        titles, anywhere = [term.tokens("h") for term in query.wanted], [term.tokens() for term in query.wanted]
        if not all_terms:
            anywhere = [[way for ways in anywhere for way in ways]]
        found = self.newest(anywhere)
        # There may be older ones, of which those with all words in their titles rank high.
        if all_terms and len(found) == MAX_CANDIDATES:
            found |= self.newest(titles)
        ranked = sorted(
            (
                (score(texts, query, self.now, all_terms=all_terms), texts.published_at, pk)
                for pk, texts in found.items()
            ),
            reverse=True,
        )
        return tuple(pk for points, _changed, pk in ranked if points)

    def newest(self, wanted: Sequence[AnyOf]) -> dict[int, Texts]:
        """The last changed articles that match, from the last months, else from the whole archive."""
        for window in self.windows():
            newest = self.matching([*wanted, *window]).values("pk")[:MAX_CANDIDATES]
            rows = Article.objects.filter(pk__in=newest).order_by("-updated_at", "-pk")
            fields = [f"newsroom_document__{name}" for name in TEXTS]
            found = {pk: Texts(*values) for pk, *values in rows.values_list("pk", "updated_at", *fields)}
            if len(found) == MAX_CANDIDATES:
                break
        return found

    def matching(self, wanted: Sequence[AnyOf]) -> QuerySet[Article]:
        """The articles that match, the last changed first."""
        matching = backends.newsroom_ids([*wanted, *self.narrowing])
        return self.within.filter(pk__in=matching).order_by("-updated_at", "-pk")

    def windows(self) -> Iterator[list[AnyOf]]:
        """The parts of the archive to search, one after the other."""
        if engine.is_large():
            yield self.recent()
        yield []

    def recent(self) -> list[AnyOf]:
        """What articles have that were changed in this month or the last."""
        month_before = self.now.replace(day=1) - timedelta(days=1)
        return [[[f"m_{self.now:%Y%m}"], [f"m_{month_before:%Y%m}"]]]

    def correction(self, query: Query, known: Synonyms) -> Query | None:
        """The query with each word that finds nothing (little, if it is the only one) replaced by the most similar one
        that an article of `within` has; None if there is none. So no word of a hidden article is ever suggested."""
        better, is_one = query, len(query.wanted) == 1
        for term in query.wanted:
            word = term.typed[0]
            if len(term.typed) == 1 and len(word) > 3 and (is_one or not self.holding([term.tokens()])):
                alike = difflib.get_close_matches(
                    word, backends.similar_words(word, index=backends.NEWSROOM), n=_ALIKE, cutoff=MIN_SIMILARITY
                )
                seen = {each for tokens in self.holding([[[other] for other in alike]]) for each in tokens.split()}
                if best := next((other for other in alike if other in seen and other != word), None):
                    better = better.with_word(word, best, known)
        return better if better.wanted and better.text != query.text else None

    def holding(self, wanted: Sequence[AnyOf]) -> list[str]:
        """The tokens of a few articles that match."""
        if not all(wanted):
            return []
        return list(self.matching(wanted).order_by().values_list("newsroom_document__tokens", flat=True)[:_SAMPLE])
