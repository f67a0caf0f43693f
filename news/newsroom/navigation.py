"""The newsroom's navigation: the pages that a person's roles need, under the words that the newsroom uses for them."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from pekon import maintenance
from regions.permissions import access
from regions.permissions.access import Permission

from . import guide


@dataclass(frozen=True)
class Entry:
    """A link. `icon` names a file in templates/admin/icons."""

    name: str | Promise
    url: str
    icon: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Group:
    name: str | Promise
    entries: list[Entry] = field(default_factory=list)


_MAIN: list[tuple[str, str | Promise, str, Permission | None]] = [
    ("desk", _("Desk"), "admin:index", None),
    ("stories", _("Stories"), "admin:news_article_changelist", Permission.WRITE),
    ("schedule", _("The schedule"), "admin:schedule", Permission.WRITE),
    ("front", _("Front"), "admin:front_pages", Permission.PUBLISH),
    ("photos", _("Photos"), "admin:images_photo_changelist", Permission.WRITE),
    ("people", _("People"), "admin:auth_user_changelist", Permission.MANAGE),
    ("numbers", _("Numbers"), "admin:numbers", Permission.WRITE),
]
"""(icon, name, address, the permission that it needs in some region)"""

_GROUPS: list[tuple[str | Promise, set[str]]] = [
    (_("Content"), {"author", "page", "masthead", "section", "tag", "houserule"}),
    (_("Network"), {"region", "invitation", "subdomainalias", "duty"}),
    (_("Adverts"), {"advert", "adstxt"}),
]
"""(name, models) of the groups of further pages. What is in none of them comes last."""
_IN_MAIN = {"article", "photo", "user"}


def context(request: HttpRequest) -> dict[str, Any]:
    """A context processor: what components/header.html asks for on every page, where somebody is logged in."""
    return {
        "main_navigation": lambda: main_entries(request),
        "further_navigation": lambda: further_groups(request),
        "help_url": lambda: guide.help_url(request),
        "maintenance": maintenance.current,
    }


def main_entries(request: HttpRequest) -> list[Entry]:
    """The pages of every day, of which the first is the desk."""
    path = request.path
    found = []
    for icon, name, address, permission in _MAIN:
        if permission is None or access.branches_for(request.user, permission):
            url = reverse(address)
            is_current = path == url if url == reverse("admin:index") else path.startswith(url)
            found.append(Entry(name, url, icon, is_current))
    return found


def further_groups(request: HttpRequest) -> list[Group]:
    """All other lists of the newsroom that this person may open."""
    models = {
        model["model"]._meta.model_name: Entry(
            capfirst(model["name"]), model["admin_url"], is_current=request.path.startswith(model["admin_url"])
        )
        for app in admin.site.get_app_list(request)
        for model in app["models"]
        if model["admin_url"]
    }
    named = [(name, [models.pop(key) for key in sorted(keys) if key in models]) for name, keys in _GROUPS]
    rest = [entry for key, entry in models.items() if key not in _IN_MAIN]
    groups: list[tuple[str | Promise, list[Entry]]] = [*named, (_("Technology"), rest)]
    return [Group(name, sorted(entries, key=_by_name)) for name, entries in groups if entries]


def _by_name(entry: Entry) -> Any:
    return str(entry.name).casefold()
