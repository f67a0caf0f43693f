"""Every page of the newsroom that somebody can reach by links, under axe and on narrow screens."""

import re
from collections.abc import Callable
from itertools import cycle
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from news.demo import network
from tests.newsroom_browser import fill_in
from tests.pages import looks
from tests.pages.readers import DESK, PHONE, reader, turn
from tests.server import Server

PEOPLE = ("admin", "pemred", "reporter")
LOOKS = [(PHONE, False), (DESK, True), (PHONE, True), (DESK, False)]
_NOT_FOLLOWED = re.compile(r"/(akun/keluar|angka/unduh|jsi18n|media|static|autocomplete)")


def walk(
    browser: Browser, server: Server, person: str, wanted: Callable[[str], bool] = lambda kind: True
) -> dict[str, list[str]]:
    """Kind of page → what was found, for all pages of the demo network that this person reaches from the desk. One
    page of each kind is looked at: addresses that differ by numbers, dates or parameters are of one kind. The looks
    and languages take turns."""
    findings: dict[str, list[str]] = {}
    with reader(browser) as page:
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(server.url("/akun/masuk/", "redaksi"))
        fill_in(page, person, network.PASSWORD)
        page.wait_for_url(server.url("/", "redaksi"))
        todo, known, turns = ["/"], {"/"}, cycle(LOOKS)
        while todo:
            path = todo.pop(0)
            complaints.clear()
            width, dark = next(turns)
            turn(page, width=width, dark=dark)
            _choose_language(page, server, "en" if dark else "id")
            answer = page.goto(server.url(path, "redaksi"))
            if answer is None or "text/html" not in answer.headers.get("content-type", ""):
                continue
            if wanted(_kind(path)):
                said = [*complaints, *looks.axe(page), *looks.sideways(page)]
                if answer.status >= 400:
                    said.append(f"answers {answer.status}")
                if said:
                    findings[f"{person}, {width} px{' dark' if dark else ''}, {path}"] = said
            for found in _links(page, server):
                if _kind(found) not in known and not _NOT_FOLLOWED.match(found):
                    known.add(_kind(found))
                    todo.append(found)
        findings["pages"] = sorted(known)
    return findings


def _choose_language(page: Page, server: Server, code: str) -> None:
    page.context.add_cookies([{"name": "redaksi-language", "value": code, "url": server.url("/", "redaksi")}])


def _links(page: Page, server: Server) -> list[str]:
    here = urlsplit(server.url("/", "redaksi"))
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    parts = [urlsplit(address) for address in found]
    return [
        each.path + (f"?{each.query}" if each.query else "")
        for each in parts
        if each.netloc == here.netloc and each.path
    ]


def _kind(path: str) -> str:
    """The address without what tells pages of one kind apart: numbers and keys."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+", "N", path.partition("?")[0])
