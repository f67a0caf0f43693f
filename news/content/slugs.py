"""Slugs for addresses, made from titles, and the key by which two spellings are the same tag."""

import re
import unicodedata

from django.utils.text import slugify

from pekon.plain_text import is_visible, without_format_characters

MAX_LENGTH = 100
TAG_KEY_LENGTH = 200


def slug_for(text: str, fallback: str = "berita") -> str:
    """A slug made from `text`: ASCII letters, digits and hyphens, cut between words, never empty.

    Accents are removed (é → e), and so are all other characters outside ASCII. If nothing is left, for example of a
    title made of emoji, the slug is `fallback`. A slash separates words, an apostrophe does not: "18/20" → "18-20",
    "Jum'at" → "jumat".
    """
    text = without_format_characters(text)
    for separator in "/–—·…|+":
        text = text.replace(separator, " ")
    slug = re.sub("[-_]+", "-", slugify(text)).strip("-")
    if len(slug) > MAX_LENGTH:
        slug = slug[: MAX_LENGTH + 1].rpartition("-")[0] or slug[:MAX_LENGTH]
    return slug.strip("-") or fallback


_APART = str.maketrans(dict.fromkeys("/–—·…|_ ", "-"))
_LATIN_MARKS = re.compile("[\u0300-\u036f\ufe00-\ufe0f]")  # accents and variation selectors


def tag_key(name: str) -> str:
    """The key that all spellings of a tag share; empty for a name without letters, digits and symbols.

    Case, accents, spaces, hyphens and punctuation are ignored: "Pilkada-2024!" and "pilkáda 2024" are the same tag.
    Symbols count: C, C++, C# and 🔥 are four tags. A # counts after a letter, but not at the beginning of a hashtag.
    """
    folded = unicodedata.normalize("NFKD", without_format_characters(" ".join(name.split()))).casefold()
    parts = _LATIN_MARKS.sub("", folded).translate(_APART)
    parts = re.sub(r"(?<!\w)#", "", parts)
    kept = (each for each in parts if each in "-#" or _counts(each))
    key = re.sub("-+", "-", "".join(kept)).strip("-")[:TAG_KEY_LENGTH]
    return key if is_visible(key) else ""


def _counts(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LMN" or (category[0] == "S" and category != "Sk")


def tag_slug(name: str) -> str:
    """The slug of a new tag, never empty. As `slug_for`, but symbols are spelled out ("C++" → "c-plus-plus",
    "🔥" → "fire")."""
    spelled = re.sub(r"(?<=\w)#", " sharp ", name.replace("+", " plus "))
    if slug := slug_for(spelled, fallback=""):
        return slug
    symbols = [unicodedata.name(each, "") for each in name if unicodedata.category(each)[0] == "S"]
    return slug_for(" ".join(symbols), fallback="tag")
