"""Removes invisible characters from texts that people type and paste.

Texts from word processors, chats and web pages contain soft hyphens, zero-width characters and direction marks. Because
of them, equal-looking words differ for search, tags and screen readers. A text that consists only of such characters is
treated as empty.
"""

import re
import unicodedata

_FORMAT = (
    "\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
"""Unicode's category Cf, except its Arabic and Kaithi signs, which are drawn around numbers."""
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols by category that are blank: the Hangul fillers and the empty Braille cell."""


_BEYOND_LATIN = "[^\x00-\u02ff]"
# Joiners hold an emoji of several together, and shape some scripts; tag characters name a flag's country.
_KEPT = f"(?<={_BEYOND_LATIN})[\u200c\u200d](?={_BEYOND_LATIN})|(?<=\U0001f3f4)[\U000e0020-\U000e007f]+"
_DROPPED = re.compile(f"({_KEPT})|[{_FORMAT}]")
_HYPHENS = str.maketrans("\u2010\u2011", "--")


def tidy(text: str) -> str:
    """`text` without characters that only steer its display, with plain hyphens; empty if nothing of it can be seen."""
    tidied = without_invisible(text)
    return tidied if is_visible(tidied) else ""


def whole_number(text: str, most_digits: int) -> int | None:
    """The number that a request has as text, in at most so many digits; None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most_digits else None


def without_invisible(text: str) -> str:
    """`text` without characters that only steer its display, with plain hyphens. Joiners that are drawn stay."""
    return text if text.isascii() else _DROPPED.sub(lambda match: match[1] or "", text.translate(_HYPHENS))


def without_format_characters(text: str) -> str:
    """`text` without any such characters, including joiners, for comparisons."""
    return text if text.isascii() else re.sub(f"[{_FORMAT}]", "", text.translate(_HYPHENS))


def is_visible(text: str) -> bool:
    """Whether the text contains a letter, a digit, a punctuation mark or a symbol."""
    return any(unicodedata.category(each)[0] in "LNPS" and each not in _FILLERS for each in text)
