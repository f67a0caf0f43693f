"""Scores how well a document matches a query. Pure functions, so that both databases rank alike.

The weights were tuned with the judged queries of tests/search (docs/decisions/0020). Exact words count more than stems,
the title more than names, and names more than the text. Adjacent words count extra, and so do newer articles.
"""

from dataclasses import dataclass
from datetime import datetime

from .queries import Query, Term

TITLE, NAME, BODY = 10.0, 6.0, 4.0
TITLE_STEM, BODY_STEM = 3.0, 1.0
EARLY = 1.0
"""For a word within the first `EARLY_CHARACTERS` of the text, where the news is."""
EARLY_CHARACTERS = 250
REPEATED, MAX_REPEATS = 0.4, 5
SIDE_BY_SIDE_IN_TITLE, SIDE_BY_SIDE = 5.0, 1.5
SUM_OF_MONEY = 6.0
"""For a sum of money that the document also has as a sum of money, not only as a number."""
PART_OF_TITLE = 3.0
"""For a title that consists of the searched words alone; proportionally less for others."""
NEWNESS, NEWNESS_DAYS = 0.35, 120
"""Today's article scores higher by this share than an old one; the gain halves every `NEWNESS_DAYS`."""


@dataclass(frozen=True)
class Texts:
    """The fields of a document (models.SearchDocument) that ranking uses."""

    published_at: datetime
    title: str
    names: str
    body: str
    title_stems: str
    stems: str


def score(document: Texts, query: Query, now: datetime, *, all_terms: bool = True) -> float:
    """The document's score; 0 if it does not match. Without `all_terms`, one with some terms matches too."""
    if any(_holds(document, term) for term in query.unwanted):
        return 0.0
    strengths = [_strength(document, term) for term in query.wanted]
    matches = sum(strength > 0 for strength in strengths)
    if not matches or (all_terms and matches < len(strengths)):
        return 0.0
    coverage = matches / len(strengths)
    total = sum(strengths) / len(strengths) + _side_by_side(document, query) + _part_of_title(document, query)
    total += SUM_OF_MONEY * sum(term.is_sum and _holds(document, term) for term in query.wanted)
    age = max(0.0, (now - document.published_at).total_seconds() / 86_400)
    return float(total * coverage**2 * (1 + NEWNESS * 0.5 ** (age / NEWNESS_DAYS)))


def _holds(document: Texts, term: Term) -> bool:
    text = f" {' '.join(term.typed)} "
    return text in document.title or text in document.names or text in document.body


def _strength(document: Texts, term: Term) -> float:
    """The weight of the best match of the term in title or names, plus that in the text; 0 if there is none."""
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
        text = BODY + EARLY * early + REPEATED * min(count, MAX_REPEATS)
    elif root and (root in document.stems or root in document.body):
        text = BODY_STEM
    return head + text


def _side_by_side(document: Texts, query: Query) -> float:
    """The gain for neighbouring terms of the query that are also neighbours in the document, in any spelling or, in the
    title, by their stems."""
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
    matching = sum(
        len(phrase) for term in query.wanted for phrase in term.phrases if f" {' '.join(phrase)} " in document.title
    )
    return PART_OF_TITLE * min(1.0, matching / length) if length > 0 else 0.0
