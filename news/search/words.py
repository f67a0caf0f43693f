"""Splits texts into words and finds their stems: pure functions, the same for articles and for queries.

Indonesian forms words with affixes (bangun: membangun, pembangunan, dibangun), so search matches the exact word first
and its stem second. PySastrawi finds stems (the algorithm of Nazief and Adriani with later amendments). All stemmers
damage names, so those of regions and authors are not stemmed (`news.search.synonyms`).
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from pekon.plain_text import without_format_characters

MAX_WORD_LENGTH = 40
"""Longer words are cut to this many letters."""
_WORD = re.compile(r"[^\W_]+")
_JOINED = str.maketrans("", "", "'’‘ʼ`´")  # Jum'at is also spelled Jumat
MONEY = "rp"
"""The word before a sum of money."""
_ZEROS = {"k": 3, "ribu": 3, "rb": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "m": 9, "triliun": 12, "t": 12}
_SPACE = "[ \u00a0\u202f]"
_WORD_END = r"(?![^\W_])"
NUMBER = (
    rf"(?<![^\W_])(?:(?P<money>rp|idr)\.?{_SPACE}?)?"
    rf"(?P<number>\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:,\d{{1,2}})?(?![.,]?\d)|\d+(?:[.,]\d+)*)"
    rf"(?:{_SPACE}?(?P<times>ribu|rb|juta|jt|miliar|milyar|triliun){_WORD_END}"
    rf"|(?(money){_SPACE}?(?P<short>[kmt]){_WORD_END}))?"
    rf"(?P<rupiah>{_SPACE}rupiah{_WORD_END})?"
)
"""A number as it is written in Indonesian: 15.750, 15 750, 2,5 juta, Rp8rb, 500 rupiah. Lower case."""
_NUMBER = re.compile(NUMBER)
DECIMAL = "koma"
_MAX_NUMBER_LENGTH = 30  # longer ones are not parsed as numbers
_MIN_STEMMED_LENGTH = 5  # no shorter word has both an affix and a stem

STOP_WORDS = frozenset(
    "yang dan di ke dari pada untuk dengan ini itu dalam adalah oleh para juga akan telah sudah ada tidak atau karena "
    "sebagai agar bahwa saat bagi hingga serta tersebut secara antara lain kata ia dia mereka kami kita saya nya pun "
    "lah maka jika bila namun tetapi tapi sementara ketika setelah sebelum masih lebih sangat bisa dapat harus".split()
)
"""Words in almost every article: searched for only if the query has no others."""


def words(text: str) -> list[str]:
    """The words of `text`: lower-case letters and digits of any script, without accents, apostrophes and invisible
    characters.

    A number is one word, however it is written: "Rp 15.750", "Rp15750" and "15,75 ribu rupiah" are `rp 15750`, "2,5"
    and "2.50" are `2koma5`.
    """
    visible = without_format_characters(text).translate(_JOINED)
    folded = unicodedata.normalize("NFKD", visible).casefold()
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return [word[:MAX_WORD_LENGTH] for word in _WORD.findall(_NUMBER.sub(_number, letters))]


def is_number(word: str) -> bool:
    """Whether one of `words()` is a number."""
    return word.replace(DECIMAL, "", 1).isdecimal()


def _number(match: re.Match[str]) -> str:
    """The number in digits, with the word for money before it. Dates, versions and the like are unchanged."""
    read = _digits(match["number"].replace("\u00a0", " ").replace("\u202f", " "))
    if read is None:
        return match[0]
    whole, decimals = read
    zeros = _ZEROS.get(match["times"] or match["short"] or "", 0)
    whole, decimals = whole + decimals[:zeros].ljust(zeros, "0"), decimals[zeros:]
    if zeros:
        whole = whole.lstrip("0") or "0"
    decimals = decimals.rstrip("0")
    money = f" {MONEY} " if match["money"] or match["rupiah"] else ""
    return f"{money}{whole}{DECIMAL + decimals if decimals else ''}"


def _digits(written: str) -> tuple[str, str] | None:
    """The digits before and after the decimal separator; None if it is not a number.

    Three digits after a separator are thousands (15.750, 15,750), unless a different separator comes before (1.234,567)
    or only a zero (0,125). Fewer digits are decimals (2,5, and 2.5 as phones write it).
    """
    if len(written) > _MAX_NUMBER_LENGTH:
        return None
    groups = re.split(r"[ .,]", written)
    signs = re.findall(r"[ .,]", written)
    decimals = ""
    if signs and (len(groups[-1]) != 3 or len(set(signs)) == 2 or groups[0] == "0"):
        if signs[-1] == " " or (len(signs) > 1 and signs[-1] == signs[0]):
            return None
        decimals, signs = groups.pop(), signs[:-1]
    if signs and (len(set(signs)) > 1 or len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    return "".join(groups), decimals


def padded(text: list[str]) -> str:
    """A list of words as one string with spaces around each word, in which ` word ` and ` two words ` can be found."""
    return f" {' '.join(text)} " if text else " "


def stem(word: str) -> str:
    """The stem of one of `words()`. Short and non-ASCII words are their own stems."""
    if len(word) < _MIN_STEMMED_LENGTH or not word.isalpha() or not word.isascii():
        return word
    return _stem(word)


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_stemmer().stem(word)) or word


@cache
def _stemmer() -> Any:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # takes a tenth of a second, for its dictionary

    factory = StemmerFactory()
    return factory.create_stemmer(isDev=True)  # without its own cache, which grows without limit
