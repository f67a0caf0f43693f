"""Kept pages in the memory of one process: no more than so many bytes, and what is asked for again stays longest.

A page is on trial until it is asked for a second time; then it is established. Pages on trial have a quarter of the
room. So a crawler that reads the whole archive, or somebody who makes up a million addresses, displaces other
newcomers and not the pages that readers come back to. What is not a page (404, 301, 410) stays on trial.
"""

import hashlib
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field

import brotli

Key = tuple[int, str, str]
"""A region's key, the path, the listed query."""
Numbers = tuple[int, ...]
OVERHEAD = 2_000
"""Bytes that an entry costs beside its body: keys, headers, objects."""
_SMALLEST = 200  # bytes: below this, compressing gains nothing
ENCODINGS = ("br", "gzip")


@dataclass(slots=True)
class Entry:
    """A response as it is kept: its body in each encoding that was asked for, and the numbers that it was made under,
    those of `places`.

    `until` is the end of its own time, in seconds since 1970, where its view has set one.
    """

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    numbers: Numbers
    places: tuple[int, ...] = ()
    until: float = float("inf")
    tag: str = ""
    encoded: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tag = self.tag or hashlib.blake2b(self.body, digest_size=12).hexdigest()

    @property
    def is_page(self) -> bool:
        return self.status.startswith("200")

    @property
    def size(self) -> int:
        """Bytes, with all encodings."""
        return OVERHEAD + len(self.body) * 3 // 2

    def in_encoding(self, accepted: str) -> tuple[str, bytes]:
        """The best encoding that an Accept-Encoding header lets us use, empty for none, and the body in it."""
        if accepted and len(self.body) > _SMALLEST:
            for encoding in ENCODINGS:
                if encoding in accepted and _accepts(accepted, encoding):
                    if encoding not in self.encoded:
                        self.encoded[encoding] = _compress(self.body, encoding)
                    return encoding, self.encoded[encoding]
        return "", self.body


def _accepts(header: str, encoding: str) -> bool:
    """RFC 9110 section 12.5.3, without the order of preference: what is named is accepted unless its weight is 0."""
    for part in header.split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip().lower() == encoding:
            return weight.replace(" ", "").rstrip("0") not in ("q=", "q=0.", "q=.")
    return False


def _compress(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli.compress(body, quality=5)
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # 31: with gzip's header and the largest window
    return packer.compress(body) + packer.flush()


class Store:
    """Thread-safe. `room` is in bytes."""

    def __init__(self, room: int):
        self.room = room
        self.size = 0  # bytes
        self._trial_size = 0
        self._trial: OrderedDict[Key, Entry] = OrderedDict()
        self._established: OrderedDict[Key, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._trial) + len(self._established)

    def get(self, key: Key) -> Entry | None:
        with self._lock:
            if key in self._established:
                self._established.move_to_end(key)
                return self._established[key]
            entry = self._trial.get(key)
            if entry is None:
                return None
            if not entry.is_page:
                self._trial.move_to_end(key)
                return entry
            self._remove(key)
            self._established[key] = entry
            self.size += entry.size
            self._make_room()
            return entry

    def put(self, key: Key, entry: Entry) -> None:
        with self._lock:
            known = key in self._established and entry.is_page
            self._remove(key)
            if entry.size > self.room // 8:
                return
            if known:
                self._established[key] = entry
            else:
                self._trial[key] = entry
                self._trial_size += entry.size
            self.size += entry.size
            self._make_room()

    def clear(self) -> None:
        with self._lock:
            self._trial.clear()
            self._established.clear()
            self.size = self._trial_size = 0

    def _remove(self, key: Key) -> None:
        if key in self._trial:
            size = self._trial.pop(key).size
            self._trial_size -= size
        elif key in self._established:
            size = self._established.pop(key).size
        else:
            return
        self.size -= size

    def _make_room(self) -> None:
        while self._trial_size > self.room // 4:
            self._remove(next(iter(self._trial)))
        while self.size > self.room:
            self._remove(next(iter(self._established or self._trial)))
