"""The main job, end to end: from a reporter's first line to a reader's phone."""

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import photo_file
from tests.newsroom_browser import fill_in

pytestmark = [pytest.mark.browser, pytest.mark.databases, pytest.mark.xdist_group("browser")]
SEEN = 1_100
"""Milliseconds after which every page shows a change (docs/decisions/0030)."""
WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def log_in(server, browser):
    """`log_in(name)`: a page in that person's own browser, at the desk."""
    contexts, refused = [], []

    def as_person(name: str) -> Page:
        context = browser.new_context(locale="en-US")
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
        page.set_default_timeout(15_000)
        page.goto(server.url("/", "redaksi"))
        fill_in(page, name)
        expect(page.get_by_role("heading", name="Meja redaksi")).to_be_visible()
        return page

    yield as_person
    for context in contexts:
        context.close()
    assert [text for text in refused if "style" not in text] == [], "the page's policy refused something it needs"


def press(page: Page, name: str) -> None:
    """Press a button of the bar, or of its menu."""
    acts = page.locator(".acts")
    if not acts.get_by_role("button", name=name, exact=True).is_visible():
        acts.locator(".bar-menu > summary").click()
    with page.expect_navigation():
        acts.get_by_role("button", name=name, exact=True).click()


def unfold(page: Page, name: str) -> None:
    """Open what an act in the bar's menu asks for."""
    page.locator(".bar-menu > summary").click()
    page.locator(".bar-menu").get_by_text(name).click()


def test_from_a_reporters_first_line_to_a_readers_phone(server, log_in, page):
    reporter, editor = log_in("reporter"), log_in("redaktur")

    # The reporter writes an article with a photo, and submits it.
    reporter.get_by_role("link", name="Tulis berita").click()
    reporter.locator("#id_title").fill("Warga Payakumbuh Perbaiki Jembtan Gantung")
    reporter.locator("#id_section").select_option(label="Politik")
    body = reporter.locator("div.ProseMirror[contenteditable]")
    body.click()
    reporter.keyboard.type("Payakumbuh - Puluhan warga memperbaiki jembatan gantung.")
    reporter.keyboard.press("Enter")
    reporter.keyboard.type("Pekerjaan selesai dalam dua hari. (ls)")
    reporter.locator("#id_tags").fill("Jembatan, Gotong Royong")
    picture = photo_file((1200, 800)).read()
    upload = {"name": "IMG_2024.jpg", "mimeType": "image/jpeg", "buffer": picture}
    reporter.locator("#id_new_photo").set_input_files(upload)
    reporter.locator("#id_photo_credit").fill("Linda Sari")
    reporter.locator("#id_photo_alt").fill("Warga memasang papan jembatan")
    expect(reporter.locator(".upload-done")).to_be_visible()
    press(reporter, "Simpan draf")
    number = int(re.search(r"/news/article/(\d+)/change/", reporter.url)[1])
    expect(reporter.locator(".state")).to_have_text("draf")
    press(reporter, "Ajukan")
    expect(reporter.locator(".messagelist")).to_contain_text("redaktur")

    # The editor sends it back with a note; the reporter mends it and submits it again.
    article_form = server.url(f"/news/article/{number}/change/", "redaksi")
    editor.goto(article_form)
    unfold(editor, "Kembalikan…")
    editor.locator("#id_note").fill("Tolong tambah jumlah warga.")
    press(editor, "Kembalikan")
    reporter.goto(article_form)
    expect(reporter.locator(".returned-note")).to_contain_text("Tolong tambah jumlah warga.")
    # Not by keys: right after it gets the focus, the editor restores its own caret. The focus comes a frame later.
    reporter.locator("div.ProseMirror[contenteditable]").evaluate("body => body.editor.commands.focus('start')")
    expect(reporter.locator("div.ProseMirror[contenteditable]")).to_be_focused()
    reporter.keyboard.type("Sebanyak 40 orang hadir. ")
    expect(reporter.locator("div.ProseMirror[contenteditable]")).to_contain_text("Sebanyak 40 orang hadir. Puluhan")
    press(reporter, "Ajukan")

    # The editor schedules it, seconds ahead, by the region's clock.
    due = (datetime.now(WIB) + timedelta(seconds=15)).replace(microsecond=0)
    editor.goto(article_form)
    unfold(editor, "Jadwalkan…")
    editor.locator("#id_published_at").fill(due.strftime("%Y-%m-%dT%H:%M:%S"))
    press(editor, "Jadwalkan")
    expect(editor.locator(".messagelist")).to_contain_text(f"{due:%H:%M} WIB")

    # Before its time it is nowhere; at its time it is there, without worker, cron or a request in between.
    path = f"/berita/{number}/warga-payakumbuh-perbaiki-jembtan-gantung/"
    assert time.time() < due.timestamp(), "the machine took too long to get here"
    assert server.get(path, "payakumbuh") == 404
    if time.time() < due.timestamp():
        time.sleep(due.timestamp() - time.time())
    assert server.get(path, "payakumbuh") == 200

    # In the lists of the region, its province and the network; not in a sister region's.
    for host, there in {"payakumbuh": True, "sumaterabarat": True, "": True, "limapuluhkota": False}.items():
        page.goto(server.url("/indeks/", host))
        expect(page.get_by_role("link", name="Warga Payakumbuh Perbaiki")).to_have_count(1 if there else 0)

    # One address: the sister's host leads to it. The page has its anatomy.
    page.goto(server.url(path, "limapuluhkota"))
    assert page.url == server.url(path, "payakumbuh")
    host = "PAYAKUMBUH.LOCALHOST"
    expect(page.locator(".masthead-network")).to_have_text("LOCALHOST")
    expect(page.locator(".byline")).to_have_text(f"Linda Sari - {host}")
    expect(page.locator(".story-time")).to_have_text(re.compile(r"^\s*\w{3} \d{1,2}, \d{4} - \d{2}:\d{2}\s*$"))
    expect(page.locator(".story-body p").first).to_have_text(
        "Payakumbuh - Sebanyak 40 orang hadir. Puluhan warga memperbaiki jembatan gantung."
    )
    expect(page.locator(".story-body p").last).to_have_text("Pekerjaan selesai dalam dua hari. (ls).")
    expect(page.locator("figcaption")).to_contain_text("Warga Payakumbuh Perbaiki Jembtan Gantung Foto: Linda Sari")
    assert page.locator(".story-photo img").evaluate("image => image.complete && image.naturalWidth > 300")

    # A correction of the typo keeps the address.
    editor.goto(article_form)
    editor.locator("#id_title").fill("Warga Payakumbuh Perbaiki Jembatan Gantung")
    press(editor, "Simpan")
    page.wait_for_timeout(SEEN)
    page.goto(server.url(path, "payakumbuh"))
    assert page.url == server.url(path, "payakumbuh")
    expect(page.get_by_role("heading", level=1)).to_have_text("Warga Payakumbuh Perbaiki Jembatan Gantung")

    # An editor is not offered a withdrawal; the chief editor withdraws it, with a reason that readers see.
    editor.goto(article_form)
    expect(editor.locator('button[value="withdraw"]')).to_have_count(0)
    chief = log_in("pemred")
    chief.goto(article_form)
    unfold(chief, "Cabut…")
    chief.locator("#id_reason").fill("Keterangan narasumber keliru.")
    press(chief, "Cabut")
    page.wait_for_timeout(SEEN)
    assert page.goto(server.url(path, "payakumbuh")).status == 410
    expect(page.locator("main")).to_contain_text("Keterangan narasumber keliru.")
    expect(page.locator("body")).not_to_contain_text("Jembatan")


def test_reader_pages_do_not_scroll_sideways_and_need_no_script(server, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    for path in ("/", "/indeks/", "/rubrik/politik/", "/tidak-ada/"):
        page.goto(server.url(path, "limapuluhkota"))
        expect(page.locator("main")).to_be_visible()
    context.close()
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    for path in ("/", "/indeks/", "/tidak-ada/"):
        page.goto(server.url(path, "payakumbuh"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
