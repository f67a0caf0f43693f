"""Authors: the people readers see. Their accounts and roles are a network administrator's business."""

from django.contrib import admin
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
    prepopulated_fields = {"slug": ["name"]}
    region_choices = changing = Permission.EDIT

    def visible_to(self, request: HttpRequest) -> Q:
        """Besides the region's own authors those of the regions above: network photographers, provincial desks."""
        branches = access.branches_for(request.user, self.viewing)
        above = {ancestor for path in branches for ancestor in tree.ancestor_paths(path)}
        return super().visible_to(request) | Q(region__path__in=above)

    def get_readonly_fields(self, request, obj=None):  # type: ignore[no-untyped-def]
        """Who may log in as an author gets that author's stories: editors do not decide that."""
        return [] if request.user.is_superuser else ["user"]
