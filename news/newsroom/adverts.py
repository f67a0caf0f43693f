"""Admin of adverts and of the regions' lines of ads.txt, for people who manage a region, not for its editors."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.adverts.models import AdsTxt, Advert
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import RegionFilter, ScopedAdmin

from .article_form import LOCAL_TIMES
from .region_times import RegionTimesForm


class AdvertForm(RegionTimesForm):
    class Meta:
        model = Advert
        fields: list[str] = []  # set by the ModelAdmin


@admin.register(Advert)
class AdvertAdmin(ScopedAdmin):
    viewing = changing = region_choices = Permission.MANAGE
    form = AdvertForm
    formfield_overrides = LOCAL_TIMES | {models.URLField: {"assume_scheme": "https"}}
    list_display = ["__str__", "state", "slot", "kind", "region", "starts", "ends"]
    list_filter = [RegionFilter, "slot", "kind", "is_active"]
    list_select_related = ["region"]
    search_fields = ["advertiser", "alt", "link"]
    autocomplete_fields = ["photo"]
    fields = ["region", ("slot", "kind"), "advertiser", "photo", "alt", "link", ("starts_at", "ends_at"), "is_active"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        live = models.Exists(Advert.objects.live().filter(pk=models.OuterRef("pk")))
        rows: models.QuerySet[Any] = super().get_queryset(request).annotate(is_live=live)
        return rows

    @admin.display(description=_("state"))
    def state(self, advert: Any) -> Any:
        if not advert.is_active:
            return _("switched off")
        if advert.is_live:
            return _("live")
        return _("over") if advert.ends_at <= timezone.now() else _("scheduled")

    @admin.display(description=_("from"), ordering="starts_at")
    def starts(self, advert: Advert) -> str:
        return advert.region.clock(advert.starts_at)

    @admin.display(description=_("until"), ordering="ends_at")
    def ends(self, advert: Advert) -> str:
        return advert.region.clock(advert.ends_at)


@admin.register(AdsTxt)
class AdsTxtAdmin(ScopedAdmin):
    viewing = changing = region_choices = Permission.MANAGE
    list_display = ["region"]
    list_select_related = ["region"]
    fields = ["region", "lines"]
    actions = None
