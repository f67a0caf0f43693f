"""What scripts add to readers' pages: text size, the chooser of regions, copying, videos on request."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SEED = """
from news.demo import builders
from regions.models import Region
region = Region.objects.get(subdomain="limapuluhkota")
body = "<p>Satu.</p><p>" + '<a href="https://youtu.be/dQw4w9WgXcQ">Video</a>' + "</p>"
article = builders.make_live(region, title="Rekaman latihan randai", body=body)
print(article.canonical_url, article.short_url)
"""


@pytest.fixture(scope="module")
def article(server) -> list[str]:
    return server.run("-c", f"import django; django.setup()\n{SEED}").split()


def size_of_text(page: Page) -> str:
    return page.locator(".story-body").evaluate("body => getComputedStyle(body).fontSize")


def test_the_texts_size_is_changed_and_kept_on_this_device_alone(page, article):
    page.goto(article[0])
    usual = size_of_text(page)
    page.get_by_role("button", name="Huruf lebih besar").click()
    larger = size_of_text(page)
    assert float(larger[:-2]) > float(usual[:-2])
    page.reload()
    page.wait_for_function("document.documentElement.dataset.text")
    assert size_of_text(page) == larger
    page.get_by_role("button", name="Huruf lebih kecil").click()
    assert size_of_text(page) == usual
    assert page.context.cookies() == []


def test_a_region_is_found_by_typing_its_name(page, article):
    page.goto(article[0])
    page.get_by_role("link", name="Daerah", exact=True).click()
    window = page.get_by_role("dialog")
    field = window.get_by_role("searchbox")
    expect(field).to_be_focused()
    field.fill("paya")
    expect(window.get_by_role("link", name="Payakumbuh")).to_be_visible()
    expect(window.get_by_role("link", name="Lima Puluh Kota")).to_be_hidden()
    field.press("Enter")
    page.wait_for_url("http://payakumbuh.localhost:*/")


def test_escape_closes_the_chooser(page, article):
    page.goto(article[0])
    page.get_by_role("link", name="Daerah", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_short_address_is_copied(page, article):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(article[0])
    page.get_by_role("button", name="Salin alamat").click()
    expect(page.get_by_role("button", name="Tersalin")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == article[1]


def test_a_video_asks_for_nothing_until_it_is_wanted(page, article):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body="<p>Pemutar</p>"))
    page.goto(article[0], wait_until="networkidle")
    assert not [url for url in asked if "localhost" not in url]
    page.get_by_role("link", name="Putar video dari YouTube").click()
    expect(page.frame_locator("iframe").get_by_text("Pemutar")).to_be_visible()
    assert [url for url in asked if "localhost" not in url] == ["https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"]
