"""Regions and people's roles, for network administrators."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from . import branches
from .models import Assignment, Region, SubdomainAlias


class AliasInline(admin.TabularInline):
    model = SubdomainAlias
    extra = 0


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ["short_name", "kind", "parent", "subdomain", "timezone", "is_open"]
    list_filter = ["is_open", "kind", "timezone"]
    list_select_related = ["parent"]
    search_fields = ["name", "short_name", "subdomain", "code"]
    autocomplete_fields = ["parent"]
    inlines = [AliasInline]

    def save_model(self, request: HttpRequest, obj: Region, form: Any, change: bool) -> None:
        branches.save(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a region is closed, not deleted: its addresses were public


class AssignmentInline(admin.TabularInline):
    model = Assignment
    extra = 1
    autocomplete_fields = ["region"]


admin.site.unregister(Group)
admin.site.unregister(User)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "first_name", "last_name", "is_active", "last_login"]
    list_filter = ["is_active", "assignments__role"]
    inlines = [AssignmentInline]
    fieldsets = [
        (None, {"fields": ["username", "password", ("first_name", "last_name"), "email"]}),
        (None, {"fields": [("is_active", "is_staff", "is_superuser")]}),
        (None, {"fields": [("last_login", "date_joined")]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "usable_password", "password1", "password2", "is_staff"]})]
    readonly_fields = ["last_login", "date_joined"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what a person wrote and decided keeps their name; take away the tick “active”
