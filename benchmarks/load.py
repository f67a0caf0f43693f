"""Readers and a reporter at work on a server, for what happens to it meanwhile: every answer is counted.

Readers ask for stored pages and, now and then, for new ones. The reporter stores one story after another by the
newsroom's form; a save is acknowledged when the form answered with its redirect.
"""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from tests.server import Server

STORIES = 12
CSRF = "x" * 32
SEED = f"""
import django; django.setup()
from urllib.parse import urlencode
from django.conf import settings
from django.test import Client
from news.demo import builders
from tests.newsroom.forms import article_form
city = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", builders.make_network()))
section = builders.make_section("Politik")
user = builders.make_user("reporter", "reporter", city)
author = builders.make_author("Linda Sari", city, user=user)
paths = [builders.make_live(city).get_absolute_url() for _n in range({STORIES})]
client = Client()
client.force_login(user)
form = article_form(title="JUDUL", region=city, section=section, bylines=[author])
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
print(urlencode(form))
print(" ".join(paths))
"""


class Load:
    """`ways`: name → port, where readers ask; beside gunicorn itself, for example nginx."""

    def __init__(self, server: Server, **ways: int) -> None:
        self.server = server
        self.over, self.lock = threading.Event(), threading.Lock()
        self.reads: Counter[tuple[str, bool]] = Counter()
        self.slowest = {"read": 0.0, "save": 0.0}
        self.acknowledged: list[str] = []
        self.refused = self.number = 0
        lines = server.run("-c", SEED).splitlines()
        self.session, self.form, self.paths = lines[-3], lines[-2], lines[-1].split()
        for path in self.paths * 3:  # stored by both processes, and by nginx
            for port in {**ways, "gunicorn": server.port}.values():
                self.ask(port, "GET", path, self.host)
        work: list[Callable[[], None]] = [self.write]
        for way, port in (ways | {"gunicorn": server.port}).items():
            work.append(lambda way=way, port=port: self.read(way, port))
        self.threads = [threading.Thread(target=each, daemon=True) for each in work]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def read(self, way: str, port: int) -> None:
        turn = 0
        while not self.over.wait(0.03):
            turn += 1
            kind = "new" if turn % 10 == 0 else "stored"
            path = f"/indeks/19{turn % 90 + 10}/01/01/" if kind == "new" else self.paths[turn % len(self.paths)]
            asked = time.monotonic()
            status = self.ask(port, "GET", path, self.host)
            with self.lock:
                self.slowest["read"] = max(self.slowest["read"], time.monotonic() - asked)
                self.reads[f"{way}, {kind}", status == 200] += 1

    def ask(self, port: int, method: str, path: str, host: str, body: str = "", **headers: str) -> int:
        """The status; 0 without an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(method, path, body or None, {"Host": host, **headers})
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
        return response.status

    def write(self) -> None:
        while not self.over.wait(0.1):
            self.save()

    def save(self) -> bool:
        """Store a new story; whether that was acknowledged."""
        with self.lock:
            self.number += 1
            title = f"Simpanan nomor {self.number}"
        kind = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": CSRF}
        cookies = {"Cookie": f"redaksi={self.session}; redaksi-csrf={CSRF}"}
        body = self.form.replace("JUDUL", title.replace(" ", "+"))
        host = f"redaksi.localhost:{self.server.port}"
        asked = time.monotonic()
        status = self.ask(self.server.port, "POST", "/news/article/add/", host, body, **kind, **cookies)
        with self.lock:
            self.slowest["save"] = max(self.slowest["save"], time.monotonic() - asked)
            if status == 302:
                self.acknowledged.append(title)
            else:
                self.refused += 1
        return status == 302

    def cold(self) -> str:
        """The path of a page that is probably not stored."""
        return f"/indeks/{random.randint(1900, 2020)}/{random.randint(1, 12):02}/{random.randint(1, 28):02}/"

    @property
    def host(self) -> str:
        return f"payakumbuh.localhost:{self.server.port}"
