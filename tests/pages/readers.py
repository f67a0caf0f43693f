"""Readers: a browser of a certain width, colour scheme and settings, and what it complained about."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.server import Server

PHONE, SMALLEST, DESK = 360, 320, 1280
"""Widths in CSS pixels. 320 is WCAG 1.4.10's: 1280 at 400 %."""


class Found(NamedTuple):
    """A page of a kind, as tests.pages.kinds knows it."""

    kind: str
    url: str
    status: int
    built: bool


def find(server: Server, group: str) -> list[Found]:
    """The pages of every kind in the group, on this server."""
    return [Found(*found) for found in json.loads(server.run("-m", "tests.pages.kinds", group))]


@contextmanager
def reader(
    browser: Browser, *, width: int = PHONE, height: int = 740, dark: bool = False, script: bool = True, **context
) -> Iterator[Page]:
    """A page in a browser context of its own."""
    own = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        reduced_motion="reduce",
        locale="id-ID",
        **context,
    )
    try:
        page = own.new_page()
        page.set_default_timeout(20_000)
        yield page
    finally:
        own.close()


def visit(page: Page, found: Found) -> list[str] | None:
    """Open the page; what its browser complained about, or None where it is not built yet."""
    complaints: list[str] = []

    def said(message) -> None:
        if message.type == "error" and "status of" not in message.text:  # answers are heard below
            complaints.append(message.text)

    def answered(response) -> None:
        if response.status >= 400 and response.url != found.url:
            complaints.append(f"{response.status}: {response.url}")
        if urlsplit(response.url).netloc != urlsplit(found.url).netloc:
            complaints.append(f"from another host: {response.url}")

    page.goto("about:blank")  # stop listening to the page before
    page.on("console", said)
    page.on("response", answered)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    response = page.goto(found.url)
    page.wait_for_load_state("load")
    for event, handler in (("console", said), ("response", answered)):
        page.remove_listener(event, handler)
    if response.status == 404 and not found.built:
        return None
    if not found.built:
        complaints.append("is built now: say so in tests/pages/kinds.py")
    elif response.status != found.status:
        complaints.append(f"answered {response.status}, not {found.status}")
    return complaints


def turn(page: Page, *, width: int, height: int = 740, dark: bool = False) -> None:
    """The same page in another width and scheme."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
