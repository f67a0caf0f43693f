"""Filters of the newsroom's list of articles."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.models.querysets import State


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, Any]]:
        return iter(State.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case State.BINNED:
                return queryset.in_bin(timezone.now() - timedelta(days=settings.BIN_DAYS))
            case None:
                return queryset.outside_bin()
            case state:
                return queryset.filter(state=state)
