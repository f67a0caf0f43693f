"""The page cache: a WSGI application in front of Django's, which answers readers from memory.

1. A reader's view gets only the method, scheme, host, path and listed parameters. No other header reaches it.
2. The host gives the region, from a table in memory. The newsroom's requests, files, and requests other than GET and
HEAD are passed to Django.
3. The generation numbers (regions.generations.snapshot) are read before the content.
4. A response that was stored under these numbers is sent, or 304 if the reader has the same bytes already.
5. Otherwise Django makes the page, only once per process for simultaneous requests. It is stored if it is for
everybody. With a read replica that has caught up with the numbers, the page is made from that
(regions.generations.replica).

A page (200) depends on the generations of its region, of EVERYWHERE, and of the regions that its view adds to
`request.depends_on` because it shows their lists. Other answers depend on the network's generation, which every change
bumps, because an article published anywhere turns 404s on all hosts into redirects. While the database is down, stored
responses of any generation are sent for PAGE_STALE_SECONDS; everything else is answered with 503.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.conf import settings

from pekon import metrics
from regions import hosts, query_params
from regions.generations import EVERYWHERE, replica
from regions.generations.snapshot import Poller, Snapshot

from . import cache_headers, health
from .redis_storage import RedisStorage
from .storage import Entry, Key, MemoryStorage, Numbers

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

OUTCOME = "pekon.outcome"
"""Where in the environment stands how a request was answered: one of `PageCache.counts`, "stale", "uncached" or
"probe". Nothing for what Django answered itself."""
CACHEABLE_STATUSES = frozenset({200, 301, 404, 410})
MAX_PATH_LENGTH = 1_000  # characters; pages with longer paths are not stored
LOCK_TIMEOUT = 10.0
"""Seconds that a request waits for another one that is making the same page."""
_PASSED_ON = frozenset({"HTTP_HOST", "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"})
"""The entries of the environment that Django gets, besides this module's and the server's `wsgi.` entries."""
PREVIEWS = "/pratinjau/"
"""Where the addresses of previews begin. No generation knows of them, so nothing says whether a replica has them."""
_OWN_HEADERS = frozenset({"cache-control", "content-length", "etag", "vary"})
_UNAVAILABLE = b"Sedang ada gangguan. Silakan coba lagi sebentar lagi.\n"


class PageCache:
    def __init__(self, application: Application, poller: Poller | None = None):
        self.application = application
        self.poller = poller or Poller()
        self.memory = MemoryStorage(settings.PAGE_CACHE_BYTES)
        self.redis = RedisStorage()
        self.replica = replica.Replica() if replica.is_configured() else None
        self.counts = Counter(dict.fromkeys(("hits", "shared", "misses", "unavailable"), 0))
        """The number of answers from memory, from Redis, from Django, and with 503; with a replica also how many of
        Django's came from that (`replica`)."""
        if self.replica:
            self.counts["replica"] = 0
        self._file_prefixes = (settings.STATIC_URL, settings.MEDIA_URL)
        self._renders: dict[Key, list[Any]] = {}  # key → [lock, number of requests that wait or render]
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ["SCRIPT_NAME"] = ""  # Pekon is at the root of its hosts, whatever a client claims
        path: str = environ.get("PATH_INFO") or "/"
        if path.startswith(health.PREFIX) and health.is_probe(environ, path):
            return self._probe(path, environ, start_response)
        snapshot = self.poller.snapshot()
        environ["pekon.snapshot"] = snapshot
        if snapshot and not self.poller.is_down:
            self.redis.remember_snapshot(snapshot)
            if self.replica:
                self.replica.follow(snapshot)
        if path.startswith(self._file_prefixes):
            return self.application(environ, start_response)
        if snapshot is None and self.poller.is_down:
            snapshot = self.redis.last_snapshot()
        if snapshot is None or (self.poller.is_down and snapshot.age > settings.PAGE_STALE_SECONDS):
            return self._unavailable(environ, start_response)
        region_id = self._region_id(environ, path, snapshot)
        if region_id is None:
            if health.is_asked_for(environ):
                body = health.describe(self.poller, self.memory, self.counts)
                return _respond(start_response, "200 OK", body, "application/json")
            if self.poller.is_down:
                return self._unavailable(environ, start_response)
            return self.application(environ, start_response)
        query = environ.get("QUERY_STRING", "")
        key = (region_id, path, query_params.allowed(path, query) if query else "")
        entry = self.memory.get(key) or (self.redis.get_any(key) if self.poller.is_down else None)
        if entry and (self.poller.is_down or _is_current(entry, snapshot)):
            self._count("hits", environ)
            return self._answer(entry, snapshot, environ, start_response)
        if self.poller.is_down:
            return self._unavailable(environ, start_response)
        return self._render(key, snapshot, environ, start_response)

    def _region_id(self, environ: Environ, path: str, snapshot: Snapshot) -> int | None:
        """The key of the requested page's region, if the page may be stored; None for everything else."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "%00" in environ.get("QUERY_STRING", ""):
            return None
        label = _label(environ.get("HTTP_HOST", ""))
        if label is None or len(path) > MAX_PATH_LENGTH or not _is_secure(environ):
            return None
        region = snapshot.shared.open_regions.get(label)
        return region.pk if region else None

    # --- Making a page ------------------------------------------------------------------------------------

    def _render(self, key: Key, snapshot: Snapshot, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The page, made by Django or by another request that is making it already. If the database is down, a stored
        page is sent instead of an error."""
        with self._one_at_a_time(key):
            entry = self.memory.get(key)
            if entry is None or not _is_current(entry, snapshot):
                entry = self.redis.get(key, lambda found: _is_current(found, snapshot))
                if entry:
                    self._count("shared", environ)
                    self.memory.put(key, entry)
            if entry:
                return self._answer(entry, snapshot, environ, start_response)
            self._count("misses", environ)
            try:
                with metrics.RENDER_SECONDS.time():
                    response = self._make(key, snapshot, environ)
                entry = response.to_entry(key[0], snapshot)
            finally:
                self.redis.put(key, entry)
            if entry:
                self.memory.put(key, entry)
        if entry:
            return self._answer(entry, snapshot, environ, start_response)
        if response.status.startswith("5"):
            self.poller.ask_again()
            if self.poller.is_down or response.status.startswith("503"):
                stored = self.memory.get(key) or self.redis.get_any(key)
                if stored:
                    return self._answer(stored, snapshot, environ, start_response, is_stale=True)
                return self._unavailable(environ, start_response)
        environ[OUTCOME] = "uncached"
        start_response(response.status, response.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    def _make(self, key: Key, snapshot: Snapshot, environ: Environ) -> "_Response":
        """Django's response, made from the replica if it has caught up and makes it without an error."""
        if self.replica and not key[1].startswith(PREVIEWS) and self.replica.has_reached(snapshot):
            with self.replica.reading():
                response = self._ask_django(key, snapshot, environ)
            if not response.status.startswith("5"):
                self.counts["replica"] += 1
                return response
            self.replica.give_up()
        return self._ask_django(key, snapshot, environ)

    def _ask_django(self, key: Key, snapshot: Snapshot, environ: Environ) -> "_Response":
        """Django's response to a request made from the key alone, so that no other header can influence it."""
        passed_on = {name: environ[name] for name in environ if name in _PASSED_ON or name.startswith("wsgi.")}
        depends_on: set[int] = set()
        passed_on |= {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "QUERY_STRING": key[2],
            "pekon.snapshot": snapshot,
            "pekon.depends_on": depends_on,
        }
        if settings.SECURE_PROXY_SSL_HEADER:  # only secure requests come here
            name, value = settings.SECURE_PROXY_SSL_HEADER
            passed_on[name] = value
        started: list[Any] = []
        body = self.application(passed_on, lambda *arguments: started.extend(arguments))
        try:
            return _Response(started, b"".join(body), depends_on)
        finally:
            if hasattr(body, "close"):
                body.close()

    @contextmanager
    def _one_at_a_time(self, key: Key) -> Iterator[None]:
        """Let one request at a time make a page. One that has waited for LOCK_TIMEOUT proceeds anyway."""
        with self._lock:
            render = self._renders.setdefault(key, [threading.Lock(), 0])
            render[1] += 1
        acquired = render[0].acquire(timeout=LOCK_TIMEOUT)
        try:
            yield
        finally:
            if acquired:
                render[0].release()
            with self._lock:
                render[1] -= 1
                if not render[1]:
                    self._renders.pop(key, None)

    # --- Answering ----------------------------------------------------------------------------------------

    def _answer(
        self,
        entry: Entry,
        snapshot: Snapshot,
        environ: Environ,
        start_response: StartResponse,
        is_stale: bool = False,
    ) -> Iterable[bytes]:
        """Send the stored response in an encoding that the browser accepts, or 304 if it has the same bytes."""
        if is_stale or self.poller.is_down:
            environ[OUTCOME] = "stale"
        encoding, body = entry.in_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        tag = f'"{entry.tag}-{encoding}"' if encoding else f'"{entry.tag}"'
        headers = [*self._cache_headers(entry, snapshot, is_stale), ("ETag", tag), ("Vary", "Accept-Encoding")]
        if entry.is_page and _matches(environ.get("HTTP_IF_NONE_MATCH", ""), tag):
            start_response("304 Not Modified", headers)
            return []
        if encoding:
            headers.append(("Content-Encoding", encoding))
        start_response(entry.status, [*entry.headers, *headers, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _cache_headers(self, entry: Entry, snapshot: Snapshot, is_stale: bool) -> Headers:
        """The headers that say how long others may show the response: only for a moment while the database is down."""
        if is_stale or self.poller.is_down:
            return cache_headers.headers(int(time.time()), time.time() + cache_headers.MIN_SECONDS, 0)
        change = min(snapshot.next_changes.get(pk, cache_headers.NEVER) for pk in entry.region_ids)
        return cache_headers.headers(snapshot.second, min(change, entry.until), settings.PAGE_STALE_SECONDS)

    def _unavailable(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self._count("unavailable", environ)
        retry = ("Retry-After", "5")
        return _respond(start_response, "503 Service Unavailable", _UNAVAILABLE, "text/plain; charset=utf-8", retry)

    def _probe(self, path: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ[OUTCOME] = "probe"
        if path == health.LIVE:
            return _respond(start_response, "200 OK", b"live\n", "text/plain")
        is_ready, reasons = health.readiness(self.poller, self.redis.last_snapshot, environ.get("QUERY_STRING", ""))
        status = "200 OK" if is_ready else "503 Service Unavailable"
        return _respond(start_response, status, reasons, "application/json")

    def _count(self, outcome: str, environ: Environ) -> None:
        self.counts[outcome] += 1
        environ[OUTCOME] = outcome


class _Response:
    """Django's response. Whether it may be stored depends on its status and headers alone, so WSGI middleware between
    the page cache and Django is no obstacle."""

    def __init__(self, started: list[Any], body: bytes, depends_on: set[int]):
        self.status: str = started[0]
        self.headers: Headers = started[1]
        self.body = body
        self.depends_on = depends_on

    def to_entry(self, region_id: int, snapshot: Snapshot) -> Entry | None:
        """The entry to store; None if the response is not for everybody."""
        code = int(self.status.split()[0])
        if code not in CACHEABLE_STATUSES or self._header("set-cookie"):
            return None
        directives = dict(word.partition("=")[::2] for word in _words(self._header("cache-control")))
        if directives.keys() & {"no-store", "private", "no-cache"}:
            return None
        if set(_words(self._header("vary"))) - {"accept-encoding"}:
            return None
        others = sorted(self.depends_on) if code == 200 else [snapshot.shared.network]
        region_ids = (EVERYWHERE, region_id, *others)
        s_maxage = directives.get("s-maxage", "")
        until = snapshot.second + int(s_maxage) if s_maxage.isdecimal() else cache_headers.NEVER
        headers = [(name, value) for name, value in self.headers if name.lower() not in _OWN_HEADERS]
        return Entry(self.status, headers, self.body, _numbers(snapshot, region_ids), region_ids, until)

    def _header(self, wanted: str) -> str:
        return ", ".join(value for name, value in self.headers if name.lower() == wanted)


def _respond(
    start_response: StartResponse, status: str, body: bytes, content_type: str, *headers: tuple[str, str]
) -> list[bytes]:
    """Send a response of the page cache itself, which nobody may store."""
    plain = [("Content-Type", content_type), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    start_response(status, [*plain, *headers])
    return [body]


def _numbers(snapshot: Snapshot, region_ids: Iterable[int]) -> Numbers:
    return tuple(snapshot.number(pk) for pk in region_ids)


def _is_current(entry: Entry, snapshot: Snapshot) -> bool:
    return entry.numbers == _numbers(snapshot, entry.region_ids) and entry.until > snapshot.second


def _words(header: str) -> list[str]:
    return [word.strip().lower() for word in header.split(",") if word.strip()]


def _matches(if_none_match: str, tag: str) -> bool:
    """Whether If-None-Match contains the tag, by weak comparison (RFC 9110, section 13.1.2)."""
    if not if_none_match:
        return False
    return if_none_match == tag or tag in [word.strip().removeprefix("W/") for word in if_none_match.split(",")]


@lru_cache(maxsize=4_096)
def _label(header: str) -> str | None:
    """The label in a Host header, empty for the network. None for other hosts, and for an unusual spelling of one."""
    host = hosts.parse(header, settings.DOMAIN, settings.NEWSROOM_LABEL)
    is_readers = host.kind in (hosts.Kind.NETWORK, hosts.Kind.LABEL) and host.exact
    return host.label if is_readers else None


def _is_secure(environ: Environ) -> bool:
    """Whether Django would answer instead of redirecting to https; decided as in HttpRequest.scheme."""
    if not settings.SECURE_SSL_REDIRECT:
        return True
    name, value = settings.SECURE_PROXY_SSL_HEADER or ("", "")
    if name in environ:
        return bool(environ[name].split(",")[0].strip() == value)
    return bool(environ["wsgi.url_scheme"] == "https")
