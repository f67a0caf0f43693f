"""The ModelAdmin of front page slots: which article is in which slot, and when."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from news.models import FrontSlot
from pekon.plain_text import whole_number
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import RegionFilter, ScopedAdmin

from .article_form import LOCAL_TIMES


@admin.register(FrontSlot)
class FrontSlotAdmin(ScopedAdmin):
    viewing = changing = region_choices = Permission.PUBLISH
    formfield_overrides = LOCAL_TIMES
    fields = ["region", "slot", "article", "position", ("starts_at", "ends_at")]
    list_display = ["article", "region", "slot", "position", "begins", "ends"]
    list_filter = [RegionFilter, "slot"]
    list_select_related = ["article", "region"]
    autocomplete_fields = ["article"]
    search_fields = ["article__title"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        region = access.regions_for(request.user, Permission.PUBLISH).order_by("-path").first()
        return super().get_changeform_initial_data(request) | ({"region": region.pk} if region else {})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kw: Any
    ) -> HttpResponse:
        """Show and read times in the zone of the front page's region."""
        with timezone.override(self._zone(request, object_id)):
            response = super().changeform_view(request, object_id, *args, **kw)
            if isinstance(response, TemplateResponse):
                response.render()
        return response

    def _zone(self, request: HttpRequest, object_id: str | None) -> Any:
        mine = access.regions_for(request.user, Permission.PUBLISH)
        posted = whole_number(request.POST.get("region", ""), 18)
        slot = self.get_object(request, object_id) if object_id else None
        region: Region | None = mine.filter(pk=posted).first() if posted else None
        region = region or (slot.region if slot else mine.order_by("-path").first())
        return region.zone if region else None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        zone = timezone.localtime().tzname()
        for name in {"starts_at", "ends_at"} & form.base_fields.keys():
            form.base_fields[name].help_text = format_html(
                '<span class="zone">{}</span> {}', zone, form.base_fields[name].help_text
            )
        return form

    @admin.display(description=_("from"), ordering="starts_at")
    def begins(self, slot: FrontSlot) -> str:
        return slot.region.clock(slot.starts_at)

    @admin.display(description=_("until"), ordering="ends_at")
    def ends(self, slot: FrontSlot) -> str:
        return slot.region.clock(slot.ends_at)
