"""A story as it stands in a form, stored or not: what checks are asked about."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db import models
from django.utils.text import Truncator

from news.content import body
from news.images.models import Photo
from news.models import Article
from news.models.querysets import ArticleQuerySet
from regions import tree
from regions.models import Region, SubdomainAlias

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_TITLE_CASE = 0.6  # of a line's words: from there on capitals say nothing about names
MOST_CHARACTERS = 40_000
"""Of a text that checks read: five times the longest story seen."""


class Place(NamedTuple):
    """A region of the tree, as far as checks need it, with its label or an old one."""

    pk: int
    path: str
    name: str
    short_name: str
    subdomain: str
    is_open: bool


class Link(NamedTuple):
    """A link in the text: its address, and the words that carry it."""

    address: str
    words: str


@dataclass(frozen=True)
class PhotoUse:
    """A photo of the story: its key and the field of the form that has it. `is_described` is what the form says of a
    photo whose words it shows; None: nothing."""

    photo: int
    field: str
    is_described: bool | None = None


@dataclass(frozen=True)
class Reader:
    """Who asks: what they may see in the newsroom, and the branches of the tree in which they publish."""

    articles: ArticleQuerySet
    photos: "models.QuerySet[Photo]"
    publishes_in: Sequence[str] = ()

    def publishes(self, path: str) -> bool:
        return any(tree.contains(branch, path) for branch in self.publishes_in)


@dataclass
class Manuscript:
    """`body` is cleaned HTML; times are aware. `article` is the key of the stored story, `status` its status."""

    region: Region
    reader: Reader
    title: str = ""
    body: str = ""
    article: int | None = None
    status: str = "draft"
    kicker: str = ""
    summary: str = ""
    dateline: str = ""
    sign_off: str = ""
    kind: str = Article.Kind.NEWS
    tags: list[str] = field(default_factory=list)
    photos: list[PhotoUse] = field(default_factory=list)
    is_unverified: bool = False
    published_at: datetime | None = None
    embargo_until: datetime | None = None

    @cached_property
    def lines(self) -> list[str]:
        """The text without markup, a line for each paragraph, heading, item or cell; no more than checks read."""
        lines, left = [], MOST_CHARACTERS
        for line in body.lines(self.body):
            lines.append(line[:left])
            left -= len(line)
            if left <= 0:
                break
        return lines

    @cached_property
    def prose(self) -> list[str]:
        """The lines in which capitals mean names: no headings in title case."""
        return [line for line in self.lines if not _is_title_case(line)]

    @cached_property
    def links(self) -> list[Link]:
        return [Link(html.unescape(address), body.plain(words)) for address, words in _LINK.findall(self.body)]

    @cached_property
    def places(self) -> list[Place]:
        """All regions of the tree, once more for each old label. One query for all checks."""
        columns = ("path", "name", "short_name")
        regions = Region.objects.order_by().values_list("pk", *columns, "subdomain", "is_open")
        old = (f"region__{name}" for name in columns)
        labels = SubdomainAlias.objects.order_by().values_list("region", *old, "label", "region__is_open")
        return [Place(*row) for row in regions.union(labels)]


def _is_title_case(line: str) -> bool:
    words = [word for word in line.split() if word[0].isalpha()]
    return (
        len(words) > 2
        and line[-1] not in ".!?”"
        and sum(word[0].isupper() for word in words) / len(words) > _TITLE_CASE
    )


def sentences(line: str) -> list[str]:
    """A line's sentences. A full stop after an abbreviation or initial ends none."""
    return re.split(r"(?<=[.!?”\"])(?<!\b[A-Z]\.)(?<!\b(?:dr|Dr|Ir|Hj|Jl|No|Rp)\.)(?<!\bKab\.)\s+(?=[“\"A-Z])", line)


def excerpt(words: str) -> str:
    """Words as they are quoted in a message."""
    return Truncator(words).chars(80)
