"""The base of every newsroom ModelAdmin with regional rows: what is outside a person's regions does not exist.

The queryset decides what can be seen, linked, searched and posted; the permissions follow from the same
`access.regions_for`. Django's own model permissions are not used: nobody is given any.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Q
from django.forms import ModelChoiceField
from django.http import HttpRequest

from . import access
from .access import Permission
from .models import Region


class ScopedChoices:
    """For ModelAdmins and inlines: foreign keys offer, and accept, only rows of the person's regions."""

    region_choices: Permission = Permission.WRITE
    """What a person must be allowed in a region to choose it in this form."""
    object_lookup = ""
    """From this form's model to the object on screen; an inline names its foreign key."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        target = db_field.remote_field.model
        registered = self.admin_site._registry.get(target)  # type: ignore[attr-defined]
        scoped: models.QuerySet[Any] | None = None
        if target is Region:
            scoped = access.regions_for(request.user, self.region_choices)
        elif isinstance(registered, ScopedAdmin):
            scoped = registered.get_queryset(request)
        if scoped is not None:
            chosen = self._chosen(db_field, request)
            kwargs["queryset"] = target._default_manager.filter(
                Q(pk__in=scoped.values("pk")) | Q(pk__in=chosen.values("pk"))
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

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

    def _may(self, request: HttpRequest, obj: models.Model | None, verb: str) -> bool:
        parent = self.admin_site._registry[self.parent_model]
        if obj is None:
            return parent.has_add_permission(request)
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

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(self.visible_to(request))

    def visible_to(self, request: HttpRequest) -> Q:
        """The rows that this person may know of."""
        return Q(**{f"{self.region_lookup}__in": access.regions_for(request.user, self.viewing)})

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
