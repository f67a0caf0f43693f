"""A WSGI application in front of the page cache: gives each request an id, counts its answer, and writes a line.

It stands here and not in a middleware of Django's, which never sees what the page cache answers. It is left out unless
a setting needs it (`is_needed`). A line says nothing of who asked: no address, no browser, no query, no user; and for
the newsroom, whose addresses may hold secrets, it names the pattern of the address.
"""

import logging
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve

from pekon import metrics, request_ids
from pekon.pagecache.wsgi import OUTCOME, PREVIEWS
from regions import hosts

log = logging.getLogger("pekon.access")
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_STORED = frozenset({"hits", "shared", "misses", "stale"})
"""Outcomes of pages for everybody. They carry no id, which shared caches would give to other readers."""
_LONGEST_PATH = 200  # characters


def is_needed() -> bool:
    return bool(metrics.IS_ON or settings.ACCESS_LOG or settings.LOG_FORMAT == "json" or settings.SENTRY_DSN)


class RequestLog:
    def __init__(self, application: Application):
        self.application = application
        self._writes_lines: bool = settings.ACCESS_LOG
        self._counters: dict[tuple[str, str], Any] = {}  # labels() looks its child up more slowly

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        request_ids.begin(environ)
        status, length = "500", "0"

        def start(status_line: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal status, length
            status = status_line[:3]
            if environ.get(OUTCOME) not in _STORED:
                headers = [*headers, (request_ids.HEADER, request_ids.current())]
            if self._writes_lines:
                length = next((value for name, value in headers if name.lower() == "content-length"), "-")
            return start_response(status_line, headers, exc_info) if exc_info else start_response(status_line, headers)

        try:
            return self.application(environ, start)
        finally:
            self._note(environ, status, length, time.perf_counter() - began)

    def _note(self, environ: Environ, status: str, length: str, seconds: float) -> None:
        outcome = environ.get(OUTCOME) or _kind(environ.get("PATH_INFO", ""), environ.get("HTTP_HOST", ""))
        if metrics.IS_ON:
            counter = self._counters.get((outcome, status[0]))
            if counter is None:
                counter = self._counters[outcome, status[0]] = metrics.ANSWERS.labels(outcome, f"{status[0]}xx")
            counter.inc()
            if outcome == "newsroom":
                metrics.NEWSROOM_SECONDS.observe(seconds)
        if self._writes_lines and outcome != "probe":
            host, path = _shown(environ.get("HTTP_HOST", ""), environ.get("PATH_INFO") or "/")
            method = environ["REQUEST_METHOD"]
            fields = {"method": method, "host": host, "path": path, "status": int(status), "outcome": outcome}
            log.info(
                "%s %s %s %s %s %.4f %s", method, host, path, status, length, seconds, outcome,
                extra={**fields, "bytes": int(length) if length.isdecimal() else None, "seconds": round(seconds, 4)},
            )  # fmt: skip


@lru_cache(maxsize=1_024)
def _host_kind(header: str) -> hosts.Kind:
    return hosts.parse(header, settings.DOMAIN, settings.NEWSROOM_LABEL).kind


def _kind(path: str, host: str) -> str:
    """What Django answered by itself: a file, something of the newsroom's, or the rest (posts, unknown hosts)."""
    if path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return "file"
    return "newsroom" if _host_kind(host) is hosts.Kind.NEWSROOM else "other"


def _shown(host: str, path: str) -> tuple[str, str]:
    """Host and path as the log may show them; "-" for what is not ours or could be a secret."""
    kind = _host_kind(host)
    if kind is hosts.Kind.NEWSROOM:
        if not path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
            path = _pattern(path)
    elif kind not in (hosts.Kind.NETWORK, hosts.Kind.LABEL, hosts.Kind.WWW):
        return "-", "-"
    elif path.startswith(PREVIEWS):
        path = f"{PREVIEWS}<token>/"
    return host.lower(), "".join(letter if letter.isprintable() else "?" for letter in path[:_LONGEST_PATH])


def _pattern(path: str) -> str:
    try:
        return f"/{resolve(path, settings.NEWSROOM_URLCONF).route}"
    except Resolver404:
        return "-"
