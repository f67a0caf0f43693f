"""Searches: takes candidates from the index, drops those that readers may not see, and ranks the rest.

The index returns the newest few hundred articles that match all terms, and separately those with all terms in their
titles. So a word that is in half a million articles costs no more than a rare one (docs/decisions/0020).
`Placement.live()` decides at the time of the search what is live, so a scheduled article is found from the second of
its publication on.
"""

import difflib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from django.db.models import Max
from django.utils import timezone

from news.models import Article, Author, Placement, Section
from regions.models import Region

from . import backends, queries, synonyms
from .backends import AnyOf
from .queries import Query
from .ranking import Texts, score
from .synonyms import Synonyms

MAX_CANDIDATES = 150
"""The most candidates that a search ranks: this many that match in their titles, and as many that match anywhere."""
FEW = 3
"""A search with fewer results than this also tries a corrected query."""
RARE = 6
"""If recent articles give fewer than a sixth of `MAX_CANDIDATES`, all years are searched next."""
LARGE = 50_000
"""In an archive with more articles than this, recent ones are searched first."""
MIN_SIMILARITY = 0.75
"""The least likeness of a suggested word: difflib's ratio; two different letters in eight."""
_MAX_YEARS = 12  # longer ranges of days are not passed to the index
TEXTS = ("title", "names", "body", "title_stems", "stems")
"""The fields of a document that ranking reads."""


@dataclass(frozen=True)
class Filters:
    """A reader's filters for a search. `region` is one below the page's own; days are in that region's zone."""

    region: Region | None = None
    section: Section | None = None
    author: Author | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Results:
    """The `ids` of the articles found, best first.

    `corrected` is the query that they match, if it is not the typed one. `suggestion` is another query that would find
    more. `partial` means that no article has all words, and that these have some.
    """

    query: Query
    ids: tuple[int, ...] = ()
    corrected: str = ""
    suggestion: str = ""
    partial: bool = False


def search(region: Region, text: str, filters: Filters | None = None) -> Results:
    """What readers of `region` can find. Never raises, whatever `text` is."""
    known, filters, now = synonyms.current(), filters or Filters(), timezone.now()
    query = queries.parse(text, known)
    if not query.wanted:
        return Results(query)
    scope = _Scope(region, filters, now)
    results = Results(query, scope.answers(query))
    if len(results.ids) < FEW and (better := _correction(query, known, scope)):
        ids = scope.answers(better)
        if ids and not results.ids:
            return Results(better, ids, corrected=better.text)
        if len(ids) > len(results.ids):
            results = replace(results, suggestion=better.text)
    if not results.ids and len(query.wanted) > 1:
        return replace(results, ids=scope.answers(query, all_terms=False), partial=True)
    return results


@dataclass(frozen=True)
class _Scope:
    """The part of the archive that is searched, as of `now`."""

    region: Region
    filters: Filters
    now: datetime

    def answers(self, query: Query, *, all_terms: bool = True) -> tuple[int, ...]:
        """The ids of the articles that match the query, best first."""
        if all_terms:
            titles = [term.tokens("h") for term in query.wanted]
            anywhere = [term.tokens() for term in query.wanted]
        else:
            titles = [[way for term in query.wanted for way in term.tokens("h")]]
            anywhere = [[way for term in query.wanted for way in term.tokens()]]
        ids = set(self.newest(anywhere))
        # There may be older ones, of which those with all words in their titles rank high.
        if len(ids) == MAX_CANDIDATES:
            ids |= set(self.newest(titles))
        ranked = sorted(
            (
                (score(texts, query, self.now, all_terms=all_terms), texts.published_at, pk)
                for pk, texts in self.visible(ids)
            ),
            reverse=True,
        )
        return tuple(pk for points, _published_at, pk in ranked if points)

    def newest(self, wanted: Sequence[AnyOf], enough: int = 0) -> list[int]:
        """The newest `enough` documents, from the last months, else the last years, else the whole archive."""
        enough = enough or MAX_CANDIDATES
        first, *wider = self.windows()
        ids = self.look(wanted, first, enough)
        if len(wider) == 2 and len(ids) < enough // RARE:  # so rare that searching the whole archive is cheap
            wider = wider[1:]
        for window in wider:
            if len(ids) < enough:
                ids = self.look(wanted, window, enough)
        return ids

    def look(self, wanted: Sequence[AnyOf], window: list[AnyOf], enough: int) -> list[int]:
        return backends.find([*wanted, *self.narrowing(), *window], limit=enough, until=self.latest)

    @property
    def latest(self) -> datetime:
        """The latest time of publication that is searched."""
        if self.filters.until is None:
            return self.now
        return min(self.now, _midnight(self.filters.until + timedelta(days=1), self.filters.region or self.region))

    def narrowing(self) -> Iterator[AnyOf]:
        place = self.filters.region or self.region
        if place.parent_id:  # no filter for the network, which lists every article
            yield [[f"r_{place.pk}"]]
        if self.filters.section:
            yield [[f"k_{self.filters.section.pk}"]]
        if self.filters.author:
            yield [[f"a_{self.filters.author.pk}"]]

    def windows(self) -> Iterator[list[AnyOf]]:
        """The parts of the archive to search, one after the other."""
        since, latest = self.filters.since, self.latest
        if since and latest.year - since.year < _MAX_YEARS:  # with the neighbouring years, because tokens are in UTC
            yield [[[f"y_{year}"] for year in range(since.year - 1, latest.year + 2)]]
            return
        if is_large() and not since:
            month_before = latest.replace(day=1) - timedelta(days=1)
            yield [[[f"m_{latest:%Y%m}"], [f"m_{month_before:%Y%m}"]]]
            yield [[[f"y_{latest.year}"], [f"y_{latest.year - 1}"]]]
        yield []

    def visible(self, ids: set[int]) -> Iterator[tuple[int, Texts]]:
        place = self.filters.region or self.region
        rows = Placement.objects.in_region(place).live().filter(article_id__in=ids)
        if self.filters.since:
            rows = rows.filter(published_at__gte=_midnight(self.filters.since, place))
        if self.filters.until:
            rows = rows.filter(published_at__lt=_midnight(self.filters.until + timedelta(days=1), place))
        texts = [f"article__search_document__{name}" for name in TEXTS]
        for pk, *values in rows.values_list("article_id", "published_at", *texts):
            yield pk, Texts(*values)


def _correction(query: Query, known: Synonyms, scope: _Scope) -> Query | None:
    """The query with each word that finds nothing replaced by the most similar known word; None if there is none."""
    better = query
    for term in query.wanted:
        if len(term.typed) == 1 and len(term.typed[0]) > 3 and not scope.newest([term.tokens()], 1):
            word = term.typed[0]
            alike = difflib.get_close_matches(word, backends.similar_words(word), n=1, cutoff=MIN_SIMILARITY)
            if alike:
                better = better.with_word(word, alike[0], known)
    return better if better.wanted and better.text != query.text else None


def _midnight(day: date, region: Region) -> datetime:
    return datetime.combine(day, clock_time.min, region.zone)


_size: tuple[float, int] | None = None


def is_large() -> bool:
    """Whether the archive has more than `LARGE` articles; checked every ten minutes."""
    global _size
    if _size is None or time.monotonic() - _size[0] > 600:
        _size = time.monotonic(), Article.objects.aggregate(last=Max("pk"))["last"] or 0
    return _size[1] > LARGE
