"""The ModelAdmin of the roster. Everybody of a region sees it; its chief editors write it."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.models import Duty
from regions.people import display_name
from regions.permissions import access
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import RegionFilter, ScopedAdmin

from .article_form import LOCAL_TIMES
from .region_times import RegionTimesForm

SHIFT = timedelta(hours=8)
"""The length that is proposed for a duty."""


class DutyForm(RegionTimesForm):
    class Meta:
        model = Duty
        fields: list[str] = []  # set by the ModelAdmin


@admin.register(Duty)
class DutyAdmin(ScopedAdmin):
    changing = region_choices = Permission.MANAGE
    form = DutyForm
    formfield_overrides = LOCAL_TIMES
    fields = ["region", "person", "task", ("starts_at", "ends_at")]
    list_display = ["name", "task", "region", "begins", "ends"]
    list_filter = [RegionFilter]
    list_select_related = ["person", "region"]
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "person":
            field.label_from_instance = display_name
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        region = access.regions_for(request.user, Permission.MANAGE).order_by("-path").first()
        if region:
            begins = region.local(timezone.now()).replace(minute=0, second=0, microsecond=0, tzinfo=None)
            initial = {"region": region.pk, "starts_at": begins, "ends_at": begins + SHIFT, **initial}
        return initial

    @admin.display(description=_("person"), ordering="person__first_name")
    def name(self, duty: Duty) -> str:
        return display_name(duty.person)

    @admin.display(description=_("from"), ordering="starts_at")
    def begins(self, duty: Duty) -> str:
        return duty.region.clock(duty.starts_at)

    @admin.display(description=_("until"), ordering="ends_at")
    def ends(self, duty: Duty) -> str:
        return duty.region.clock(duty.ends_at)
