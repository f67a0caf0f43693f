"""Django's admin autodiscovery imports this module; the admin classes themselves are in news/newsroom/."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from .newsroom import (
    about,
    adverts,
    articles,
    authors,
    background,
    fronts,
    house_rules,
    invitations,
    people,
    photos,
    search,
    sections,
)
from .newsroom.schedule import ideas

__all__ = [
    "about",
    "adverts",
    "articles",
    "authors",
    "background",
    "fronts",
    "house_rules",
    "ideas",
    "invitations",
    "people",
    "photos",
    "search",
    "sections",
]

admin.site.unregister(DBTaskResult)  # shown as BackgroundTask (news/newsroom/background.py)
