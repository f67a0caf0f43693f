"""What the list of stories can be narrowed to."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from news.querysets import State
from regions.models import Region


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, Any]]:
        return iter(State.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(state=self.value()) if self.value() else queryset


class RegionFilter(admin.SimpleListFilter):
    """The person's regions that have stories."""

    title = _("region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        used = model_admin.get_queryset(request).order_by().values("region")
        return [(region.subdomain or "-", region.short_name) for region in Region.objects.filter(pk__in=used)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        return queryset.filter(region__subdomain="" if self.value() == "-" else self.value())
