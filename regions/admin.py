"""The ModelAdmin of regions: network administrators create and change them, chief editors choose their appearance."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from . import services
from .models import Region, SubdomainAlias
from .permissions import access
from .permissions.access import Permission
from .permissions.scoped_admin import ScopedAdmin, ScopedInline


class AliasInline(ScopedInline):
    model = SubdomainAlias
    extra = 0


@admin.register(Region)
class RegionAdmin(ScopedAdmin):
    region_lookup = "pk"
    viewing = changing = Permission.MANAGE
    own_looks = ("tagline", "accent")
    """The fields that a region's chief editors may change. The others are for network administrators."""
    list_display = ["short_name", "kind", "parent", "subdomain", "timezone", "is_open"]
    list_filter = ["is_open", "kind", "timezone"]
    list_select_related = ["parent"]
    search_fields = ["name", "short_name", "subdomain", "code"]
    autocomplete_fields = ["parent"]
    inlines = [AliasInline]

    def choices_for(self, request: HttpRequest) -> models.QuerySet[Any]:
        return access.regions_for(request.user, Permission.WRITE)

    def _administers(self, request: HttpRequest) -> bool:
        return self._may(request, Permission.ADMINISTER, None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._administers(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if self._administers(request):
            return []
        fields = (field.name for field in self.opts.fields if field.editable and not field.primary_key)
        return [name for name in fields if name not in self.own_looks]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if self._administers(request) else []

    def save_model(self, request: HttpRequest, obj: Region, form: Any, change: bool) -> None:
        services.save(obj)
