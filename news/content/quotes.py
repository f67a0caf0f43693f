"""Finds words in a text again that were quoted from it: the words themselves, and what stood around them.

Source: the W3C's Web Annotation Data Model, section 4.2.4 (TextQuoteSelector). static/js/comments/quotes.js does the
same in the browser, over the same words: blocks are set apart by a space, and spaces count once.
"""

import html
import re
from dataclasses import dataclass

LONGEST = 300
"""Characters of a quote."""
CONTEXT = 40
"""Characters kept of what stands before the words, and of what stands behind them."""
_ENOUGH = 8  # characters of context that find a place without the words
_EDGE = 20  # characters of context that have to be there still
_TRIED = 500  # places where the same words stand
_TAG = re.compile(r'<(/?[a-z][a-z0-9]*)[^<>"]*+(?:"[^"]*"[^<>"]*+)*+>', re.IGNORECASE)
_INLINE = frozenset("strong em sup sub a".split())


@dataclass(frozen=True)
class Quote:
    """The words, and the characters before and behind them."""

    words: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Place:
    """Where the words begin in the text. Without `is_exact`, other words stand there now."""

    start: int
    is_exact: bool


def words_of(body: str) -> str:
    """The words of an article's cleaned body, on one line."""
    parted = _TAG.sub(lambda tag: "" if tag[1].lstrip("/").lower() in _INLINE else " ", body)
    return " ".join(html.unescape(parted).split())


def find(text: str, quote: Quote) -> Place | None:
    """Where the quote's words stand in `text` (`words_of`). If they stand there several times, what is around them
    decides. If they are gone, what is around them may still show the place. None if there is no such place."""
    if not quote.words:
        return None
    starts = _starts(text, quote.words)
    if starts:
        whole = text.find(quote.prefix + quote.words + quote.suffix)
        if whole >= 0:
            return Place(whole + len(quote.prefix), is_exact=True)
        return Place(max(starts, key=lambda start: (_likeness(text, start, quote), -start)), is_exact=True)
    before, after = quote.prefix[-_EDGE:], quote.suffix[:_EDGE]
    if min(len(before), len(after)) < _ENOUGH or (at := text.find(before)) < 0:
        return None
    start = at + len(before)
    end = text.find(after, start, start + 2 * len(quote.words) + _EDGE + len(after))
    return Place(start, is_exact=False) if end > start and text[start:end].strip() else None


def _starts(text: str, words: str) -> list[int]:
    found: list[int] = []
    at = text.find(words)
    while at >= 0 and len(found) < _TRIED:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _likeness(text: str, start: int, quote: Quote) -> int:
    """How many characters around this place are as they were around the quote."""
    before, after = text[max(0, start - CONTEXT) : start], text[start + len(quote.words) :]
    return _shared(before[::-1], quote.prefix[::-1]) + _shared(after, quote.suffix)


def _shared(one: str, other: str) -> int:
    """The length of the beginning that both have."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
