"""In Chrome 69, and in UC Browser, which is as old: readable, usable, without script."""

import http.client
import re
from email.message import Message
from urllib.parse import urlsplit

import pytest

from tests.pages import downgrade, looks
from tests.pages.readers import DESK, PHONE, reader, turn, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]
LOOKED_AT = ["network front", "region front", "article with photo", "photo story", "rubrik", "indeks", "404"]
LETTERS_ON_A_PHONE, LETTERS_ON_A_DESK = (25, 60), (40, 90)
"""Letters in a full line: 60 to 75 are best, and these limits are still readable."""
SIZE = (16, 24)
"""Smallest size of the text's letters, in px."""


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("@layer a, b; a { color: red }", "a{color: red;}"),
        ("@layer a { a { color: red } } b { top: 0 }", "b{top: 0;}"),
        ("@media (prefers-color-scheme: dark) { a { color: red } }", ""),
        ("@media print, (width >= 40rem) { a { color: red } }", "@media print{a{color: red;}}"),
        ("@media (min-width: 40rem) { a { color: red } }", "@media (min-width: 40rem) {a{color: red;}}"),
        ("@supports (display: grid) { a { color: red } }", "@media all{a{color: red;}}"),
        ("@supports (aspect-ratio: 1) or (inset: 0) { a { color: red } }", ""),
        ("@supports not (gap: min(1px, 2px)) { a { color: red } }", "@media all{a{color: red;}}"),
        ("a, b:is(.c) { color: red } b:not(.c) { color: red }", "b:not(.c) {color: red;}"),
        ("a:not(.b, .c) { top: 0 } a:not(.b .c) { top: 0 }", ""),
        (":focus-visible { top: 0 } :focus { top: 0 }", ":focus {top: 0;}"),
        ("a::before { top: 0 } li::marker { top: 0 }", "a::before {top: 0;}"),
        ("a { width: 10rem; width: min(10rem, 50%); inset: 0 }", "a {width: 10rem;}"),
        ("a { --w: clamp(1px, 2vw, 3px); width: var(--w) }", "a {--w:unsupported(69);width: var(--w);}"),
        ("a { width: 1px; width: max(1px, var(--w)) }", "a {width: 1px;width:var(--nowhere) unsupported(69);}"),
        ("a { color: red; color: color-mix(in srgb, red, blue); height: 100dvh }", "a {color: red;}"),
        ("a { color: red; & b { color: blue } top: 0; left: 0 }", "a {color: red;left: 0;}"),
        ("a { overflow-wrap: anywhere; text-overflow: clip; overflow: clip }", "a {text-overflow: clip;}"),
        ("@font-face { font-family: X; size-adjust: 90% }", "@font-face {font-family: X;size-adjust: 90%;}"),
    ],
)
def test_what_chrome_69_understands(written, understood):
    squeezed = "".join(downgrade.sheet(written).split())
    assert squeezed == "".join(understood.split())


@pytest.mark.thorough
def test_old_browsers_read_and_find_their_way(pages, browser):
    findings, measured = {}, 0
    with reader(browser, bypass_csp=True) as page:
        page.route("**/*", as_chrome_69)
        for found in [found for found in pages("everyday") if found.kind in LOOKED_AT]:
            said = visit(page, found)
            for width, letters in ((PHONE, LETTERS_ON_A_PHONE), (DESK, LETTERS_ON_A_DESK)):
                turn(page, width=width)
                page.evaluate(downgrade.NO_FLEX_GAP)
                said += [f"{width} px: {text}" for text in looks.sideways(page) + looks.navigation(page)]
                if found.kind == "article with photo":
                    said += [f"{width} px: {text}" for text in looks.unreadable(page, letters, SIZE)]
                    measured += 1
            said += looks.axe(page, ["color-contrast"])
            if said:
                findings[found.kind] = said
    assert not findings, looks.listed(findings)
    assert measured == 2


def as_chrome_69(route) -> None:
    """What the server sends, without what the browser of the time would not have understood."""
    kind = route.request.resource_type
    if kind not in {"document", "stylesheet"}:
        route.continue_()
        return
    status, headers, body = answer(route.request.url)
    if kind == "stylesheet":
        body = downgrade.sheet(body)
    elif headers["Content-Type"].startswith("text/html"):
        # Taken out, since axe does not run where script is off.
        body = re.sub(r"<script\b.*?</script>", "", downgrade.html(body), flags=re.DOTALL)
    route.fulfill(status=status, content_type=headers["Content-Type"], body=body)


def answer(url: str) -> tuple[int, Message, str]:
    """Status, headers and text. The request goes to 127.0.0.1, since only browsers resolve `*.localhost`."""
    asked = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", asked.port, timeout=30)
    try:
        connection.request("GET", url.partition(asked.netloc)[2], headers={"Host": asked.netloc})
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()
    finally:
        connection.close()
