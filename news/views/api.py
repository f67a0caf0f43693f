"""The read API, version 1: what an edition's pages show, as JSON. Public, without keys, and only ever read.

What an answer holds is in `news.syndication.api`, how it is asked for in `openapi.json`.
"""

import json
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, cast

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from news import pagination, syndication
from news.models import Author, Placement, Section, Tag
from news.syndication import api, entries, ninjs
from regions.middleware import RegionRequest
from regions.models import Region
from regions.parameters import takes_any

from . import rate
from .machines import answer

MOST = 100
LENGTH = 20
JSON = "application/json"
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,100}", re.ASCII)
DOCUMENT = Path(syndication.__file__).parent / "openapi.json"


class Wrong(Exception):
    """The question is malformed; says how."""


def endpoint(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """GET and HEAD alone; errors in JSON; not more often than API_PER_MINUTE. `view` returns what is to be JSON."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            response: HttpResponse = HttpResponseNotAllowed(["GET", "HEAD"], _write({"detail": "Read only."}), JSON)
        elif wait := rate.too_often(request):
            response = HttpResponse(_write({"detail": "Too many requests."}), JSON, status=429)
            response["Retry-After"] = str(wait)
        else:
            try:
                response = answer(request, _write(view(request, *args, **kwargs)), JSON)
            except Http404:
                response = HttpResponse(_write({"detail": "Not found."}), JSON, status=404)
            except Wrong as wrong:
                response = HttpResponse(_write({"detail": str(wrong)}), JSON, status=400)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return takes_any(respond)


def _write(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False)


def _asked(request: HttpRequest, *names: str) -> dict[str, str]:
    """The parameters, each at most once and none that is not there. Raises Wrong."""
    for name, values in request.GET.lists():
        if name not in names:
            raise Wrong(f"There is no parameter {name[:40]!r}.")
        if len(values) > 1:
            raise Wrong(f"{name} stands there twice.")
    return {name: str(request.GET[name]) for name in names if name in request.GET}


def _limit(asked: dict[str, str]) -> int:
    limit = asked.get("limit", str(LENGTH))
    if not _NUMBER.fullmatch(limit) or int(limit) > MOST:
        raise Wrong(f"limit is a number from 1 to {MOST}.")
    return int(limit)


@endpoint
def document(request: RegionRequest) -> Any:
    described = json.loads(DOCUMENT.read_text("utf-8"))
    described["servers"] = [{"url": request.region.origin}]
    return described


@endpoint
def not_found(request: RegionRequest, rest: str = "") -> Any:
    raise Http404


_FILTERS = {
    "section": "section__slug",
    "tag": "article__tagged_articles__tag__slug",
    "author": "article__bylines__author__slug",
}


def _page(request: RegionRequest) -> tuple[list[int], str]:
    """The ids of one page of the edition's stories, and the cursor of the next one."""
    asked = _asked(request, "limit", "before", *_FILTERS)
    limit, rows = _limit(asked), Placement.objects.in_region(request.region).live().newest_first()
    for name, lookup in _FILTERS.items():
        if name in asked:
            if not _SLUG.fullmatch(asked[name]):
                raise Wrong(f"{name} is the last part of an address, like “politik”.")
            rows = rows.filter(**{lookup: asked[name]})
    if "before" in asked:
        try:
            rows = rows.before(*pagination.parse(asked["before"]))
        except (Http404, OverflowError):
            raise Wrong("before is what “next” of the page before said.") from None
    found = list(rows.distinct().values_list("published_at", "article_id")[: limit + 1])
    shown = found[:limit]
    return [pk for _time, pk in shown], pagination.write(*shown[-1]) if len(found) > limit else ""


def _next(request: RegionRequest, cursor: str) -> str | None:
    if not cursor:
        return None
    query = request.GET.copy()
    query["before"] = cursor
    return f"{request.region.origin}{request.path}?{query.urlencode()}"


@endpoint
def stories(request: RegionRequest) -> Any:
    ids, cursor = _page(request)
    return {"items": [api.story(story) for story in entries.in_order(ids)], "next": _next(request, cursor)}


@endpoint
def story(request: RegionRequest, pk: str) -> Any:
    _asked(request)
    return api.story(_story(request, pk), whole=True)


@endpoint
def ninjs_stories(request: RegionRequest) -> Any:
    ids, cursor = _page(request)
    return {"items": [ninjs.item(story) for story in entries.in_order(ids)], "next": _next(request, cursor)}


@endpoint
def ninjs_story(request: RegionRequest, pk: str) -> Any:
    _asked(request)
    return ninjs.item(_story(request, pk))


def _story(request: RegionRequest, pk: str) -> Any:
    """A story that this edition lists. Raises Http404."""
    if not Placement.objects.in_region(request.region).live().filter(article_id=pk).exists():
        raise Http404
    found = entries.in_order([int(pk)])
    if not found:
        raise Http404
    return found[0]


@endpoint
def sections(request: RegionRequest) -> Any:
    _asked(request)
    return {"items": [api.section(section, request.region) for section in Section.objects.all()], "next": None}


@endpoint
def tags(request: RegionRequest) -> Any:
    """Those with a story that readers of this edition may see: another's name could give a hidden story away."""
    seen = Placement.objects.in_region(request.region).live().filter(article__tagged_articles__tag=OuterRef("pk"))
    return _named(request, Tag.objects.filter(Exists(seen)), api.tag)


@endpoint
def authors(request: RegionRequest) -> Any:
    seen = Placement.objects.in_region(request.region).live().filter(article__bylines__author=OuterRef("pk"))
    return _named(request, Author.objects.filter(Exists(seen)), api.author)


@endpoint
def regions(request: RegionRequest) -> Any:
    """The edition's own region and those below it."""
    below = Region.objects.open().subtree_of(request.region)
    return _named(request, below, lambda region, _edition: api.region(region))


def _named(request: RegionRequest, rows: QuerySet[Any], told: Callable[[Any, Region], api.Json]) -> Any:
    """A page of rows by their ids, from the one after `after` on."""
    asked = _asked(request, "limit", "after")
    limit = _limit(asked)
    if "after" in asked:
        if not _NUMBER.fullmatch(asked["after"]):
            raise Wrong("after is what “next” of the page before said.")
        rows = rows.filter(pk__gt=asked["after"])
    found = list(rows.order_by("pk")[: limit + 1])
    following = None
    if len(found) > limit:
        query = request.GET.copy()
        query["after"] = str(cast("Model", found[limit - 1]).pk)
        following = f"{request.region.origin}{request.path}?{query.urlencode()}"
    return {"items": [told(row, request.region) for row in found[:limit]], "next": following}
