"""Uploads that are not complete yet, and originals that wait for their storage.

An article must not wait for a storage that is down. Its photo is checked and recorded, its file is kept here, and a
background task moves it to the storage when that is available again.

They are on this machine's disk while originals are in a folder too. With an object store they are in the database, so
that every machine can go on with them (`pending_rows`).
"""

import errno
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from . import pending_rows, storage
from .pending_limits import KEEP_PARTS, MAX_PARTS, TooManyUploads, WrongOffset

__all__ = ["KEEP_PARTS", "MAX_PARTS", "TooManyUploads", "WrongOffset"]


class DiskFull(ValidationError):
    """This machine's disk has no room for the file. Nothing of it was kept."""

    def __init__(self) -> None:
        message = _(
            "The server's disk is full, so the photo was not stored. Tell an administrator, and try again later."
        )
        super().__init__(message, code="space")


def is_disk_full(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def full_disk_as_error() -> Iterator[None]:
    """Use it around writes to this machine's disk. Raises DiskFull, which a form can show, if that is full."""
    try:
        yield
    except OSError as error:
        if not is_disk_full(error):
            raise
        raise DiskFull from error


def folder() -> Path:
    path: Path = settings.VAR_DIR / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def part(upload_id: str) -> Path:
    """The path of an unfinished upload's file."""
    return folder() / f"{upload_id}.part"


class Parts(Protocol):
    """Where unfinished uploads are. Methods that get the id of one raise FileNotFoundError if there is none."""

    def begin(self, person: int) -> str:
        """Begin an upload of this person; returns its id. Raises TooManyUploads and DiskFull."""

    def offset(self, upload_id: str) -> int:
        """The number of bytes that have arrived."""

    def append(self, upload_id: str, offset: int, read: Callable[[int], bytes]) -> int:
        """Append what `read` returns until it returns nothing; returns the number of bytes that have arrived then. If
        the connection breaks, the bytes received so far are kept. Raises WrongOffset and DiskFull."""

    def opened(self, upload_id: str) -> AbstractContextManager[Path]:
        """The upload as a file on this machine. Raises BlockingIOError if another request has opened it."""

    def finish(self, upload_id: str, photo_id: int) -> None:
        """Forget the bytes and remember the photo, for a repeated request after the answer was lost."""

    def photo(self, upload_id: str) -> int | None:
        """The key of the photo that the upload became."""

    def discard(self, upload_id: str) -> None:
        """Delete the upload, if it is still there."""


def parts() -> Parts:
    return FolderParts() if is_on_this_machine() else pending_rows.DatabaseParts()


def is_on_this_machine() -> bool:
    """Whether originals, and so all that waits for becoming one, are in folders."""
    return isinstance(storage.originals(), FileSystemStorage)


class FolderParts:
    """Unfinished uploads in this machine's folder."""

    def begin(self, person: int) -> str:
        return begin_part(person)

    def offset(self, upload_id: str) -> int:
        return part(upload_id).stat().st_size

    def append(self, upload_id: str, offset: int, read: Callable[[int], bytes]) -> int:
        with full_disk_as_error(), _locked(part(upload_id)) as file:
            if offset != file.seek(0, os.SEEK_END):
                raise WrongOffset
            while True:
                try:
                    chunk = read(2**16)
                except OSError:  # the connection broke
                    return offset
                if not chunk:
                    return offset
                while chunk:  # a disk that is almost full accepts only a part
                    written = file.write(chunk)
                    offset += written
                    chunk = chunk[written:]

    @contextmanager
    def opened(self, upload_id: str) -> Iterator[Path]:
        with _locked(part(upload_id), wait=False):
            yield part(upload_id)

    def finish(self, upload_id: str, photo_id: int) -> None:
        _result(upload_id).write_text(str(photo_id))
        self.discard(upload_id)

    def photo(self, upload_id: str) -> int | None:
        try:
            return int(_result(upload_id).read_text())
        except FileNotFoundError:
            return None

    def discard(self, upload_id: str) -> None:
        part(upload_id).unlink(missing_ok=True)


def _result(upload_id: str) -> Path:
    return folder() / f"{upload_id}.photo"


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[IO[bytes]]:
    """Open the file, locked for one request. Without `wait`, raises BlockingIOError if it is locked."""
    with path.open("r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file


def begin_part(user_id: int) -> str:
    """Create an empty file for a new upload of this person; returns its id. Raises TooManyUploads and DiskFull.

    Abandoned uploads are deleted first, so that they do not count towards the limit.
    """
    with full_disk_as_error(), _locked_folder() as path:
        remove_expired_parts()
        if len(list(path.glob(f"{user_id}-*.part"))) >= MAX_PARTS:
            raise TooManyUploads
        upload_id = f"{user_id}-{secrets.token_hex(16)}"
        part(upload_id).touch(mode=0o600, exist_ok=False)
    return upload_id


def remove_expired_parts(but: Collection[str] | None = None) -> int:
    """Delete unfinished uploads that are older than KEEP_PARTS; returns how many.

    With `but`, waiting originals of that age are deleted too, except those that `but` names.
    """
    limit = time.time() - KEEP_PARTS
    candidates = folder().glob("*.part") if but is None else folder().iterdir()
    expired = [path for path in candidates if _modified(path) < limit and path.name not in (but or ())]
    for path in expired:
        path.unlink(missing_ok=True)
    return len(expired)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process was faster
        return float("inf")


@contextmanager
def _locked_folder() -> Iterator[Path]:
    """The folder, locked for one process and thread at a time."""
    path = folder()
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield path
    finally:
        os.close(descriptor)


def keep(source: Path) -> str:
    """Copy an original to where it waits until its storage takes it; returns the copy's name.

    Raises DiskFull; then no partial copy is left.
    """
    name = f"{secrets.token_hex(16)}.original"
    if not is_on_this_machine():
        pending_rows.keep(name, source)
        return name
    path = folder() / name
    try:
        path.touch(mode=0o600)
        with full_disk_as_error():
            shutil.copyfile(source, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


@contextmanager
def waiting(name: str) -> Iterator[Path]:
    """A waiting original as a file on this machine. Raises FileNotFoundError if it is in another machine's folder."""
    path = folder() / name
    if path.exists():  # also what waited before an object store was configured
        yield path
        return
    with pending_rows.on_disk(name) as copy:
        yield copy


def forget(name: str) -> None:
    """Delete a waiting original once the transaction is committed."""
    pending_rows.remove(name)
    path = folder() / name
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def new_name(file_type: str) -> str:
    """A random name for an original, which contains nothing of the uploaded file's name."""
    return f"{secrets.token_hex(16)}.{file_type}"
