"""Rendering the readers' templates (templates/readers), which are Jinja2's: pekon/jinja.py has their environment."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext


def rendered(name: str, values: Mapping[str, Any]) -> SafeString:
    """The template as safe HTML: Jinja2 escapes all values that are not safe themselves."""
    return mark_safe(render_to_string(name, {"_": _translator(get_language()), **values}, using="jinja2"))


def component(name: str, values: Mapping[str, Any]) -> SafeString:
    """A part of a page that Python renders because it stores it, or because a text contains it."""
    return rendered(f"components/{name}.html", values)


def translated(text: str) -> SafeString:
    """`_` in templates: a text of ours in the present language, which may contain HTML."""
    return mark_safe(gettext(text))


@cache
def _translator(language: str) -> Callable[[str], SafeString]:
    """`translated` for one language. A page has some thirty texts, and asking for the language each time takes longer
    than all else about them, so it is asked for once a page."""
    return cache(translated)
