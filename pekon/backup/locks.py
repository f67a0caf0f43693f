"""One backup or restore at a time, and one drill: a lock file in VAR_DIR for each. Backups and drills of a PostgreSQL
database also lock there, because other machines may make some."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


class Busy(Exception):
    """A backup, restore or drill is running already."""


@contextmanager
def only_one(name: str = "backup", what: str = "A backup or restore") -> Iterator[None]:
    """Raises Busy. The lock ends with the process, however that ends."""
    path = settings.VAR_DIR / f"{name}.lock"
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"{what} is running already on this machine. Wait until it has ended.") from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def working_folder(prefix: str) -> Iterator[Path]:
    """A folder in VAR_DIR for whoever holds the lock that goes with the prefix. Deletes those that killed ones left."""
    for left in settings.VAR_DIR.glob(f"{prefix}*"):
        if re.fullmatch(r"[a-z0-9_]{8}", left.name.removeprefix(prefix)):  # as tempfile names them
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=settings.VAR_DIR) as folder:
        yield Path(folder)
