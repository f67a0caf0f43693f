"""How well a document answers a query: pure, and the same on both databases, which only find the candidates.

The weights were chosen against the judged queries of tests/search (docs/decisions/0020): exact words before stems, the
title before names, names before the text; words that stand together; then the newer story.
"""

from dataclasses import dataclass
from datetime import datetime

from .queries import Query, Term

TITLE, NAME, BODY = 10.0, 6.0, 4.0
TITLE_STEM, BODY_STEM = 3.0, 1.0
EARLY = 1.0
"""For a word among the first of the text, where the news is."""
EARLY_CHARACTERS = 250
REPEATED, MOST_REPEATS = 0.4, 5
SIDE_BY_SIDE_IN_TITLE, SIDE_BY_SIDE = 5.0, 1.5
PART_OF_TITLE = 3.0
"""For a title with nothing else in it."""
NEWNESS, NEWNESS_DAYS = 0.35, 120
"""A story of today counts so much more than one of long ago; the gain is halved every so many days."""


@dataclass(frozen=True)
class Texts:
    """A document's texts (models.SearchDocument), as far as ranking reads them."""

    published_at: datetime
    title: str
    names: str
    body: str
    title_stems: str
    stems: str


def score(document: Texts, query: Query, now: datetime, *, all_terms: bool = True) -> float:
    """0 for a document that does not answer. Without `all_terms` one that has some of them answers, less well."""
    if any(_holds(document, term) for term in query.unwanted):
        return 0.0
    strengths = [_strength(document, term) for term in query.wanted]
    found = sum(strength > 0 for strength in strengths)
    if not found or (all_terms and found < len(strengths)):
        return 0.0
    coverage = found / len(strengths)
    total = sum(strengths) / len(strengths) + _side_by_side(document, query) + _part_of_title(document, query)
    age = max(0.0, (now - document.published_at).total_seconds() / 86_400)
    return total * coverage**2 * (1 + NEWNESS * 0.5 ** (age / NEWNESS_DAYS))


def _holds(document: Texts, term: Term) -> bool:
    text = f" {' '.join(term.typed)} "
    return text in document.title or text in document.names or text in document.body


def _strength(document: Texts, term: Term) -> float:
    """In the best way in which the document has the term; 0 if it has not."""
    phrases = [f" {' '.join(phrase)} " for phrase in term.phrases]
    root = f" {term.stem} " if term.stem else ""
    head = 0.0
    if any(phrase in document.title for phrase in phrases):
        head = TITLE
    elif any(phrase in document.names for phrase in phrases):
        head = NAME
    elif root and root in document.title_stems:
        head = TITLE_STEM
    text = 0.0
    if count := sum(document.body.count(phrase) for phrase in phrases):
        early = any(phrase in document.body[:EARLY_CHARACTERS] for phrase in phrases)
        text = BODY + EARLY * early + REPEATED * min(count, MOST_REPEATS)
    elif root and (root in document.stems or root in document.body):
        text = BODY_STEM
    return head + text


def _side_by_side(document: Texts, query: Query) -> float:
    """For each two terms that stand next to each other as they were typed, in any of their spellings or by stems."""
    gain = 0.0
    for left, right in zip(query.wanted, query.wanted[1:], strict=False):
        together = [f" {' '.join((*first, *second))} " for first in left.phrases for second in right.phrases]
        stemmed = f" {left.stem} {right.stem} " if left.stem and right.stem else ""
        if any(pair in document.title for pair in together) or (stemmed and stemmed in document.title_stems):
            gain += SIDE_BY_SIDE_IN_TITLE
        elif any(pair in document.body for pair in together):
            gain += SIDE_BY_SIDE
    return gain / len(query.wanted)


def _part_of_title(document: Texts, query: Query) -> float:
    length = document.title.count(" ") - 1
    found = sum(
        len(phrase) for term in query.wanted for phrase in term.phrases if f" {' '.join(phrase)} " in document.title
    )
    return PART_OF_TITLE * min(1.0, found / length) if length > 0 else 0.0
