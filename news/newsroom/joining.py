"""The page behind an invitation's link: it creates an account, or adds the role to an existing account."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from news.staff import service
from pekon.text_fields import PlainCharFormField
from regions.accounts import names
from regions.models import Invitation
from regions.permissions import access, form_keys

_NEW = {"autocomplete": "new-password"}


class JoinForm(forms.Form):
    name = PlainCharFormField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    username = PlainCharFormField(
        label=_("User name"),
        max_length=30,
        validators=[ASCIIUsernameValidator()],
        help_text=_("To log in with, besides your address. Letters, digits, and . - _ +"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs=_NEW),
        help_text=password_validators_help_text_html,
    )
    password2 = forms.CharField(label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs=_NEW))

    email = ""
    """The invited address, which is refused as a password."""

    def clean_username(self) -> str:
        name = names.normalised(self.cleaned_data["username"])
        if "@" in name:
            raise ValidationError(_("A user name has no @: that would be an address."))
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("Somebody has this user name already. Choose another."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ. Type the same one twice."))
        elif first:
            typed = {"username": cleaned.get("username", ""), "first_name": cleaned.get("name", "")}
            person = User(email=self.email, **typed)
            try:
                validate_password(first, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, or accept the invitation. Used, expired, revoked and invented links all get the same 404, except
    for whoever used the link: a second press of the button has the first one's answer."""
    if request.method != "POST":
        return _private(_answer(request, token))
    with transaction.atomic():
        return _private(
            form_keys.once(request, lambda: _answer(request, token), lambda address: _log_in_again(request, address))
        )


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    invitation = service.find_invitation(token)
    if invitation is None:
        if service.was_accepted_by(token, request.user):
            return HttpResponseRedirect(reverse("admin:index"))
        return render(request, "account/invitation_unknown.html", status=404)
    known = service.account_of(invitation)
    if known and not known.is_active:
        return render(request, "account/invitation_dormant.html")
    if known and request.user != known:
        return _ask_to_log_in(request, invitation)
    if request.user.is_authenticated and not known:
        return render(request, "account/invitation_for_another.html", {"invitation": invitation})
    return _accept(request, token, known) if known else _make_account(request, token, invitation)


def _ask_to_log_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        return render(request, "account/invitation_for_another.html", {"invitation": invitation})
    return HttpResponseRedirect(f"{reverse('account_login')}?next={request.path}")


def _accept(request: HttpRequest, token: str, person: User) -> HttpResponse:
    if request.method == "POST":
        try:
            service.accept(token, person=person)
        except service.StaffActionError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Your new role is yours now."))
        return HttpResponseRedirect(reverse("admin:index"))
    return render(request, "account/invitation_accept.html", {"invitation": service.find_invitation(token)})


def _make_account(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, initial={"name": invitation.name})
    form.email = invitation.email
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            person = service.join(token, username=typed["username"], name=typed["name"], password=typed["password1"])
        except service.StaffActionError as error:
            form.add_error(None, error)
        else:
            first = reverse("mfa_index" if access.awaits_second_factor(person) else "admin:index")
            answer: HttpResponse = perform_login(request, person, email_verification="none", redirect_url=first)
            return answer
    return render(request, "account/invitation.html", {"form": form, "invitation": invitation})


def _log_in_again(request: HttpRequest, address: str) -> HttpResponse:
    """Answer a second press, which comes without the cookie of the first one's answer, by the password in the form."""
    credentials = {"username": request.POST.get("username"), "password": request.POST.get("password1")}
    try:
        person = get_adapter().authenticate(request, **credentials)  # counts it like any other guess
    except ValidationError:
        person = None
    if person is None:
        return HttpResponseRedirect(address)
    answer: HttpResponse = perform_login(request, person, email_verification="none", redirect_url=address)
    return answer


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is secret, out of other sites' logs. The referrer policy is not `no-referrer`, because
    browsers then post the form with the origin `null`, which the CSRF check rightly refuses."""
    response["Referrer-Policy"] = "same-origin"
    return response
