"""Names of regions that are written otherwise than in the tree: “Limapuluh Koto”, “Bukit Tinggi”, “Tobasa” of old.

A name that differs only in spaces, hyphens or numerals is always spoken of. One with wrong letters is, if it is long or
if the words before it say that a region follows: people, streets and villages have names that are almost a region's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from rapidfuzz.distance import OSA

from .findings import Finding
from .manuscript import Manuscript, Place, excerpt

FORMER = {
    "ujungpandang": "Makassar",
    "irianjaya": "Papua",
    "nanggroeacehdarussalam": "Aceh",
    "malukutenggarabarat": "Kepulauan Tanimbar",
    "mamujuutara": "Pasangkayu",
    "tobasamosir": "Toba",
    "sawahluntosijunjung": "Sijunjung",
    "jogjakarta": "Yogyakarta",
    "yogjakarta": "Yogyakarta",
}
"""Names of before a renaming, and forms that are too far from the right one → the name of today, in letters alone."""
_NUMERALS = {"50": "limapuluh", "4": "empat", "5": "lima"}
_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_LONGEST = 4
"""Words of a name, besides its kind."""
_STRONG = frozenset("kota kabupaten kab provinsi prov pemko pemkot pemkab pemprov polres polresta polda".split())
"""After these a region follows."""
_WEAK = frozenset(
    "di ke dari asal wilayah daerah warga masyarakat bupati wabup wali walikota wako wawako gubernur kpu bawaslu dprd "
    "kejari kodim rsud".split()
)
"""After these a region may follow."""
_SMALLER = frozenset(
    "kecamatan kec kelurahan kel desa nagari jorong dusun kampung kampuang jalan jl gang simpang pasar gunung bukit "
    "sungai batang pulau pantai danau teluk tanjung ir dr h hj ibu bapak pak bu haji sma smk smp sd pt cv toko hotel "
    "universitas masjid stasiun terminal bandara pelabuhan stadion perumahan komplek kompleks".split()
)
"""After these something follows that is no region, whatever its name."""


@dataclass(frozen=True)
class Names:
    """`right`: all names in small letters. `by_letters`: names without spaces and signs → as the tree writes them."""

    right: frozenset[str]
    by_letters: dict[str, str]
    by_beginning: dict[tuple[str, int], list[str]]
    """(first letter, number of letters) → names without spaces and signs."""

    @classmethod
    def of(cls, places: list[Place]) -> "Names":
        """The names of the tree, remembered until one of them changes."""
        return _names(tuple(name for place in places if place.path != "/" for name in (place.short_name, place.name)))

    @classmethod
    def _of(cls, written: tuple[str, ...]) -> "Names":
        letters = {_letters(name): name for name in written}
        beginnings: dict[tuple[str, int], list[str]] = {}
        for name in letters:
            beginnings.setdefault((name[:1], len(name)), []).append(name)
        return cls(frozenset(name.casefold() for name in written), letters, beginnings)

    def is_right(self, words: str) -> bool:
        return words.casefold() in self.right

    def otherwise(self, words: list[str], before: str) -> str | None:
        """The name as the tree writes it, if these words are the same but for spaces, signs and numerals, or its
        former name."""
        letters = _joined(words)
        if letters in self.by_letters:
            # “Kota Baru” is a part of many towns; “Kabupaten Kota Baru” is Kotabaru.
            is_plain = words[0].casefold() != "kota" or before in _STRONG or len(words) > 2
            return self.by_letters[letters] if is_plain else None
        return self.by_letters.get(_letters(FORMER.get(letters, "")))

    def nearest(self, words: list[str], before: str) -> str | None:
        """The name that is probably meant, though some of its letters are wrong."""
        letters = _joined(words)
        most = _most_mistakes(len(letters), before)
        near = (
            name
            for length in range(len(letters) - most, len(letters) + most + 1)
            for name in self.by_beginning.get((letters[:1], length), ())
        )
        found = [(wrong, name) for name in near if (wrong := OSA.distance(letters, name, score_cutoff=most)) <= most]
        return self.by_letters[min(found)[1]] if most and found else None


_names = lru_cache(maxsize=8)(Names._of)


def _joined(words: list[str]) -> str:
    return "".join(_NUMERALS.get(word, _letters(word)) for word in words)


def _letters(text: str) -> str:
    """The text in small letters, without spaces and signs."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _most_mistakes(length: int, before: str) -> int:
    """How many letters may be wrong for a word to mean a region, by its length and the word before it."""
    one, two = (5, 9) if before in _STRONG else (7, 11) if before in _WEAK else (9, 14)
    return 2 if length >= two else 1 if length >= one else 0


def misspelt_regions(manuscript: Manuscript) -> Iterator[Finding]:
    names = Names.of(manuscript.places)
    seen: set[str] = set()
    texts = [("title", manuscript.title), ("dateline", manuscript.dateline), ("summary", manuscript.summary)]
    for field, text in [*texts, *(("body", line) for line in manuscript.lines)]:
        for words, name in _misspelt(text, names):
            if words.casefold() in seen:
                continue
            seen.add(words.casefold())
            yield Finding(
                "region_name",
                _("“%(words)s” is written “%(name)s” in the network.") % {"words": excerpt(words), "name": name},
                _("Write it like that, unless it is another place or a person."),
                field=field,
                words=words,
            )


def _misspelt(text: str, names: Names) -> Iterator[tuple[str, str]]:
    """(what is written, the name that is probably meant)"""
    for run, before in _capitalised(text):
        start = 0
        while start < len(run):
            length, name = _longest(run, start, run[start - 1][0] if start else before, names)
            if name:
                yield text[run[start][1] : run[start + length - 1][2]], name
            start += length


_Token = tuple[str, int, int]


def _capitalised(text: str) -> Iterator[tuple[list[_Token], str]]:
    """The longest runs of words with a capital or a numeral in front, and the word before each."""
    run: list[_Token] = []
    before = last = ""
    end = 0
    for match in _TOKEN.finditer(text):
        word = match[0]
        is_joined = text[end : match.start()] in (" ", "\u00a0", "/", ". ")
        is_name = word[0].isupper() or word in _NUMERALS
        if run and (not is_name or not is_joined):
            yield run, before
            run = []
        if is_name:
            before = before if run else (last if is_joined else "")
            run.append((word, match.start(), match.end()))
        last, end = word, match.end()
    if run:
        yield run, before


def _longest(run: list[_Token], start: int, before: str, names: Names) -> tuple[int, str | None]:
    """How many words from `start` on belong together, and the name that they mean if they write it otherwise."""
    words = [token[0] for token in run[start : start + _LONGEST + 1]]
    before = before.casefold()
    if before in _SMALLER:
        return len(run) - start, None
    beginnings = [words[:length] for length in range(len(words), 0, -1)]
    for beginning in beginnings:
        if names.is_right(" ".join(beginning)):
            return len(beginning), None
        if name := names.otherwise(beginning, before):
            return len(beginning), name
    if words[0].casefold() not in _SMALLER:
        for beginning in beginnings:
            if name := names.nearest(beginning, before):
                return len(beginning), name
    return 1, None
