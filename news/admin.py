"""Django's autodiscovery looks here; the desk's modules are in news/newsroom/."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from .newsroom import (  # noqa: F401
    about,
    adverts,
    articles,
    authors,
    fronts,
    invitations,
    people,
    photos,
    search,
    sections,
)

admin.site.unregister(DBTaskResult)  # background work belongs to no region, and to nobody in the newsroom
