"""From what a reader typed to what is looked for: pure, for any input.

`"dalam kutip"` are words in this order, `-kata` must not be there, everything else must be there in some form. What
is too long is cut, what is no word is left out; nothing is an error.
"""

import re
from dataclasses import dataclass

from .lexicon import Lexicon, Phrase
from .words import STOP_WORDS, words

LONGEST = 200
"""Characters of a query that are looked at."""
MOST_TERMS = 8
_PART = re.compile(r'(?P<minus>(?<!\S)[-−–](?=["\w]))?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """One thing that a story must have. `phrases` are the ways to write it; `stem` is a single word's, else empty."""

    phrases: tuple[Phrase, ...]
    stem: str = ""
    alias: int | None = None

    @property
    def typed(self) -> Phrase:
        return self.phrases[0]

    def tokens(self, mark: str = "") -> list[list[str]]:
        """Alternatives, each a list of the tokens that a document has together; `mark` as `documents` has it."""
        joint = f"{mark}_" if mark else ""
        together = [word for word in self.typed if mark or word not in STOP_WORDS] or list(self.typed)
        found = [[f"{joint}{word}" for word in together]]
        if self.stem:
            found += [[f"{mark}s_{self.stem}"]] + ([[f"{joint}{self.stem}"]] if self.stem != self.typed[0] else [])
        if self.alias is not None:
            found.append([f"{mark}c_{self.alias}"])
        return found


@dataclass(frozen=True)
class Query:
    text: str
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def with_word(self, old: str, new: str, known: Lexicon) -> "Query":
        """The same with one word written differently."""
        text = " ".join(new if words(part) == [old] else part for part in self.text.split())
        return parse(text, known)


def parse(text: str, known: Lexicon) -> Query:
    text = " ".join(text.replace("\x00", " ")[:LONGEST].split())
    wanted: list[Term] = []
    unwanted: list[Term] = []
    run: list[str] = []
    for part in _PART.finditer(text):
        quoted, plain = part["quoted"], part["plain"]
        if quoted is None and not part["minus"]:
            run += words(plain)
            continue
        wanted += _terms(run, known)
        run = []
        found = tuple(words(quoted if quoted is not None else plain))
        if found:
            (unwanted if part["minus"] else wanted).append(Term((found,)))
    wanted += _terms(run, known)
    telling = [term for term in wanted if not set(term.typed) <= STOP_WORDS]
    return Query(text, tuple(dict.fromkeys(telling or wanted))[:MOST_TERMS], tuple(unwanted[:MOST_TERMS]))


def _terms(run: list[str], known: Lexicon) -> list[Term]:
    """Words outside quotes: each alias is one term, each other word too."""
    terms, position = [], 0
    while position < len(run):
        if alias := known.alias_at(run, position):
            phrase, number = alias
            others = [other for other in known.groups[number] if other != phrase]
            terms.append(Term((phrase, *others), alias=number))
            position += len(phrase)
        else:
            word = run[position]
            terms.append(Term(((word,),), stem=known.stem(word)))
            position += 1
    return terms
