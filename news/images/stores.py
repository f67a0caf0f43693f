"""The two storages: private originals and public renditions. What goes wrong in either is `StorageDown`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage, storages

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


class StorageDown(Exception):
    """A storage cannot be reached or does not take the file. Try again later."""


def public() -> Storage:
    """Where renditions are, as `KEY/NAME`."""
    return storages["default"]


def originals() -> Storage:
    """Where originals are; under no served address."""
    return storages["originals"]


@contextmanager
def reaching() -> Iterator[None]:
    """Around calls of a storage: whatever goes wrong there is StorageDown; each kind of storage raises its own."""
    try:
        yield
    except StorageDown:
        raise
    except Exception as error:
        raise StorageDown(str(error)) from error


def put(key: str, files: dict[str, Path]) -> None:
    """Store a set of renditions under a key that nothing lies under yet. Raises StorageDown, perhaps half-way."""
    with reaching():
        for name, path in files.items():
            with path.open("rb") as file:
                public().save(f"{key}/{name}", File(file))


def remove(key: str) -> None:
    """Delete everything under `key`. Raises StorageDown; removing again does no harm."""
    with reaching():
        try:
            _folders, names = public().listdir(key)
        except FileNotFoundError:
            return
        for name in names:
            public().delete(f"{key}/{name}")
        public().delete(key)  # a local storage's folder; nothing for others
