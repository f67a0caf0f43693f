"""Texts of Django and django-allauth that our catalogue translates anew, because their Indonesian grates.

Nothing imports this module: `make messages` finds the texts here, and a project's catalogue comes before a library's.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

SAID_BETTER = [
    # The admin
    gettext_noop("Add %(name)s"),
    gettext_noop("Add %s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Change %s"),
    gettext_noop("Clear all filters"),
    gettext_noop("Conflicting form data submitted. Please try again."),
    gettext_noop("Run the selected action"),
    gettext_noop("Save and add another"),
    gettext_noop("Save and continue editing"),
    gettext_noop("Select %s"),
    ngettext_lazy("Please correct the error below.", "Please correct the errors below."),
    # Forms
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    # Passwords
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be entirely numeric."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    # Logging in
    gettext_noop("Password successfully set."),
    gettext_noop("Please type your current password."),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("The username and/or password you specified are not correct."),
    gettext_noop("Username can not be used. Please use other username."),
]
