"""Stores pages in the memory of one process, up to a number of bytes.

It is a segmented LRU cache: a page is on probation until it is requested for a second time, and then protected.
Probation has a quarter of the space. So a crawler that reads the whole archive, or a client that invents a million
addresses, only evicts pages on probation and not those that readers request again. Other answers (404, 301, 410) stay
on probation.
"""

import hashlib
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field

import brotli

Key = tuple[int, str, str]
"""A region's key, the path, and the declared parameters of the query string."""
Numbers = tuple[int, ...]
OVERHEAD = 2_000
"""Bytes that an entry takes besides its body: key, headers, objects."""
_SMALLEST = 200  # bytes: below this, compressing gains nothing
ENCODINGS = ("br", "gzip")


@dataclass(slots=True)
class Entry:
    """A stored response: its body in each encoding that was requested, and the generation numbers of `region_ids` under
    which it was made.

    `until` is the time of its expiry in seconds since 1970, if its view has set one.
    """

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    numbers: Numbers
    region_ids: tuple[int, ...] = ()
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
        """The size in bytes, with an estimate for all encodings."""
        return OVERHEAD + len(self.body) * 3 // 2

    def in_encoding(self, accepted: str) -> tuple[str, bytes]:
        """The best encoding that an Accept-Encoding header allows (empty for none), and the body in that encoding."""
        if accepted and len(self.body) > _SMALLEST:
            for encoding in ENCODINGS:
                if encoding in accepted and _accepts(accepted, encoding):
                    if encoding not in self.encoded:
                        self.encoded[encoding] = _compress(self.body, encoding)
                    return encoding, self.encoded[encoding]
        return "", self.body


def _accepts(header: str, encoding: str) -> bool:
    """Whether Accept-Encoding allows the encoding: it is listed with a weight above 0 (RFC 9110, section 12.5.3)."""
    for part in header.split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() == encoding:
            return weight.replace(" ", "").rstrip("0") not in ("q=", "q=0.", "q=.")
    return False


def _compress(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        packed: bytes = brotli.compress(body, quality=5)
        return packed
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # 31: with gzip's header and the largest window
    return packer.compress(body) + packer.flush()


class MemoryStorage:
    """The pages of this process. Thread-safe. `max_size` is in bytes."""

    def __init__(self, max_size: int):
        self.max_size = max_size
        self.size = 0  # bytes
        self._probation_size = 0
        self._probation: OrderedDict[Key, Entry] = OrderedDict()
        self._protected: OrderedDict[Key, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._probation) + len(self._protected)

    def get(self, key: Key) -> Entry | None:
        with self._lock:
            if key in self._protected:
                self._protected.move_to_end(key)
                return self._protected[key]
            entry = self._probation.get(key)
            if entry is None:
                return None
            if not entry.is_page:
                self._probation.move_to_end(key)
                return entry
            self._remove(key)
            self._protected[key] = entry
            self.size += entry.size
            self._evict()
            return entry

    def put(self, key: Key, entry: Entry) -> None:
        with self._lock:
            known = key in self._protected and entry.is_page
            self._remove(key)
            if entry.size > self.max_size // 8:
                return
            if known:
                self._protected[key] = entry
            else:
                self._probation[key] = entry
                self._probation_size += entry.size
            self.size += entry.size
            self._evict()

    def clear(self) -> None:
        with self._lock:
            self._probation.clear()
            self._protected.clear()
            self.size = self._probation_size = 0

    def _remove(self, key: Key) -> None:
        if key in self._probation:
            size = self._probation.pop(key).size
            self._probation_size -= size
        elif key in self._protected:
            size = self._protected.pop(key).size
        else:
            return
        self.size -= size

    def _evict(self) -> None:
        while self._probation_size > self.max_size // 4:
            self._remove(next(iter(self._probation)))
        while self.size > self.max_size:
            self._remove(next(iter(self._protected or self._probation)))
