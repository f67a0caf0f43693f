"""`make check-outages`: words and photo choices lost, and stories stored twice, over many outages. RUNS says how many,
ONLY of which kinds.

A reporter's browser types a story against a real server, and then the line is cut, the browser or the server is killed
with -9, the session ends, the server's disk is full, or the button is pressed twice on a slow line. Each run ends with
the story saved. It fails if one word or photo choice is missing, or if there is one story too many.
"""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect, sync_playwright

from tests import chromium
from tests.newsroom_browser import UNTIL_ON_DEVICE, fill_in
from tests.server import Server

KINDS = ("line", "browser", "session", "server", "disk", "double")
DISK = "96m"
FILL = "gangguan-penuh"
SEED = """
import django; django.setup()
from news.demo import builders
from news.images import uploads
from django.contrib.auth.models import User
from regions.models import Region
from tests.conftest import photo_file
region, user = Region.objects.get(subdomain="payakumbuh"), User.objects.get(username="reporter")
print(uploads.store(photo_file((60, 40)), region=region, user=user, alt="Jembatan").pk)
"""
RESULT = """
import django, json; django.setup()
from news.models import Article, WorkingCopy
print(json.dumps([[a.title, a.body, a.lead_photo_id] for a in Article.objects.order_by("pk")]))
"""


class Outages:
    def __init__(self, server: Server, playwright, photo: str):
        self.server, self.playwright, self.photo = server, playwright, photo
        self.profile = Path(tempfile.mkdtemp(prefix="pekon-outages-"))
        self.page: Page | None = None
        self.context: BrowserContext | None = None
        self.open()

    # --- The reporter's device -------------------------------------------------------------------------------------

    def open(self) -> None:
        options = chromium.launch_options() | {"locale": "id-ID"}
        self.context = self.playwright.chromium.launch_persistent_context(str(self.profile), **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.log_in(self.page)

    def log_in(self, page: Page) -> None:
        page.goto(self.server.url("/akun/masuk/?next=/masuk-lagi/", "redaksi"))
        if "/akun/masuk/" in page.url:
            fill_in(page, "reporter")
        expect(page.get_by_text("Anda sudah masuk lagi")).to_be_visible()

    def kill_browser(self) -> None:
        """As when the phone's battery is empty: every process of this profile, by its id, at once."""
        mine = f"--user-data-dir={self.profile}".encode()
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdecimal() and mine in (entry / "cmdline").read_bytes().split(b"\0"):
                    os.kill(int(entry.name), signal.SIGKILL)
        with suppress(Exception):
            self.context.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    # --- One story -------------------------------------------------------------------------------------------------

    def write(self, number: int) -> str:
        title = f"Gangguan nomor {number}"
        self.page.goto(self.server.url("/news/article/add/", "redaksi"))
        self.page.locator("#id_title").fill(title)
        self.page.locator("#id_section").select_option(label="Politik")
        self.page.evaluate(
            "(photo) => document.getElementById('id_lead_photo').append(new Option('Foto', photo, true, true))",
            self.photo,
        )
        self.body.click()
        self.page.keyboard.type(f"Awal{number}x.")
        return title

    @property
    def body(self):
        return self.page.locator(".field-body div.ProseMirror[contenteditable]")

    def more(self, words: str) -> None:
        self.body.click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)
        expect(self.body).to_contain_text(words.strip())

    def until_on_device(self, words: str) -> None:
        self.page.evaluate(UNTIL_ON_DEVICE, words)

    def save(self) -> None:
        self.button().click()

    def button(self) -> Locator:
        """The button that stores the draft, in the bar's menu, which is opened for it."""
        found = self.page.locator(".acts").get_by_role("button", name="Simpan draf", exact=True)
        if not found.is_visible():
            self.page.locator(".bar-menu > summary").last.click()
        return found

    def until_saved(self) -> None:
        self.page.wait_for_url(re.compile(r"/article/\d+/change/$"))

    def one(self, number: int, kind: str) -> str:
        title, words = self.write(number), f" Akhir{number}y."
        getattr(self, f"during_{kind}")(title, words)
        self.until_saved()
        return title

    # --- The outages -----------------------------------------------------------------------------------------------

    def during_line(self, title: str, words: str) -> None:
        self.context.set_offline(True)
        self.more(words)
        self.save()
        expect(self.page.locator("#save-status")).to_contain_text("jaringan")
        self.context.set_offline(False)

    def during_browser(self, title: str, words: str) -> None:
        self.context.set_offline(True)
        self.more(words)
        self.until_on_device(words.strip())
        self.kill_browser()
        self.open()
        self.page.goto(self.server.url("/news/article/add/", "redaksi"))
        offer = self.page.locator(".recovery", has_text=title)
        offer.get_by_role("link", name="Lanjutkan").click()
        expect(self.body).to_contain_text(words.strip())
        self.save()

    def during_session(self, title: str, words: str) -> None:
        self.context.clear_cookies()
        self.more(words)
        self.save()
        expect(self.page.get_by_role("dialog")).to_be_visible()
        other = self.context.new_page()
        other.set_default_timeout(120_000)
        self.log_in(other)
        other.close()
        self.page.bring_to_front()

    def during_server(self, title: str, words: str) -> None:
        self.server.kill()
        self.more(words)
        self.save()
        expect(self.page.locator("#save-status")).to_contain_text("jaringan")
        self.server.start()

    def during_disk(self, title: str, words: str) -> None:
        with closing(sqlite3.connect(self.server.folder / "pekon.sqlite3", timeout=60)) as database:
            database.create_function("REGEXP", 2, lambda _pattern, _text: True, deterministic=True)  # of constraints
            database.execute("VACUUM")  # or the database would write where it has deleted …
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # … or into its log
        full = self.server.folder / FILL
        with suppress(OSError), full.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 65_536)
        self.more(words)
        self.save()
        expect(self.page.locator("#save-status")).to_contain_text("jaringan")
        full.unlink()

    def during_double(self, title: str, words: str) -> None:
        self.more(words)

        def slowly(route) -> None:
            time.sleep(0.2)
            route.continue_()

        self.page.route("**/add/", slowly)
        self.button().dblclick()
        self.until_saved()
        self.page.unroute("**/add/")

    def close(self) -> None:
        with suppress(Exception):
            self.context.close()
        shutil.rmtree(self.profile, ignore_errors=True)


def main() -> int:
    runs = int(os.environ.get("RUNS", "200"))
    expect.set_options(timeout=120_000)
    server = Server()
    small = (
        os.getuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", str(server.folder)], check=False
        ).returncode
    )
    chosen = os.environ.get("ONLY", "").split() or KINDS
    kinds = [kind for kind in chosen if small or kind != "disk"]
    if not small:
        print("!! NOT TESTED: a full disk needs root, to mount a small one")
    try:
        with server, sync_playwright() as playwright:
            server.run("-m", "tests.seed")
            outages = Outages(server, playwright, server.run("-c", SEED).split()[-1])
            try:
                expected = {}
                for number in range(1, runs + 1):
                    kind = kinds[number % len(kinds)]
                    began = time.monotonic()
                    expected[outages.one(number, kind)] = (number, kind)
                    print(f"{number:4} {kind:8} {time.monotonic() - began:5.1f} s", flush=True)
                stored = json.loads(server.run("-c", RESULT).splitlines()[-1])
            finally:
                outages.close()
    finally:
        if small:
            subprocess.run(["umount", "-l", str(server.folder)], check=False)
    return report(stored, expected, outages.photo)


def report(stored: list[list], expected: dict[str, tuple[int, str]], photo: str) -> int:
    times = Counter(title for title, _body, _photo in stored)
    bodies = {title: body for title, body, _photo in stored}
    photos = {title: str(chosen) for title, _body, chosen in stored}
    words = [
        f"{kind}: {word}"
        for title, (number, kind) in expected.items()
        for word in (f"Awal{number}x", f"Akhir{number}y")
        if word not in bodies.get(title, "")
    ]
    lost = [f"{kind}: {title}" for title, (_number, kind) in expected.items() if photos.get(title) != photo]
    doubles = [title for title, count in times.items() if count > 1]
    print(f"{len(expected)} outages: {len(words)} words, {len(lost)} photo choices lost; {len(doubles)} stories twice")
    for finding in (*words, *lost, *doubles):
        print(f"  {finding}")
    return 1 if words or lost or doubles else 0


if __name__ == "__main__":
    sys.exit(main())
