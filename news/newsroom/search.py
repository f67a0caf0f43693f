"""The ModelAdmins for search: aliases (names with several spellings) and corrections of words' stems."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from news.search import words
from news.search.models import Alias, StemOverride
from news.search.tasks import refresh_with
from regions.permissions.scoped_admin import NetworkAdmin


@admin.register(Alias)
class AliasAdmin(NetworkAdmin):
    list_display = ["names"]
    search_fields = ["names"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Alias, form: Any, change: bool) -> None:
        before = Alias.objects.get(pk=obj.pk).phrases if change else []
        super().save_model(request, obj, form, change)
        refresh_with.enqueue([list(phrase) for phrase in {*before, *obj.phrases}])


@admin.register(StemOverride)
class RootAdmin(NetworkAdmin):
    list_display = ["word", "stem"]
    search_fields = ["word"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: StemOverride, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        refresh_with.enqueue([words.words(obj.word)])
