"""Notices in a browser: the bell that counts by itself, the pages for everyone, and a device that is told."""

import base64
import json

import pytest
from playwright.sync_api import expect

from tests.pages import looks
from tests.server import Server

from .test_main_job import log_in  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.thorough, pytest.mark.browser, pytest.mark.xdist_group("notices")]
KEY = base64.urlsafe_b64encode(bytes(31) + b"\1").rstrip(b"=").decode()
STORY = """
import django; django.setup()
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from news.demo import builders
from news.models import Author
from news.publishing import comments, workflow
from regions.models import Region
reporter, editor = (User.objects.get(username=name) for name in ("reporter", "redaktur"))
author = Author.objects.get(user=reporter)
story = builders.make_article(Region.objects.get(subdomain="payakumbuh"), created_by=reporter, writers=[author],
    title="Wali Kota Payakumbuh Membuka Jembatan Baru di Atas Batang Agam yang Menghubungkan Dua Nagari")
comments.write(story, actor=editor, text="Sejak kapan jembatan ini dibangun? " * 8)
workflow.submit(story, actor=reporter)
workflow.return_to_writer(story, actor=editor, note="Tambah keterangan dari dinas.")
workflow.schedule(story, actor=editor, at=timezone.now() + timedelta(days=2))
print(story.pk)
"""
COMMENT = """
import django; django.setup()
from django.contrib.auth.models import User
from news.models import Article
from news.publishing import comments
comments.write(Article.objects.order_by("-pk").first(), actor=User.objects.get(username="redaktur"), text="Satu lagi.")
"""
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
# A browser without its push service: what it would answer.
PUSH_SERVICE = """() => {
  const subscription = {
    toJSON: () => ({ endpoint: "https://push.example.com/perangkat", keys: KEYS }),
    unsubscribe: async () => { window.unsubscribed = true },
  }
  PushManager.prototype.getSubscription = async () => window.subscribed ? subscription : null
  PushManager.prototype.subscribe = async (options) => {
    window.subscribed = options.applicationServerKey
    return subscription
  }
}"""
POINT = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
KEYS = json.dumps({"p256dh": POINT, "auth": "AAAAAAAAAAAAAAAAAAAAAA"})
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/kabar/")
  return (await registration.getNotifications()).map((shown) => [shown.title, shown.body, shown.tag, shown.data])
}"""


@pytest.fixture(scope="module")
def server():
    with Server(VAPID_PRIVATE_KEY=KEY, VAPID_CONTACT="mailto:teknologi@pekon.web.id") as running:
        running.run("-m", "tests.seed")
        running.run("-c", STORY)
        yield running


def test_the_bell_counts_by_itself_and_a_notice_leads_to_its_story(server, log_in):  # noqa: F811
    page = log_in("reporter")
    bell = page.locator(".bell")
    expect(bell).to_have_accessible_name("Kabar, 3 belum dibaca")
    expect(page).to_have_title("(3) Meja redaksi | Redaksi")
    server.run("-c", COMMENT)
    page.evaluate(LOOK_AGAIN)
    expect(bell).to_have_accessible_name("Kabar, 4 belum dibaca")
    expect(page).to_have_title("(4) Meja redaksi | Redaksi")
    bell.click()
    expect(page.locator(".notice-unread")).to_have_count(4)
    page.locator(".notice-link").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".thread").first).to_be_visible()
    page.goto(server.url("/", "redaksi"))
    expect(page.locator(".bell")).to_have_accessible_name("Kabar")
    expect(page.locator(".bell .top-count")).to_be_hidden()
    server.run("-c", COMMENT)
    page.goto(server.url("/kabar/", "redaksi"))
    page.get_by_role("button", name="Tandai semua sudah dibaca").click()
    expect(page.locator(".notice")).to_have_count(5)
    expect(page.locator(".notice-unread")).to_have_count(0)


def test_who_is_logged_out_is_asked_no_more(server, log_in):  # noqa: F811
    page = log_in("reporter")
    page.context.clear_cookies()
    with page.expect_response("**/kabar/jumlah/") as answer:
        page.evaluate(LOOK_AGAIN)
    assert answer.value.status == 401


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_pages_are_for_everyone(server, log_in, language):  # noqa: F811
    page = log_in("reporter")
    page.context.add_cookies([{"name": "redaksi-language", "value": language, "url": server.url("/", "redaksi")}])
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for path in ("/kabar/", "/akun/kabar/", "/kabar/?before=1"):
                page.goto(server.url(path, "redaksi"))
                assert looks.axe(page) == [], (width, scheme, path)
                assert looks.sideways(page) == [], (width, scheme, path)


def test_a_device_is_turned_on_told_and_turned_off(server, log_in):  # noqa: F811
    page = log_in("redaktur")
    origin = server.url("/", "redaksi").rstrip("/")
    page.context.grant_permissions(["notifications"], origin=origin)
    page.add_init_script(f"({PUSH_SERVICE.replace('KEYS', KEYS)})()")
    page.goto(server.url("/akun/kabar/", "redaksi"))
    page.get_by_role("button", name="Nyalakan di sini").click()
    off = page.get_by_role("button", name="Matikan di sini")
    expect(off).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="menyala")).to_be_visible()
    assert page.evaluate("window.subscribed") == page.locator("#push-device").get_attribute("data-key")
    page.reload()
    expect(off).to_be_visible()

    # What the push service delivers is shown, and a second message of its kind takes its place.
    session = page.context.new_cdp_session(page)
    registrations = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.getRegistration('/kabar/').then((found) => found.update())")
    message = {"title": "Ada kabar baru di redaksi", "body": "Komentar", "tag": "commented", "url": "/kabar/"}
    for _turn in range(2):
        parts = {"origin": origin, "registrationId": registrations[0]["registrationId"], "data": json.dumps(message)}
        session.send("ServiceWorker.deliverPushMessage", parts)
    page.wait_for_function(f"async () => (await ({SHOWN})()).length")
    assert page.evaluate(SHOWN) == [["Ada kabar baru di redaksi", "Komentar", "commented", "/kabar/"]]
    assert page.evaluate("caches.keys()") == []

    page.evaluate("window.subscribed = true")
    off.click()
    expect(page.get_by_role("button", name="Nyalakan di sini")).to_be_focused()
    assert page.evaluate("window.unsubscribed")
