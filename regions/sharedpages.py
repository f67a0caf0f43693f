"""Pages kept for all processes and machines, in the cache called "pages" (Redis); nothing at all where none is set.

What is there is compared with the numbers like everything that is kept, so wiping it, losing it or reading what an
older process wrote makes pages slower and never wrong. Only pages go there: what one process answers to mistyped
addresses is no use to another.
"""

import hashlib
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.cache import caches

from .pagestore import Entry, Key

KEEP = 86_400
TURN = 10
"""Seconds after which another process makes the page that one has begun with."""
WAIT = 2.0
_STEP = 0.02  # seconds


class SharedPages:
    def __init__(self) -> None:
        self.cache = caches["pages"]
        self.is_there = not self.cache.__class__.__name__.startswith("Dummy")

    def get(self, key: Key, is_current: Callable[[Entry], bool]) -> Entry | None:
        """The page, if there is a current one or another process is just making it. None: it is this process's turn."""
        if not self.is_there:
            return None
        name = _name(key)
        end = time.monotonic() + WAIT
        while True:
            entry = self.cache.get(name)
            if isinstance(entry, Entry) and is_current(entry):
                return entry
            if self.cache.add(f"{name}-turn", 1, TURN) or time.monotonic() > end:
                return None
            time.sleep(_STEP)

    def last(self, key: Key) -> Entry | None:
        """What is there, current or not: for while the database is down."""
        entry = self.cache.get(_name(key)) if self.is_there else None
        return entry if isinstance(entry, Entry) else None

    def put(self, key: Key, entry: Entry | None) -> None:
        """End this process's turn, with the page if it made one that is to be kept."""
        if not self.is_there:
            return
        name = _name(key)
        if entry and entry.is_page:
            self.cache.set(name, entry, KEEP)
        self.cache.delete(f"{name}-turn")


def _name(key: Key) -> str:
    digest = hashlib.blake2b(repr((_build(), key)).encode(), digest_size=20)
    return digest.hexdigest()


@cache
def _build() -> str:
    """What pages are made by: another version of the code, or other settings, make other pages."""
    digest = hashlib.blake2b(repr((settings.DOMAIN, settings.SCHEME, settings.LIST_LENGTH)).encode(), digest_size=12)
    base: Path = settings.BASE_DIR
    for top in ("news", "pekon", "regions", "static", "templates"):
        for path in sorted((base / top).rglob("*")):
            if path.is_file() and path.suffix in (".css", ".html", ".js", ".mo", ".py", ".svg"):
                digest.update(str(path.relative_to(base)).encode() + path.read_bytes())
    return digest.hexdigest()
