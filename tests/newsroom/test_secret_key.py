"""What becomes of second factors when SECRET_KEY changes, and of an administrator who lost theirs."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.management import CommandError, call_command
from django.utils import timezone

from news.models import Event
from regions.accounts import second_factor

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def admin(people):
    people.admin.set_password("x")
    people.admin.save()
    totp.TOTP.activate(people.admin, SECRET)
    RecoveryCodes.activate(people.admin)
    return people.admin


def code():
    return totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // 30))


def log_in(client, settings):
    host = f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}"
    client.post("/akun/masuk/", {"login": "admin", "password": "x"}, HTTP_HOST=host)
    return client.post("/akun/dua-faktor/authenticate/", {"code": code()}, HTTP_HOST=host)


def test_without_the_former_key_codes_are_refused_with_an_explanation_and_no_error(admin, client, settings, caplog):
    former, settings.SECRET_KEY = settings.SECRET_KEY, "new" * 20
    answer = log_in(client, settings)
    assert answer.status_code == 409
    assert "Faktor kedua Anda tidak dapat dibaca" in answer.content.decode()
    assert "SECRET_KEY_FALLBACKS" in caplog.text
    settings.SECRET_KEY_FALLBACKS = [former]
    assert log_in(client, settings).status_code == 302


def test_one_command_encrypts_anew_and_then_the_fallback_may_go(admin, client, settings, capsys):
    former, settings.SECRET_KEY = settings.SECRET_KEY, "new" * 20
    with pytest.raises(CommandError, match=r"2 cannot be read.*: admin, admin\."):
        call_command("reencrypt_secrets")
    settings.SECRET_KEY_FALLBACKS = [former]
    call_command("reencrypt_secrets")
    assert "2 second factors" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    assert second_factor.reencrypt() == (2, [])
    assert log_in(client, settings).status_code == 302
    assert len(RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()) == 10


def test_the_last_administrator_is_rescued_on_the_server_and_the_journal_tells(admin, newsroom):
    client = newsroom(admin)
    client.get("/")
    call_command("rescue", "admin")
    assert not Authenticator.objects.filter(user=admin).exists()
    assert client.get("/").status_code == 302  # logged out
    event = Event.objects.get(verb="factors_reset")
    assert (event.person, event.actor, event.note) == (admin, None, "manage.py rescue")
    assert timezone.now() - event.happened_at < timedelta(minutes=5)


def test_only_administrators_are_rescued(people):
    for name in ("pemred", "nobody at all"):
        with pytest.raises(CommandError):
            call_command("rescue", name)
    assert not Event.objects.exists()
