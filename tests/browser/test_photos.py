"""Photos, from a phone's file to a reader's swipe: uploads that survive, a focal point that crops keep, a gallery."""

import io
import random
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from news.images import rendition_specs

from .test_main_job import log_in, press  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SHAPES = {"16/9": (16, 9), "4/3": (4, 3), "1/1": (1, 1), "1200/630": rendition_specs.SHARE}
PIECE = 512 * 1024  # bytes, as static/js/uploads.js sends them
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 3}
UPLOADS = re.compile(r"/images/photo/uploads/.+")


def picture(seed: int, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A JPEG that is sent in several pieces and is small as a picture: bytes that are no pixels make it large."""
    noise = random.Random(seed)
    buffer = io.BytesIO()
    Image.new("RGB", size, (seed, 90, 90)).save(buffer, "JPEG")
    segments = b"".join(b"\xff\xe9\xff\xff" + noise.randbytes(0xFFFD) for _number in range(26))
    content = buffer.getvalue()[:2] + segments + buffer.getvalue()[2:]
    assert len(content) > 3 * PIECE
    return content


def file(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def uploaded(page: Page, count: int) -> None:
    expect(page.locator(".upload-done")).to_have_count(count, timeout=60_000)


def work(server) -> None:
    server.run("manage.py", "db_worker", "--batch", "--no-startup-delay", "--interval", "0", "--no-reload")


def test_uploads_survive_a_dropped_connection_and_refusals_say_why(server, log_in):  # noqa: F811
    page = log_in("reporter")
    page.goto(server.url("/images/photo/", "redaksi"))
    sent: list[int] = []

    def unreliable(route):
        """Lose every second piece."""
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) % 2 == 0:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route(UPLOADS, unreliable)
    whole, place = picture(1), page.locator("input[data-photos]")
    place.set_input_files([file("IMG_1.jpg", whole)])
    uploaded(page, 1)
    assert len(sent) > len(whole) // PIECE + 1  # it was interrupted
    assert sent == sorted(sent)  # and never began anew
    assert sent.count(0) == 1

    # The same file again: the photo that is there is offered.
    page.unroute(UPLOADS)
    place.set_input_files([file("surat.jpg", b"%PDF-1.7 bukan foto"), file("IMG_1.jpg", whole)])
    uploaded(page, 2)
    expect(page.locator(".upload-failed")).to_contain_text("Ini berkas PDF")
    expect(page.locator(".upload-done").last).to_contain_text("sudah ada")


def test_an_upload_goes_on_after_the_page_was_closed(server, log_in, tmp_path):  # noqa: F811
    page = log_in("reporter")
    page.goto(server.url("/images/photo/", "redaksi"))
    photo = tmp_path / "IMG_2.jpg"
    photo.write_bytes(picture(2))

    def stop_after_two(route):
        """Cut the connection, as in a tunnel."""
        reached = route.request.method != "PATCH" or int(route.request.headers["upload-offset"]) < 2 * PIECE
        route.continue_() if reached else route.abort("connectionreset")

    page.route(UPLOADS, stop_after_two)
    with page.expect_request(lambda request: request.headers.get("upload-offset") == str(2 * PIECE)):
        page.locator("input[data-photos]").set_input_files(photo)
    page.reload()
    page.unroute(UPLOADS)
    with page.expect_request(lambda request: request.method == "PATCH") as first:
        page.locator("input[data-photos]").set_input_files(photo)
    uploaded(page, 1)
    assert int(first.value.headers["upload-offset"]) == 2 * PIECE


def test_a_form_that_is_sent_too_early_waits_for_its_photo(server, log_in):  # noqa: F811
    page = log_in("reporter")
    page.goto(server.url("/news/article/add/", "redaksi"))
    page.locator("#id_title").fill("Simpan sebelum fotonya selesai")
    page.locator("#id_section").select_option(label="Politik")
    held = []
    page.route(UPLOADS, lambda route: held.append(route) if not held else route.continue_())
    page.locator("#id_new_photo").set_input_files(file("IMG_3.jpg", picture(3)))
    page.locator("#id_photo_alt").fill("Itik di sawah")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(300)
    assert page.url.endswith("/add/")
    held[0].continue_()
    expect(page).to_have_url(re.compile(r"/news/article/\d+/change/"))
    expect(page.locator("#id_lead_photo option[selected]")).to_have_text("Itik di sawah")


def test_a_photo_article_from_upload_to_a_swipe_without_script(server, log_in, browser):  # noqa: F811
    editor = log_in("redaktur")
    editor.goto(server.url("/news/article/add/", "redaksi"))
    editor.locator("#id_title").fill("Pacu Itik di Payakumbuh dalam Tiga Foto")
    editor.locator("#id_section").select_option(label="Politik")
    editor.locator("#id_kind").select_option("photos")
    editor.locator("div.ProseMirror[contenteditable]").click()
    editor.keyboard.type("Itik terbang di atas sawah.")
    gallery = editor.locator("#gallery-group input[data-photos]")
    gallery.set_input_files([file(f"IMG_{n}.jpg", picture(n)) for n in (11, 12, 13)])
    uploaded(editor, 3)
    rows = editor.locator("#gallery-group .dynamic-gallery")
    expect(rows).to_have_count(3)
    editor.locator("#id_gallery-1-caption").fill("Itik kedua menang.")
    editor.locator("#bylines-heading").click()
    editor.locator("#bylines-group .add-row a").click()
    editor.locator("#bylines-group .select2-selection").first.click()
    editor.locator(".select2-results__option", has_text="Linda Sari").first.click()
    press(editor, "Simpan draf")

    # Nothing is published before blind readers are told what the photos show.
    press(editor, "Setujui dan terbitkan")
    expect(editor.locator("#gallery-group .errorlist").first).to_contain_text("tunanetra")
    photos = [row.get_attribute("value") for row in editor.locator("#gallery-group select option[selected]").all()]
    assert len(photos) == 3
    for number, photo in enumerate(photos, 1):
        page = server.url(f"/images/photo/{photo}/change/", "redaksi")
        editor.goto(page)
        editor.locator("#id_alt").fill(f"Itik nomor {number}")
        if number == 1:
            choose_focal_point(editor)
        editor.get_by_role("button", name="Simpan", exact=True).click()
        editor.wait_for_load_state()
    work(server)
    editor.goto(server.url("/", "redaksi"))
    editor.get_by_role("link", name="Pacu Itik").click()
    press(editor, "Setujui dan terbitkan")
    address = editor.locator(".messagelist a").get_attribute("href")

    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, device_scale_factor=3
    )
    reader = context.new_page()
    refused = []
    reader.on("console", lambda message: refused.append(message.text))
    reader.goto(address)
    figures = reader.locator(".gallery-strip figure")
    expect(figures).to_have_count(3)
    expect(figures.nth(0).locator("figcaption")).to_contain_text("Pacu Itik di Payakumbuh dalam Tiga Foto")
    expect(figures.nth(1).locator("figcaption")).to_contain_text("Itik kedua menang.")
    expect(figures.nth(2).locator("img")).to_have_attribute("alt", "Itik nomor 3")
    expect(figures.nth(2).locator("img")).not_to_be_in_viewport()
    reader.locator(".gallery-numbers a").nth(2).click()
    expect(figures.nth(2).locator("img")).to_be_in_viewport()
    assert refused == []
    context.close()

    # On a sharp phone the photo is as sharp as the screen; nothing moves when it comes.
    context = browser.new_context(**PHONE)
    reader = context.new_page()
    reader.goto(server.url("/", "payakumbuh"))
    image = reader.locator(".front-lead img")
    expect(image).to_be_visible()
    found = image.evaluate(
        """async image => {
            const loaded = new Image()
            loaded.src = image.currentSrc
            await loaded.decode()
            return {source: image.currentSrc, pixels: loaded.naturalWidth, shown: image.clientWidth * devicePixelRatio,
                    tone: getComputedStyle(image).backgroundColor, colour: image.dataset.colour}
        }"""
    )
    assert found["pixels"] >= found["shown"]
    assert found["source"].endswith(".avif")
    assert found["tone"] == f"rgb({', '.join(str(part) for part in bytes.fromhex(found['colour'][1:]))})"
    shifts = reader.evaluate(
        "new Promise(done => new PerformanceObserver(list => done(list.getEntries().length))"
        ".observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 500))"
    )
    assert shifts == 0
    context.close()


def test_the_command_brings_everything_in_order_with_several_workers(server):
    server.run("manage.py", "renditions", "--make", "--workers", "2")
    assert "all as they should be" in server.run("manage.py", "renditions", "--check")


def choose_focal_point(page: Page) -> None:
    """A click or arrow keys set the focal point; every crop follows at once, as the renditions will be cut."""
    photo = page.locator(".focus-photo")
    box = photo.bounding_box()
    photo.click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.25})
    expect(page.locator("#id_focus_x")).to_have_value(re.compile("^(79|80|81)$"))
    for key in ("ArrowLeft", "ArrowDown", "Shift+ArrowRight"):
        photo.press(key)
    focus = tuple(int(page.locator(f"#id_focus_{axis}").input_value()) for axis in "xy")
    assert focus[0] in (88, 89, 90)
    assert focus[1] in (25, 26, 27)
    boxes = page.locator(".focus-crops canvas").evaluate_all("all => all.map(c => [c.dataset.shape, c.dataset.box])")
    for shape, drawn in boxes:
        left, top, right, bottom = rendition_specs.crop_box((1600, 1200), SHAPES[shape], focus)
        assert [int(side) for side in drawn.split()] == [left, top, right - left, bottom - top]
    assert {shape for shape, _box in boxes} == set(SHAPES)
