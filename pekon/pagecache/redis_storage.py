"""Stores pages for all processes and machines in the cache called "pages" (Redis). Does nothing if none is configured.

Like every stored page, those in Redis are compared with the generation numbers. So emptying or losing Redis, or reading
what an older process wrote, can make answers slower, but not wrong. Only pages with status 200 are stored, because
other processes have no use for the answers to mistyped addresses. Pages are stored as plain data instead of pickles, so
that somebody with access to Redis can change what readers see, but cannot run code here.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from regions.generations.snapshot import Snapshot

from .storage import Entry, Key

log = logging.getLogger(__name__)
LIFETIME = 86_400
"""Seconds that a page stays in Redis."""
TURN_LIFETIME = 10
"""Seconds after which another process may make a page that one has begun but not finished."""
TURN_TIMEOUT = 2.0
"""Seconds that a process waits for a page that another one is making."""
RETRY_AFTER = 5.0
"""Seconds for which Redis is not used after an error."""
_POLL_INTERVAL = 0.02  # seconds
SNAPSHOT = "snapshot"
SNAPSHOT_INTERVAL = 60.0
"""Seconds after which an unchanged snapshot is written again."""


class PlainSerializer:
    """Makes Django's Redis client store bytes and integers as they are instead of as pickles."""

    def dumps(self, value: int | bytes) -> int | bytes:
        return value

    def loads(self, data: bytes) -> bytes:
        return data


class FailSafeRedisCache(RedisCache):
    """A Redis cache that tolerates outages: an error counts as a miss, and Redis is then not used for RETRY_AFTER."""

    away_until = 0.0  # on the monotonic clock; a class attribute, because each thread has its own instance

    def _try(self, method: Callable[..., Any], default: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self.away_until:
            return default
        try:
            return method(*args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("Redis is away: %s", error)
            FailSafeRedisCache.away_until = time.monotonic() + RETRY_AFTER
            return default

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(super().get, default, key, default, version)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(super().add, True, *args, **kwargs))

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try(super().set, None, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(super().delete, False, *args, **kwargs))


class RedisStorage:
    def __init__(self) -> None:
        self.cache = caches["pages"]
        self.is_configured = not isinstance(self.cache, DummyCache)
        self._seen_snapshot: Snapshot | None = None
        self._written_numbers: dict[int, int] = {}
        self._write_again_at = 0.0  # on the monotonic clock

    def get(self, key: Key, is_current: Callable[[Entry], bool]) -> Entry | None:
        """The current page, after waiting for another process that is making it. None: this process has to make it."""
        if not self.is_configured:
            return None
        name = _name(key)
        end = time.monotonic() + TURN_TIMEOUT
        while True:
            entry = _parse(self.cache.get(name))
            if entry and is_current(entry):
                return entry
            if self.cache.add(f"{name}-turn", 1, TURN_LIFETIME) or time.monotonic() > end:
                return None
            time.sleep(_POLL_INTERVAL)

    def get_any(self, key: Key) -> Entry | None:
        """The page, current or not, for use while the database is down."""
        return _parse(self.cache.get(_name(key))) if self.is_configured else None

    def remember_snapshot(self, snapshot: Snapshot) -> None:
        """Store the snapshot, for processes that start while the database is down. It is written when a number has
        changed, and regularly, so that it does not expire before the pages."""
        if not self.is_configured or snapshot is self._seen_snapshot:
            return
        self._seen_snapshot = snapshot  # returns early for most requests, because a snapshot lasts a second
        if self._written_numbers != snapshot.numbers or time.monotonic() > self._write_again_at:
            self._written_numbers = snapshot.numbers
            self._write_again_at = time.monotonic() + SNAPSHOT_INTERVAL
            self.cache.set(_name(SNAPSHOT), json.dumps(snapshot.to_plain()).encode(), LIFETIME)

    def last_snapshot(self) -> Snapshot | None:
        """The newest snapshot that any process has written."""
        if not self.is_configured:
            return None
        try:
            return Snapshot.from_plain(json.loads(self.cache.get(_name(SNAPSHOT)) or b""))
        except (ValueError, TypeError, KeyError):
            return None

    def put(self, key: Key, entry: Entry | None) -> None:
        """Store the page, if this process made one that may be stored, and let other processes continue."""
        if not self.is_configured:
            return
        name = _name(key)
        if entry and entry.is_page:
            self.cache.set(name, _write(entry), LIFETIME)
        self.cache.delete(f"{name}-turn")


def _write(entry: Entry) -> bytes:
    """The entry as bytes: a line of JSON, then the body."""
    until = None if entry.until == float("inf") else entry.until
    about = [entry.status, entry.headers, entry.numbers, entry.region_ids, until]
    return json.dumps(about).encode() + b"\n" + entry.body


def _parse(stored: bytes | None) -> Entry | None:
    """The entry that `_write` wrote; None for anything else."""
    if not stored:
        return None
    about, _newline, body = stored.partition(b"\n")
    try:
        status, headers, numbers, region_ids, until = json.loads(about)
        return Entry(
            status=str(status),
            headers=[(str(name), str(value)) for name, value in headers],
            body=body,
            numbers=tuple(map(int, numbers)),
            region_ids=tuple(map(int, region_ids)),
            until=float("inf") if until is None else float(until),
        )
    except (ValueError, TypeError):
        return None


def _name(key: Key | str) -> str:
    digest = hashlib.blake2b(repr((_build(), key)).encode(), digest_size=20)
    return digest.hexdigest()


@cache
def _build() -> str:
    """A digest of the code and the settings from which pages are made, because other versions make other pages."""
    digest = hashlib.blake2b(repr((settings.DOMAIN, settings.SCHEME, settings.LIST_LENGTH)).encode(), digest_size=12)
    base: Path = settings.BASE_DIR
    for top in ("news", "pekon", "regions", "static", "templates"):
        for path in sorted((base / top).rglob("*")):
            if path.is_file() and path.suffix in (".css", ".html", ".js", ".mo", ".py", ".svg"):
                digest.update(str(path.relative_to(base)).encode() + path.read_bytes())
    return digest.hexdigest()
