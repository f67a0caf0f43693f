"""The page cache: a WSGI application in front of Django's, which answers readers from memory.

1. Host → region, by a table in memory; the newsroom, files and whatever is no reader's GET or HEAD go on to Django.
2. The numbers of the editions (regions.board), read before the content.
3. A kept response made under these numbers is the answer, or 304 where the reader has the same bytes already.
4. Otherwise Django makes one, once for each page and process however many ask, and it is kept if everybody may have it.

A page (200) is made under the numbers of its region and of what all have in common, and of the regions that its view
names in `response.shows`, because it shows their lists too. Other answers are made under the network's, which counts
every change: a story published anywhere is redirected to from everywhere. While the
database is down, kept responses are shown whatever their numbers, for PAGE_STALE_SECONDS; everything else is 503.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from . import freshness, health, hosts, parameters
from .board import Board, Snapshot
from .editions import EVERYWHERE
from .models import Region
from .pagestore import Entry, Key, Numbers, Store
from .sharedpages import SharedPages

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

KEPT = frozenset({200, 301, 404, 410})
LONGEST = 1_000  # characters of an address that is kept
PATIENCE = 10.0
"""Seconds that a request waits for another one that makes the same page."""
_OURS = frozenset({"cache-control", "content-length", "etag", "vary"})
_DOWN = b"Sedang ada gangguan. Silakan coba lagi sebentar lagi.\n"


class PageCache:
    def __init__(self, application: Application, board: Board | None = None):
        self.application = application
        self.board = board or Board()
        self.store = Store(settings.PAGE_CACHE_BYTES)
        self.shared = SharedPages()
        self.counts = Counter(dict.fromkeys(("hits", "shared", "misses", "unavailable"), 0))
        """Answers from memory, from the shared cache, from Django, and 503."""
        self._files = (settings.STATIC_URL, settings.MEDIA_URL)
        self._flights: dict[Key, list[Any]] = {}  # key → [lock, how many wait or fly]
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO") or "/"
        if path.startswith(self._files):
            return self.application(environ, start_response)
        snapshot = self.board.snapshot()
        if snapshot is None or (self.board.is_down and snapshot.age > settings.PAGE_STALE_SECONDS):
            return self._unavailable(start_response)
        region = self._region(environ, path, snapshot)
        if region is None:
            if health.asks(environ):
                told = health.describe(self.board, self.store, self.counts)
                return _say(start_response, "200 OK", told, "application/json")
            return (
                self._unavailable(start_response) if self.board.is_down else self.application(environ, start_response)
            )
        query = environ.get("QUERY_STRING", "")
        key = (region.pk, path, parameters.listed(path, query) if query else "")
        entry = self.store.get(key) or (self.shared.last(key) if self.board.is_down else None)
        if entry and (self.board.is_down or _is_current(entry, snapshot)):
            self.counts["hits"] += 1
            return self._answer(entry, snapshot, environ, start_response)
        if self.board.is_down:
            return self._unavailable(start_response)
        return self._make(key, region, snapshot, environ, start_response)

    def _region(self, environ: dict[str, Any], path: str, snapshot: Snapshot) -> Region | None:
        """Whose page is asked for, where it may be kept; None for everything that is Django's to answer."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "%00" in environ.get("QUERY_STRING", ""):
            return None
        label = _label(environ.get("HTTP_HOST", ""))
        if label is None or len(path) > LONGEST or not _is_secure(environ):
            return None
        return snapshot.shared.regions.get(label)

    # --- Making a page ------------------------------------------------------------------------------------

    def _make(
        self, key: Key, region: Region, snapshot: Snapshot, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        """The page from whoever makes it just now, or from Django. A failure while the database is down is no
        answer."""
        said: list[Any] = []
        with self._alone(key):
            entry = self.store.get(key)
            if entry is None or not _is_current(entry, snapshot):
                entry = self.shared.get(key, lambda found: _is_current(found, snapshot))
                if entry:
                    self.counts["shared"] += 1
            if entry is None:
                self.counts["misses"] += 1
                asked = environ | {"REQUEST_METHOD": "GET", "pekon.snapshot": snapshot}
                response = self.application(asked, lambda *arguments: said.extend(arguments))
                entry = _entry(response, said, region, snapshot)
                self.shared.put(key, entry)
            if entry:
                self.store.put(key, entry)
        if entry:
            return self._answer(entry, snapshot, environ, start_response)
        if said[0].startswith("5"):
            self.board.ask_again()
            if self.board.is_down:
                _close(response)
                kept = self.store.get(key)
                if kept:
                    return self._answer(kept, snapshot, environ, start_response)
                return self._unavailable(start_response)
        start_response(*said)
        if environ["REQUEST_METHOD"] == "HEAD":
            _close(response)
            return []
        return response

    @contextmanager
    def _alone(self, key: Key) -> Iterator[None]:
        """One request at a time for each page; who waited too long goes on all the same."""
        with self._lock:
            flight = self._flights.setdefault(key, [threading.Lock(), 0])
            flight[1] += 1
        acquired = flight[0].acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if acquired:
                flight[0].release()
            with self._lock:
                flight[1] -= 1
                if not flight[1]:
                    self._flights.pop(key, None)

    # --- Answering ----------------------------------------------------------------------------------------

    def _answer(
        self,
        entry: Entry,
        snapshot: Snapshot,
        environ: dict[str, Any],
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """The kept response, in an encoding that the reader's browser takes, or 304 if it has those bytes."""
        encoding, body = entry.in_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        tag = f'"{entry.tag}-{encoding}"' if encoding else f'"{entry.tag}"'
        headers = self._times(entry, snapshot)
        headers = [*headers, ("ETag", tag), ("Vary", "Accept-Encoding")]
        if entry.is_page and _has(environ.get("HTTP_IF_NONE_MATCH", ""), tag):
            start_response("304 Not Modified", headers)
            return []
        if encoding:
            headers.append(("Content-Encoding", encoding))
        start_response(entry.status, [*entry.headers, *headers, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _times(self, entry: Entry, snapshot: Snapshot) -> Headers:
        """What others are told of how long they may show it; nothing beyond the moment while the database is down."""
        if self.board.is_down:
            return freshness.headers(int(time.time()), time.time() + freshness.SECOND_ONLY, 0)
        change = min(snapshot.changes.get(place, freshness.NEVER) for place in entry.places)
        return freshness.headers(snapshot.second, min(change, entry.until), settings.PAGE_STALE_SECONDS)

    def _unavailable(self, start_response: StartResponse) -> Iterable[bytes]:
        self.counts["unavailable"] += 1
        return _say(start_response, "503 Service Unavailable", _DOWN, "text/plain; charset=utf-8", ("Retry-After", "5"))


def _say(
    start_response: StartResponse, status: str, body: bytes, content_type: str, *headers: tuple[str, str]
) -> list[bytes]:
    """An answer of our own, for nobody to keep."""
    plain = [("Content-Type", content_type), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    start_response(status, [*plain, *headers])
    return [body]


def _numbers(snapshot: Snapshot, places: Iterable[int]) -> Numbers:
    return tuple(snapshot.number(place) for place in places)


def _is_current(entry: Entry, snapshot: Snapshot) -> bool:
    return entry.numbers == _numbers(snapshot, entry.places) and entry.until > snapshot.second


def _entry(response: Any, said: list[Any], region: Region, snapshot: Snapshot) -> Entry | None:
    """Django's response as it is kept; None if it is not everybody's. What is kept is closed."""
    if not isinstance(response, HttpResponse) or response.status_code not in KEPT or response.cookies:
        return None
    own = {word.partition("=")[0]: word.partition("=")[2] for word in _words(response.get("Cache-Control", ""))}
    if own.keys() & {"no-store", "private", "no-cache"}:
        return None
    if set(_words(response.get("Vary", ""))) - {"accept-encoding"}:
        return None
    headers = [(name, value) for name, value in said[1] if name.lower() not in _OURS]
    body = response.content
    response.close()
    others = getattr(response, "shows", ()) if response.status_code == 200 else (snapshot.shared.network,)
    places = (EVERYWHERE, region.pk, *others)
    until = snapshot.second + int(own["s-maxage"]) if own.get("s-maxage", "").isdecimal() else freshness.NEVER
    return Entry(said[0], headers, body, _numbers(snapshot, places), places, until)


def _words(header: str) -> list[str]:
    return [word.strip().lower() for word in header.split(",") if word.strip()]


def _close(response: Any) -> None:
    if hasattr(response, "close"):
        response.close()


def _has(header: str, tag: str) -> bool:
    """Whether If-None-Match names the tag. RFC 9110 section 13.1.2: compared weakly."""
    return bool(header) and (header == tag or tag in [word.strip().removeprefix("W/") for word in header.split(",")])


@lru_cache(maxsize=4_096)
def _label(header: str) -> str | None:
    """The label that a Host header names exactly, empty for the network; None for hosts that are not readers'."""
    host = hosts.parse(header, settings.DOMAIN, settings.NEWSROOM_LABEL)
    readers = host.kind in (hosts.Kind.NETWORK, hosts.Kind.LABEL) and host.exact
    return host.label if readers else None


def _is_secure(environ: dict[str, Any]) -> bool:
    """Whether Django would answer and not redirect to https (as HttpRequest.scheme has it)."""
    if not settings.SECURE_SSL_REDIRECT:
        return True
    name, value = settings.SECURE_PROXY_SSL_HEADER or ("", "")
    if name in environ:
        return bool(environ[name].split(",")[0].strip() == value)
    return bool(environ["wsgi.url_scheme"] == "https")
