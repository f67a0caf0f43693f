"""The base of every newsroom ModelAdmin: what is outside a person's regions does not exist.

The queryset decides what can be seen, linked, searched and posted; the permissions follow from the same
`access.regions_for`. Django's own model permissions are not used: nobody is given any. A system check
(`regions.checks`) refuses a ModelAdmin or inline that does not stand on these classes.
"""

import re
from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.filters import FieldListFilter, RelatedFieldListFilter
from django.contrib.admin.helpers import AdminReadonlyField
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from . import access, editions
from .access import Permission
from .models import Region

_REFERENCE = re.compile(r"[0-9]{0,18}", re.ASCII)

# What cannot be changed is shown as text: Django makes a link of it, to a page that its reader may not open.
AdminReadonlyField.get_admin_url = lambda self, remote_field, remote_obj: str(remote_obj)  # type: ignore[method-assign]


class ScopedChoices:
    """For ModelAdmins and inlines: relations offer, and accept, only rows that the person may choose.

    A relation to a model without a ScopedAdmin of its own offers nothing.
    """

    region_choices: Permission = Permission.WRITE
    """What a person must be allowed in a region to choose it in this form."""
    object_lookup = ""
    """From this form's model to the object on screen; an inline names its foreign key."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        scoped, chosen = self.related_choices(db_field, request), self._chosen(db_field, request)
        kwargs["queryset"] = db_field.remote_field.model._default_manager.filter(
            Q(pk__in=scoped.values("pk")) | Q(pk__in=chosen.values("pk"))
        )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        scoped = self.related_choices(db_field, request)
        kwargs["queryset"] = db_field.remote_field.model._default_manager.filter(pk__in=scoped.values("pk"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def related_choices(self, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows that the person may choose at the other end of a relation."""
        target = db_field.remote_field.model
        if target is Region:
            return access.regions_for(request.user, self.region_choices)
        registered = self.admin_site._registry.get(target)  # type: ignore[attr-defined]
        if isinstance(registered, ScopedAdmin):
            return registered.choices_for(request)
        return target._default_manager.none()

    def _chosen(self, db_field: models.ForeignKey, request: HttpRequest) -> models.QuerySet[Any]:
        """What the object on screen refers to already, whoever chose it: saving it again must not be refused."""
        object_id = (request.resolver_match.kwargs if request.resolver_match else {}).get("object_id", "")
        target = db_field.remote_field.model._default_manager
        if not object_id.isdecimal():
            return target.none()
        return target.filter(**{f"{db_field.related_query_name()}{self.object_lookup}": object_id})

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the pop-up windows for related rows: they lose what was typed on a phone."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
        return field


class ScopedInline(ScopedChoices, admin.TabularInline):
    """Rows of a story or another regional object: who may change the object may change them."""

    max_num = 50

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        """A forged count of rows makes no more of them than a form would show; Django's own bound is 2,000."""
        kwargs.setdefault("absolute_max", self.max_num + 10)
        return super().get_formset(request, obj, **kwargs)

    def _may(self, request: HttpRequest, obj: models.Model | None, verb: str) -> bool:
        parent = self.admin_site._registry[self.parent_model]
        if obj is None:
            return parent.has_view_permission(request) if verb == "view" else parent.has_add_permission(request)
        return bool(getattr(parent, f"has_{verb}_permission")(request, obj))

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, obj, "view")

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, obj, "change")

    has_change_permission = has_delete_permission = has_add_permission


class ScopedAdmin(ScopedChoices, admin.ModelAdmin):
    region_lookup = "region"
    """From the model to the region that its rows belong to."""
    viewing: Permission = Permission.WRITE
    changing: Permission = Permission.EDIT
    view_on_site = False  # Django's redirect asks nobody's role, and readers' addresses are on another host
    object_views: tuple[str, ...] = ()
    """Last words of further addresses of one object; `word` is answered by the method `word_view(request, object)`."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(self.visible_to(request))

    def visible_to(self, request: HttpRequest) -> Q:
        """The rows that this person may know of."""
        return Q(**{f"{self.region_lookup}__in": access.regions_for(request.user, self.viewing)})

    def choices_for(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows that this person may refer to from other objects: in select boxes and pickers."""
        return self.get_queryset(request)

    # --- Addresses ----------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        further = [
            path(f"<path:object_id>/{word}/", self._object_view(word), name=f"{name}_{word}")
            for word in self.object_views
        ]
        return further + super().get_urls()

    def _object_view(self, word: str) -> Callable[..., HttpResponse]:
        """404 for every object that the person may not see. What else they must be allowed is the method's business."""

        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            obj = self.get_object(request, object_id)
            if obj is None or not self.has_view_permission(request, obj):
                raise Http404
            return getattr(self, f"{word}_view")(request, obj)

        return self.admin_site.admin_view(view)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A reference that no form would send (a text, a number beyond the database's) is a bad request."""
        relations = {
            field.name
            for model in (self.model, *(inline.model for inline in self.inlines))
            for field in model._meta.get_fields()
            if field.many_to_one
        }
        for name, value in request.POST.items():
            if name.rpartition("-")[2] in relations and not _REFERENCE.fullmatch(str(value)):
                return HttpResponseBadRequest("Bad Request: a reference is not a number\n", content_type="text/plain")
        with editions.writing():
            return super().changeform_view(request, *args, **kwargs)

    # --- Permissions --------------------------------------------------------------------------------------

    def _may(self, request: HttpRequest, permission: Permission, obj: models.Model | None) -> bool:
        if obj is None:
            return bool(access.branches_for(request.user, permission))
        mine = {f"{self.region_lookup}__in": access.regions_for(request.user, permission)}
        return type(obj)._default_manager.filter(pk=obj.pk, **mine).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.viewing, None)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        if obj is None:
            return self._may(request, self.viewing, None)
        return self.get_queryset(request).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.changing, None)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.changing, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class NetworkAdmin(ScopedAdmin):
    """For what belongs to the network as a whole: its administrators' alone, to see and to change."""

    viewing = changing = Permission.ADMINISTER
    chosen_by_everybody = False
    """Whether everybody in the newsroom may refer to these rows."""

    def visible_to(self, request: HttpRequest) -> Q:
        return Q() if access.branches_for(request.user, self.viewing) else Q(pk__in=())

    def choices_for(self, request: HttpRequest) -> models.QuerySet[Any]:
        return self.model._default_manager.all() if self.chosen_by_everybody else self.get_queryset(request)

    def _may(self, request: HttpRequest, permission: Permission, obj: models.Model | None) -> bool:
        return bool(access.branches_for(request.user, permission))


class ScopedRelatedFilter(RelatedFieldListFilter):
    """In a list's sidebar: only what the person may choose."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        scoped = model_admin.related_choices(field, request)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to={"pk__in": scoped.values("pk")}
        )


FieldListFilter.register(lambda field: bool(field.remote_field), ScopedRelatedFilter, take_priority=True)


class RegionFilter(admin.SimpleListFilter):
    """In a list's sidebar: the regions of the rows that the person sees."""

    title = _("region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        used = model_admin.get_queryset(request).order_by().values("region")
        return [(region.subdomain or "-", region.short_name) for region in Region.objects.filter(pk__in=used)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        return queryset.filter(region__subdomain="" if self.value() == "-" else self.value())


class ScopedAutocomplete(AutocompleteJsonView):
    """What is found while typing: only what the person may choose."""

    def get_queryset(self) -> models.QuerySet[Any]:
        model_admin: ScopedAdmin = self.model_admin  # type: ignore[assignment]  # process_request saw to it
        rows = model_admin.choices_for(self.request)
        rows = rows.complex_filter(self.source_field.get_limit_choices_to())
        found, doubled = self.model_admin.get_search_results(self.request, rows, self.term)
        return found.distinct() if doubled else found

    def has_perm(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(access.branches_for(request.user, Permission.WRITE))

    def process_request(self, request: HttpRequest) -> Any:
        """Only relations that some form offers this way, to models within the scope."""
        asked = tuple(request.GET.get(name, "") for name in ("app_label", "model_name", "field_name"))
        if asked not in self._offered():
            raise PermissionDenied
        parts = super().process_request(request)
        if not isinstance(parts[1], ScopedAdmin):
            raise PermissionDenied
        return parts

    def _offered(self) -> set[tuple[str, ...]]:
        """(application, model, field) of every relation that a form or inline of the newsroom picks by typing."""
        registry = cast("admin.AdminSite", self.admin_site)._registry
        forms = [form for page in registry.values() for form in (page, *page.inlines)]
        return {
            (form.model._meta.app_label, form.model._meta.model_name or "", name)
            for form in forms
            for name in form.autocomplete_fields
        }
