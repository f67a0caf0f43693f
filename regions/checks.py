"""System checks of the settings that a network of regions requires."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.checks import CheckMessage, Error, register

from . import hosts


@register()
def check_domain(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that `DOMAIN` is a host name, perhaps with a port."""
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
    """Check that the newsroom's label is reserved, so that no region can have it."""
    if settings.NEWSROOM_LABEL in hosts.RESERVED_LABELS:
        return []
    return [
        Error(
            f"NEWSROOM_LABEL {settings.NEWSROOM_LABEL!r} is not reserved, so a region could take it.",
            hint="Use a label of regions.hosts.RESERVED_LABELS, or add yours there.",
            id="regions.E002",
        )
    ]


@register()
def check_newsroom_origin(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that forms are accepted only from the newsroom's origin: readers' hosts show foreign content."""
    trusted = [f"{settings.SCHEME}://{settings.NEWSROOM_LABEL}.{settings.DOMAIN}"]
    if trusted == settings.CSRF_TRUSTED_ORIGINS:
        return []
    return [
        Error(
            f"CSRF_TRUSTED_ORIGINS is {settings.CSRF_TRUSTED_ORIGINS}, and not {trusted}.",
            hint="Trust the newsroom's origin and nothing else; no wildcards.",
            id="regions.E003",
        )
    ]


@register()
def check_host_only_cookies(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that cookies have no domain, because they would then be sent to readers' hosts too."""
    names = ["SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "LANGUAGE_COOKIE_DOMAIN"]
    shared = [name for name in names if getattr(settings, name) is not None]
    return [
        Error(
            f"{name} is set.", hint="Newsroom cookies belong to the newsroom's host: leave it out.", id="regions.E004"
        )
        for name in shared
    ]


@register()
def check_allowed_hosts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that ALLOWED_HOSTS lists only our own hosts, so that no request with another Host header reaches a view."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Error("ALLOWED_HOSTS has '*'.", hint="Name DOMAIN and its subdomains only.", id="regions.E005")]


@register()
def check_every_admin_is_scoped(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that every ModelAdmin and inline of the newsroom is limited to the person's regions."""
    from .permissions.scoped_admin import ScopedAdmin, ScopedInline  # imported late, because it needs the models

    registered = [admin.site.get_model_admin(model) for model in apps.get_models() if admin.site.is_registered(model)]
    unscoped: list[tuple[str, str]] = [
        (type(model_admin).__name__, ScopedAdmin.__name__)
        for model_admin in registered
        if not isinstance(model_admin, ScopedAdmin)
    ]
    unscoped += [
        (inline.__name__, ScopedInline.__name__)
        for model_admin in registered
        for inline in model_admin.inlines
        if not issubclass(inline, ScopedInline)
    ]
    return [
        Error(
            f"{name} does not stand on regions.permissions.scoped_admin.{base}.",
            hint=f"Derive it from {base}, or do not register it: without it everybody sees every region's rows.",
            id="regions.E006",
        )
        for name, base in unscoped
    ]
