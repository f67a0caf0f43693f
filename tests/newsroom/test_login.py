"""Log-in: who gets in, how guesses are counted, and that nothing tells a stranger who has an account."""

import re
import secrets

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection

from news.demo import builders
from news.models import Event
from regions.accounts import names, second_factor
from tests.conftest import HostClient

PASSWORD = "kata-sandi-yang-panjang"
LOG_IN = "/akun/masuk/"
TOO_MANY = "Terlalu banyak"


def stranger(**kwargs) -> HostClient:
    return HostClient(f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}", **kwargs)


@pytest.fixture
def budi(tree):
    return builders.make_user("budi", "reporter", tree.payakumbuh, password=PASSWORD, email="budi@pekon.web.id")


def log_in(client, name="budi", password=PASSWORD, **extra):
    return client.post(LOG_IN, {"login": name, "password": password}, **extra)


def is_in(client) -> bool:
    return client.get("/").status_code == 200


# --- Getting in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["budi", " Budi ", "BUDI", "budi@pekon.web.id", "Budi@Pekon.web.id", "ｂｕｄｉ"])
def test_by_user_name_or_address_however_it_is_typed(budi, name):
    client = stranger()
    assert log_in(client, name).status_code == 302
    assert is_in(client)


def test_a_log_in_leads_to_the_page_that_was_asked_for_and_to_no_other_host(budi):
    client = stranger()
    asked = client.get("/news/article/")
    assert asked.headers["Location"] == f"{LOG_IN}?next=/news/article/"
    answer = client.post(LOG_IN, {"login": "budi", "password": PASSWORD, "next": "/news/article/"})
    assert answer.headers["Location"] == "/news/article/"
    for other in ("https://example.org/", "//example.org/", f"http://{settings.DOMAIN}/", "javascript:alert(1)"):
        client = stranger()
        answer = client.post(LOG_IN, {"login": "budi", "password": PASSWORD, "next": other})
        assert answer.headers["Location"] == "/"


def test_nobody_signs_up(tree):
    for path in ("/akun/daftar/", "/accounts/signup/", "/signup/"):
        client = stranger()
        client.post(path, {"username": "x", "email": "x@pekon.web.id", "password1": PASSWORD, "password2": PASSWORD})
        assert not is_in(client)
    assert not names.find("x")


def test_a_log_in_is_in_the_journal_with_its_address(budi):
    log_in(stranger(REMOTE_ADDR="203.0.113.4"))
    event = Event.objects.get(verb=Event.Verb.LOGGED_IN)
    assert (event.person, event.address) == (budi, "203.0.113.4")


def test_cookies_are_this_hosts_alone_and_closed_to_scripts(budi, settings):
    client = stranger()
    client.get(LOG_IN)
    log_in(client)
    assert set(client.cookies) == {
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.DEVICE_COOKIE_NAME,
    }
    for cookie in client.cookies.values():
        assert (cookie["domain"], cookie["path"], cookie["samesite"]) == ("", "/", "Lax")
        assert cookie["httponly"]


def test_own_sessions_are_listed_and_can_be_ended(budi):
    here, there = stranger(REMOTE_ADDR="203.0.113.1"), stranger(REMOTE_ADDR="203.0.113.2")
    log_in(here)
    log_in(there)
    page = here.get("/akun/sesi/")
    assert "203.0.113.1" in page.text
    assert "203.0.113.2" in page.text
    here.post("/akun/sesi/")
    assert is_in(here)
    assert not is_in(there)


def test_a_new_password_ends_the_other_sessions(budi):
    here, there = stranger(), stranger()
    log_in(here)
    log_in(there)
    new = "sandi-baru-yang-panjang"
    here.post("/akun/sandi/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert not is_in(there)
    assert log_in(stranger(), password=new).status_code == 302


# --- Guessing ---------------------------------------------------------------------------------------------------


@pytest.fixture
def evaluated(monkeypatch):
    """The passwords that are really looked at."""
    looked, check = [], User.check_password
    monkeypatch.setattr(User, "check_password", lambda self, raw: looked.append(raw) or check(self, raw))
    return looked


@pytest.mark.parametrize("proxies", [0, 1])
def test_guesses_from_ever_new_addresses_are_counted_together(budi, evaluated, settings, proxies):
    """Behind a proxy the last forwarded address is the proxy's; those before it can be forged."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(40):
        forged = f"10.{number}.0.1, 198.51.{number}.9"
        log_in(
            stranger(REMOTE_ADDR=f"192.0.2.{number}"), password=f"tebakan-{number}", headers={"X-Forwarded-For": forged}
        )
    assert len(evaluated) == 10


def test_an_account_with_a_name_and_an_address_is_guessed_at_twenty_times_at_most(budi, evaluated):
    for number in range(30):
        for name in ("budi", "BUDI", " budi", "budi@pekon.web.id", "BUDI@pekon.web.id", "ｂｕｄｉ"):
            log_in(stranger(REMOTE_ADDR=f"192.0.2.{number}"), name, f"tebakan-{number}")
    assert len(evaluated) == 20


def test_one_address_guesses_at_sixty_accounts_at_most(tree, evaluated):
    for number in range(80):
        builders.make_user(f"akun{number}", password=PASSWORD)
        log_in(stranger(), f"akun{number}", "tebakan")
    assert len(evaluated) == 60


def test_an_address_that_is_shut_out_writes_nothing_for_each_new_name(tree, evaluated):
    def count():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pekon_cache")
            return cursor.fetchone()[0]

    client = stranger()
    for number in range(60):
        log_in(client, f"orang{number}")
    before = count()
    for number in range(5):
        log_in(client, f"lain{number}")
    assert count() <= before


def test_the_owner_gets_in_from_a_known_device_while_strangers_guess(budi, evaluated):
    own = stranger()
    log_in(own)
    own.post("/akun/keluar/")
    for number in range(40):
        log_in(stranger(REMOTE_ADDR=f"192.0.2.{number}"), password=f"tebakan-{number}")
    assert TOO_MANY in log_in(stranger()).text, "strangers are shut out, even with the right password"
    assert log_in(own).status_code == 302
    assert is_in(own)


def test_a_known_device_guesses_ten_times_at_most(budi, evaluated):
    own = stranger()
    log_in(own)
    own.post("/akun/keluar/")
    evaluated.clear()
    for number in range(15):
        log_in(own, password=f"tebakan-{number}")
    assert len(evaluated) == 10


def test_a_device_cookie_is_its_persons_alone_and_cannot_be_forged(budi, tree, evaluated):
    builders.make_user("ani", password=PASSWORD)
    ani = stranger()
    log_in(ani, "ani")
    cookie = ani.cookies[settings.DEVICE_COOKIE_NAME].value
    evaluated.clear()
    for number in range(30):
        thief = stranger(REMOTE_ADDR=f"192.0.2.{number}")
        thief.cookies[settings.DEVICE_COOKIE_NAME] = cookie if number % 2 else f"{secrets.token_hex(20)}:x:y"
        log_in(thief, password=f"tebakan-{number}")
    assert len(evaluated) == 10


def test_the_owner_gets_in_with_a_new_password_by_mail_while_strangers_guess(budi):
    for number in range(20):
        log_in(stranger(REMOTE_ADDR=f"192.0.2.{number}"), password=f"tebakan-{number}")
    owner = stranger()
    owner.post("/akun/sandi/lupa/", {"email": "budi@pekon.web.id"})
    link = re.search(r"https?://[^/\s]+(/akun/sandi/baru/\S+)", mail.outbox[-1].body)[1]
    form = owner.get(link).headers["Location"]
    new = "sandi-baru-yang-panjang"
    owner.post(form, {"password1": new, "password2": new})
    assert is_in(owner)


def test_counts_are_kept_where_every_process_sees_them(budi):
    """Counts are in the database, which all processes share."""
    assert "DatabaseCache" in settings.CACHES["default"]["BACKEND"]
    log_in(stranger(), password="tebakan")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pekon_cache WHERE cache_key LIKE '%password_failed%'")
        assert cursor.fetchone()[0] >= 1


# --- Telling nothing --------------------------------------------------------------------------------------------


def same_but_for_tokens(response) -> str:
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", response.text)
    return re.sub(r'value="[^"]*(budi|tiada)[^"]*"', "", text)


@pytest.mark.parametrize(("known", "unknown"), [("budi", "tiada"), ("budi@pekon.web.id", "tiada@pekon.web.id")])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(budi, known, unknown):
    for _attempt in range(12):  # past the limit as well
        right, wrong = log_in(stranger(), known, "salah"), log_in(stranger(), unknown, "salah")
        assert right.status_code == wrong.status_code == 200
        assert same_but_for_tokens(right) == same_but_for_tokens(wrong)


def test_a_disabled_account_answers_as_an_unknown_one_even_to_its_password(budi):
    budi.is_active = False
    budi.save()
    assert same_but_for_tokens(log_in(stranger())) == same_but_for_tokens(log_in(stranger(), "tiada"))


@pytest.mark.parametrize(
    "name", ["budi", "budi@pekon.web.id", "tiada", "tiada@pekon.web.id", "nonaktif", "tanpa-sandi"]
)
def test_exactly_one_password_is_hashed_whatever_is_typed(budi, tree, name, settings, monkeypatch):
    """Hashing takes the time: any name or address takes one hash, known, unknown, disabled or without password."""
    builders.make_user("nonaktif", password=PASSWORD, is_active=False)
    builders.make_user("tanpa-sandi")
    hashed, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    log_in(stranger(), name, "salah")
    assert len(hashed) == 1


def test_asking_for_a_new_password_tells_nothing(budi):
    known = stranger().post("/akun/sandi/lupa/", {"email": "budi@pekon.web.id"})
    unknown = stranger().post("/akun/sandi/lupa/", {"email": "tiada@pekon.web.id"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert [message.to for message in mail.outbox] == [["budi@pekon.web.id"], ["tiada@pekon.web.id"]]
    assert "/akun/sandi/baru/" not in mail.outbox[1].body


def test_a_link_for_a_new_password_works_once_and_logs_in(budi):
    stranger().post("/akun/sandi/lupa/", {"email": "budi@pekon.web.id"})
    assert "PEKON.WEB.ID" in mail.outbox[0].subject
    link = re.search(r"https?://[^/\s]+(/akun/sandi/baru/\S+)", mail.outbox[0].body)[1]
    owner, new = stranger(), "sandi-baru-yang-panjang"
    form = owner.get(link).headers["Location"]
    owner.post(form, {"password1": new, "password2": new})
    assert is_in(owner)
    assert "set-password" not in stranger().get(link).headers.get("Location", "")


# --- The second factor ------------------------------------------------------------------------------------------


def with_app(user) -> str:
    """Give the account an authenticator app, and return its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_for(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_a_password_alone_does_not_open_an_account_with_a_second_factor(budi):
    secret = with_app(budi)
    client = stranger()
    assert log_in(client).headers["Location"] == "/akun/dua-faktor/authenticate/"
    assert not is_in(client)
    assert client.post("/akun/dua-faktor/authenticate/", {"code": "000000"}).status_code == 200
    assert not is_in(client)
    client.post("/akun/dua-faktor/authenticate/", {"code": code_for(secret)})
    assert is_in(client)


def test_codes_are_guessed_ten_times_at_most(budi):
    secret = with_app(budi)
    client = stranger()
    log_in(client)
    for number in range(12):
        client.post("/akun/dua-faktor/authenticate/", {"code": f"{number:06}"})
    assert TOO_MANY in client.post("/akun/dua-faktor/authenticate/", {"code": code_for(secret)}).text


def test_a_new_password_by_mail_still_asks_for_the_second_factor(budi):
    with_app(budi)
    stranger().post("/akun/sandi/lupa/", {"email": "budi@pekon.web.id"})
    link = re.search(r"https?://[^/\s]+(/akun/sandi/baru/\S+)", mail.outbox[0].body)[1]
    owner, new = stranger(), "sandi-baru-yang-panjang"
    owner.post(owner.get(link).headers["Location"], {"password1": new, "password2": new})
    assert not is_in(owner)


def test_secrets_are_not_in_the_database_in_the_clear(budi, settings):
    secret = with_app(budi)
    stored = str(Authenticator.objects.get(type=Authenticator.Type.TOTP).data)
    assert secret not in stored
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-" + "y" * 50
    assert (
        second_factor.SecondFactorAdapter().decrypt(
            Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
        )
        == secret
    )


def test_a_first_second_factor_ends_sessions_that_began_without_one(budi, commits_at_once):
    here, there = stranger(), stranger()
    log_in(here)
    log_in(there)
    assert here.get("/akun/dua-faktor/totp/activate/").headers["Location"].startswith("/akun/pastikan/")
    here.post("/akun/pastikan/", {"password": PASSWORD})
    secret = re.search(r'value="([A-Z2-7]{32})"', here.get("/akun/dua-faktor/totp/activate/").text)[1]
    here.post("/akun/dua-faktor/totp/activate/", {"code": code_for(secret)})
    assert is_in(here)
    assert not is_in(there)
    assert Event.objects.filter(verb=Event.Verb.FACTOR_ADDED, person=budi).exists()
    assert UserSession.objects.filter(user=budi).count() == 1


def test_a_session_and_the_password_do_not_take_a_second_factor_away(budi):
    """A second factor is asked for before the way to log in changes: a stolen cookie and password are not enough."""
    secret = with_app(budi)
    client = stranger()
    client.force_login(budi)
    client.post("/akun/pastikan/", {"password": PASSWORD})
    client.post("/akun/dua-faktor/totp/deactivate/")
    assert Authenticator.objects.filter(user=budi, type=Authenticator.Type.TOTP).exists()
    client.post("/akun/dua-faktor/reauthenticate/", {"code": code_for(secret)})
    client.post("/akun/dua-faktor/totp/deactivate/")
    assert not Authenticator.objects.filter(user=budi, type=Authenticator.Type.TOTP).exists()


def test_codes_and_passwords_are_counted_apart(budi, tree, evaluated):
    """Wrong names from a shared address do not keep the owner's code from being looked at."""
    secret = with_app(budi)
    own = stranger()
    log_in(own)
    own.post("/akun/dua-faktor/authenticate/", {"code": code_for(secret)})
    own.post("/akun/keluar/")
    for number in range(70):
        log_in(stranger(), f"tiada{number}", "tebakan")
    log_in(own)
    later = totp.format_hotp_value(totp.hotp_value(secret, max(totp.yield_hotp_counters_from_time())))
    own.post("/akun/dua-faktor/authenticate/", {"code": later})
    assert is_in(own)


def test_letters_that_only_a_database_treats_as_equal_are_different_names(tree, evaluated):
    """PostgreSQL makes a dotless i a capital I, so a name with i has many spellings, each with a count of its own."""
    builders.make_user("lidiani", password=PASSWORD, email="lidiani@pekon.web.id")
    for number, name in enumerate(["lıdiani", "lidıani", "lıdıanı", "lıdıanı@pekon.web.id"] * 6):
        log_in(stranger(REMOTE_ADDR=f"192.0.2.{number}"), name)
    assert evaluated == []


def test_the_newsrooms_pages_are_never_cached(budi):
    client = stranger()
    log_in(client)
    for path in ("/", "/akun/sesi/", "/akun/dua-faktor/", "/akun/surel/", "/news/article/"):
        assert "no-store" in client.get(path).headers["Cache-Control"], path


def test_addresses_in_mails_are_the_newsrooms_own_whatever_host_was_asked_for(budi):
    odd = HostClient(f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}:8443")
    odd.post("/akun/sandi/lupa/", {"email": "budi@pekon.web.id"})
    assert "8443" not in mail.outbox[0].body
    assert f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}/akun/sandi/baru/" in mail.outbox[0].body


def test_an_article_posted_after_the_session_ended_is_given_back(budi):
    page = stranger().post("/news/article/add/", {"title": "Judul", "body": "<p>Teks panjang</p>", "tags": "Banjir"})
    assert page.status_code == 401
    for typed in ("Judul", "Teks panjang", "Banjir"):
        assert typed in page.text
