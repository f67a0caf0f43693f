"""The rows below a story's form: who wrote it, its gallery, and where else it is listed."""

from typing import Any

from adminsortable2.admin import SortableTabularInline
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from news.models import Byline, GalleryPhoto, Share
from regions.access import Permission
from regions.scoped_admin import ScopedInline

from .article_form import LOCAL_TIMES, GalleryForm, ShareForm


class BylineInline(ScopedInline):
    model = Byline
    object_lookup = "__article"
    extra = 0
    fields = ["author", "role", "position"]
    autocomplete_fields = ["author"]
    verbose_name_plural = _("bylines (empty: yours)")


class ShareInline(ScopedInline):
    model = Share
    form = ShareForm
    object_lookup = "__article"
    extra = 0
    fields = ["region", "published_at"]
    region_choices = Permission.PUBLISH
    formfield_overrides = LOCAL_TIMES

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        zone = timezone.localtime().tzname()  # the story's region's: the view activates it
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
    verbose_name_plural = _("gallery (for photo stories; drag to order)")
