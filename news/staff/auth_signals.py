"""Records in the journal what django-allauth does, ends other sessions when a second factor is added, and turns off web
push on a device where somebody logs out."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import signals as auth
from django.contrib.auth.models import User
from django.http import HttpRequest

from news.models import Event, PushSubscription
from news.publishing import journal

Verb = Event.Verb


def connect() -> None:
    """Connect the receivers, for as long as the process runs."""
    for signal, receiver in (
        (account.user_logged_in, on_logged_in),
        (auth.user_logged_out, on_logged_out),
        (account.password_changed, on_password_changed),
        (account.password_set, on_password_changed),
        (account.password_reset, on_password_changed),
        (account.email_changed, on_email_changed),
        (mfa.authenticator_added, on_factor_added),
        (mfa.authenticator_removed, on_factor_removed),
    ):
        signal.connect(receiver, dispatch_uid=f"news.staff.auth_signals.{receiver.__name__}")


def on_logged_in(sender: Any, user: User, **kwargs: Any) -> None:
    journal.record(Verb.LOGGED_IN, actor=user, person=user)


def on_logged_out(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Push nothing more to this device: the next person at it is somebody else."""
    PushSubscription.objects.filter(session__session_key=request.session.session_key).delete()


def on_password_changed(sender: Any, user: User, **kwargs: Any) -> None:
    journal.record(Verb.PASSWORD_CHANGED, actor=user, person=user)


def on_email_changed(sender: Any, user: User, **kwargs: Any) -> None:
    journal.record(Verb.CHANGED, actor=user, person=user, note="email")


def on_factor_added(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """End sessions that began without a second factor, because one of them may be somebody else's."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    journal.record(Verb.FACTOR_ADDED, actor=user, person=user, note=str(authenticator))
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        session.end()


def on_factor_removed(sender: Any, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        journal.record(Verb.FACTOR_REMOVED, actor=user, person=user, note=str(authenticator))
