"""Encrypts what a backup holds, in the format of age (https://age-encryption.org/v1), which has tools of its own.

BACKUP_KEY is a secret key (`AGE-SECRET-KEY-1…`), with which backups can be made and read, or a public one (`age1…`),
with which they can only be made; or the path of a file with one of them, as `age-keygen` writes it.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyrage


class WrongKey(Exception):
    """The key is missing, malformed, or another one. The message says what to do."""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writable(Protocol):
    def write(self, content: bytes, /) -> Any: ...


@dataclass(frozen=True)
class Key:
    recipient: Any
    identity: Any = None

    @property
    def name(self) -> str:
        """Names the key in a target's pool: files that were encrypted with another one are of no use."""
        return hashlib.sha256(str(self.recipient).encode()).hexdigest()[:12]

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        """The key that BACKUP_KEY gives; None for an empty text."""
        text = text.strip()
        if not text:
            return None
        if not text.lower().startswith(("age1", "age-secret-key-1")):
            text = _read(Path(text))
        try:
            if text.upper().startswith("AGE-SECRET-KEY-1"):
                identity = pyrage.x25519.Identity.from_str(text.upper())
                return cls(identity.to_public(), identity)
            return cls(pyrage.x25519.Recipient.from_str(text))
        except (pyrage.IdentityError, pyrage.RecipientError) as error:
            raise WrongKey(f"BACKUP_KEY is no age key: {error}") from None


def _read(path: Path) -> str:
    try:
        lines = path.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongKey(f"BACKUP_KEY is neither an age key nor a file with one: {error}") from None
    [line] = [line.strip() for line in lines if line.strip() and not line.startswith("#")][:1] or [""]
    return line


def encrypt(source: Readable, sink: Writable, key: Key | None) -> None:
    """Write what `source` gives into `sink`, encrypted if there is a key. Raises what source and sink raise."""
    if key is None:
        _copy(source, sink)
        return
    guarded = _Guard(source, sink)
    try:
        pyrage.encrypt_io(guarded, guarded, [key.recipient])
    except (pyrage.EncryptError, OSError) as error:
        raise guarded.error or error from None


class Damaged(Exception):
    """The content is not what was stored, or was encrypted with another key."""


def decrypt(source: Readable, sink: Writable, key: Key | None) -> None:
    """Undo `encrypt`. Raises Damaged; what was written into `sink` until then is of no use."""
    if key is None:
        _copy(source, sink)
        return
    if key.identity is None:
        raise WrongKey("BACKUP_KEY is a public key, which only makes backups. Set the secret one (AGE-SECRET-KEY-1…).")
    guarded = _Guard(source, sink)
    try:
        pyrage.decrypt_io(guarded, guarded, [key.identity])
    except (pyrage.DecryptError, OSError) as error:
        if guarded.error:
            raise guarded.error from None
        raise Damaged(str(error)) from None


class _Guard:
    """Remembers the exception of a file that the library calls, because it makes another one of it."""

    def __init__(self, source: Readable, sink: Writable) -> None:
        self.source, self.sink = source, sink
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self.source.read(size)
        except Exception as error:
            self.error = error
            raise

    def write(self, content: bytes) -> int:
        try:
            self.sink.write(content)
        except Exception as error:
            self.error = error
            raise
        return len(content)

    def flush(self) -> None:
        pass


def _copy(source: Readable, sink: Writable) -> None:
    while chunk := source.read(2**20):
        sink.write(chunk)
