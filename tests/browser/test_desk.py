"""An editor's and a chief editor's day at the desk: on a phone and on a wide screen, by keyboard, with two people."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages import looks

from .test_main_job import log_in  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
MOST_BYTES = 150_000
"""Of a page of the newsroom on a first visit, compressed, scripts and styles included."""
STORIES = """
import django; django.setup()
import json
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from news.demo import builders
from news.models import Article, Author
from news.publishing import workflow
from regions.models import Region
region = Region.objects.get(subdomain="payakumbuh")
reporter, editor, chief = (User.objects.get(username=name) for name in ("reporter", "redaktur", "pemred"))
own = {"created_by": reporter, "writers": [Author.objects.get(user=reporter)]}
for left in Article.objects.in_review():
    workflow.return_to_writer(left, actor=chief, note="Lain kali.")
waiting = workflow.submit(builders.make_article(region, title="Pasar Ibuh Dibuka Lagi", **own), actor=reporter)
live = workflow.publish(builders.make_article(region, title="Jembatan Ratapan Ibu Dicat Ulang", **own), actor=editor)
later = builders.make_article(region, title="Harga Gambir Naik Lagi", **own)
workflow.schedule(later, actor=editor, at=timezone.now() + timedelta(minutes=40))
print(json.dumps({"waiting": waiting.pk, "live": live.pk, "later": later.pk}))
"""
SUBMIT = """
import django; django.setup()
from django.contrib.auth.models import User
from news.demo import builders
from news.models import Author
from news.publishing import workflow
from regions.models import Region
reporter = User.objects.get(username="reporter")
own = {"created_by": reporter, "writers": [Author.objects.get(user=reporter)]}
story = builders.make_article(Region.objects.get(subdomain="payakumbuh"), title="Banjir Surut di Lampasi", **own)
workflow.submit(story, actor=reporter)
"""


@pytest.fixture
def stories(server) -> dict[str, int]:
    return json.loads(server.run("-c", STORIES).splitlines()[-1])


def judged(page: Page) -> None:
    """What everybody must be able to use: by axe, and without scrolling sideways."""
    assert looks.axe(page) + looks.sideways(page) == []


def test_an_editor_at_0540_on_a_phone(server, log_in, stories):  # noqa: F811
    page = log_in("redaktur")
    page.set_viewport_size(PHONE)
    page.goto(server.url("/", "redaksi"))
    expect(page.locator("#pile-review")).to_contain_text("Pasar Ibuh Dibuka Lagi")
    expect(page.locator("#pile-due .countdown").first).to_contain_text("menit")
    expect(page.locator("#pile-live")).to_contain_text("Jembatan Ratapan Ibu")
    judged(page)

    # What somebody submits meanwhile appears without reloading.
    server.run("-c", SUBMIT)
    expect(page.locator("#pile-review")).to_contain_text("Banjir Surut di Lampasi", timeout=40_000)

    # One press to the review, one to publish; then the next one.
    page.locator("#pile-review").get_by_role("link", name=re.compile("Tinjau ?: Pasar Ibuh")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pasar Ibuh")
    with page.expect_navigation():
        page.get_by_role("button", name="Setujui dan terbitkan").click()
    expect(page.locator("body")).to_contain_text("Banjir Surut di Lampasi")

    # The tabs at the foot lead on.
    tabs = page.get_by_role("navigation", name="Redaksi")
    tabs.get_by_role("link", name="Jadwal").click()
    expect(page.locator(f"#story-{stories['later']}")).to_contain_text("Harga Gambir")
    judged(page)
    tabs.get_by_role("link", name="Depan").click()
    judged(page)
    page.goto(server.url("/", "redaksi"))
    expect(page.locator("#pile-live")).to_contain_text("Pasar Ibuh Dibuka Lagi")


@pytest.mark.thorough
def test_a_chief_editors_day_on_a_wide_screen(server, log_in, stories):  # noqa: F811
    page = log_in("pemred")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(DESK)
    page.goto(server.url("/", "redaksi"))
    expect(page.get_by_role("heading", name="Hari pertama Anda")).to_be_visible()
    expect(page.locator(".desk-charts table")).to_have_count(1)
    judged(page)
    page.locator(".menu summary", has_text="Lainnya").click()
    page.get_by_role("link", name="Jadwal piket").click()
    page.get_by_role("link", name="Tambah piket").click()
    judged(page)
    page.locator("#id_person").select_option(label="redaktur")
    page.locator("#id_task").fill("Piket malam")
    with page.expect_navigation():
        page.get_by_role("button", name="Simpan", exact=True).click()
    page.goto(server.url("/", "redaksi"))
    expect(page.locator("#pile-roster")).to_contain_text("Piket malam")
    for path in ("/angka/?menurut=orang", "/auth/user/", "/images/photo/", "/kabar/", "/panduan/redaktur/"):
        page.goto(server.url(path, "redaksi"))
        judged(page)


@pytest.mark.thorough
def test_anything_is_found_by_keyboard_alone(server, log_in, stories):  # noqa: F811
    page = log_in("pemred")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(page.get_by_role("option").first).to_contain_text("Tulis berita")
    field.fill("ratapan")
    expect(page.get_by_role("option").first).to_contain_text("Jembatan Ratapan Ibu")
    judged(page)
    field.fill(f"#{stories['live']}")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(server.url(f"/news/article/{stories['live']}/change/", "redaksi"))
    page.goto(server.url("/", "redaksi"))
    page.keyboard.press("Control+k")
    field.fill(f"#{stories['later']}")
    expect(page.get_by_role("option").first).to_contain_text("Harga Gambir")
    field.fill("angk")
    expect(page.get_by_role("option").first).to_contain_text("Angka")
    page.keyboard.press("Escape")
    expect(field).not_to_be_visible()

    # Menus open and close by keys, and give the focus back.
    menu = page.locator("#account-menu summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("button", name="Keluar")).not_to_be_visible()


FURTHER = [
    pytest.param(path, marks=pytest.mark.thorough)
    for path in ("/jadwal/", "/angka/", "/kabar/", "/auth/user/", "/halaman-depan/")
]


@pytest.mark.parametrize("path", ["/", "/news/article/", *FURTHER])
def test_a_first_visit_is_small(server, log_in, path):  # noqa: F811
    page = log_in("pemred")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.goto(server.url(path, "redaksi"), wait_until="networkidle")
    assert 0 < sum(weights) <= MOST_BYTES, f"{sum(weights):.0f} bytes"
