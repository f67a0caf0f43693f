"""The names that search must not damage, and those that are written in several ways.

Read from the tables at most once a minute in each process, and at once in the process that changed them.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from news.models import Author
from regions.models import Region

from . import words
from .models import Alias, Root

MAX_AGE = 60  # seconds
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """`roots`: a word → its stem, where it is not what PySastrawi says. `groups`: an alias's number → its phrases.
    `starts`: a phrase's first word → the phrases that begin with it, longest first, each with its alias's number."""

    roots: dict[str, str] = field(default_factory=dict)
    groups: dict[int, tuple[Phrase, ...]] = field(default_factory=dict)
    starts: dict[str, list[tuple[Phrase, int]]] = field(default_factory=dict)
    stems: bool = True

    def stem(self, word: str) -> str:
        if not self.stems:
            return word
        return self.roots.get(word) or words.stem(word)

    def alias_at(self, found: list[str], position: int) -> tuple[Phrase, int] | None:
        """The longest alias that begins at this place of a list of words, and its number."""
        for phrase, number in self.starts.get(found[position], ()):
            if tuple(found[position : position + len(phrase)]) == phrase:
                return phrase, number
        return None

    def aliases_in(self, found: list[str]) -> set[int]:
        """The numbers of all aliases that stand in a list of words."""
        return {
            number
            for position, word in enumerate(found)
            if word in self.starts
            for phrase, number in self.starts[word]
            if tuple(found[position : position + len(phrase)]) == phrase
        }


def build(roots: dict[str, str], groups: dict[int, tuple[Phrase, ...]]) -> Lexicon:
    starts: dict[str, list[tuple[Phrase, int]]] = {}
    for number, phrases in groups.items():
        for phrase in phrases:
            starts.setdefault(phrase[0], []).append((phrase, number))
    for found in starts.values():
        found.sort(key=lambda entry: (-len(entry[0]), entry[1]))
    return Lexicon(roots, groups, starts)


_current: tuple[float, Lexicon] | None = None


def current() -> Lexicon:
    """As the tables have it: at most `MAX_AGE` old."""
    global _current
    if _current is None or time.monotonic() - _current[0] > MAX_AGE:
        _current = time.monotonic(), _read()
    return _current[1]


def forget(**kwargs: Any) -> None:
    """Read the tables again next time: they have changed."""
    global _current
    _current = None


def _read() -> Lexicon:
    names = [*Region.objects.values_list("short_name", flat=True), *Author.objects.values_list("name", flat=True)]
    roots = {word: word for name in names for word in words.words(name)}
    roots |= {word: root or word for word, root in Root.objects.values_list("word", "root")}
    return build(roots, {alias.pk: tuple(alias.phrases) for alias in Alias.objects.all()})
