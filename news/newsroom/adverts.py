"""Admin of adverts and of the regions' lines of ads.txt, for people who manage a region, not for its editors."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.adverts.models import AdsTxt, Advert
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import RegionFilter, ScopedAdmin

from .article_form import LOCAL_TIMES

TIMES = ("starts_at", "ends_at")


if TYPE_CHECKING:  # generic only for mypy
    _AdvertForm = forms.ModelForm[Advert]
else:
    _AdvertForm = forms.ModelForm


class AdvertForm(_AdvertForm):
    class Meta:
        model = Advert
        fields: list[str] = []  # set by the ModelAdmin

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in TIMES:
                self.initial[name] = self.instance.region.local(getattr(self.instance, name)).replace(tzinfo=None)

    def clean(self) -> dict[str, Any]:
        """Interpret the typed times in the zone of the chosen region."""
        cleaned = super().clean() or {}
        for name in TIMES:
            if cleaned.get(name) and cleaned.get("region"):
                cleaned[name] = timezone.make_naive(cleaned[name]).replace(tzinfo=cleaned["region"].zone)
        return cleaned


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
