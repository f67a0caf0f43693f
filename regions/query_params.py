"""Removes query parameters that a reader's view has not declared.

Others (trackers' `fbclid` and `utm_source`, an attacker's random words) are not passed on, so they can neither change a
page nor multiply the pages in the cache.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

View = TypeVar("View", bound=Callable[..., Any])
ANY = frozenset({"*"})
MAX_COUNT = 20  # a query with more parameters is ignored


def allow(*names: str) -> Callable[[View], View]:
    """Decorator that declares the query parameters of a reader's view. They reach the view, and stored pages differ by
    them.

    A list's parameter must also be in `PARAMETERS` of static/js/sw.js, which stores pages for reading offline.
    """

    def mark(view: View) -> View:
        view.query_params = frozenset(names)  # type: ignore[attr-defined]
        return view

    return mark


def allow_any(view: View) -> View:
    """Decorator for a view that gets all parameters as they were sent, because it answers unknown ones with 400."""
    view.query_params = ANY  # type: ignore[attr-defined]
    return view


def allowed(path: str, query: str) -> str:
    """`query` as the reader's view at `path` gets it: declared parameters, each once (the last), sorted by name."""
    if not query or (settings.DEVELOPER_TOOLS and path.startswith("/__")):
        return query
    names = _names(path) or _names(f"{path}/")  # the address without a slash redirects there, with the same parameters
    if names is ANY:
        return query
    try:
        given = parse_qs(query, keep_blank_values=True, max_num_fields=MAX_COUNT) if names else {}
    except ValueError:
        return ""
    return urlencode(sorted((name, values[-1]) for name, values in given.items() if name in names))


def _names(path: str) -> frozenset[str]:
    try:
        view = resolve(path, settings.ROOT_URLCONF).func
    except Resolver404:
        return frozenset()
    return getattr(view, "query_params", frozenset())
