"""The ModelAdmin of house rules: what editors want written otherwise, in their regions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from news.models import HouseRule
from regions import tree
from regions.permissions import access
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import RegionFilter, ScopedAdmin


@admin.register(HouseRule)
class HouseRuleAdmin(ScopedAdmin):
    viewing = changing = region_choices = Permission.PUBLISH
    fields = ["pattern", "is_regular_expression", "advice", "region", "is_active"]
    list_display = ["pattern", "advice", "region", "is_active"]
    list_filter = [RegionFilter, "is_active"]
    list_select_related = ["region"]
    search_fields = ["pattern", "advice"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        region = access.regions_for(request.user, Permission.PUBLISH).order_by("-path").first()
        return super().get_changeform_initial_data(request) | ({"region": region.pk} if region else {})

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """A search field for the region in place of a list, for people of the whole network."""
        return ["region"] if tree.ROOT in access.branches_for(request.user, Permission.PUBLISH) else []
