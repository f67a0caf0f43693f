"""Regions: network administrators make and change them, chief editors look at theirs."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from . import access, branches
from .access import Permission
from .models import Region, SubdomainAlias
from .scoped_admin import ScopedAdmin, ScopedInline


class AliasInline(ScopedInline):
    model = SubdomainAlias
    extra = 0


@admin.register(Region)
class RegionAdmin(ScopedAdmin):
    region_lookup = "pk"
    viewing = Permission.MANAGE
    changing = Permission.ADMINISTER
    list_display = ["short_name", "kind", "parent", "subdomain", "timezone", "is_open"]
    list_filter = ["is_open", "kind", "timezone"]
    list_select_related = ["parent"]
    search_fields = ["name", "short_name", "subdomain", "code"]
    autocomplete_fields = ["parent"]
    inlines = [AliasInline]

    def choices_for(self, request: HttpRequest) -> models.QuerySet[Any]:
        return access.regions_for(request.user, Permission.WRITE)

    def save_model(self, request: HttpRequest, obj: Region, form: Any, change: bool) -> None:
        branches.save(obj)
