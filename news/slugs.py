"""Slugs from titles, as they stand in addresses."""

import re

from django.utils.text import slugify

MAX_LENGTH = 100


def slug_for(text: str, fallback: str = "berita") -> str:
    """An address part made from `text`: ASCII letters, digits and hyphens, cut at a word, never empty.

    Accents are folded (é → e) and everything else that ASCII lacks is dropped; a text with nothing left, like a
    title made of emoji, gives `fallback`. Slashes and apostrophes part or join as Indonesian writes them:
    "18/20" → "18-20", "Jum'at" → "jumat".
    """
    for separator in "/–—·…|+":
        text = text.replace(separator, " ")
    slug = re.sub("[-_]+", "-", slugify(text)).strip("-")
    if len(slug) > MAX_LENGTH:
        slug = slug[: MAX_LENGTH + 1].rpartition("-")[0] or slug[:MAX_LENGTH]
    return slug.strip("-") or fallback
