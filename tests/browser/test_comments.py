"""Comments on words: in the editor and where a story can only be read, by two people, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_story_form import PHONE
from tests.content.test_quotes import FOUND, TEXT
from tests.pages import looks

from .test_main_job import log_in  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
STORY = """
import django; django.setup()
from django.contrib.auth.models import User
from news.demo import builders
from regions.models import Region
people = {name: User.objects.get(username=name) for name in ("reporter", "redaktur")}
User.objects.filter(pk=people["redaktur"].pk).update(first_name="Budi", last_name="Piliang")
story = builders.make_article(Region.objects.get(subdomain="payakumbuh"), title="Jembatan Dikomentari",
    created_by=people["reporter"], body="<p>Wali Kota membuka jembatan.</p><p>Seratus <em>warga</em> datang.</p>")
print(story.pk)
"""
CHOOSE = """words => {
  const { editor } = document.querySelector("div.ProseMirror")
  let from = 0
  editor.state.doc.descendants((node, at) => {
    if (node.isText && node.text.includes(words)) from = at + node.text.indexOf(words)
  })
  editor.chain().focus().setTextSelection({ from, to: from + words.length }).run()
}"""
CHOOSE_READING = """() => {
  const text = document.getElementById("story-text")
  getSelection().setBaseAndExtent(text.querySelector("p").lastChild, 3, text.querySelectorAll("p")[1].firstChild, 7)
}"""


FIND = """async ([text, quotes]) => {
  const { find } = await import("pekon/comments/quotes")
  return quotes.map(([words, prefix, suffix]) => {
    const place = find(text, { words, prefix, suffix })
    return place && [place.start, place.isExact]
  })
}"""


def marked(page: Page) -> list[str]:
    return page.locator(".comment-words").all_inner_texts()


def test_words_are_commented_on_followed_answered_and_resolved(server, log_in):  # noqa: F811
    number = server.run("-c", STORY).split()[-1]
    address = server.url(f"/news/article/{number}/change/", "redaksi")
    page = log_in("redaktur")
    page.goto(address)
    body = page.locator("div.ProseMirror[contenteditable]")
    body.wait_for()

    # The browser finds words where the server does.
    asked = [[quote.words, quote.prefix, quote.suffix] for quote, _place in FOUND.values()]
    found = dict(zip(FOUND, page.evaluate(FIND, [TEXT, asked]), strict=True))
    assert found == {case: place and [place.start, place.is_exact] for case, (_quote, place) in FOUND.items()}

    page.evaluate(CHOOSE, "membuka jembatan")
    body.press("Control+Alt+m")
    box = page.get_by_label("Komentar Anda", exact=True)
    expect(box).to_be_focused()
    expect(page.locator("#comment-new .comment-quote")).to_have_text("membuka jembatan")
    page.keyboard.type("Kapan, @lin")
    expect(page.locator(".mention-list li")).to_have_text("Linda Sari")

    # The line is cut: what was typed stays, and the next press sends it once.
    page.keyboard.press("Enter")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#comment-new .comment-error")).to_contain_text("Belum terkirim")
    expect(box).to_have_value("Kapan, @Linda Sari ")
    page.context.set_offline(False)
    page.get_by_role("button", name="Kirim komentar").dblclick()
    thread = page.locator(".thread")
    expect(thread).to_have_count(1)
    expect(thread).to_be_focused()
    expect(thread.locator(".mention")).to_have_text("@Linda Sari")
    expect(box).to_have_value("")

    # The words are followed while somebody types before and in them, and after saving they are the same.
    page.evaluate(CHOOSE, "Wali")
    page.keyboard.type("Pagi ini wali")
    page.evaluate(CHOOSE, "membuka jembatan")
    page.keyboard.type("meresmikan")
    page.keyboard.type(" jembatan lama")
    expect(page.locator(".comment-words")).to_have_text(["meresmikan"])
    page.evaluate(CHOOSE, "Seratus")
    page.get_by_role("toolbar").get_by_role("button", name="Komentari", exact=True).click()
    page.keyboard.type("Sebelum disimpan")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".comment-words")).to_have_text(["meresmikan"])
    expect(box).to_have_value("Sebelum disimpan")
    expect(page.locator("#comment-new .comment-quote")).to_have_text("Seratus")
    expect(thread.locator(".comment-quote")).to_have_text("meresmikan")
    expect(thread.locator(".comment-changed")).to_be_hidden()
    assert looks.axe(page) == []
    page.goto("about:blank")  # whoever has left holds nobody up

    # The reporter on a phone: from the text to the thread and back, a reply, done.
    reporter = log_in("reporter")
    reporter.set_viewport_size(PHONE)
    reporter.get_by_role("link", name="Kapan, @Linda Sari").click()
    mine = reporter.locator(".thread")
    expect(mine).to_be_focused()
    expect(mine).to_be_in_viewport()
    mine.get_by_role("button", name="meresmikan").click()
    expect(reporter.locator("div.ProseMirror")).to_be_focused()
    expect(reporter.locator(".comment-words")).to_be_in_viewport()
    reporter.locator(".comment-words").click()
    reporter.get_by_role("button", name="Lihat komentarnya").click()
    expect(mine).to_be_focused()
    assert looks.axe(reporter) == []
    assert looks.sideways(reporter) == []
    mine.locator("summary", has_text="Balas").click()
    mine.get_by_label("Balasan Anda").fill("Tadi pagi.")
    mine.get_by_role("button", name="Kirim balasan").click()
    expect(mine.locator(".replies")).to_contain_text("Tadi pagi.")
    with reporter.expect_navigation():
        reporter.get_by_role("button", name="Ajukan", exact=True).click()

    # Now the reporter may only read the story, and comments on words all the same.
    reporter.goto(address)
    expect(reporter.locator("mark.comment-words")).to_have_text("meresmikan")
    reporter.evaluate(CHOOSE_READING)
    reporter.get_by_role("button", name="Komentari", exact=True).click()
    reporter.keyboard.type("Dari foto.")
    reporter.keyboard.press("Control+Enter")
    expect(reporter.locator(".thread")).to_have_count(2)
    expect(reporter.locator("#comment-threads .thread").last.locator(".comment-quote")).to_contain_text("Seratus")
    mark = reporter.locator("mark.comment-words").first
    mark.focus()
    mark.press("Enter")
    expect(reporter.locator(".thread").first).to_be_focused()
    reporter.locator(".thread").first.get_by_role("button", name="Selesai").click()
    expect(reporter.locator("#comments-resolved")).to_contain_text("1 komentar sudah selesai")
    assert not re.search("meresmikan", " ".join(marked(reporter)))
    assert looks.axe(reporter) == []
