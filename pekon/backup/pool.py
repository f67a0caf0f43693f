"""Reads and writes single files of a target: encrypted, and with the SHA-256 of what they hold."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from pekon.backup_targets import Target

from . import encryption
from .encryption import Damaged, Key, Readable, Writable

Progress = Callable[[int], object]
"""Is told how many bytes have passed since the last call."""


@dataclass(frozen=True)
class Content:
    """What a file holds, before it is encrypted."""

    sha256: str
    size: int


class Differs(Exception):
    """The file does not hold what was expected; `content` is what it holds."""

    def __init__(self, content: Content) -> None:
        super().__init__("the file holds something else")
        self.content = content


class Hashing:
    """Passes on what is read or written, and counts it."""

    def __init__(self, file: Readable | Writable, progress: Progress | None = None) -> None:
        self.file, self.progress = file, progress
        self.digest, self.size = hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        return self._passed(self.file.read(size))  # type: ignore[union-attr]

    def write(self, chunk: bytes) -> int:
        self.file.write(self._passed(chunk))  # type: ignore[union-attr]
        return len(chunk)

    def _passed(self, chunk: bytes) -> bytes:
        self.digest.update(chunk)
        self.size += len(chunk)
        if self.progress:
            self.progress(len(chunk))
        return chunk

    @property
    def content(self) -> Content:
        return Content(self.digest.hexdigest(), self.size)


def name_of(key: Key | None) -> str:
    """The name of a key's part of the pool."""
    return key.name if key else "plain"


def path(pool: str, sha256: str) -> str:
    """Where a pool has the file with this content."""
    return f"pool/{pool}/{sha256[:2]}/{sha256}"


def store(
    target: Target,
    name: str,
    source: Readable,
    key: Key | None,
    *,
    expected: str,
) -> Content:
    """Store a file under a name; returns what it holds. Raises TargetError, and Differs if its SHA-256 is not
    `expected`; then nothing is stored."""
    with target.writer(name) as file:
        content = write(file, source, key)
        if content.sha256 != expected:
            raise Differs(content)
    return content


def write(sink: Writable, source: Readable, key: Key | None, *, progress: Progress | None = None) -> Content:
    """Write what `source` gives into `sink`, encrypted if there is a key; returns what it was."""
    hashing = Hashing(source, progress)
    encryption.encrypt(hashing, sink, key)
    return hashing.content


def fetch(
    target: Target,
    name: str,
    sink: Writable,
    key: Key | None,
    *,
    expected: Content,
    progress: Progress | None = None,
) -> None:
    """Write a stored file into `sink`. Raises FileNotFoundError, TargetError, WrongKey, and Damaged if it does not hold
    what is expected; then what is in the sink is of no use."""
    hashing = Hashing(sink, progress)
    with target.reader(name) as file:
        encryption.decrypt(file, hashing, key)
    if hashing.content != expected:
        raise Damaged("its content is not what was backed up")
