"""The review of a story and acts with several stories, by keyboard, on a phone, without scripts, for everyone."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.newsroom_browser import fill_in
from tests.pages import looks

from .test_main_job import log_in  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.thorough, pytest.mark.browser, pytest.mark.xdist_group("desk")]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
STORIES = """
import django; django.setup()
import json
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from news.demo import builders
from news.models import Article, Author, Status
from news.publishing import comments, workflow
from regions.models import Region
for left in Article.objects.in_review():
    workflow.return_to_writer(left, actor=User.objects.get(username="pemred"), note="Lain kali.")
region = Region.objects.get(subdomain="payakumbuh")
reporter, editor, chief = (User.objects.get(username=name) for name in ("reporter", "redaktur", "pemred"))
author = Author.objects.get(user=reporter)
made = []
for number in range(4):
    text = "".join(f"<p>Warga Payakumbuh memperbaiki jembatan, kata saksi ke-{line}.</p>" for line in range(9))
    story = builders.make_article(
        region, title=f"Tinjauan ke-{number}: warga memperbaiki jembatan gantung", body=text, created_by=reporter,
        writers=[author], tags=["Jembatan", "Gotong royong"],
    )
    made.append(story.pk)
    if number == 0:
        workflow.submit(story, actor=reporter)
        workflow.return_to_writer(story, actor=editor, note="Tolong tambah keterangan kepala dinas.")
        story = Article.objects.get(pk=story.pk)
        story.title, story.body = "Tinjauan ke-0: warga memperbaiki jembatan", text + "<p>Kepala dinas membenarkan.</p>"
        workflow.save(story, actor=reporter)
        comments.write(story, actor=chief, text="Apakah angkanya sudah dicek?")
    workflow.submit(Article.objects.get(pk=story.pk), actor=reporter, note="Foto menyusul sore ini.")
print(json.dumps(made))
"""


@pytest.fixture
def stories(server) -> list[int]:
    """The numbers of four stories that wait for review, oldest first; no others wait."""
    return json.loads(server.run("-c", STORIES).splitlines()[-1])


def review(server, number: int) -> str:
    return server.url(f"/news/article/{number}/tinjau/", "redaksi")


def keep(page: Page, name: str) -> None:
    """Leave a picture for whoever wants to look."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=False)
        page.screenshot(path=str(Path(folder) / f"{name}-whole.png"), full_page=True)


def test_the_queue_is_walked_by_keys(server, log_in, stories):  # noqa: F811
    page = log_in("redaktur")
    page.goto(review(server, stories[0]))
    expect(page.locator(".review-queue")).to_contain_text("3 lagi menunggu")
    expect(page.locator("#review-keys")).to_be_visible()
    page.keyboard.press("n")
    page.wait_for_url(review(server, stories[1]))
    expect(page.locator("#review-keys")).to_be_visible()
    page.keyboard.press("p")
    page.wait_for_url(review(server, stories[0]))
    expect(page.locator("#review-keys")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#review-keys dl")).to_be_visible()

    # Letters that are typed are letters.
    page.keyboard.press("Escape")
    page.locator("#review-acts summary", has_text="Kembalikan").click()
    note = page.locator("#id_note")
    note.press_sequentially("np?e")
    expect(note).to_have_value("np?e")
    assert page.url == review(server, stories[0])

    # A note that is not sent is not lost by a key.
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("h1").click()
    page.keyboard.press("n")
    page.wait_for_timeout(0)
    expect(note).to_have_value("np?e")
    assert asked == ["beforeunload"]
    note.fill("")

    # Keys can be turned off, and stay off.
    page.locator("#review-keys summary").click()
    page.locator("#review-keys-on").uncheck()
    page.reload()
    expect(page.locator("#review-keys")).to_be_visible()
    expect(page.locator("#review-keys-on")).not_to_be_checked()
    page.keyboard.press("n")
    page.locator("#review-next").click()
    page.wait_for_url(review(server, stories[1]))


def test_stories_are_decided_one_after_the_other(server, log_in, stories):  # noqa: F811
    page = log_in("redaktur")
    page.goto(server.url("/news/article/tinjau/", "redaksi"))
    page.wait_for_url(review(server, stories[0]))
    expect(page.locator("#changes")).to_contain_text("Kepala dinas membenarkan.")
    expect(page.locator(".review-notes")).to_contain_text("Foto menyusul sore ini.")
    expect(page.locator(".review-notes")).to_contain_text("Tolong tambah keterangan kepala dinas.")
    page.locator(".thread summary", has_text="Balas").click()
    page.locator(".thread textarea").first.fill("Sudah.")
    page.get_by_role("button", name="Kirim balasan").click()
    expect(page.locator(".replies")).to_contain_text("Sudah.")
    page.get_by_role("button", name="Setujui dan terbitkan").click()
    page.wait_for_url(review(server, stories[1]))
    expect(page.locator(".messagelist")).to_contain_text("Tinjauan ke-0")
    page.locator("#review-acts summary", has_text="Jadwalkan").click()
    page.locator("#id_at").fill("2001-01-02T03:04")
    page.locator("#review-acts button[value=schedule]").click()
    expect(page.locator("#review-acts [role=alert]")).to_be_visible()
    expect(page.locator("#id_at")).to_have_value("2001-01-02T03:04")
    page.locator("#id_at").fill("2099-01-02T03:04")
    page.locator("#review-acts button[value=schedule]").click()
    page.wait_for_url(review(server, stories[2]))
    expect(page.locator(".messagelist")).to_contain_text("WIB")


def test_two_editors_see_each_other(server, log_in, stories):  # noqa: F811
    one, other = log_in("redaktur"), log_in("pemred")
    with one.expect_response(lambda response: response.url.endswith("/presence/")):
        one.goto(review(server, stories[1]))
    other.goto(review(server, stories[1]))
    expect(other.locator("#review-people")).to_contain_text("redaktur sedang meninjau berita ini.")
    other.locator("#review-acts summary", has_text="Kembalikan").click()
    other.locator("#id_note").fill("Tolong lengkapi.")
    other.locator("#review-acts button[value=return]").click()
    other.wait_for_url(review(server, stories[2]))
    one.get_by_role("button", name="Setujui dan terbitkan").click()
    expect(one.locator("#conflict")).to_be_visible()
    expect(one.locator("#review-acts")).to_contain_text("menyimpan")


def test_it_works_without_a_script(server, browser, stories):
    context = browser.new_context(locale="en-US", java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(server.url("/", "redaksi"))
    fill_in(page, "redaktur")
    page.goto(review(server, stories[0]))
    page.locator("#comment-text").fill("Siapa saksi ke-3?")
    page.locator("#comment-new button[value=add]").click()
    expect(page.locator("#comment-threads")).to_contain_text("Siapa saksi ke-3?")
    assert page.url.startswith(review(server, stories[0]))
    page.locator("#review-acts summary", has_text="Kembalikan").click()
    page.locator("#review-acts button[value=return]").click()
    page.wait_for_url(review(server, stories[1]))
    page.goto(server.url("/news/article/?state=submitted", "redaksi"))
    for box in page.locator("input.action-select").all()[:2]:
        box.check()
    page.locator("select[name=action]").select_option("publish")
    page.locator("#changelist button[name=index]").click()
    page.get_by_role("button", name="Terbitkan sekarang").click()
    expect(page.locator(".bulk-sum")).to_contain_text("Selesai untuk 2 berita")
    context.close()


def test_everybody_can_use_these_pages(server, log_in, stories):  # noqa: F811
    page, findings = log_in("pemred"), {}

    def look(name: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width, size in (("phone", PHONE), ("desk", DESK)):
                page.set_viewport_size(size)
                keep(page, f"{name}-{width}-{scheme}")
                if found := looks.axe(page) + looks.sideways(page):
                    findings[f"{name}, {width}, {scheme}"] = found

    for language in ("id", "en"):
        page.goto(review(server, stories[0]))
        expect(page.locator("#review-keys")).to_be_visible()
        look(f"review-{language}")
        page.goto(review(server, stories[1]))
        page.locator("#review-acts summary").last.click()
        page.locator("#review-acts button[value=return]").click()
        if language == "id":
            expect(page.locator("#review-acts [role=alert]")).to_be_visible()
            look("review-refused")
        page.goto(review(server, stories[1]))
        page.evaluate("document.querySelector('#review-acts [name=version]').value = 1")
        page.locator("#review-acts button[value=publish]").click()
        expect(page.locator("#conflict")).to_be_visible()
        look(f"review-conflict-{language}")
        page.goto(server.url("/news/article/?state=submitted", "redaksi"))
        look(f"list-{language}")
        for box in page.locator("input.action-select").all()[:2]:
            box.check()
        page.locator("select[name=action]").select_option("withdraw")
        page.locator("#changelist button[name=index]").click()
        expect(page.locator(".bulk-list")).to_be_visible()
        look(f"bulk-ask-{language}")
        page.locator("#id_reason").fill("Keliru.")
        page.locator(".bulk-acts button").click()
        expect(page.locator(".bulk-sum")).to_be_visible()
        look(f"bulk-result-{language}")
        page.set_viewport_size(DESK)
        page.locator("#account-menu summary").click()
        page.locator("#account-menu .language button").click()
    assert not findings, looks.listed(findings)
