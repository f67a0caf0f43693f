"""Filters of the photo library."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from news.adverts.models import Advert
from news.models import Article

from .months import Month, within
from .photo_rules import used_by

_MONTHS = 12


class _ChoiceFilter(admin.SimpleListFilter):
    """A filter with a condition for each choice: word in addresses → (name, condition)."""

    def choices_for(self, request: HttpRequest) -> dict[str, tuple[str | Promise, Q]]:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, Any]]:
        self._conditions = self.choices_for(request)
        return ((word, name) for word, (name, _condition) in self._conditions.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self._conditions.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class UploaderFilter(_ChoiceFilter):
    title = _("uploaded by")
    parameter_name = "oleh"

    def choices_for(self, request: HttpRequest) -> dict[str, tuple[str | Promise, Q]]:
        return {"saya": (_("me"), Q(uploaded_by=request.user.pk))}


class DescriptionFilter(_ChoiceFilter):
    title = _("description")
    parameter_name = "deskripsi"

    def choices_for(self, request: HttpRequest) -> dict[str, tuple[str | Promise, Q]]:
        return {"tanpa": (_("without description"), Q(alt="", is_decorative=False))}


class UseFilter(_ChoiceFilter):
    """Whether a story or an advert has the photo, whatever became of it."""

    title = _("use")
    parameter_name = "pakai"

    def choices_for(self, request: HttpRequest) -> dict[str, tuple[str | Promise, Q]]:
        used = used_by(Article.objects.all()) | Q(Exists(Advert.objects.filter(photo=OuterRef("pk"))))
        return {"tidak": (_("unused"), ~used), "ya": (_("used"), used)}


class MonthFilter(_ChoiceFilter):
    """The month in which the photo was uploaded, in its region's zone; the last twelve are offered."""

    title = _("month")
    parameter_name = "bulan"

    def choices_for(self, request: HttpRequest) -> dict[str, tuple[str | Promise, Q]]:
        month, found = Month.of(timezone.localdate()), {}
        for _turn in range(_MONTHS):
            condition = within(month.first, month.end, "created_at", "region__timezone")
            name: str | Promise = format_date(month.first, "F Y")
            found[str(month)] = (name, condition)
            month = month.previous
        return found


class ShapeFilter(_ChoiceFilter):
    title = _("shape")
    parameter_name = "bentuk"

    def choices_for(self, request: HttpRequest) -> dict[str, tuple[str | Promise, Q]]:
        return {
            "lebar": (_("landscape"), Q(width__gt=F("height"))),
            "tinggi": (_("portrait"), Q(width__lt=F("height"))),
            "persegi": (_("square"), Q(width=F("height"))),
        }


FILTERS = [UploaderFilter, DescriptionFilter, UseFilter, MonthFilter, ShapeFilter]
