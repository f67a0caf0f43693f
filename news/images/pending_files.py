"""Files on this machine's own disk: uploads that are not complete yet, and originals that wait for their storage.

An article must not wait for a storage that is down. Its photo is checked and recorded, its file is kept here, and a
background task moves it to the storage when that is available again.
"""

import errno
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

KEEP_PARTS = 86_400
"""Seconds after which an abandoned upload is deleted."""
MAX_PARTS = 10
"""The most unfinished uploads that one person may have on this machine."""


class DiskFull(ValidationError):
    """This machine's disk has no room for the file. Nothing of it was kept."""

    def __init__(self) -> None:
        message = _(
            "The server's disk is full, so the photo was not stored. Tell an administrator, and try again later."
        )
        super().__init__(message, code="space")


class TooManyUploads(ValidationError):
    """The person has too many unfinished uploads to begin another one."""

    def __init__(self) -> None:
        message = _("You have begun %(count)d uploads that are not finished. Finish them, or wait until tomorrow.")
        super().__init__(message, code="parts", params={"count": MAX_PARTS})


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
    """Copy an original to this machine's disk until its storage takes it; returns the copy's name.

    Raises DiskFull; then no partial copy is left.
    """
    name = f"{secrets.token_hex(16)}.original"
    path = folder() / name
    try:
        path.touch(mode=0o600)
        with full_disk_as_error():
            shutil.copyfile(source, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


def new_name(file_type: str) -> str:
    """A random name for an original, which contains nothing of the uploaded file's name."""
    return f"{secrets.token_hex(16)}.{file_type}"
