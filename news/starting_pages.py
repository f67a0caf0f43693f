"""The texts that every edition begins with, until its people write their own in the newsroom."""

from functools import cache
from pathlib import Path

from .models import Page

FOLDER = Path(__file__).parent / "starting_pages"


@cache
def read(slug: str) -> Page:
    """The starting text of a page, not stored; `slug` is one of `Page.Slug`. Its first line is the title."""
    title, _blank, body = (FOLDER / f"{slug}.html").read_text("utf-8").partition("\n")
    return Page(slug=slug, title=title, body=body.strip())
