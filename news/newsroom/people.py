"""The ModelAdmin of accounts: people's roles in the regions that one manages, and whether the account is active."""

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from news.models import Event
from news.staff import service
from regions.accounts import names
from regions.models import Assignment, Region
from regions.people import display_name
from regions.permissions import access
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import ScopedAdmin, ScopedInline

# The libraries' own ModelAdmins show every account. People change these things themselves on the pages under /akun/.
for application in ("django.contrib.auth", "allauth.account", "allauth.mfa", "allauth.usersessions"):
    import_module(f"{application}.admin")  # registers the ModelAdmins that are unregistered below
for model in (User, Group, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


class AssignmentInline(ScopedInline):
    """Roles are given or taken away, but never changed."""

    model = Assignment
    extra = 0
    fields = ["region", "role"]
    region_choices = Permission.MANAGE
    verbose_name_plural = _("roles")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        return super().get_queryset(request).filter(region__in=access.regions_for(request.user, Permission.MANAGE))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _administers(request: HttpRequest) -> bool:
    return bool(access.branches_for(request.user, Permission.ADMINISTER))


if TYPE_CHECKING:  # generic only for mypy
    _PersonForm = forms.ModelForm[User]
else:
    _PersonForm = forms.ModelForm


class PersonForm(_PersonForm):
    def clean_email(self) -> str:
        address = names.normalised(self.cleaned_data["email"])
        if address and set(names.holders(address)) - {self.instance}:
            raise forms.ValidationError(_("Another account has this address. Every account needs its own."))
        return address


@admin.register(User)
class PersonAdmin(ScopedAdmin):
    form = PersonForm
    viewing = changing = Permission.MANAGE
    object_views = ("deactivate", "reactivate", "reset_second_factors")
    change_form_template = "admin/auth/user/change_form.html"
    change_list_template = "admin/auth/user/change_list.html"
    list_display = ["person", "username", "roles", "last_activity", "second_factor", "in_use"]
    list_filter = ["is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    inlines = [AssignmentInline]
    ordering = ["first_name", "username", "pk"]
    actions = None
    readonly_fields = ["person", "address", "username", "in_use", "last_activity", "second_factor"]
    ACCOUNT = ("first_name", "email", "is_superuser")

    # --- Permissions --------------------------------------------------------------------------------------

    def visible_to(self, request: HttpRequest) -> Q:
        """The people with a role in a region that one manages; administrators see everybody."""
        if access.branches_for(request.user, Permission.ADMINISTER):
            return Q()
        managed = access.regions_for(request.user, Permission.MANAGE)
        return Q(pk__in=Assignment.objects.filter(region__in=managed).values("user"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        managed = access.regions_for(request.user, Permission.MANAGE)
        shown = Assignment.objects.filter(region__in=managed).select_related("region")
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        rows = (
            super()
            .get_queryset(request)
            .annotate(last_seen_at=Max("usersession__last_seen_at"), has_second_factor=Exists(factors))
        )
        people: QuerySet[User] = rows.prefetch_related(Prefetch("assignments", shown, to_attr="roles_shown"))
        return people

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people are invited

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes their own roles. An administrator's account is changed only by another administrator."""
        if obj is None:
            return self._may(request, self.changing, None)
        allowed = request.user.is_superuser or not obj.is_superuser
        return bool(allowed) and obj.pk != request.user.pk and self.has_view_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, help_texts={"username": "", "is_superuser": ""}, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if access.branches_for(request.user, Permission.ADMINISTER):
            return ["first_name", "email", "is_superuser", *self.readonly_fields[2:]]
        return self.readonly_fields

    # --- Columns and the form -----------------------------------------------------------------------------

    @admin.display(description=_("name"), ordering="first_name")
    def person(self, person: User) -> str:
        return display_name(person)

    @admin.display(description=_("e-mail address"))
    def address(self, person: User) -> str:
        return person.email or "–"

    @admin.display(description=_("account in use"), boolean=True, ordering="is_active")
    def in_use(self, person: User) -> bool:
        return person.is_active

    @admin.display(description=_("roles"))
    def roles(self, person: Any) -> str:
        return "; ".join(str(assignment) for assignment in person.roles_shown) or "–"

    @admin.display(description=_("last activity"), ordering="last_seen_at")
    def last_activity(self, person: Any) -> str:
        seen: list[datetime] = [moment for moment in (person.last_seen_at, person.last_login) if moment]
        region: Region = person.roles_shown[0].region if person.roles_shown else Region.objects.get(parent=None)
        return region.clock(max(seen, default=None))

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, person: Any) -> bool:
        return bool(person.has_second_factor)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        person: User = context["original"]
        administers = bool(access.branches_for(request.user, Permission.ADMINISTER))
        events = Event.objects.filter(person=person)
        if not administers:
            events = Event.objects.about(person, access.regions_for(request.user, Permission.MANAGE))
        context |= {
            "may_end": service.may_end(person, request.user),
            "may_reset": administers and person.pk != request.user.pk and access.has_second_factor(person),
            "events": events.select_related("actor")[:30],
            "clocks": self._clocks(request),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _clocks(self, request: HttpRequest) -> Region | None:
        """The region in whose zone the journal's times are shown."""
        return access.regions_for(request.user, Permission.MANAGE).first()

    # --- Actions ------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        fields = [name for name in self.ACCOUNT if name in form.changed_data]
        if fields:
            before = User.objects.get(pk=obj.pk).email
            service.change_account(obj, actor=cast("User", request.user), fields=fields)
            self._notify(obj, before)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        given = formset.save(commit=False)
        for assignment in formset.deleted_objects:
            service.take_role(assignment, actor=cast("User", request.user))
        for assignment in given:
            service.give_role(assignment, actor=cast("User", request.user))

    def response_change(self, request: HttpRequest, obj: User) -> HttpResponse:
        """Redirect to the list, because a person whose last role here was taken away has no page here any more."""
        self.message_user(request, _("Saved."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:auth_user_changelist"))

    @method_decorator(require_POST)
    def deactivate_view(self, request: HttpRequest, person: User) -> HttpResponse:
        service.deactivate(person, actor=cast("User", request.user))
        self._notify(person, person.email)
        return self._done(request, person, _("The account is deactivated, and logged out everywhere."))

    @method_decorator(require_POST)
    def reactivate_view(self, request: HttpRequest, person: User) -> HttpResponse:
        service.reactivate(person, actor=cast("User", request.user))
        return self._done(request, person, _("The account can be used again, with the roles that it had."))

    @method_decorator(require_POST)
    @method_decorator(reauthentication_required(app="allauth.mfa", enabled=_administers))
    def reset_second_factors_view(self, request: HttpRequest, person: User) -> HttpResponse:
        service.reset_second_factors(person, actor=cast("User", request.user))
        self._notify(person, person.email)
        return self._done(
            request, person, _("The second factors are removed. The person sets up new ones after logging in.")
        )

    def _notify(self, person: User, address: str) -> None:
        """Mail to `address`, which the account had before, that somebody else has changed the account."""
        if address:
            text = render_to_string("news/mail/account_changed.txt", {"person": person})
            subject = f"[{settings.HOST_NAME.upper()}] {gettext('Your account was changed')}"
            transaction.on_commit(lambda: send_mail(subject, text, None, [address]))

    def _done(self, request: HttpRequest, person: User, message: Any) -> HttpResponse:
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[person.pk]))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Redirect to the form, which shows the journal."""
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[object_id]))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Do nothing: the journal (Event) replaces the admin's log."""
