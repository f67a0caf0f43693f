"""Go anywhere (Ctrl K): pages of the newsroom, stories, photos and people, found by a few letters."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.models.querysets import State
from regions.people import display_name
from regions.permissions import access
from regions.permissions.access import Permission

from . import navigation
from .finding import find

STORIES = 8
PEOPLE = 4
LONGEST = 100
"""Characters of a question that are read."""


@require_safe
def places(request: HttpRequest) -> JsonResponse:
    """Where the words `q` may lead: `{"places": [{"name", "about", "url"}]}`, the likeliest first. Without words, the
    pages of every day."""
    words = request.GET.get("q", "")[:LONGEST].strip()
    found = _pages(request, words) + (_stories(request, words) + _people(request, words) if words else [])
    return JsonResponse({"places": found}, headers={"Cache-Control": "no-store"})


def _pages(request: HttpRequest, words: str) -> list[dict[str, str]]:
    main = navigation.main_entries(request)
    further = [entry for group in navigation.further_groups(request) for entry in group.entries]
    pages = [(str(entry.name), entry.url) for entry in [*main, *(further if words else [])]]
    if access.branches_for(request.user, Permission.WRITE):
        pages.insert(0, (_("Write a story"), reverse("admin:news_article_add")))
    wanted = words.casefold().split()
    return [_place(name, _("page"), url) for name, url in pages if all(word in name.casefold() for word in wanted)]


def _stories(request: HttpRequest, words: str) -> list[dict[str, str]]:
    return [
        _place(
            story.title,
            f"{State(story.state).label} · {story.region}",
            reverse("admin:news_article_change", args=[story.pk]),
        )
        for story in find(request.user, words, STORIES)
    ]


def _people(request: HttpRequest, words: str) -> list[dict[str, str]]:
    if not access.branches_for(request.user, Permission.MANAGE):
        return []
    people: QuerySet[User] = User.objects.filter(_is_named(words))
    managed = access.regions_for(request.user, Permission.MANAGE)
    mine = people.filter(assignments__region__in=managed).distinct().order_by("first_name", "username")[:PEOPLE]
    return [
        _place(display_name(person), _("person"), reverse("admin:auth_user_change", args=[person.pk]))
        for person in mine
    ]


def _is_named(words: str) -> Q:
    named = Q()
    for word in words.split():
        named &= Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word)
    return named


def _place(name: str, about: Any, url: str) -> dict[str, str]:
    return {"name": name, "about": str(about), "url": url}
