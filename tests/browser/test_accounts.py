"""From an invitation to a published article: password, passkey, app, and a role that ends in mid-session."""

import os
import re
import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from tests.newsroom_browser import PASSWORD, fill_in
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("accounts")]
OWN_PASSWORD = "nasi-kapau-dan-kopi"


@pytest.fixture
def strict_server():
    """A server on which publishing needs a second factor, with mails in a file of its own."""
    with Server(os.environ.get("DATABASE_URL", ""), REQUIRE_SECOND_FACTOR="true") as running:
        running.run("-m", "tests.seed")
        yield running


@pytest.fixture
def person(browser):
    """`person()`: a page in a browser of their own, with a virtual authenticator for passkeys."""
    contexts, refused = [], []

    def come_in() -> Page:
        context = browser.new_context(locale="en-US")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        return page

    yield come_in
    for context in contexts:
        context.close()
    assert [text for text in refused if "style" not in text] == [], "the page's policy refused something it needs"


def log_in(page: Page, server, name: str, password: str) -> None:
    page.goto(server.url("/akun/masuk/", "redaksi"))
    fill_in(page, name, password)
    page.wait_for_load_state()


def log_out(page: Page) -> None:
    page.locator("#account-menu summary").click()
    page.locator("#logout-form button").click()
    page.wait_for_url(re.compile("/akun/masuk/"))


def confirm_password(page: Page, password: str) -> None:
    """Confirm the log-in, which every change of how one logs in asks for."""
    if "/pastikan/" in page.url:
        page.locator("#id_password").fill(password)
        page.locator("#id_password").press("Enter")
        page.wait_for_load_state()


def code(secret: str, steps_ahead: int = 0) -> str:
    """A code that the app shows now, or shows in half a minute: each code works once, and a fast clock is tolerated."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps_ahead))


def test_from_an_invitation_to_publishing_until_the_role_ends(strict_server, person):
    server = strict_server
    chief, ani = person(), person()

    # The chief editor has a second factor already; without one the desk says what is missing.
    log_in(chief, server, "pemred", PASSWORD)
    expect(chief.locator("#content-main")).to_contain_text("faktor kedua")
    chief.get_by_role("link", name="Pasang sekarang").click()
    chief.get_by_role("link", name="Tambah passkey").click()
    confirm_password(chief, PASSWORD)
    chief.locator("#mfa_webauthn_add").click()
    chief.wait_for_url(re.compile("recovery-codes"))

    # She invites an editor; the link is shown a single time.
    chief.goto(server.url("/regions/invitation/add/", "redaksi"))
    chief.locator("#id_name").fill("Ani Putri")
    chief.locator("#id_email").fill("ani@pekon.web.id")
    chief.locator("#id_region").select_option(label="Payakumbuh")
    chief.locator("#id_role").select_option("redaktur")
    chief.get_by_role("button", name="Kirim undangan").click()
    link = chief.locator(".secret-link").inner_text()

    # The editor makes her account, and adds a passkey and an authenticator app.
    ani.goto(link)
    ani.locator("#id_username").fill("ani")
    ani.locator("#id_password1").fill(OWN_PASSWORD)
    ani.locator("#id_password2").fill(OWN_PASSWORD)
    ani.get_by_role("button", name="Buat akun saya").click()
    expect(ani.get_by_role("heading", name="Faktor kedua")).to_be_visible()
    ani.goto(server.url("/news/article/add/", "redaksi"))
    expect(ani.locator('button[value="publish"]')).to_have_count(0)
    ani.goto(server.url("/akun/dua-faktor/webauthn/add/", "redaksi"))
    confirm_password(ani, OWN_PASSWORD)
    ani.locator("#mfa_webauthn_add").click()
    ani.wait_for_url(re.compile("recovery-codes"))
    ani.goto(server.url("/akun/dua-faktor/totp/activate/", "redaksi"))
    confirm_password(ani, OWN_PASSWORD)
    secret = ani.locator("#authenticator_secret").input_value()
    ani.locator("#id_code").fill(code(secret))
    ani.locator("#id_code").press("Enter")
    ani.wait_for_url(re.compile("/akun/dua-faktor/$"))

    # She comes back with the passkey alone, and then with the password and a code.
    log_out(ani)
    ani.locator("#passkey_login").click()
    expect(ani.get_by_role("heading", name="Meja redaksi")).to_be_visible()
    log_out(ani)
    log_in(ani, server, "ani", OWN_PASSWORD)
    ani.wait_for_url(re.compile("/authenticate/"))
    ani.locator("#id_code").fill(code(secret, steps_ahead=1))
    ani.locator("#id_code").press("Enter")
    expect(ani.get_by_role("heading", name="Meja redaksi")).to_be_visible()

    # She publishes.
    ani.goto(server.url("/news/article/add/", "redaksi"))
    ani.locator("#id_title").fill("Jembatan Gantung Payakumbuh Dibuka")
    ani.locator("#id_section").select_option(label="Politik")
    ani.locator("div.ProseMirror[contenteditable]").click()
    ani.keyboard.type("Jembatan gantung dibuka pagi ini.")
    ani.locator("#id_kind").select_option("release")
    ani.locator(".acts").get_by_role("button", name="Setujui dan terbitkan").click()
    expect(ani.locator(".messagelist")).to_contain_text("Jembatan Gantung")
    number = re.search(r"/berita/(\d+)/", ani.locator(".messagelist a").get_attribute("href"))[1]
    assert server.get(f"/berita/{number}/jembatan-gantung-payakumbuh-dibuka/", "payakumbuh") == 200

    # Her role ends while her form is open: the next click is refused, and her text is given back.
    ani.goto(server.url(f"/news/article/{number}/change/", "redaksi"))
    ani.locator("#id_title").fill("Judul yang terlambat")
    chief.goto(server.url("/auth/user/", "redaksi"))
    chief.get_by_role("link", name="Ani Putri").click()
    chief.locator("#assignments-0 input[type=checkbox]").check()
    chief.get_by_role("button", name="Simpan").click()
    expect(chief.locator(".messagelist")).to_contain_text("Tersimpan")
    ani.locator(".acts").get_by_role("button", name="Simpan", exact=True).click()
    ani.wait_for_load_state()
    expect(ani.locator("body")).not_to_contain_text("Tersimpan")
    page = person()
    page.goto(server.url(f"/berita/{number}/jembatan-gantung-payakumbuh-dibuka/", "payakumbuh"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Jembatan Gantung Payakumbuh Dibuka")
