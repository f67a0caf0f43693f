"""System checks for what a region network cannot run without (STYLE: misconfiguration has an id and a hint)."""

from typing import Any

from django.conf import settings
from django.contrib import admin
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


@register()
def check_newsroom_origin(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Forms are trusted from the newsroom's own origin alone: a reader's host shows what strangers sent."""
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
    """A cookie with a domain would go to readers' hosts as well."""
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
    """Hosts are known by name: nobody else's Host header gets as far as a view."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Error("ALLOWED_HOSTS has '*'.", hint="Name DOMAIN and its subdomains only.", id="regions.E005")]


@register()
def check_every_admin_is_scoped(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Nothing gets into the newsroom that does not ask for the person's regions."""
    from .scoped_admin import ScopedAdmin, ScopedInline  # needs the models

    registered = admin.site._registry.items()
    unscoped: list[tuple[str, str]] = [
        (type(model_admin).__name__, ScopedAdmin.__name__)
        for _model, model_admin in registered
        if not isinstance(model_admin, ScopedAdmin)
    ]
    unscoped += [
        (inline.__name__, ScopedInline.__name__)
        for _model, model_admin in registered
        for inline in model_admin.inlines
        if not issubclass(inline, ScopedInline)
    ]
    return [
        Error(
            f"{name} does not stand on regions.scoped_admin.{base}.",
            hint=f"Derive it from {base}, or do not register it: without it everybody sees every region's rows.",
            id="regions.E006",
        )
        for name, base in unscoped
    ]
