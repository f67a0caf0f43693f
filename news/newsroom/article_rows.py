"""The inlines of an article's form: bylines, gallery, and the regions that also list it."""

from typing import Any

from adminsortable2.admin import SortableTabularInline
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from news.models import Byline, GalleryPhoto, Share
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import ScopedInline

from .article_form import LOCAL_TIMES, GalleryForm, ShareForm

ROWS = "admin/news/article/components/rows.html"


class BylineInline(ScopedInline, SortableTabularInline):
    model = Byline
    object_lookup = "__article"
    extra = 0
    fields = ["author", "role", "position"]
    autocomplete_fields = ["author"]
    template = ROWS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        if "position" in formset.form.base_fields:
            formset.form.base_fields["position"].initial = 0  # a new row is the last one
        return formset


class ShareInline(ScopedInline):
    model = Share
    form = ShareForm
    object_lookup = "__article"
    extra = 0
    fields = ["region", "published_at"]
    region_choices = Permission.PUBLISH
    formfield_overrides = LOCAL_TIMES
    autocomplete_fields = ["region"]
    template = ROWS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        zone = timezone.localtime().tzname()  # the zone of the article's region, which the view has activated
        field = formset.form.base_fields.get("published_at")
        if field:
            field.label = f"{capfirst(_('from'))} ({zone})"
        return formset


class GalleryInline(ScopedInline, SortableTabularInline):
    model = GalleryPhoto
    form = GalleryForm
    object_lookup = "__article"
    extra = 0
    autocomplete_fields = ["photo"]
    template = ROWS

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("photo")  # rows show their photos
