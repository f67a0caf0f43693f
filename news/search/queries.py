"""Parses what a reader typed. Pure functions that accept any input.

`"dalam kutip"` is a phrase (curly and angled quotes count as quotes), `-kata` excludes a word, and every other word is
required in some form. Too long queries are cut, and characters that form no word are ignored; nothing is an error.
"""

import re
from dataclasses import dataclass

from pekon.plain_text import without_format_characters

from .synonyms import Phrase, Synonyms
from .words import MONEY, STOP_WORDS, is_number, words

MAX_LENGTH = 200
"""Characters of a query that are used."""
MAX_TERMS = 8
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»‹›″〝〞〟＂「」『』", '"'))
_SINGLE_QUOTED = re.compile(r"(?<!\w)[‘‚](?P<quoted>[^‘’\"]+)[’‘](?!\w)")  # apostrophes inside words are no quotes
_PART = re.compile(r'(?P<minus>(?<!\S)[-−–](?=["\w]))?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """A term that an article must have.

    `phrases` are its spellings, the typed one first. `stem` is that of a single word, otherwise empty. A sum of money
    is a term with two phrases and no alias, because the number without the currency matches too.
    """

    phrases: tuple[Phrase, ...]
    stem: str = ""
    alias: int | None = None

    @property
    def typed(self) -> Phrase:
        return self.phrases[0]

    @property
    def is_sum(self) -> bool:
        return self.alias is None and len(self.phrases) > 1

    def tokens(self, mark: str = "") -> list[list[str]]:
        """The alternatives, each a list of tokens that a document must all have. `mark` is their prefix."""
        joint = f"{mark}_" if mark else ""
        written = self.phrases if self.is_sum else self.phrases[:1]  # an alias has one token for all its phrases
        alternatives = []
        for phrase in written:
            together = [word for word in phrase if mark or word not in STOP_WORDS] or list(phrase)
            alternatives.append([f"{joint}{word}" for word in together])
        if self.stem:
            alternatives.append([f"{mark}s_{self.stem}"])
            if self.stem != self.typed[0]:
                alternatives.append([f"{joint}{self.stem}"])
        if self.alias is not None:
            alternatives.append([f"{mark}c_{self.alias}"])
        return alternatives


@dataclass(frozen=True)
class Query:
    text: str
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def with_word(self, old: str, new: str, known: Synonyms) -> "Query":
        """The same query with one word replaced."""
        text = " ".join(new if words(part) == [old] else part for part in self.text.split())
        return parse(text, known)


def parse(text: str, known: Synonyms) -> Query:
    text = without_format_characters(text.replace("\x00", " ")[:MAX_LENGTH]).translate(_QUOTES)
    text = " ".join(_SINGLE_QUOTED.sub(r'"\g<quoted>"', text).split())
    wanted: list[Term] = []
    unwanted: list[Term] = []
    run = ""
    for part in _PART.finditer(text):
        quoted, plain = part["quoted"], part["plain"]
        if quoted is None and not part["minus"]:
            run += f" {plain}"
            continue
        wanted += _terms(words(run), known)
        run = ""
        phrase = tuple(words(quoted if quoted is not None else plain))
        if phrase:
            (unwanted if part["minus"] else wanted).append(Term((phrase,)))
    wanted += _terms(words(run), known)
    significant = [term for term in wanted if not set(term.typed) <= STOP_WORDS]
    return Query(text, tuple(dict.fromkeys(significant or wanted))[:MAX_TERMS], tuple(unwanted[:MAX_TERMS]))


def _terms(run: list[str], known: Synonyms) -> list[Term]:
    """The terms of words outside quotes: an alias or a sum of money is one term, and so is every other word."""
    terms, position = [], 0
    while position < len(run):
        if alias := known.alias_at(run, position):
            phrase, number = alias
            others = [other for other in known.groups[number] if other != phrase]
            terms.append(Term((phrase, *others), alias=number))
            position += len(phrase)
        elif run[position] == MONEY and position + 1 < len(run) and is_number(run[position + 1]):
            number_alone = run[position + 1]
            terms.append(Term(((MONEY, number_alone), (number_alone,))))
            position += 2
        else:
            word = run[position]
            terms.append(Term(((word,),), stem=known.stem(word)))
            position += 1
    return terms
