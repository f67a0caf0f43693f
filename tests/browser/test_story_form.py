"""The story form as people use it: on a phone's first screen, by keyboard, with two photos, for everyone."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import photo_file
from tests.pages import looks

from .test_main_job import log_in, press, unfold  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
ADD = "/news/article/add/"
STORIES = """
import django; django.setup()
import json
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from news.demo import builders
from news.models import Author, Tag
from news.publishing import workflow
from regions.models import Region
region = Region.objects.get(subdomain="payakumbuh")
reporter, editor, chief = (User.objects.get(username=name) for name in ("reporter", "redaktur", "pemred"))
author = Author.objects.get(user=reporter)
made = {}
def story(state):
    own = {"created_by": reporter, "writers": [author], "tags": ["Pilkada 2024"]}
    article = builders.make_article(region, title=f"Berita {state}", **own)
    made[state] = article.pk
    return article
story("draft")
workflow.submit(story("submitted"), actor=reporter)
returned = workflow.submit(story("returned"), actor=reporter)
workflow.return_to_writer(returned, actor=editor, note="Tolong lengkapi.")
workflow.schedule(story("scheduled"), actor=editor, at=timezone.now() + timedelta(days=9))
workflow.publish(story("live"), actor=editor)
workflow.withdraw(workflow.publish(story("withdrawn"), actor=editor), actor=chief, reason="Keliru.")
print(json.dumps(made))
"""
LOOKS = {
    "reporter": ["new", "draft", "submitted", "returned", "withdrawn"],
    "redaktur": ["new", "submitted", "scheduled", "live", "conflict", "mistakes", "question"],
    "pemred": ["live"],
}
"""Person → what they look at: a state of a story, or an answer of the form."""


@pytest.fixture(scope="module")
def stories(server) -> dict[str, int]:
    """State → the number of a story in that state."""
    return json.loads(server.run("-c", STORIES).splitlines()[-1])


NOTHING_UNSAVED = """
import django; django.setup()
from news.models import WorkingCopy
WorkingCopy.objects.all().delete()
"""


def file(name: str, colour: str) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo_file((600, 400), colour).read()}


def words(page: Page) -> list[str]:
    return [page.locator(f"#id_photo_{name}").input_value() for name in ("caption", "alt")]


@contextmanager
def no_post(page: Page) -> Iterator[None]:
    """Nothing in here sends a form; what is typed may be kept, and the page may ask who is here."""
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    yield
    assert [url for url in sent if url.endswith(("/add/", "/change/"))] == []


def test_a_story_is_written_on_a_phone(server, log_in, stories):  # noqa: F811
    server.run("-c", NOTHING_UNSAVED)  # what other tests typed would be offered above the form
    page = log_in("reporter")
    page.set_viewport_size(PHONE)
    page.goto(server.url(ADD, "redaksi"))

    # The first screen has the title, the text, the photo and the button.
    submit = page.locator(".acts").get_by_role("button", name="Ajukan")
    editor = page.locator("div.ProseMirror[contenteditable]")
    for part in (submit, page.locator("#id_title"), editor, page.locator(".photo-choose button").first):
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + min(box["height"], 150) <= PHONE["height"]

    # Enter sends nothing, and the bar and the editor's toolbar stay apart and off the text.
    with no_post(page):
        page.locator("#id_title").fill("Warga memperbaiki jembatan gantung")
        page.keyboard.press("Enter")
        expect(page.locator("#id_title")).to_have_value("Warga memperbaiki jembatan gantung")
        expect(page.locator(".story-length")).to_contain_text("34 huruf")
        page.locator("#id_tags").press_sequentially("pilk")
        expect(page.locator(".tag-suggestions li")).to_have_text("Pilkada 2024")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#id_tags")).to_have_value("Pilkada 2024, ")
        page.locator("#id_tags").press_sequentially("Papan Ulin")
        page.keyboard.press("Enter")
        expect(page.locator("[data-new-tags]")).to_have_text("Tag baru: Papan Ulin")
        page.locator("#id_dateline").press("Enter")
        editor.click()
        page.keyboard.type("Warga. ")
        for _line in range(30):
            page.keyboard.press("Enter")
        page.keyboard.type("Selesai.")
    bar, tools = page.locator(".story-bar").bounding_box(), page.locator(".editor-toolbar").bounding_box()
    caret = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().top")
    assert bar["y"] == 0
    assert tools["y"] >= bar["height"] - 1
    assert caret > tools["y"] + tools["height"]

    # Two photos: each has its own words, whatever was typed for the other one.
    page.locator("#id_section").select_option(label="Politik")
    place = page.locator("#id_new_photo")
    place.set_input_files(file("a.jpg", "red"))
    page.locator("#id_photo_caption").fill("Kata untuk merah")
    expect(page.locator(".upload-done")).to_have_count(1)
    page.locator("#id_photo_alt").fill("Merah")
    press(page, "Simpan draf")
    expect(page.locator("#save-status")).to_contain_text("Tersimpan")
    assert words(page) == ["Kata untuk merah", "Merah"]
    page.locator(".photo-words > summary").click()
    page.locator("#id_photo_caption").fill("Ketikan yang belum disimpan")
    place.set_input_files(file("b.jpg", "green"))
    expect(page.locator(".upload-done")).to_have_count(1)
    assert words(page) == ["", ""]
    page.locator("#id_photo_alt").fill("Hijau")
    page.get_by_role("button", name="Pilih dari pustaka…").first.click()
    page.locator("dialog").get_by_role("button", name="Kata untuk merah").click()
    expect(page.locator("#id_photo_caption")).to_have_value("Ketikan yang belum disimpan")
    page.get_by_role("button", name="Pilih dari pustaka…").first.click()
    page.locator("dialog li button").first.click()  # the newest
    expect(page.locator("#id_photo_alt")).to_have_value("Hijau")
    expect(page.locator("#id_photo_caption")).to_have_value("")
    press(page, "Simpan draf")
    assert words(page) == ["", "Hijau"]
    page.goto(server.url("/images/photo/", "redaksi"))
    expect(page.locator(".library")).to_contain_text("Kata untuk merah")
    expect(page.locator(".library")).not_to_contain_text("Ketikan yang belum disimpan")


@pytest.mark.thorough
def test_the_form_is_for_everyone_in_every_state(server, log_in, stories):  # noqa: F811
    """Every state and answer in one of the four looks; languages and schemes take turns."""
    findings, turn = {}, 0
    for person, states in LOOKS.items():
        page = log_in(person)
        for state in states:
            turn += 1
            page.context.add_cookies(
                [{"name": "redaksi-language", "value": "en" if turn % 2 else "id", "url": server.url("/", "redaksi")}]
            )
            page.emulate_media(color_scheme="dark" if turn % 4 > 1 else "light")
            page.set_viewport_size(PHONE if turn % 3 else DESK)
            open_form(page, server, state, stories)
            found = looks.axe(page) + looks.sideways(page)
            if found:
                findings[f"{person}, {state}"] = found
    for beside in ("versions", "compare"):
        page.goto(server.url(f"/news/article/{next(iter(stories.values()))}/{beside}/", "redaksi"))
        if found := looks.axe(page) + looks.sideways(page):
            findings[beside] = found
    assert not findings, looks.listed(findings)


def open_form(page: Page, server, state: str, stories: dict[str, int]) -> None:
    answers = {"conflict", "mistakes", "question"}
    number = stories["submitted" if state in answers else state] if state != "new" else None
    page.goto(server.url(f"/news/article/{number}/change/" if number else ADD, "redaksi"))
    if state not in answers:
        return
    page.wait_for_load_state("networkidle")  # what was typed before and left is sent first, and offered
    if state == "conflict":
        page.locator("#id_title").fill("Judul saya")
        page.evaluate("document.querySelector('[name=version]').value = 0")
    if state == "mistakes":
        page.locator("#id_title").fill("Abc")
        page.locator("#id_section").select_option("")
        page.locator("#bylines-heading").click()
        page.locator("#bylines-group .add-row a").click()
    if state == "question":
        page.locator(".bar-menu > summary").click()
        page.locator(".bar-menu details summary").first.click()
        page.locator("#id_published_at").fill("2099-01-02T03:04")
        page.locator(".acts > button").click()
        expect(page.locator(".story-question")).to_be_visible()
        return
    page.keyboard.press("Control+s")
    expect(page.locator(".errornote")).to_be_visible()
    if state == "mistakes":
        expect(page.locator("#id_title")).to_be_focused()
        page.locator(".errornote a", has_text=re.compile("Penulis|Author")).click()
        expect(page.locator("#bylines-group details")).to_have_attribute("open", "")
