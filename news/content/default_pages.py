"""The default texts of an edition's pages about itself, shown until its editors write their own."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "default_pages_html"


class DefaultPage(NamedTuple):
    title: str
    body: str


@cache
def read(slug: str) -> DefaultPage:
    """The default text of a page; `slug` is one of `news.models.Page.Slug`. The file's first line is the title."""
    title, _blank, body = (FOLDER / f"{slug}.html").read_text("utf-8").partition("\n")
    return DefaultPage(title, body.strip())
