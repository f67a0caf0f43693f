"""The body editor as a reporter uses it: typing, tools, pickers, and what comes out of other programs."""

import base64
import re
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import press
from tests.conftest import photo_file
from tests.newsroom_browser import fill_in
from tests.pages import looks

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASTES = tomllib.loads(Path(__file__).with_name("pastes.toml").read_text("utf-8"))["case"]
PASTE = """([html, text]) => {
  const editable = document.querySelector("div.ProseMirror[contenteditable]")
  editable.editor.commands.clearContent()
  const clipboardData = new DataTransfer()
  if (html) clipboardData.setData("text/html", html)
  clipboardData.setData("text/plain", text)
  editable.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
  return [editable.editor.getHTML(), document.querySelector(".editor-notes").innerText]
}"""


@pytest.fixture
def page(server, page):
    """The form of a new story, before a reporter who writes in Indonesian."""
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.set_default_timeout(15_000)
    page.goto(server.url("/", "redaksi"))
    fill_in(page, "reporter")
    page.get_by_role("link", name="Tulis berita").click()
    page.locator("div.ProseMirror[contenteditable]").wait_for()
    yield page
    assert [text for text in refused if "inline style" not in text] == []


def axe(page: Page, part: str) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": looks.WCAG}}
    found = looks.AXE.run(page, part, options).response["violations"]
    return [f"{violation['id']}: {violation['nodes'][0]['html'][:120]}" for violation in found]


def test_what_other_programs_put_into_the_clipboard_comes_out_clean(page):
    """Every case of pastes.toml, under the page's real policy."""
    assert len(PASTES) >= 60
    wrong = {}
    for case in PASTES:
        made, told = page.evaluate(PASTE, [case.get("html", ""), case.get("text", "")])
        if made != case["result"] or (case["told"] not in told if "told" in case else told):
            wrong[case["name"]] = (made, told)
    assert wrong == {}


def to_end(body):
    """Move the caret behind the text. Not by keys: right after it gets the focus, the editor restores its own caret."""
    body.evaluate("body => body.editor.commands.focus('end')")
    expect(body).to_be_focused()


def test_a_reporter_writes_with_quotes_tools_photos_and_stories_to_read_also(server, page):
    body, field = page.locator("div.ProseMirror[contenteditable]"), page.locator("#id_body")
    tool = lambda name: page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)  # noqa: E731

    # Typed text gets a newspaper's quotation marks; asterisks stay; words are counted.
    expect(page.locator("#id_title")).to_be_focused()
    body.click()
    page.keyboard.type("Kata dia, \"Ini 'baik' -- sekali...\" *) catatan (**)")
    expect(page.locator(".editor-count")).to_have_text(re.compile(r"^9 kata · 1 menit baca$"))
    expect(field).to_have_value("<p>Kata dia, “Ini ‘baik’ – sekali…” *) catatan (**)</p>")

    # Tools say what is on, by keyboard too.
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    expect(tool("Tebal")).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("tebal")
    page.keyboard.press("Control+b")
    expect(tool("Tebal")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Alt+F10")
    expect(tool("Judul bagian")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tool("Judul bagian kecil")).to_be_focused()

    # A link: an address that is typed is the first choice.
    body.click()
    to_end(body)
    page.keyboard.press("Enter")
    page.keyboard.type("lihat tautan ini")
    page.keyboard.press("Control+Shift+ArrowLeft")
    while page.evaluate("document.querySelector('div.ProseMirror').editor.state.selection.empty"):
        page.wait_for_timeout(50)  # not by wait_for_function(), whose eval() the page's policy refuses
    page.keyboard.press("Control+k")
    page.get_by_label("Cari").fill("kpu.go.id/hasil")
    page.get_by_role("button", name="kpu.go.id/hasil").click()
    expect(body).to_be_focused()
    expect(body.locator("a")).to_have_attribute("href", "https://kpu.go.id/hasil")

    # A picture that was pasted is offered for upload, and stands in the text when it is there.
    to_end(body)
    page.keyboard.press("Enter")
    data = base64.b64encode(photo_file((320, 200)).read()).decode()
    html = f'<p>Tempel</p><img src="data:image/jpeg;base64,{data}" width="320" height="200">'
    page.evaluate(PASTE.replace("editable.editor.commands.clearContent()", ""), [html, "Tempel"])
    page.get_by_role("button", name="Unggah", exact=True).click()
    expect(body.locator("figure img")).to_have_attribute("src", re.compile(r"/media/"))

    # The same photo, from the picker, by keyboard alone; the dialog's and the editor's findings by axe are none.
    to_end(body)
    tool("Sisipkan foto").click()
    dialog = page.get_by_role("dialog", name="Pilih foto")
    expect(dialog.locator("li img").first).to_be_visible()
    assert axe(page, ".picker") == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(body).to_be_focused()
    expect(body.locator("figure")).to_have_count(2)

    # A table, raised figures, full screen and back.
    to_end(body)
    page.keyboard.press("Enter")
    tool("Tabel").click()
    page.keyboard.type("Nama")
    page.keyboard.press("Tab")
    page.keyboard.type("Suara")
    tool("Hapus kolom").click()
    tool("Layar penuh").click()
    expect(tool("Layar penuh")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(tool("Layar penuh")).to_have_attribute("aria-pressed", "false")
    assert axe(page, ".body-editor") == []

    # What is stored is what is shown again.
    page.locator("#id_title").fill("Warga memperbaiki jembatan gantung")
    page.locator("#id_section").select_option(label="Politik")
    press(page, "Simpan draf")
    page.wait_for_url("**/change/")
    stored = field.input_value()
    for piece in (
        "<strong>tebal</strong>",
        'lihat tautan <a href="https://kpu.go.id/hasil">ini</a>',
        "<p>Tempel</p>",
        "<th><p>Nama</p></th>",
    ):
        assert piece in stored
    assert re.findall(r'data-photo="(\d+)"', stored) == [re.search(r'data-photo="(\d+)"', stored)[1]] * 2
    assert body.evaluate("body => body.editor.getHTML()") == stored
    expect(body.locator("figure img").first).to_have_attribute("src", re.compile(r"/media/"))
