"""Authors: the people readers see. An author and an account are two things, linked or not."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from news import staff
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
    autocomplete_fields = ["user"]
    prepopulated_fields = {"slug": ["name"]}
    region_choices = changing = Permission.EDIT

    def choices_for(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Besides the region's own authors those of the regions above: network photographers, provincial desks."""
        branches = access.branches_for(request.user, self.viewing)
        above = {ancestor for path in branches for ancestor in tree.ancestor_paths(path)}
        return Author.objects.filter(self.visible_to(request) | Q(region__path__in=above), is_active=True)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who logs in as an author gets the author's drafts: that is for those who manage people everywhere they are
        from to see and to say."""
        fields = ["name", "slug", "region", "user", "bio", "is_active"]
        return fields if staff.may_link(obj, request.user) else [name for name in fields if name != "user"]

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        if "user" in form.changed_data:
            staff.link_author(obj, obj.user, actor=cast("User", request.user))
        else:
            super().save_model(request, obj, form, change)
