"""One backup or restore at a time: a lock file in VAR_DIR. Backups of a PostgreSQL database also lock there, because
other machines may make some."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class Busy(Exception):
    """A backup or restore is running already."""


@contextmanager
def only_one() -> Iterator[None]:
    """Raises Busy. The lock ends with the process, however that ends."""
    path = settings.VAR_DIR / "backup.lock"
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("A backup or restore is running already on this machine. Wait until it has ended.") from None
        yield
    finally:
        os.close(descriptor)
