"""Base classes of all ModelAdmins in the newsroom, which hide everything outside a person's regions.

The queryset limits what can be seen, linked, searched and posted. The permissions are based on the same
`access.regions_for`. Django's own model permissions are not used; nobody has any. A system check (`regions.checks`)
refuses a ModelAdmin or inline that is not derived from these classes.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.filters import FieldListFilter, RelatedFieldListFilter
from django.contrib.admin.helpers import AdminReadonlyField
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.forms import Media, ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharFormField
from regions import generations, tree
from regions.models import Region

from . import access, form_keys, lookups
from .access import Permission

if TYPE_CHECKING:  # generic only for mypy
    _Base = BaseModelAdmin[Any]
    _Inline = admin.TabularInline[Any, Any]
    _Page = admin.ModelAdmin[Any]
else:
    _Base, _Inline, _Page = BaseModelAdmin, admin.TabularInline, admin.ModelAdmin

_FOR_SLUGS = ("/urlify.js", "/prepopulate.js", "/xregexp.js", "/xregexp.min.js")
_REFERENCE = re.compile(r"[0-9]{0,18}", re.ASCII)


def _show_as_text(field: AdminReadonlyField, remote_field: Any, remote_obj: Any) -> str:
    return str(remote_obj)


_REPLACED = "get_admin_url"  # the only patch of Django, for lack of a hook; see tests/newsroom/test_lookups.py
setattr(AdminReadonlyField, _REPLACED, _show_as_text)
"""Show read-only relations as text. Django shows a link, to a page that the person may not be allowed to open."""


class ScopedChoices(_Base):
    """For ModelAdmins and inlines: relations offer and accept only rows that the person may choose.

    A relation to a model without a ScopedAdmin offers nothing.
    """

    region_choices: Permission = Permission.WRITE
    """The permission that a person needs in a region to choose it in this form."""
    object_lookup = ""
    """The look-up from this form's model to the object on screen; for an inline, its foreign key."""

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        scoped, chosen = self.related_choices(db_field, request), self._chosen(db_field, request)
        kwargs["queryset"] = db_field.remote_field.model._default_manager.filter(
            Q(pk__in=scoped.values("pk")) | Q(pk__in=chosen.values("pk"))
        )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        scoped = self.related_choices(db_field, request)
        kwargs["queryset"] = db_field.remote_field.model._default_manager.filter(pk__in=scoped.values("pk"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def related_choices(self, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows that the person may choose at the other end of a relation."""
        target = db_field.remote_field.model
        if target is Region:
            return access.regions_for(request.user, self.region_choices)
        registered = self.admin_site.get_model_admin(target) if self.admin_site.is_registered(target) else None
        if isinstance(registered, ScopedAdmin):
            return registered.choices_for(request)
        nothing: models.QuerySet[Any] = target._default_manager.none()
        return nothing

    def _chosen(self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest) -> models.QuerySet[Any]:
        """The rows to which the object on screen refers already. They are allowed, so that it can be saved again."""
        object_id = (request.resolver_match.kwargs if request.resolver_match else {}).get("object_id", "")
        target: models.Manager[Any] = db_field.remote_field.model._default_manager
        if not object_id.isdecimal():
            return target.none()
        return target.filter(**{f"{db_field.related_query_name()}{self.object_lookup}": object_id})

    def formfield_for_dbfield(self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """Remove the pop-up windows for related rows, in which phones lose what was typed, and tidy texts of Django's
        own models like those of ours."""
        if type(db_field) is models.CharField and not db_field.choices:
            kwargs.setdefault("form_class", PlainCharFormField)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
        return field


class ScopedInline(ScopedChoices, _Inline):
    """Inline rows of an article or another regional object. Whoever may change the object may change them."""

    max_num = 50

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        """Limit the number of rows for which a forged management form can ask; Django's own limit is about 2,000."""
        kwargs.setdefault("absolute_max", self.max_num + 10)
        return super().get_formset(request, obj, **kwargs)

    def _may(self, request: HttpRequest, obj: models.Model | None, verb: str) -> bool:
        parent = self.admin_site.get_model_admin(self.parent_model)
        if obj is None:
            return parent.has_view_permission(request) if verb == "view" else parent.has_add_permission(request)
        return bool(getattr(parent, f"has_{verb}_permission")(request, obj))

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, obj, "view")

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, obj, "change")

    has_change_permission = has_delete_permission = has_add_permission


class ScopedAdmin(ScopedChoices, _Page):
    region_lookup = "region"
    """The look-up from the model to the region of its rows."""
    viewing: Permission = Permission.WRITE
    changing: Permission = Permission.EDIT
    view_on_site = False  # Django's redirect checks no permissions, and readers' addresses are on other hosts
    object_views: tuple[str, ...] = ()
    """Further addresses of an object, by their last part; the method `<part>_view(request, object)` answers each."""

    @property
    def media(self) -> Media:
        """As Django's, without the scripts for slugs (36 KB) where no slug is filled in from another field."""
        django_media: Media = super().media
        if self.prepopulated_fields:
            return django_media
        needed = [path for path in django_media._js if not path.endswith(_FOR_SLUGS)]  # type: ignore[attr-defined]
        return Media(js=needed)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(self.visible_to(request))

    def visible_to(self, request: HttpRequest) -> Q:
        """The condition for rows that this person may see."""
        return Q(**{f"{self.region_lookup}__in": access.regions_for(request.user, self.viewing)})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's list, under the plain name of what it lists."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def choices_for(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows that this person may choose in forms of other objects."""
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
        """The view of a further address. It answers 404 for objects that the person may not see; the method has to
        check all other permissions."""

        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            obj = self.get_object(request, object_id)
            if obj is None or not self.has_view_permission(request, obj):
                raise Http404
            return self._once(request, lambda: getattr(self, f"{word}_view")(request, obj))

        return self.admin_site.admin_view(view)

    def prepare_post(self, request: HttpRequest, object_id: str | None) -> None:
        """Called for a posted form in its transaction, before Django reads the form."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Answer 400 to references that no form would send: texts, and numbers beyond the database's range."""
        relations = {
            field.name
            for model in (self.model, *(inline.model for inline in self.inlines))
            for field in model._meta.get_fields()
            if field.many_to_one
        }
        for name, value in request.POST.items():
            if name.rpartition("-")[2] in relations and not _REFERENCE.fullmatch(str(value)):
                return HttpResponseBadRequest("Bad Request: a reference is not a number\n", content_type="text/plain")

        def view() -> HttpResponse:
            if request.method == "POST":
                self.prepare_post(request, object_id)
            return super(ScopedAdmin, self).changeform_view(request, object_id, form_url, extra_context)

        return self._once(request, view)

    def _once(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        """Handle a posted form in one transaction, and only once however often its button is pressed."""
        if request.method != "POST":
            return view()  # reading needs no lock
        with generations.bumping():
            return form_keys.once(request, view)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Whether the look-up is allowed (see `lookups`); without a request, and so without a person, none is."""
        return request is not None and lookups.is_allowed(self, lookup, value, request)

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
    """For models of the whole network, which require the permission in all of it."""

    viewing = changing = Permission.ADMINISTER
    chosen_by_everybody = False
    """Whether everybody in the newsroom may refer to these rows."""

    def visible_to(self, request: HttpRequest) -> Q:
        return Q() if self._may(request, self.viewing, None) else Q(pk__in=())

    def choices_for(self, request: HttpRequest) -> models.QuerySet[Any]:
        return self.model._default_manager.all() if self.chosen_by_everybody else self.get_queryset(request)

    def _may(self, request: HttpRequest, permission: Permission, obj: models.Model | None) -> bool:
        return tree.ROOT in access.branches_for(request.user, permission)


class ScopedRelatedFilter(RelatedFieldListFilter):
    """A list's filter by a relation, which offers only rows that the person may choose."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        scoped = model_admin.related_choices(field, request)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to={"pk__in": scoped.values("pk")}
        )


FieldListFilter.register(lambda field: bool(field.remote_field), ScopedRelatedFilter, take_priority=True)


class RegionFilter(admin.SimpleListFilter):
    """A list's filter by region, which offers the regions of the rows that the person sees."""

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
    """Autocompletion that finds only rows that the form which asks for them offers to this person."""

    form: ScopedChoices

    def get_queryset(self) -> models.QuerySet[Any]:
        if not isinstance(self.model_admin, ScopedAdmin):  # only for mypy, because process_request has checked it
            raise PermissionDenied
        rows = self.form.related_choices(self.source_field, self.request)
        rows = rows.complex_filter(self.source_field.get_limit_choices_to())
        found, doubled = self.model_admin.get_search_results(self.request, rows, self.term)
        return found.distinct() if doubled else found

    def has_perm(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(access.branches_for(request.user, Permission.WRITE))

    def process_request(self, request: HttpRequest) -> Any:
        """Refuse relations that no form offers by autocompletion, and models without a ScopedAdmin."""
        asked = tuple(request.GET.get(name, "") for name in ("app_label", "model_name", "field_name"))
        form = self._offered().get(asked)
        if not isinstance(form, ScopedChoices):
            raise PermissionDenied
        self.form = form
        parts = super().process_request(request)
        if not isinstance(parts[1], ScopedAdmin):
            raise PermissionDenied
        return parts

    def _offered(self) -> dict[tuple[str, ...], Any]:
        """(application, model, field) of every relation with autocompletion in the newsroom → the form that has it."""
        site = self.admin_site
        if site is None:
            return {}
        pages = [site.get_model_admin(model) for model in apps.get_models() if site.is_registered(model)]
        forms = [form for page in pages for form in (page, *(inline(page.model, site) for inline in page.inlines))]
        return {
            (form.model._meta.app_label, form.model._meta.model_name or "", name): form
            for form in forms
            for name in form.autocomplete_fields
        }
