"""The schedule in a browser: moved by mouse, by keyboard and without a script, from browsers in four zones."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.newsroom_browser import fill_in
from tests.pages import looks

from .test_main_job import press, unfold

pytestmark = [pytest.mark.thorough, pytest.mark.browser, pytest.mark.xdist_group("desk")]
STORY = """
import django; django.setup()
import sys
from datetime import date, datetime
from django.contrib.auth.models import User
from news.demo import builders
from news.models import PlannedIdea
from news.publishing import workflow
from regions.models import Region
region = Region.objects.get(subdomain="payakumbuh")
editor = User.objects.get(username="redaktur")
moment = datetime.fromisoformat(sys.argv[1]).replace(tzinfo=region.zone)
own = {"region": region, "section": builders.make_section(), "created_by": editor}
PlannedIdea.objects.create(title="Gagasan", day=moment.date(), note="Tanya pedagang.", **own)
print(workflow.schedule(builders.make_article(region), actor=editor, at=moment).pk)
"""
STORED = """
import django; django.setup()
import sys
from news.models import Article
print(Article.objects.get(pk=int(sys.argv[1])).published_at.isoformat())
"""
MISSING = {"Europe/London": "2096-03-25T01:30", "America/New_York": "2096-03-11T02:30"}
"""Times that do not exist on the clocks of that zone, where summer begins."""


@pytest.fixture
def story(server):
    """`story(day)`: the number of a story that is scheduled for 08:20 WIB of that day; beside it is a planned idea."""
    return lambda day: int(server.run("-c", STORY, f"{day}T08:20").splitlines()[-1])


@pytest.fixture
def editor(server, browser):
    """`with editor(timezone_id=…) as page`: the editor's browser, set to that zone."""

    @contextmanager
    def in_browser(**options):
        context = browser.new_context(locale="en-US", **options)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(server.url("/", "redaksi"))
        fill_in(page, "redaktur")
        if options.get("java_script_enabled", True):
            expect(page.get_by_role("heading", name="Meja redaksi")).to_be_visible()
        yield page
        context.close()

    return in_browser


def go(page: Page, server, day: str, view: str = "minggu") -> None:
    page.goto(server.url(f"/jadwal/?wilayah=payakumbuh&hari={day}&tampilan={view}", "redaksi"))


def stored(server, key: int) -> str:
    return server.run("-c", STORED, str(key)).splitlines()[-1]


def fill(page: Page, key: int, day: str, time: str) -> Locator:
    """Open the story's form and fill it in."""
    card = page.locator(f"#story-{key}")
    card.locator("summary").click()
    card.get_by_label("Hari").fill(day)
    card.get_by_label("Jam (WIB)").fill(time)
    return card


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Jayapura", "Europe/London", "America/New_York"])
def test_a_browser_anywhere_shows_and_sends_the_regions_time(server, editor, story, zone):
    first = "2096-01-15"
    key, typed = story(first), MISSING.get(zone, "2096-12-31T23:59")
    day, time = typed.split("T")
    with editor(timezone_id=zone) as page:
        go(page, server, first)
        expect(page.locator(f"#story-{key} time")).to_have_text("08:20 WIB")
        expect(page.locator(f"[data-day='{first}'] #story-{key}")).to_be_visible()
        card = fill(page, key, day, time)
        with page.expect_navigation():
            card.get_by_role("button", name="Pindahkan berita").click()
        expect(page.locator(f"[data-day='{day}'] #story-{key} time")).to_have_text(f"{time} WIB")
        page.goto(server.url(f"/news/article/{key}/change/", "redaksi"))
        expect(page.locator("#id_published_at")).to_have_value(typed)
        unfold(page, "Ubah waktu…")
        page.locator("#id_published_at").fill("2096-11-30T00:00")
        press(page, "Jadwalkan")
        go(page, server, "2096-11-30")
        expect(page.locator(f"[data-day='2096-11-30'] #story-{key} time")).to_have_text("00:00 WIB")
    assert stored(server, key) == "2096-11-29T17:00:00+00:00"


def drag(page: Page, card: Locator, to: Locator, part: float) -> None:
    """Drag the story onto a place, at that part of its height. Both are on screen."""
    grip, place = card.locator(".schedule-handle").bounding_box(), to.bounding_box()
    assert grip
    assert place
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] * part, steps=5)
    expect(to).to_have_class(re.compile("is-target"))
    page.mouse.up()


def test_a_story_is_dragged_to_another_day_and_keeps_its_time(server, editor, story):
    key = story("2096-05-15")
    with editor(timezone_id="Europe/London", viewport={"width": 1280, "height": 1100}) as page:
        go(page, server, "2096-05-15")
        card = page.locator(f"#story-{key}")
        with page.expect_navigation():
            drag(page, card, page.locator("[data-day='2096-05-18']"), 0.5)
        expect(page.locator(f"[data-day='2096-05-18'] #story-{key} time")).to_have_text("08:20 WIB")
        # Escape and a place that is no day leave it where it is.
        grip = card.locator(".schedule-handle").bounding_box()
        page.mouse.move(grip["x"] + 5, grip["y"] + 5)
        page.mouse.down()
        page.mouse.move(page.locator("[data-day='2096-05-16']").bounding_box()["x"] + 20, grip["y"] + 30, steps=5)
        expect(page.locator(".is-target")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator(".is-target, .schedule-drag")).to_have_count(0)
        page.mouse.up()
    assert stored(server, key) == "2096-05-18T01:20:00+00:00"


def test_in_the_day_view_a_story_is_dragged_by_quarters_of_an_hour(server, editor, story):
    key = story("2096-06-15")
    with editor(timezone_id="America/New_York", viewport={"width": 1280, "height": 2400}) as page:
        go(page, server, "2096-06-15", "hari")
        with page.expect_navigation():
            drag(page, page.locator(f"#story-{key}"), page.locator("[data-hour='14']"), 0.6)
        expect(page.locator(f"[data-hour='14'] #story-{key} time")).to_have_text("14:30 WIB")
    assert stored(server, key) == "2096-06-15T07:30:00+00:00"


def test_a_refused_time_is_said_beside_the_story_by_keyboard(server, editor, story):
    key = story("2096-07-15")
    with editor() as page:
        go(page, server, "2096-07-15")
        page.locator(f"#story-{key} summary").focus()
        page.keyboard.press("Enter")
        card = page.locator(f"#story-{key}")
        card.get_by_label("Hari").fill("2020-01-01")
        card.get_by_label("Jam (WIB)").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(card.get_by_role("alert")).to_contain_text("sudah lewat")
        expect(card.get_by_label("Hari")).to_have_value("2020-01-01")
        expect(page.locator(f"[data-day='2096-07-15'] #story-{key}")).to_be_visible()
        assert looks.axe(page) == []
    assert stored(server, key) == "2096-07-15T01:20:00+00:00"


def test_it_works_without_a_script(server, editor, story):
    key = story("2096-08-15")
    with editor(java_script_enabled=False) as page:
        go(page, server, "2096-08-15")
        expect(page.locator(".schedule-handle")).to_be_hidden()
        card = fill(page, key, "2096-08-31", "23:59")
        card.get_by_role("button", name="Pindahkan berita").click()
        expect(page.locator(f"[data-day='2096-08-31'] #story-{key} time")).to_have_text("23:59 WIB")
        page.get_by_role("link", name="Sesudahnya").click()
        expect(page.locator("[data-day='2096-09-05']")).to_be_visible()


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_is_for_everyone(server, editor, story, language):
    story("2096-05-16")
    pages = [f"/jadwal/?wilayah=payakumbuh&hari=2096-05-16&tampilan={view}" for view in ("hari", "minggu", "bulan")]
    pages += ["/jadwal/langganan/", "/news/plannedidea/add/?wilayah=payakumbuh&hari=2096-05-16"]
    for width, scheme in ((360, "dark"), (1280, "light")):
        with editor(viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
            if language == "en":
                with page.expect_navigation():
                    page.locator("#account-menu summary").click()
                    page.get_by_role("button", name="English").click()
            for address in pages:
                page.goto(server.url(address, "redaksi"))
                assert looks.axe(page) + looks.sideways(page) == [], (width, address)
