"""Search: candidates from the index, what readers may see of them by the one predicate, the best first.

The index gives the newest few hundred stories that hold all terms, those with all of them in their titles apart, so
that a word in half of a million stories costs no more than a rare one (docs/decisions/0020). Whether a story is live
is asked of `Placement.live()` at the time of the search, so a scheduled story is found from its second on.
"""

import difflib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from django.db.models import Max
from django.utils import timezone

from news.models import Author, Placement, Section
from regions.models import Region

from . import index, lexicon, queries
from .index import AnyOf
from .lexicon import Lexicon
from .models import SearchDocument
from .queries import Query
from .ranking import Texts, score

ENOUGH = 150
"""Candidates from the titles, and so many from everywhere: what a search ranks at most."""
FEW = 3
"""With fewer stories than that, a reader may have meant another word."""
RARE = 6
"""A word in fewer recent stories than a sixth of `ENOUGH` is looked for in all years at once."""
LARGE = 50_000
"""Stories from which on recent ones are looked through first."""
_LIKE = 0.75  # of difflib: two letters in eight
_YEARS = 12  # of a range of days that are worth naming to the index
_TEXTS = ("title", "names", "body", "title_stems", "stems")


@dataclass(frozen=True)
class Filters:
    """What a reader narrows a search to. `region` is one below the page's own; days are on that region's clocks."""

    region: Region | None = None
    section: Section | None = None
    author: Author | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Results:
    """`ids` of articles, the best first. `corrected` is the query that they answer, if not the one that was typed;
    `suggestion` another that would find more. `partial`: no story has all the words, these have some."""

    query: Query
    ids: tuple[int, ...] = ()
    corrected: str = ""
    suggestion: str = ""
    partial: bool = False


def search(region: Region, text: str, filters: Filters | None = None) -> Results:
    """What readers of `region` can find. Never raises, whatever `text` is."""
    known, filters, now = lexicon.current(), filters or Filters(), timezone.now()
    query = queries.parse(text, known)
    if not query.wanted:
        return Results(query)
    where = _Where(region, filters, now)
    results = Results(query, where.answers(query))
    if len(results.ids) < FEW and (better := _correction(query, known, where)):
        found = where.answers(better)
        if found and not results.ids:
            return Results(better, found, corrected=better.text)
        if len(found) > len(results.ids):
            results = replace(results, suggestion=better.text)
    if not results.ids and len(query.wanted) > 1:
        return replace(results, ids=where.answers(query, all_terms=False), partial=True)
    return results


@dataclass(frozen=True)
class _Where:
    """The part of the archive that is searched, as of now."""

    region: Region
    filters: Filters
    now: datetime

    def answers(self, query: Query, *, all_terms: bool = True) -> tuple[int, ...]:
        """The ids of the stories that answer the query, the best first."""
        if all_terms:
            titles = [term.tokens("h") for term in query.wanted]
            anywhere = [term.tokens() for term in query.wanted]
        else:
            titles = [[way for term in query.wanted for way in term.tokens("h")]]
            anywhere = [[way for term in query.wanted for way in term.tokens()]]
        ids = set(self.newest(anywhere))
        if len(ids) == ENOUGH:  # there are older ones: those with all words in their titles may be better
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
        """The newest `enough` documents, of the last weeks if those are enough, of the last years, or of all time."""
        enough = enough or ENOUGH
        first, *wider = self.windows()
        found = self.look(wanted, first, enough)
        if len(wider) == 2 and len(found) < enough // RARE:  # so rare that the whole archive holds a bounded number
            wider = wider[1:]
        for window in wider:
            if len(found) < enough:
                found = self.look(wanted, window, enough)
        return found

    def look(self, wanted: Sequence[AnyOf], window: list[AnyOf], enough: int) -> list[int]:
        return index.find([*wanted, *self.narrowing(), *window], limit=enough, until=self.latest)

    @property
    def latest(self) -> datetime:
        """The end of what is searched."""
        if self.filters.until is None:
            return self.now
        return min(self.now, _midnight(self.filters.until + timedelta(days=1), self.filters.region or self.region))

    def narrowing(self) -> Iterator[AnyOf]:
        place = self.filters.region or self.region
        if place.parent_id:  # every story stands in the network
            yield [[f"r_{place.pk}"]]
        if self.filters.section:
            yield [[f"k_{self.filters.section.pk}"]]
        if self.filters.author:
            yield [[f"a_{self.filters.author.pk}"]]

    def windows(self) -> Iterator[list[AnyOf]]:
        """Parts of the archive in which to look one after the other."""
        since, latest = self.filters.since, self.latest
        if since and latest.year - since.year < _YEARS:  # a year's days are in it and, by UTC, in its neighbours
            yield [[[f"y_{year}"] for year in range(since.year - 1, latest.year + 2)]]
            return
        if _is_large() and not since:
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
        texts = [f"article__search_document__{name}" for name in _TEXTS]
        for pk, *found in rows.values_list("article_id", "published_at", *texts):
            yield pk, Texts(*found)


def _correction(query: Query, known: Lexicon, where: _Where) -> Query | None:
    """The query with each word that stands nowhere replaced by the one most like it; None if nothing is alike."""
    better = query
    for term in query.wanted:
        if len(term.typed) == 1 and len(term.typed[0]) > 3 and not where.newest([term.tokens()], 1):
            word = term.typed[0]
            alike = difflib.get_close_matches(word, index.similar_words(word), n=1, cutoff=_LIKE)
            if alike:
                better = better.with_word(word, alike[0], known)
    return better if better.wanted and better.text != query.text else None


def _midnight(day: date, region: Region) -> datetime:
    return datetime.combine(day, clock_time.min, region.zone)


_size: tuple[float, int] | None = None


def _is_large() -> bool:
    """Whether the archive is; looked up once in ten minutes."""
    global _size
    if _size is None or time.monotonic() - _size[0] > 600:
        _size = time.monotonic(), SearchDocument.objects.aggregate(last=Max("pk"))["last"] or 0
    return _size[1] > LARGE
