"""From texts to words and stems: pure functions, the same for stories and for what readers type.

Indonesian makes words with affixes (bangun: membangun, pembangunan, dibangun), so a word is looked for as it is first
and by its stem second. PySastrawi finds stems (the algorithm of Nazief and Adriani with later amendments); all stemmers
damage names, so those of regions and authors are left whole (`news.search.lexicon`).
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

LONGEST = 40
"""Letters of a word that count."""
_WORD = re.compile(r"[^\W_]+")
_JOINED = str.maketrans("", "", "'’‘ʼ`´")  # Jum'at is written Jumat as well
_AFFIXED = 5  # letters; no shorter word has an affix and a stem in it

STOP_WORDS = frozenset(
    "yang dan di ke dari pada untuk dengan ini itu dalam adalah oleh para juga akan telah sudah ada tidak atau karena "
    "sebagai agar bahwa saat bagi hingga serta tersebut secara antara lain kata ia dia mereka kami kita saya nya pun "
    "lah maka jika bila namun tetapi tapi sementara ketika setelah sebelum masih lebih sangat bisa dapat harus".split()
)
"""Words in every story: looked for only where nothing else is."""


def words(text: str) -> list[str]:
    """The words of `text`: small letters and digits of any script, accents folded, apostrophes joined."""
    folded = unicodedata.normalize("NFKD", text.translate(_JOINED)).casefold()
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return [word[:LONGEST] for word in _WORD.findall(letters)]


def padded(found: list[str]) -> str:
    """One text, each word between spaces, so that ` word ` and ` two words ` can be looked for in it."""
    return f" {' '.join(found)} " if found else " "


def stem(word: str) -> str:
    """The stem of one of `words()`; a short one and one that is not Indonesian are their own."""
    if len(word) < _AFFIXED or not word.isalpha() or not word.isascii():
        return word
    return _stem(word)


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_stemmer().stem(word)) or word


@cache
def _stemmer() -> Any:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # reads its dictionary: a tenth of a second

    factory = StemmerFactory()
    return factory.create_stemmer(isDev=True)  # without its own cache, which never ends
