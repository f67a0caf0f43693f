"""Every kind of page under every judge: `python -m tests.pages.check FOLDER [PART ...]`, for `make check-pages`.

A real gunicorn serves the demo network. Findings, and what Lighthouse measured, are printed and stand in FOLDER's
report.json; pictures of the longest inputs stand in its folder `longest`. Ends with an error if there is a finding.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.pages import judges, looks, newsroom
from tests.pages.demo import demo_network
from tests.pages.readers import DESK, PHONE, SMALLEST, Found, find, reader, turn, visit
from tests.server import Server

Findings = dict[str, list[str]]
"""Kind of page → what was found."""
SCREENS = [(width, dark) for width in (PHONE, DESK) for dark in (False, True)]
ZOOMED = 256
"""Height of a desk's screen of 1280 × 1024 at 400 %, in CSS pixels; its width is SMALLEST."""


def axe(browser: Browser, pages: list[Found]) -> Findings:
    """WCAG 2.2 AA on phones and desks, by day and by night."""

    def look(page: Page, _found: Found) -> list[str]:
        screens: dict[str, list[str]] = {}
        for width, dark in SCREENS:
            turn(page, width=width, dark=dark)
            for text in looks.axe(page):
                screens.setdefault(text, []).append(f"{width} px {'dark' if dark else 'light'}")
        return [f"{', '.join(where)}: {text}" for text, where in screens.items()]

    return each(browser, pages, look)


def width(browser: Browser, pages: list[Found]) -> Findings:
    """No page scrolls sideways, even at 400 % or with letters twice as large, and nothing covers the text."""

    def look(page: Page, found: Found) -> list[str]:
        said = []
        for wide, height in ((SMALLEST, 740), (PHONE, 740), (DESK, 900), (SMALLEST, ZOOMED)):
            turn(page, width=wide, height=height)
            said += [f"{wide} × {height} px: {text}" for text in looks.sideways(page) + looks.covered(page)]
        with reader(browser) as large:
            before = looks.letters(page)
            looks.double_text(large)
            visit(large, found)
            for wide in (PHONE, DESK):
                turn(large, width=wide)
                said += [f"{wide} px, text at 200 %: {text}" for text in looks.sideways(large)]
            return said + looks.small_after_doubling(large, before)

    return each(browser, pages, look)


def order(browser: Browser, pages: list[Found]) -> Findings:
    """Headings in order; the same text without script; read from the top down without style."""

    def look(page: Page, found: Found) -> list[str]:
        said = looks.outline(page)
        with reader(browser, script=False) as without_script:
            visit(without_script, found)
            said += looks.lost_without_script(looks.texts(page), looks.texts(without_script))
        return said + looks.unstyled(page)

    return each(browser, pages, look)


def html(browser: Browser, pages: list[Found], folder: Path) -> Findings:
    """The Nu HTML checker on what the server sends."""
    saved = {}
    with reader(browser, script=False) as page:
        for found in pages:
            response = page.goto(found.url)
            if response.status != 404 or found.built:
                saved[found.kind] = folder / "html" / f"{file_name(found.kind)}.html"
                saved[found.kind].parent.mkdir(exist_ok=True)
                saved[found.kind].write_bytes(response.body())
    return judges.nu(folder / "node", saved)


def longest(browser: Browser, pages: list[Found], folder: Path) -> Findings:
    """The longest and the emptiest inputs, with a picture of each page on a phone and on a desk."""
    (folder / "longest").mkdir(exist_ok=True)

    def look(page: Page, found: Found) -> list[str]:
        said = []
        for wide, dark in SCREENS:
            turn(page, width=wide, dark=dark)
            said += [f"{wide} px: {text}" for text in looks.sideways(page) + looks.clipped(page) + looks.axe(page)]
            if not dark:
                picture = folder / "longest" / f"{file_name(found.kind)}-{wide}.png"
                page.screenshot(path=picture, full_page=True, clip={"x": 0, "y": 0, "width": wide, "height": 4000})
        turn(page, width=SMALLEST)
        return said + looks.sideways(page) + looks.clipped(page)

    return each(browser, pages, look)


def newsroom_pages(browser: Browser, server: Server) -> Findings:
    """Every page of the newsroom, for three people."""
    findings: Findings = {}
    for person in newsroom.PEOPLE:
        found = newsroom.walk(browser, server, person)
        print(f"  {person}: {len(found.pop('pages'))} pages", flush=True)
        findings |= found
    return findings


def each(browser: Browser, pages: list[Found], look: Callable[[Page, Found], list[str]]) -> Findings:
    """What `look` finds in each page that is built, and what the browser complained about there."""
    findings = {}
    with reader(browser) as page:
        for found in pages:
            turn(page, width=PHONE)
            complaints = visit(page, found)
            if complaints is not None:
                findings[found.kind] = complaints + look(page, found)
    return findings


def file_name(kind: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("parts", nargs="*", default=["axe", "width", "order", "longest", "newsroom"])
    options = arguments.parse_args()
    folder = options.folder.resolve()
    report: dict = {"findings": {}, "seconds": {}, "not built yet": []}
    with demo_network(folder / "demo") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_options())
        pages = find(server, "everyday")
        with reader(browser) as page:
            report["not built yet"] = [found.kind for found in pages if visit(page, found) is None]
        runs: dict[str, Callable[[], Findings]] = {
            "axe": lambda: axe(browser, pages),
            "width": lambda: width(browser, pages),
            "order": lambda: order(browser, pages),
            "html": lambda: html(browser, pages, folder),
            "lighthouse": lambda: judges.lighthouse(folder / "node", pages, report),
            "longest": lambda: longest(browser, with_longest(server), folder),
            "newsroom": lambda: newsroom_pages(browser, server),
        }
        for part in [part for part in runs if part in options.parts]:
            began = time.monotonic()
            print(f"{part} …", flush=True)
            report["findings"][part] = {kind: said for kind, said in runs[part]().items() if said}
            report["seconds"][part] = round(time.monotonic() - began, 1)
            for kind, said in report["findings"][part].items():
                print("\n".join(f"  {kind}: {text}" for text in said), flush=True)
        browser.close()
    (folder / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False), "utf-8")
    print(judges.table(report))
    count = sum(len(said) for kinds in report["findings"].values() for said in kinds.values())
    print(f"{count} findings on {len(pages) - len(report['not built yet'])} kinds of page; {folder / 'report.json'}")
    print(f"Not built yet: {', '.join(report['not built yet']) or 'nothing'}")
    return 1 if count else 0


def with_longest(server: Server) -> list[Found]:
    """These articles are made last, because they would stand on the network's front, which Lighthouse measures."""
    server.run("-m", "tests.pages.world", "longest")
    return find(server, "longest")


if __name__ == "__main__":
    sys.exit(main())
