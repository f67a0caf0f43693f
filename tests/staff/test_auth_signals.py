"""What django-allauth tells of an account is in the journal, and a first second factor ends sessions without one."""

import pytest
from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from news.demo import builders
from news.models import Event
from news.staff import auth_signals

Verb = Event.Verb


@pytest.fixture
def budi(tree):
    return builders.make_user("budi", "editor", tree.payakumbuh)


def log_in(user) -> SessionStore:
    session = SessionStore()
    session.create()
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key=session.session_key)
    return session


def asking(session, user):
    request = RequestFactory().get("/")
    request.session, request.user = session, user
    return request


@pytest.mark.parametrize(
    ("signal", "verb", "note"),
    [
        (account.user_logged_in, Verb.LOGGED_IN, ""),
        (account.password_changed, Verb.PASSWORD_CHANGED, ""),
        (account.password_set, Verb.PASSWORD_CHANGED, ""),
        (account.password_reset, Verb.PASSWORD_CHANGED, ""),
        (account.email_changed, Verb.CHANGED, "email"),
    ],
)
def test_what_happens_to_an_account_is_in_its_persons_journal_once(budi, signal, verb, note):
    auth_signals.connect()  # again, as by a second start of the application in one process
    signal.send(sender=User, request=asking(log_in(budi), budi), user=budi)
    assert [*Event.objects.values_list("verb", "actor", "person", "note")] == [(verb, budi.pk, budi.pk, note)]


@pytest.mark.parametrize("kind", Authenticator.Type)
def test_a_second_factor_ends_the_sessions_that_began_without_it_and_recovery_codes_none(tree, people, budi, kind):
    factor = Authenticator.objects.create(user=budi, type=kind, data={"name": "Kunci"})
    own, other, somebody_elses = log_in(budi), log_in(budi), log_in(people.reporter)
    request = asking(own, budi)
    mfa.authenticator_added.send(sender=Authenticator, request=request, user=budi, authenticator=factor)
    is_factor = kind != Authenticator.Type.RECOVERY_CODES
    assert own.exists(own.session_key)
    assert somebody_elses.exists(somebody_elses.session_key)
    assert other.exists(other.session_key) is not is_factor
    mfa.authenticator_removed.send(sender=Authenticator, request=request, user=budi, authenticator=factor)
    entries = [(verb, budi.pk, budi.pk, str(factor)) for verb in (Verb.FACTOR_ADDED, Verb.FACTOR_REMOVED)]
    found = [*Event.objects.order_by("pk").values_list("verb", "actor", "person", "note")]
    assert found == (entries if is_factor else [])
