"""The search page of an edition or of the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString

from news.content import body
from news.models import Article, Author, Placement, Section
from news.search import engine, snippets, synonyms
from news.search.engine import Filters, Results
from regions.generations.snapshot import Snapshot
from regions.models import Region

from .base import Edition, ReaderPage

PARAMETERS = ("q", "daerah", "rubrik", "penulis", "dari", "sampai")
"""The form's parameters, which are repeated in the addresses of further results."""
PAGE_PARAMETER = "hal"


@dataclass(frozen=True)
class Hit:
    """An article that was found, with its title and a passage in which the searched words are marked."""

    article: Article
    title: SafeString
    passage: SafeString


@dataclass(frozen=True, kw_only=True)
class SearchPage(ReaderPage):
    template: ClassVar[str] = "search.html"

    typed: str
    regions: list[Region]
    """The open regions below this one, for the filter by region."""
    filters: Filters
    results: Results
    hits: list[Hit]
    previous_page: str
    """The address of the previous page; empty if there is none."""
    next_page: str
    suggested: str
    """The address of a search that would find more; empty if there is none."""

    @classmethod
    def build(cls, snapshot: Snapshot, region: Region, asked: Mapping[str, str]) -> "SearchPage":
        """`asked` are the form's parameters. Invalid filters are ignored."""
        edition = Edition.read(snapshot, region)
        regions = _below(snapshot, region)
        filters = _filters(region, asked, edition.sections, regions)
        typed = asked.get("q", "")[:200].replace("\x00", "").strip()
        results = engine.search(region, typed, filters)
        number = _number(asked.get(PAGE_PARAMETER, "1"))
        last = number * settings.LIST_LENGTH
        return cls(
            edition=edition,
            typed=typed,
            regions=regions,
            filters=filters,
            results=results,
            hits=_hits(results.ids[last - settings.LIST_LENGTH : last], results),
            previous_page=_address(asked, number - 1) if number > 1 else "",
            next_page=_address(asked, number + 1) if len(results.ids) > last else "",
            suggested=_address(asked, 1, q=results.suggestion) if results.suggestion else "",
        )

    @property
    def is_narrowed(self) -> bool:
        return self.filters != Filters()


def _hits(ids: tuple[int, ...], results: Results) -> list[Hit]:
    known = synonyms.current()
    articles = Article.objects.live().select_related("region", "section", "lead_photo").in_bulk(ids)
    return [
        Hit(
            article,
            snippets.marked(article.title, results.query, known),
            snippets.passage(f"{article.summary} {body.plain(article.body)}".strip(), results.query, known),
        )
        for article in (articles[pk] for pk in ids if pk in articles)
    ]


def _below(snapshot: Snapshot, region: Region) -> list[Region]:
    below = [
        each
        for each in snapshot.shared.open_regions.values()
        if each.path.startswith(region.path) and each.pk != region.pk
    ]
    return sorted(below, key=lambda each: (each.short_name, each.pk))


def _filters(region: Region, asked: Mapping[str, str], sections: list[Section], regions: list[Region]) -> Filters:
    return Filters(
        region=next((each for each in regions if each.subdomain == asked.get("daerah")), None),
        section=next((section for section in sections if section.slug == asked.get("rubrik")), None),
        author=_author(region, asked.get("penulis", "")),
        since=_day(asked.get("dari", "")),
        until=_day(asked.get("sampai", "")),
    )


def _author(region: Region, slug: str) -> Author | None:
    """The author with this slug, or None if no live article here is by them: the name could reveal a hidden article."""
    author = Author.objects.filter(slug=slug[:100]).first() if slug else None
    if author is None:
        return None
    seen = Placement.objects.in_region(region).live().filter(article__bylines__author=author).exists()
    return author if seen else None


def _day(text: str) -> date | None:
    try:
        day = parse_date(text[:10])
    except ValueError:
        return None
    return day if day and 1900 <= day.year <= 2999 else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and 0 < int(text[:4]) == int(text) else 1


def _address(asked: Mapping[str, str], number: int, **changed: str) -> str:
    parameters = {name: asked[name] for name in PARAMETERS if asked.get(name)} | changed
    return f"?{urlencode(parameters | ({PAGE_PARAMETER: str(number)} if number > 1 else {}))}"
