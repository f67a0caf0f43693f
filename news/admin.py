"""Django's autodiscovery looks here; the desk's modules are in news/newsroom/."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from .newsroom import articles, authors, invitations, people, photos, search, sections  # noqa: F401

admin.site.unregister(DBTaskResult)  # background work belongs to no region, and to nobody in the newsroom
