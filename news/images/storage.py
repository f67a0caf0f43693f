"""The two storages: private originals and public renditions. Errors of either are raised as `StorageDown`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


class StorageDown(Exception):
    """A storage cannot be reached or does not accept the file. Try again later."""


def public() -> Storage:
    """The storage of renditions, which are named `KEY/NAME`."""
    return storages["default"]


def originals() -> Storage:
    """The storage of originals, which is not served to anybody."""
    return storages["originals"]


class PrivateFileSystemStorage(FileSystemStorage):
    """A folder that only its owner can read, whatever the umask, as `file_permissions_mode` does for its files."""

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        Path(self.location).mkdir(mode=0o700, parents=True, exist_ok=True)
        return super().save(name, content, max_length)


@contextmanager
def errors_as_storage_down() -> Iterator[None]:
    """Use it around calls of a storage: turns all errors, which differ between backends, into StorageDown."""
    try:
        yield
    except StorageDown:
        raise
    except Exception as error:
        raise StorageDown(str(error)) from error


def put(key: str, files: dict[str, Path]) -> None:
    """Store a set of renditions under a new key. Raises StorageDown; then some of the files may be stored already."""
    with errors_as_storage_down():
        for name, path in files.items():
            with path.open("rb") as file:
                public().save(f"{key}/{name}", File(file))


def remove(key: str) -> None:
    """Delete everything under `key`. Raises StorageDown; removing again does no harm."""
    with errors_as_storage_down():
        try:
            _folders, names = public().listdir(key)
        except FileNotFoundError:
            return
        for name in names:
            public().delete(f"{key}/{name}")
        public().delete(key)  # the folder of a local storage; other storages have none
