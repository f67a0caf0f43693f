"""Addresses that `make dev` adds to both kinds of host: the debug toolbar and automatic reloading."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path


def developer_tools() -> list[URLPattern | URLResolver]:
    """The URL patterns of these tools; none unless DEVELOPER_TOOLS is set."""
    if not settings.DEVELOPER_TOOLS:
        return []
    return [
        path("__debug__/", include("debug_toolbar.urls")),
        path("__reload__/", include("django_browser_reload.urls")),
    ]
