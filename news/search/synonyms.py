"""The names that must not be stemmed, and the names with several spellings.

Each process reads them from the database at most once a minute, and immediately after it has changed them itself.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from news.models import Author
from regions.models import Region

from . import words
from .models import Alias, StemOverride

MAX_AGE = 60  # seconds
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Synonyms:
    """`stem_overrides`: word → stem, where PySastrawi's stem is wrong. `groups`: alias's number → its phrases.
    `starts`: first word → the phrases that begin with it, longest first, each with its alias's number."""

    stem_overrides: dict[str, str] = field(default_factory=dict)
    groups: dict[int, tuple[Phrase, ...]] = field(default_factory=dict)
    starts: dict[str, list[tuple[Phrase, int]]] = field(default_factory=dict)
    uses_stems: bool = True

    def stem(self, word: str) -> str:
        if not self.uses_stems:
            return word
        return self.stem_overrides.get(word) or words.stem(word)

    def alias_at(self, text: list[str], position: int) -> tuple[Phrase, int] | None:
        """The longest phrase of an alias that begins at this position in a list of words, and the alias's number."""
        for phrase, number in self.starts.get(text[position], ()):
            if tuple(text[position : position + len(phrase)]) == phrase:
                return phrase, number
        return None

    def aliases_in(self, text: list[str]) -> set[int]:
        """The numbers of all aliases in a list of words."""
        return {
            number
            for position, word in enumerate(text)
            if word in self.starts
            for phrase, number in self.starts[word]
            if tuple(text[position : position + len(phrase)]) == phrase
        }


def build(stems: dict[str, str], groups: dict[int, tuple[Phrase, ...]]) -> Synonyms:
    starts: dict[str, list[tuple[Phrase, int]]] = {}
    for number, phrases in groups.items():
        for phrase in phrases:
            starts.setdefault(phrase[0], []).append((phrase, number))
    for entries in starts.values():
        entries.sort(key=lambda entry: (-len(entry[0]), entry[1]))
    return Synonyms(stems, groups, starts)


_current: tuple[float, Synonyms] | None = None


def current() -> Synonyms:
    """The names as of at most `MAX_AGE` seconds ago."""
    global _current
    if _current is None or time.monotonic() - _current[0] > MAX_AGE:
        _current = time.monotonic(), _read()
    return _current[1]


def forget(**kwargs: Any) -> None:
    """Receiver of changes: read the tables again next time."""
    global _current
    _current = None


def _read() -> Synonyms:
    names = [*Region.objects.values_list("short_name", flat=True), *Author.objects.values_list("name", flat=True)]
    stems = {word: word for name in names for word in words.words(name)}
    stems |= {word: stem or word for word, stem in StemOverride.objects.values_list("word", "stem")}
    return build(stems, {alias.pk: tuple(alias.phrases) for alias in Alias.objects.all()})
