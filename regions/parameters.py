"""Which query parameters an address takes: those that its view lists, and no others.

What is not listed (trackers' `fbclid` and `utm_source`, an attacker's random words) is not passed on, so it can neither
change a page nor multiply the pages to be kept.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

View = TypeVar("View", bound=Callable[..., Any])
ANY = frozenset({"*"})
MOST = 20  # parameters that are looked at


def takes(*names: str) -> Callable[[View], View]:
    """Say on a reader's view which query parameters it reads."""

    def mark(view: View) -> View:
        view.parameters = frozenset(names)  # type: ignore[attr-defined]
        return view

    return mark


def takes_any(view: View) -> View:
    """Say that a view reads all parameters as they were sent, because it answers 400 to those that it does not know."""
    view.parameters = ANY  # type: ignore[attr-defined]
    return view


def listed(path: str, query: str) -> str:
    """`query` as the reader's view at `path` gets it: its own parameters, each once (the last), in the order of
    names."""
    if not query or (settings.DEVELOPER_TOOLS and path.startswith("/__")):
        return query
    names = _names(path) or _names(f"{path}/")  # the second is redirected to, with what it takes
    if names is ANY:
        return query
    try:
        given = parse_qs(query, keep_blank_values=True, max_num_fields=MOST) if names else {}
    except ValueError:
        return ""
    return urlencode(sorted((name, values[-1]) for name, values in given.items() if name in names))


def _names(path: str) -> frozenset[str]:
    try:
        view = resolve(path, settings.ROOT_URLCONF).func
    except Resolver404:
        return frozenset()
    return getattr(view, "parameters", frozenset())
