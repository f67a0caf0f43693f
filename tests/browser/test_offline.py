"""Reading offline in a real browser whose server is gone: what is stored, how it is marked, and when it is deleted."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SEED = """
import secrets
from news.demo import builders
from news.images import uploads
from tests.conftest import photo_file
from regions.models import Region
region = Region.objects.get(subdomain="limapuluhkota")
file = photo_file((900, 600), f"#{secrets.token_hex(3)}")
photo = uploads.store(file, region=region, user=None, alt="Ladang gambir", caption="Gambir.")
first = builders.make_live(region, title="Petani gambir panen raya", lead_photo=photo)
second = builders.make_live(region, title="Jalan ke Harau diperbaiki")
print(first.pk, first.get_absolute_url(), second.pk, second.get_absolute_url())
"""
WITHDRAW = """
import secrets
from news.publishing import workflow
from news.demo import builders
from news.models import Article
admin = builders.make_user("pencabut-" + secrets.token_hex(4), is_superuser=True)
workflow.withdraw(Article.objects.get(pk={pk}), actor=admin, reason="Keliru.")
"""
PATIENCE = 30  # seconds
KEPT = "async name => (await (await caches.open(name)).keys()).map(key => key.url.slice(origin.length))"


def run(server, code: str) -> str:
    return server.run("-c", f"import django; django.setup()\n{code}")


def kept(page: Page, name: str) -> list[str]:
    return page.evaluate(KEPT, name)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for what the service worker does beside the page."""
    for _attempt in range(PATIENCE * 20):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"pages: {kept(page, 'pages')}, files: {kept(page, 'files')}")


@pytest.fixture
def articles(server):
    first, first_path, second, second_path = run(server, SEED).split()
    return {"first": (first, first_path), "second": (second, second_path)}


@pytest.fixture
def restarted(server):
    """Start the server again after a test that ended it."""
    yield server
    server.kill()
    server.env.pop("SERVICE_WORKER", None)
    server.start()


def test_an_article_is_shown_offline_with_a_mark_until_it_is_withdrawn(restarted, articles, context):
    server, page = restarted, context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    (first, first_path), (second, second_path) = articles["first"], articles["second"]
    host = "limapuluhkota"

    # The first page of a visit came before the worker, and is stored all the same, with its picture and style sheet.
    page.goto(server.url(first_path, host))
    until(page, lambda: f"/berita/{first}/" in kept(page, "pages"))
    page.goto(server.url(second_path, host))
    until(page, lambda: f"/berita/{second}/" in kept(page, "pages"))
    page.goto(server.url("/", host))
    until(page, lambda: "/" in kept(page, "pages"))
    page.goto(server.url("/terpopuler/?hari=7&utm_source=surel", host))
    until(page, lambda: "/terpopuler/?hari=7" in kept(page, "pages"))
    assert page.locator(".offline-mark").count() == 0

    server.kill()
    page.goto(server.url(first_path, host))
    mark = page.get_by_role("status")
    expect(mark).to_have_text(re.compile(r"^Luring: disimpan \d{1,2} \w+ \d{4} pukul \d{2}\.\d{2}$"))
    assert mark.evaluate("mark => getComputedStyle(mark).fontWeight") == "600"  # the style sheet is there
    expect(page.get_by_role("heading", level=1)).to_have_text("Petani gambir panen raya")
    assert page.locator(".story-photo img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    page.goto(server.url(f"/{second}", host))  # the short address
    expect(page.get_by_role("heading", level=1)).to_have_text("Jalan ke Harau diperbaiki")

    page.goto(server.url("/terpopuler/?hari=7", host))
    expect(mark).to_be_visible()

    # A page that was not read is answered with the offline page, which lists those that were.
    page.goto(server.url("/terpopuler/", host))
    expect(page.get_by_role("heading", level=1)).to_have_text("Anda sedang luring")
    page.goto(server.url("/rubrik/politik/", host))
    expect(page.get_by_role("heading", level=1)).to_have_text("Anda sedang luring")
    expect(page.locator(".offline-list a")).to_have_count(4)
    page.get_by_role("link", name="Petani gambir").click()
    expect(mark).to_be_visible()

    # Back online, the first page asks about the stored ones: the withdrawn article and pages that name it are deleted.
    server.start()
    run(server, WITHDRAW.format(pk=first))
    page.goto(server.url(second_path, host))
    until(page, lambda: f"/berita/{first}/" not in kept(page, "pages"))
    server.kill()
    page.goto(server.url(first_path, host))
    expect(page.get_by_role("heading", level=1)).to_have_text("Anda sedang luring")
    expect(page.locator("body")).not_to_contain_text("gambir")
    page.goto(server.url("/", host))
    expect(page.locator("body")).not_to_contain_text("gambir")
    assert said == []


@pytest.mark.thorough
def test_a_page_that_is_gone_takes_its_copy_and_pictures_with_it_at_once(restarted, articles, context):
    server, page = restarted, context.new_page()
    (first, first_path), host = articles["first"], "limapuluhkota"
    page.goto(server.url(first_path, host))
    until(page, lambda: f"/berita/{first}/" in kept(page, "pages"))
    assert any(path.startswith("/media/") for path in kept(page, "files"))
    for path in ("/tidak-ada/", "/luring/", *[f"/indeks/2024/11/{day:02}/" for day in range(1, 12)]):
        page.goto(server.url(path, host))
    until(page, lambda: "/indeks/2024/11/11/" in kept(page, "pages"))
    expected = [f"/berita/{first}/", *[f"/indeks/2024/11/{day:02}/" for day in range(2, 12)]]
    until(page, lambda: kept(page, "pages") == expected)  # the last ten lists; no other kind of page
    assert not any("1x1" in path for path in kept(page, "files"))  # nor photos of the page "not found"
    run(server, WITHDRAW.format(pk=first))
    until(page, lambda: page.goto(server.url(first_path, host)).status == 410)
    until(page, lambda: kept(page, "pages") == expected[1:])
    until(page, lambda: not any("/media/" in path for path in kept(page, "files")))


@pytest.mark.thorough
def test_the_switch_makes_browsers_forget_everything(restarted, articles, context):
    server, page = restarted, context.new_page()
    (first, first_path), host = articles["first"], "limapuluhkota"
    page.goto(server.url(first_path, host))
    until(page, lambda: f"/berita/{first}/" in kept(page, "pages"))
    server.kill()
    server.env["SERVICE_WORKER"] = "false"
    server.start()
    page.goto(server.url("/", host))
    left = "async () => (await caches.keys()).length + (await navigator.serviceWorker.getRegistrations()).length"
    until(page, lambda: page.evaluate(left) == 0)
    server.kill()
    with pytest.raises(Error, match="net::ERR_"):  # refused, reset or not connected: the browser's word varies
        page.goto(server.url(first_path, host))
