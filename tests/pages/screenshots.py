"""The pictures that README and the guides show: `python -m tests.pages.screenshots FOLDER`, for `make screenshots`.

They show the demo network that tests.pages.demo stores in FOLDER, on fixed screens, without motion. Each picture is a
small WebP file in docs/images.
"""

import io
import sys
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from news.demo import network
from tests import chromium
from tests.newsroom_browser import fill_in
from tests.pages import guide
from tests.pages.demo import demo_network
from tests.pages.readers import PHONE, find, reader
from tests.server import ROOT, Server

FOLDER = ROOT / "docs" / "images"
MOST_BYTES = 80_000
KINDS = {
    "network-front": "network front",
    "region-front": "region front",
    "article": "article with photo",
    "gallery": "photo story",
    "rubrik": "rubrik",
    "indeks": "indeks",
    "not-found": "404",
}
"""Name of the picture → kind of page (tests.pages.kinds)."""
NEWSROOM = {"desk": "/", "story-form": "/news/article/add/"}
"""Name of the picture → the newsroom's address."""


class Screen(NamedTuple):
    width: int
    height: int
    sharpness: int
    picture: int
    """Pixels of the picture's width."""


SCREENS = {"phone": Screen(PHONE, 740, 2, 540), "desktop": Screen(1280, 860, 1, 1100)}
SCHEMES = ["light", "dark"]


def names() -> list[str]:
    """Every picture's file name."""
    return [
        f"{page}-{screen}-{scheme}.webp" for page in [*KINDS, *NEWSROOM] for screen in SCREENS for scheme in SCHEMES
    ]


def main() -> None:
    with demo_network(Path(sys.argv[1]).resolve() / "demo") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_options())
        addresses = {found.kind: found.url for found in find(server, "everyday")}
        for screen in SCREENS:
            for scheme in SCHEMES:
                _take_all(browser, server, addresses, screen, scheme)
        _take_guide(browser, server)
        browser.close()


def _take_all(browser: Browser, server: Server, addresses: dict[str, str], screen: str, scheme: str) -> None:
    width, height, sharpness, _picture = SCREENS[screen]
    look = {"width": width, "height": height, "dark": scheme == "dark", "device_scale_factor": sharpness}
    with reader(browser, **look) as page:
        for name, kind in KINDS.items():
            _take(page, addresses[kind], name, screen, scheme)
    with reader(browser, **look) as page:
        _log_in(page, server, "redaktur")
        for name, path in NEWSROOM.items():
            _take(page, server.url(path, "redaksi"), name, screen, scheme)


def _take(page: Page, url: str, name: str, screen: str, scheme: str) -> None:
    """What the first screen shows, when all of its photos are there."""
    page.goto(url)
    _picture(page, f"{name}-{screen}-{scheme}", SCREENS[screen].picture)


def _take_guide(browser: Browser, server: Server) -> None:
    """The scenes of the guides, in light colours."""
    stories = guide.stories(server)
    for name, scene in guide.SCENES.items():
        width, height, sharpness, picture = SCREENS[scene.screen]
        with reader(browser, width=width, height=height, device_scale_factor=sharpness) as page:
            _log_in(page, server, scene.who)
            scene.set_up(page, server, stories)
            _picture(page, name, picture)


def _log_in(page: Page, server: Server, who: str) -> None:
    page.goto(server.url("/akun/masuk/", "redaksi"))
    fill_in(page, who, network.PASSWORD)
    page.wait_for_load_state()


def _picture(page: Page, name: str, width: int) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate(
        """() => Promise.all([...document.images].map(image => {
            image.loading = "eager"
            return image.decode().catch(() => null)
        }))"""
    )
    content = _webp(page.screenshot(animations="disabled", caret="hide"), width)
    (FOLDER / f"{name}.webp").write_bytes(content)


def _webp(png: bytes, width: int) -> bytes:
    """The best quality that fits into MOST_BYTES."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    for quality in range(80, 20, -10):
        buffer = io.BytesIO()
        image.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() < MOST_BYTES:
            return buffer.getvalue()
    raise ValueError(f"A picture of {width} pixels does not fit into {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
