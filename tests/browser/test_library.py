"""The photo library and the numbers as people use them: by keyboard, on a phone, for everyone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages import looks

from .test_main_job import log_in  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.thorough, pytest.mark.browser, pytest.mark.xdist_group("desk")]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
LIBRARY = "/images/photo/?q=perpustakaan"
PHOTOS = """
import django; django.setup()
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from news.demo import builders
from news.images import uploads
from news.images.models import Photo
from news.models import Author, Event
from news.popularity.models import HourlyReads
from regions.models import Region
from tests.conftest import photo_file
region = Region.objects.get(subdomain="payakumbuh")
reporter = User.objects.get(username="reporter")
if not Photo.objects.filter(place="perpustakaan").exists():
    for number, colour in enumerate(["teal", "navy", "maroon", "olive", "gray", "purple", "green"]):
        words = {} if number == 6 else {"alt": f"Itik nomor {number}", "caption": f"Pacu itik {number}"}
        photo = uploads.store(photo_file((900, 600 + number), colour), region=region, user=reporter, **words)
        Photo.objects.filter(pk=photo.pk).update(place="perpustakaan", credit="Linda Sari")
    author = Author.objects.get(user=reporter)
    now = timezone.now()
    for number in range(3):
        article = builders.make_live(region, now - timedelta(minutes=number + 1), writers=[author], lead_photo=photo)
        for verb, ago in (("submitted", 90), ("published", 1)):
            Event.objects.create(article=article, verb=verb, happened_at=now - timedelta(minutes=ago * (number + 1)))
        HourlyReads.objects.create(article=article, hour=now.replace(minute=0, second=0, microsecond=0), reads=9)
"""


@pytest.fixture(scope="module")
def photos(server) -> None:
    """Seven photos that a search for "perpustakaan" finds, the last one without words, and three published stories."""
    server.run("-c", PHOTOS)


def pictures(page: Page):
    return page.locator(".library-photo > a")


def test_a_quick_look_by_keyboard(server, log_in, photos):  # noqa: F811
    page = log_in("reporter")
    page.goto(server.url(LIBRARY, "redaksi"))
    dialog, title = page.locator("dialog#look"), page.locator("dialog#look #look-title")
    expect(pictures(page)).to_have_count(7)
    pictures(page).nth(1).focus()
    page.keyboard.press("Space")
    expect(title).to_have_text("Pacu itik 5")
    expect(dialog).to_contain_text("2 / 7")
    expect(dialog).to_contain_text("900 × 605 px")
    for key, caption in (("ArrowRight", "Pacu itik 4"), ("ArrowRight", "Pacu itik 3"), ("ArrowLeft", "Pacu itik 4")):
        page.keyboard.press(key)
        expect(title).to_have_text(caption)
    # The focus stays in the dialog, and comes back to the picture that was looked at last.
    for _turn in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(pictures(page).nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(title).to_have_text("Pacu itik 4")
    dialog.get_by_role("button", name="Tutup").click()
    expect(dialog).to_be_hidden()
    # The first and the last have nothing beyond them.
    pictures(page).first.click()
    expect(dialog.get_by_role("button", name="Sebelumnya")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    expect(dialog).to_contain_text("1 / 7")


def test_a_look_leads_to_the_form_when_the_session_is_over(server, log_in, photos):  # noqa: F811
    page = log_in("reporter")
    page.goto(server.url(LIBRARY, "redaksi"))
    page.context.clear_cookies()
    pictures(page).first.click()
    expect(page).to_have_url(re.compile("/akun/masuk/"))


def test_words_of_several_photos_chosen_by_keyboard(server, log_in, photos):  # noqa: F811
    page = log_in("reporter")
    page.goto(server.url(LIBRARY, "redaksi"))
    bar, boxes = page.locator(".library-bar"), page.locator(".library-choose input")
    expect(bar).to_be_hidden()
    for number in (1, 3):
        boxes.nth(number).focus()
        page.keyboard.press("Space")
    expect(bar.locator("output")).to_have_text("Dipilih: 2")
    bar.get_by_role("button", name="Pilih semua").click()
    expect(bar.locator("output")).to_have_text("Dipilih: 7")
    bar.get_by_role("button", name="Batalkan").click()
    expect(bar).to_be_hidden()
    boxes.nth(1).check()
    boxes.nth(2).check()
    bar.get_by_role("button", name="Tulis keterangan").click()
    credits = page.get_by_label("Kredit")
    expect(credits).to_have_count(2)
    for number in (0, 1):
        credits.nth(number).fill("Dodi Putra")
    page.get_by_role("button", name="Simpan semua").click()
    expect(page.locator(".messagelist")).to_contain_text("Keterangan 2 foto sudah disimpan.")
    page.goto(server.url(LIBRARY, "redaksi"))
    expect(page.get_by_text("Dodi Putra")).to_have_count(2)


def test_without_script_pictures_are_links_and_boxes_choose(server, log_in, photos, browser):  # noqa: F811
    logged_in = log_in("reporter").context
    context = browser.new_context(java_script_enabled=False, storage_state=logged_in.storage_state())
    page = context.new_page()
    page.goto(server.url(LIBRARY, "redaksi"))
    for number in (0, 2):
        page.locator(".library-choose input").nth(number).check()
    page.get_by_role("button", name="Tulis keterangan").click()
    expect(page.locator(".words")).to_have_count(2)
    page.go_back()
    pictures(page).first.click()
    expect(page).to_have_url(re.compile(r"/images/photo/\d+/change/"))
    context.close()


def test_pages_of_photos_and_numbers_pass_axe_in_both_languages(server, log_in, photos):  # noqa: F811
    page = log_in("pemred")
    numbers = ["/angka/", *(f"/angka/?menurut={by}" for by in ("orang", "daerah", "jenis", "rubrik"))]
    page.goto(server.url(LIBRARY, "redaksi"))
    keys = page.locator(".library-choose input").evaluate_all("boxes => boxes.map(box => box.value)")
    captions = "/images/photo/captions/?" + "&".join(f"photo={key}" for key in keys)
    paths = [LIBRARY, captions, f"/images/photo/{keys[0]}/change/", "/images/photo/add/", *numbers]
    findings = {}
    for language in ("id", "en"):
        if language == "en":
            with page.expect_navigation():
                page.locator("form.language").first.evaluate("form => form.requestSubmit(form.elements.language)")
        for turn, path in enumerate(paths):
            page.emulate_media(color_scheme="dark" if turn % 2 else "light")
            page.set_viewport_size(PHONE if language == "id" else DESK)
            page.goto(server.url(path, "redaksi"))
            expect(page.locator("html")).to_have_attribute("lang", language)
            if found := looks.axe(page) + looks.sideways(page):
                findings[f"{language}, {path}"] = found
        page.goto(server.url(LIBRARY, "redaksi"))
        pictures(page).first.click()
        expect(page.locator("dialog#look img")).to_be_visible()
        if found := looks.axe(page):
            findings[f"{language}, quick look"] = found
    assert not findings, looks.listed(findings)


def test_two_columns_on_a_phone_and_six_on_a_desk(server, log_in, photos):  # noqa: F811
    page = log_in("reporter")
    for screen, columns in ((PHONE, 2), (DESK, 6)):
        page.set_viewport_size(screen)
        page.goto(server.url(LIBRARY, "redaksi"))
        tops = pictures(page).evaluate_all("links => links.map(link => link.getBoundingClientRect().top)")
        assert tops.count(tops[0]) == columns
