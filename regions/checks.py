"""System checks for what a region network cannot run without (STYLE: misconfiguration has an id and a hint)."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from . import hosts


@register()
def check_domain(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """`DOMAIN` is a bare host name, with a port at most."""
    if hosts.parse(settings.DOMAIN, settings.DOMAIN, settings.NEWSROOM_LABEL).kind is hosts.Kind.NETWORK:
        return []
    return [
        Error(
            f"DOMAIN is {settings.DOMAIN!r}, which is not a host name.",
            hint="Write it like pekon.web.id or localhost:8000: no scheme, no path, no trailing dot.",
            id="regions.E001",
        )
    ]


@register()
def check_newsroom_label(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The newsroom's label can never be a region's."""
    if settings.NEWSROOM_LABEL in hosts.RESERVED_LABELS:
        return []
    return [
        Error(
            f"NEWSROOM_LABEL {settings.NEWSROOM_LABEL!r} is not reserved, so a region could take it.",
            hint="Use a label of regions.hosts.RESERVED_LABELS, or add yours there.",
            id="regions.E002",
        )
    ]
