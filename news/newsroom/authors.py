"""Authors: the people readers see. An author and an account are two things, linked or not."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from news.models import Author
from regions import access, tree
from regions.access import Permission
from regions.scoped_admin import ScopedAdmin


@admin.register(Author)
class AuthorAdmin(ScopedAdmin):
    list_display = ["name", "region", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["region"]
    search_fields = ["name"]
    fields = ["name", "slug", "region", "user", "bio", "is_active"]
    autocomplete_fields = ["user"]
    prepopulated_fields = {"slug": ["name"]}
    region_choices = changing = Permission.EDIT

    def choices_for(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Besides the region's own authors those of the regions above: network photographers, provincial desks."""
        branches = access.branches_for(request.user, self.viewing)
        above = {ancestor for path in branches for ancestor in tree.ancestor_paths(path)}
        return Author.objects.filter(self.visible_to(request) | Q(region__path__in=above), is_active=True)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may log in as an author gets that author's stories: those who manage people decide that."""
        return [] if self._may(request, Permission.MANAGE, obj) else ["user"]
