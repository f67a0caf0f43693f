"""No typed word is lost: cut lines, closed browsers, ended sessions, Back, double presses."""

import re
import time
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests import chromium
from tests.newsroom_browser import ON_DEVICE, UNTIL_ON_DEVICE, fill_in
from tests.pages import looks

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
COUNT = "import django; django.setup(); from news.models import *; print({})"


@pytest.fixture(autouse=True)
def patient():
    """A busy machine takes its time."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@contextmanager
def device(browser_type, folder):
    """A page in a browser whose storage outlives it, as on a phone."""
    options = chromium.launch_options() | {"viewport": {"width": 390, "height": 844}, "locale": "id-ID"}
    context = browser_type.launch_persistent_context(str(folder), **options)
    refused = []
    page = context.new_page()
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.set_default_timeout(30_000)
    yield page
    context.close()
    assert [text for text in refused if "style" not in text] == []


def log_in(page: Page, server, name="reporter") -> None:
    page.goto(server.url("/akun/masuk/", "redaksi"))
    fill_in(page, name)
    expect(page.get_by_role("heading", name="Meja redaksi")).to_be_visible()


def body(page: Page):
    return page.locator(".field-body div.ProseMirror[contenteditable]")


def status(page: Page):
    return page.locator("#save-status")


def count(server, what: str) -> int:
    return int(server.run("-c", COUNT.format(what)).split()[-1])


def accessible(page: Page, part: str) -> bool:
    """Whether axe finds nothing in that part of the page."""
    found = looks.AXE.run(page, context=part, options={"runOnly": {"type": "tag", "values": looks.WCAG}})
    assert found.response["violations"] == []
    return True


def press(page: Page, name: str) -> None:
    """Press a button of the bar, or of its menu."""
    button = page.locator(".acts").get_by_role("button", name=name, exact=True)
    if not button.is_visible():
        page.locator(".bar-menu > summary").click()
    button.click()


def until_sent(page: Page) -> None:
    """Wait until what is on the device is at the server; the page loads itself anew then."""
    for _turn in range(300):
        with suppress(Error):  # it is being loaded
            if page.evaluate(ON_DEVICE) == 0:
                break
        page.wait_for_timeout(100)
    page.reload()


def test_a_story_survives_everything_and_is_stored_once(server, browser_type, tmp_path):
    title = "Jembatan Gantung yang Tidak Hilang"
    server.run("-c", COUNT.format("WorkingCopy.objects.all().delete()"))  # of other tests
    with device(browser_type, tmp_path / "phone") as page:
        log_in(page, server)
        page.goto(server.url("/news/article/add/", "redaksi"))
        page.locator("#id_title").fill(title)
        page.locator("#id_section").select_option(label="Politik")
        body(page).click()
        page.keyboard.type("Kalimat pertama.")
        expect(status(page)).to_contain_text("Tersimpan otomatis")

        # The line is cut: what is typed stays on the device, and saving waits on the page.
        page.context.set_offline(True)
        page.keyboard.type(" Kalimat tanpa jaringan.")
        expect(status(page)).to_contain_text("menunggu jaringan")
        press(page, "Simpan draf")
        expect(status(page)).to_contain_text("Tersimpan sendiri begitu jaringan kembali")
        body(page).click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" Dan sesudahnya.")
        expect(body(page)).to_contain_text("Dan sesudahnya.")
        page.evaluate(UNTIL_ON_DEVICE, "Dan sesudahnya.")

    # The phone died. The next day the story is offered where one writes a new one.
    with device(browser_type, tmp_path / "phone") as page:
        log_in(page, server)
        page.goto(server.url("/news/article/add/", "redaksi"))
        until_sent(page)
        expect(page.locator(".recovery")).to_contain_text(title)
        assert accessible(page, ".recovery")
        page.get_by_role("link", name="Lanjutkan").click()
        whole = "Kalimat pertama. Kalimat tanpa jaringan. Dan sesudahnya."
        expect(body(page)).to_have_text(whole)
        expect(page.locator("#id_title")).to_have_value(title)
        expect(page.locator("#id_section option:checked")).to_have_text("Politik")
        assert accessible(page, ".recovery")

        # The session is over: the page asks for a log-in, and saves by itself after it.
        page.context.clear_cookies()
        press(page, "Simpan draf")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        assert accessible(page, "dialog")
        with page.context.expect_page() as opened:
            dialog.get_by_role("link", name="Masuk").click()
        fill_in(opened.value, "reporter")
        expect(opened.value.get_by_text("Anda sudah masuk lagi")).to_be_visible()
        opened.value.close()
        page.bring_to_front()
        page.wait_for_url(re.compile(r"/news/article/\d+/change/$"))
        expect(body(page)).to_have_text(whole)
        assert count(server, f"Article.objects.filter(title={title!r}).count()") == 1
        assert count(server, "WorkingCopy.objects.count()") == 0

        # Back does not lead to the form that made it, but to an empty one.
        address = page.url
        page.go_back()
        expect(page.locator("#id_title")).to_have_value("")
        expect(page.locator(".recovery")).to_have_count(0)
        page.goto(address)

        # Two presses on a slow line are one.
        def slowly(route):
            if route.request.method == "POST" and "/change/" in route.request.url:
                time.sleep(0.3)
            route.continue_()

        page.route("**/*", slowly)
        page.get_by_role("button", name="Ajukan", exact=True).dblclick()
        expect(page.get_by_role("heading", name="Meja redaksi")).to_be_visible()
        assert count(server, f"Article.objects.filter(title={title!r}).count()") == 1
        assert count(server, f"Event.objects.filter(verb='submitted', article__title={title!r}).count()") == 1


def test_two_people_in_one_story_take_turns(server, browser):
    def come_in(name: str) -> Page:
        page = browser.new_context(locale="id-ID").new_page()
        page.set_default_timeout(30_000)
        log_in(page, server, name)
        return page

    editor, chief = come_in("redaktur"), come_in("pemred")
    editor.goto(server.url("/news/article/add/", "redaksi"))
    editor.locator("#id_title").fill("Berita yang Ditulis Berdua")
    editor.locator("#id_section").select_option(label="Politik")
    press(editor, "Simpan draf")
    editor.wait_for_url(re.compile("/change/$"))
    body(editor).click()
    with editor.expect_response(re.compile("/presence/")):
        editor.keyboard.type("Redaktur menulis.")
    chief.goto(editor.url)
    panel = chief.locator("#people")
    expect(panel).to_contain_text(re.compile(r"sedang menulis naskahnya"))
    assert accessible(chief, "#people")
    expect(body(chief)).to_have_attribute("contenteditable", "false")
    chief.get_by_role("toolbar").get_by_role("button", name="Tabel", exact=True).click()
    expect(body(chief).locator("table")).to_have_count(0)
    panel.get_by_role("button", name="Minta giliran menulis").click()
    expect(panel).to_contain_text("sudah diminta")
    editor.reload()  # asks at once who is here
    editor.locator("#people").get_by_role("button", name="Beri giliran").click()
    expect(editor.locator("#people")).to_contain_text("pemred sedang menulis")
    expect(body(chief)).to_have_attribute("contenteditable", "true")
    for page in (editor, chief):
        page.context.close()


def test_while_the_newsroom_is_read_only_it_says_why_keeps_what_is_typed_and_goes_on_by_itself(
    server, browser_type, tmp_path
):
    title, note = "Ditulis saat hanya baca", "Kembali pukul 23.00 WIB."
    with device(browser_type, tmp_path) as page:
        log_in(page, server)
        page.goto(server.url("/news/article/add/", "redaksi"))
        page.locator("#id_section").select_option(label="Politik")
        server.run("manage.py", "read_only", "on", note)
        try:
            page.wait_for_timeout(1_100)  # each process knows after a second
            page.locator("#id_title").fill(title)
            page.evaluate(UNTIL_ON_DEVICE, title)
            press(page, "Simpan draf")
            expect(page.locator("#save-status")).to_contain_text(note)
            assert count(server, f"Article.objects.filter(title='{title}').count()") == 0
        finally:
            server.run("manage.py", "read_only", "off")
        page.wait_for_url(re.compile(r"/article/\d+/change/$"), timeout=60_000)
        assert count(server, f"Article.objects.filter(title='{title}').count()") == 1
