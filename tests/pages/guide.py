"""The steps that the journalists' and the editors' guide show, each taken on the demo network as somebody would see it.

A scene brings a page to its step; tests.pages.screenshots takes the picture, in Indonesian and in light colours.
"""

from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page

from tests.server import Server

STORIES = """
import django; django.setup()
from news.models import Article
rows = Article.objects.filter(region__subdomain="payakumbuh").order_by("pk")
for status in ("returned", "submitted", "draft"):
    print(rows.filter(status=status).values_list("pk", flat=True)[0])
"""
EDITOR = "div.ProseMirror[contenteditable]"


class Stories(NamedTuple):
    """Keys of stories of the demo, by their status."""

    returned: int
    submitted: int
    draft: int


class Scene(NamedTuple):
    who: str
    screen: str
    set_up: Callable[[Page, Server, Stories], None]


def stories(server: Server) -> Stories:
    return Stories(*map(int, server.run("-c", STORIES).split()[-3:]))


def _form(page: Page, server: Server, article: int) -> None:
    page.goto(server.url(f"/news/article/{article}/change/", "redaksi"))
    page.wait_for_load_state("networkidle")


def a_new_story(page: Page, server: Server, found: Stories) -> None:
    page.goto(server.url("/news/article/add/", "redaksi"))
    page.locator("#id_title").fill("Warga Tanjung Pauh Menanam Seribu Bibit Durian di Lereng yang Longsor")
    page.locator(EDITOR).click()
    page.keyboard.type("Seribu bibit durian ditanam warga di lereng yang longsor pada awal bulan.")
    page.wait_for_timeout(5_000)  # until the bar says that it is kept


def a_story_that_came_back(page: Page, server: Server, found: Stories) -> None:
    _form(page, server, found.returned)


def the_bars_menu(page: Page, server: Server, found: Stories) -> None:
    _form(page, server, found.submitted)
    page.locator(".bar-menu > summary").last.click()


def the_picker(page: Page, server: Server, found: Stories) -> None:
    _form(page, server, found.draft)
    page.locator(".photo-choose button").first.click()
    page.locator("dialog li img").first.wait_for()


def what_was_not_saved(page: Page, server: Server, found: Stories) -> None:
    _form(page, server, found.returned)
    page.locator(EDITOR).evaluate("body => body.editor.commands.insertContentAt(1, 'Sejak awal tahun, ')")
    page.wait_for_timeout(6_000)  # until the newsroom has it
    _form(page, server, found.returned)


def a_comment(page: Page, server: Server, found: Stories) -> None:
    _form(page, server, found.submitted)
    page.locator(EDITOR).evaluate("body => body.editor.commands.setTextSelection({ from: 35, to: 62 })")
    page.get_by_role("button", name="Komentari").first.click()
    page.locator("#comment-text").fill("Apakah jam buka ini berlaku juga selama bulan puasa?")
    page.get_by_role("button", name="Kirim komentar").click()
    page.locator("#comments .threads li").first.wait_for()


def the_checks(page: Page, server: Server, found: Stories) -> None:
    _form(page, server, found.submitted)
    page.locator("#id_title").fill("Perpustakaan Kota Payakumbu Buka sampai Malam")
    page.locator(EDITOR).evaluate(
        "body => body.editor.commands.insertContentAt(1, 'Payakumbuh - Warga menuduh pengelola menutup pintu. ')"
    )
    page.wait_for_timeout(6_000)  # until they have been asked
    page.locator("#checks").scroll_into_view_if_needed()


def two_versions(page: Page, server: Server, found: Stories) -> None:
    _form(page, server, found.draft)
    page.locator(EDITOR).evaluate("body => body.editor.commands.insertContentAt(1, 'Setiap malam, sebelum ')")
    page.locator(".bar-menu > summary").last.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Simpan draf").click()
    page.goto(server.url(f"/news/article/{found.draft}/compare/", "redaksi"))


def the_desk(page: Page, server: Server, found: Stories) -> None:
    page.goto(server.url("/", "redaksi"))
    page.wait_for_load_state("networkidle")


def a_review(page: Page, server: Server, found: Stories) -> None:
    page.goto(server.url(f"/news/article/{found.submitted}/tinjau/", "redaksi"))


def a_week(page: Page, server: Server, found: Stories) -> None:
    page.goto(server.url("/jadwal/?wilayah=payakumbuh&tampilan=minggu", "redaksi"))


def the_front_page(page: Page, server: Server, found: Stories) -> None:
    page.goto(server.url("/halaman-depan/payakumbuh/", "redaksi"))


SCENES = {
    "guide-desk": Scene("redaktur", "desktop", the_desk),
    "guide-review": Scene("redaktur", "desktop", a_review),
    "guide-schedule": Scene("redaktur", "desktop", a_week),
    "guide-front": Scene("redaktur", "desktop", the_front_page),
    "guide-new-story": Scene("reporter", "phone", a_new_story),
    "guide-returned": Scene("reporter", "desktop", a_story_that_came_back),
    "guide-not-saved": Scene("reporter", "desktop", what_was_not_saved),
    "guide-menu": Scene("redaktur", "desktop", the_bars_menu),
    "guide-picker": Scene("redaktur", "phone", the_picker),
    "guide-comment": Scene("redaktur", "desktop", a_comment),
    "guide-checks": Scene("redaktur", "desktop", the_checks),
    "guide-versions": Scene("redaktur", "desktop", two_versions),
}
"""Name of the picture → how to take it."""
