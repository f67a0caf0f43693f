"""The list of stories in a browser: searching without a script, saving a search, and its looks for everyone."""

import pytest
from playwright.sync_api import expect

from tests.pages import looks

from .test_main_job import log_in  # noqa: F401  (a fixture)
from .test_story_form import stories  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.thorough, pytest.mark.browser, pytest.mark.xdist_group("desk")]
LIST = "/news/article/"
ASKED = ("", "?q=berita&state=draft&mine=1", "?q=zzzzz", "?q=brita")


def test_a_search_is_filtered_and_saved(server, log_in, stories):  # noqa: F811
    page = log_in("redaktur")
    page.goto(server.url(LIST, "redaksi"))
    page.locator("#searchbar").fill("brita submitted")
    page.locator("#searchbar").press("Enter")
    expect(page.locator("#result_list")).to_contain_text("Berita submitted")
    page.get_by_text("Saringan", exact=True).click()
    page.locator("#filter-state").select_option("submitted")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.locator("#result_list")).to_contain_text("Berita submitted")
    page.get_by_text("Simpan pencarian ini").click()
    page.get_by_label("Nama").fill("Untuk saya")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("link", name="Untuk saya")).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="Hapus “Untuk saya”").click()
    expect(page.get_by_role("link", name="Untuk saya")).to_have_count(0)


def test_the_list_is_for_everyone(server, log_in, stories):  # noqa: F811
    """Each way of asking in two of the looks: language, scheme and width take turns."""
    page, findings = log_in("redaktur"), {}
    for turn, asked in enumerate(ASKED * 2):
        page.context.add_cookies(
            [{"name": "redaksi-language", "value": "en" if turn > 3 else "id", "url": server.url("/", "redaksi")}]
        )
        page.emulate_media(color_scheme="dark" if turn % 2 else "light")
        page.set_viewport_size({"width": 360 if (turn + turn // 4) % 2 else 1280, "height": 800})
        page.goto(server.url(f"{LIST}{asked}", "redaksi"))
        if found := looks.axe(page) + looks.sideways(page):
            findings[f"{turn} {asked}"] = found
    assert not findings, looks.listed(findings)
