"""The search page: one for an edition, one for the network, and the same for both databases."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from news import body
from news.models import Article, Author, Placement, Section
from news.search import engine, lexicon, snippets
from news.search.engine import Filters, Results
from regions.middleware import RegionRequest
from regions.models import Region
from regions.parameters import takes

from .pages import render_page

_KEPT = ("q", "daerah", "rubrik", "penulis", "dari", "sampai")


@dataclass(frozen=True)
class Hit:
    """A story that was found, its title and a passage with the searched words marked."""

    story: Article
    title: SafeString
    passage: SafeString


@require_safe
@takes(*_KEPT, "hal")
def search(request: RegionRequest) -> HttpResponse:
    sections, regions = list(Section.objects.all()), _below(request.region)
    filters = _filters(request, sections, regions)
    typed = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    results = engine.search(request.region, typed, filters)
    number = _page(request)
    shown = results.ids[(number - 1) * settings.LIST_LENGTH : number * settings.LIST_LENGTH]
    context: dict[str, Any] = {
        "typed": typed,
        "results": results,
        "hits": _hits(shown, results),
        "filters": filters,
        "sections": sections,
        "regions": regions,
        "previous_page": _address(request, number - 1) if number > 1 else "",
        "next_page": _address(request, number + 1) if len(results.ids) > number * settings.LIST_LENGTH else "",
        "suggested": _address(request, 1, q=results.suggestion) if results.suggestion else "",
        "is_search": True,
    }
    response = render_page(request, "news/search.html", context)
    response["X-Robots-Tag"] = "noindex, follow"
    return response


def _hits(ids: tuple[int, ...], results: Results) -> list[Hit]:
    known = lexicon.current()
    stories = Article.objects.live().select_related("region", "section", "lead_photo").in_bulk(ids)
    return [
        Hit(
            story,
            snippets.marked(story.title, results.query, known),
            snippets.passage(f"{story.summary} {body.plain(story.body)}".strip(), results.query, known),
        )
        for story in (stories[pk] for pk in ids if pk in stories)
    ]


def _below(region: Region) -> list[Region]:
    """The open regions below this one, which a search can be narrowed to."""
    return list(Region.objects.open().subtree_of(region).exclude(pk=region.pk).order_by("short_name"))


def _filters(request: RegionRequest, sections: list[Section], regions: list[Region]) -> Filters:
    """What the form says; what names nothing narrows nothing."""
    asked = request.GET
    return Filters(
        region=next((region for region in regions if region.subdomain == asked.get("daerah")), None),
        section=next((section for section in sections if section.slug == asked.get("rubrik")), None),
        author=_author(request.region, asked.get("penulis", "")),
        since=_day(asked.get("dari", "")),
        until=_day(asked.get("sampai", "")),
    )


def _author(region: Region, slug: str) -> Author | None:
    """Without a story that readers may see here, an author is not there: the name could give a hidden story away."""
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


def _page(request: HttpRequest) -> int:
    number = request.GET.get("hal", "1")
    return int(number) if number.isascii() and number.isdecimal() and 0 < int(number[:4]) == int(number) else 1


def _address(request: HttpRequest, number: int, **changed: str) -> str:
    kept = {name: request.GET[name] for name in _KEPT if request.GET.get(name)} | changed
    return f"?{urlencode(kept | ({'hal': str(number)} if number > 1 else {}))}"
