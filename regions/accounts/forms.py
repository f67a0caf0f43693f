"""django-allauth's forms with the wording of Pekon's pages."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharFormField


class NewsroomLoginForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail address")
        self.fields["login"].widget.attrs |= {"placeholder": "", "autocapitalize": "none", "autofocus": True}
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].widget.attrs["placeholder"] = ""
        self.fields["remember"].label = _("Stay logged in on this device")


class AddPasskeyForm(AddWebAuthnForm):
    name = PlainCharFormField(required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call it")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].label = _("Also log in with it alone, without the password")
        self.fields["passwordless"].help_text = ""
