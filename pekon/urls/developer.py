"""What `make dev` adds to both kinds of host: the debug toolbar and the automatic reload."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path


def developer_tools() -> list[URLPattern | URLResolver]:
    """Their addresses; none unless DEVELOPER_TOOLS is set."""
    if not settings.DEVELOPER_TOOLS:
        return []
    return [
        path("__debug__/", include("debug_toolbar.urls")),
        path("__reload__/", include("django_browser_reload.urls")),
    ]
