"""Makes the excerpt of a search result, with the searched words marked. Safe for any text."""

import re
from collections.abc import Callable

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from .queries import Query
from .synonyms import Synonyms
from .words import MONEY, NUMBER, STOP_WORDS, words

LENGTH = 30
"""Words in a passage."""
_WORDS = re.compile(NUMBER + r"(?![^\W_])|[^\s<>\"“”()\[\]/–—-]+", re.IGNORECASE)


def marked(text: str, query: Query, known: Synonyms) -> SafeString:
    """The whole text, with the searched words marked."""
    return _marked(text, _matcher(query, known))


def passage(text: str, query: Query, known: Synonyms) -> SafeString:
    """The part of the text with the most searched words, with these marked."""
    matches, places = _matcher(query, known), list(_WORDS.finditer(text))
    if len(places) <= LENGTH:
        return _marked(text, matches)
    hits = [bool(matches(place[0])) for place in places]
    held = best_held = sum(hits[:LENGTH])
    best = 0
    for start in range(1, len(places) - LENGTH + 1):
        held += hits[start + LENGTH - 1] - hits[start - 1]
        if held > best_held:
            best, best_held = start, held
    if best and best_held:  # begin a few words before the first hit
        first = next(number for number in range(best, len(places)) if hits[number])
        best = max(0, min(first - 4, len(places) - LENGTH))
    begin, end = places[best].start(), places[best + LENGTH - 1].end()
    before, after = "… " if best else "", " …" if end < len(text.rstrip()) else ""
    return format_html("{}{}{}", before, _marked(text[begin:end], matches), after)


def _matcher(query: Query, known: Synonyms) -> Callable[[str], bool]:
    """A function that says whether a word of a text is one of the searched words, in any form."""
    phrases = [phrase for term in query.wanted for phrase in term.phrases]
    significant = {word for phrase in phrases for word in phrase} - STOP_WORDS
    typed = (significant - {MONEY}) or significant or {word for phrase in phrases for word in phrase}
    stems = {term.stem for term in query.wanted if term.stem}

    def matches(word: str) -> bool:
        return any(part in typed or known.stem(part) in stems for part in words(word))

    return matches


def _marked(text: str, matches: Callable[[str], bool]) -> SafeString:
    parts, last = [], 0
    for place in _WORDS.finditer(text):
        if matches(place[0]):
            parts += [escape(text[last : place.start()]), "<mark>", escape(place[0]), "</mark>"]
            last = place.end()
    return mark_safe("".join([*parts, escape(text[last:])]))  # every piece of the text is escaped
