"""The files of a backup: photos' originals, uploads that wait for their storage, and all other private storages.

Originals are taken as the database names them, with the checksum that it has of each, so that one that is in the pool
already costs no reading. Renditions and static files are no part of a backup: they can be made again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from news.images import pending_files
from news.images.models import Photo
from pekon.backup_targets import Target

from . import encryption, pool
from .encryption import Key
from .manifests import Manifest
from .pool import Content

Result = TypeVar("Result")
ORIGINALS, UPLOADS = "originals", "uploads"
_NOT_PRIVATE = {"default", "staticfiles", "tombstones", ORIGINALS}
"""Storages whose files can be made again, have a way of their own, or are named by the database."""
THREADS = 4
PHOTO_COLUMNS = ("original", "waiting", "sha256")
PHOTOS = f"SELECT {', '.join(PHOTO_COLUMNS)} FROM {Photo._meta.db_table}"  # noqa: S608  (our own names)


class Unreadable(Exception):
    """A storage cannot be read. The message says which."""


@dataclass(frozen=True)
class Wanted:
    """A file that belongs into a backup, with its SHA-256 if that is known without reading it."""

    storage: str
    name: str
    sha256: str = ""


@dataclass(frozen=True)
class Copied:
    """What became of it: its content, or None if it is not there. `is_new`: it was not in the pool."""

    wanted: Wanted
    content: Content | None
    is_new: bool = False


def wanted(photos: Iterable[tuple[str, str, str]]) -> list[Wanted]:
    """The files that belong into a backup. `photos` are rows of PHOTO_COLUMNS."""
    found = []
    for original, waiting, sha256 in photos:
        if waiting:
            found.append(Wanted(UPLOADS, waiting, sha256))
        elif original:
            found.append(Wanted(ORIGINALS, original, sha256))
    for name in settings.STORAGES:
        if name not in _NOT_PRIVATE:
            found += [Wanted(name, path) for path in _walk(storages[name])]
    return found


def _walk(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{folder}/{name}" if folder else name
    for each in folders:
        yield from _walk(storage, f"{folder}/{each}" if folder else each)


@contextmanager
def _opened(file: Wanted) -> Iterator[IO[bytes]]:
    """Raises FileNotFoundError, and Unreadable."""
    try:
        if file.storage == UPLOADS:
            opened: Any = (pending_files.folder() / file.name).open("rb")
        else:
            opened = storages[file.storage].open(file.name, "rb")
    except FileNotFoundError:
        raise
    except Exception as error:  # storages have exceptions of their own
        raise Unreadable(f"The storage {file.storage} cannot be read: {error}") from error
    with opened:
        yield opened


# --- Into a backup --------------------------------------------------------------------------------------------


class Copier:
    """Copies files into a target's pool, except those that it has."""

    def __init__(self, target: Target, key: Key | None, last: Manifest | None, *, again: bool = False) -> None:
        """`last` is the target's newest backup, if there is one. `again`: copy every file, whatever is in the pool."""
        self.target, self.key, self.pool = target, key, pool.name_of(key)
        self.in_pool: dict[str, int] = {}
        if not again:
            found = target.sizes(f"pool/{self.pool}/")
            self.in_pool = {name.rpartition("/")[2]: size for name, size in found.items()}
        self.copied: dict[str, Content] = {}
        self.sizes: dict[str, int] = {}
        """Bytes of contents, as far as they need not be asked for."""
        if last:
            self.sizes = {sha256: size for files in last.files.values() for sha256, size in files.values()}

    def copy(self, files: Iterable[Wanted]) -> Iterator[Copied]:
        """Copy files, several at a time. Raises TargetError and Unreadable; what was copied until then stays."""
        yield from _several_at_a_time(self._copy, ((file,) for file in files))

    def _copy(self, file: Wanted) -> Copied:
        try:
            sha256 = file.sha256 or self._sha256(file)
            if known := self._known(file, sha256):
                return Copied(file, known)
            try:
                content = self._store(file, sha256)
            except pool.Differs as other:  # it is not what was uploaded, or it has changed meanwhile
                content = self._store(file, other.content.sha256)
        except FileNotFoundError:
            return Copied(file, None)
        self.copied[content.sha256] = content
        return Copied(file, content, is_new=True)

    def _store(self, file: Wanted, sha256: str) -> Content:
        with _opened(file) as source:
            return pool.store(self.target, pool.path(self.pool, sha256), source, self.key, expected=sha256)

    def _sha256(self, file: Wanted) -> str:
        with _opened(file) as source:
            return hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]

    def _known(self, file: Wanted, sha256: str) -> Content | None:
        """The content with this SHA-256, if the pool has all of it. Raises FileNotFoundError."""
        if sha256 in self.copied:
            return self.copied[sha256]
        stored = self.in_pool.get(sha256)
        if stored is None:
            return None
        size = self.sizes.get(sha256)
        if size is None:
            size = self.sizes[sha256] = size_of(file.storage, file.name)
        return Content(sha256, size) if is_whole(stored, size, self.pool) else None


def is_whole(stored: int, size: int, pool_name: str) -> bool:
    """Whether as many bytes are stored as a content of this size takes. Encrypted ones are somewhat larger."""
    return stored == size if pool_name == "plain" else stored > size


# --- Out of a backup ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Restored:
    """What became of a file: `problem` is empty if it is there now; `is_new`: it was not there before."""

    storage: str
    name: str
    problem: str = ""
    is_new: bool = False


def restore(target: Target, manifest: Manifest, key: Key | None, folder: Path) -> Iterator[Restored]:
    """Put a backup's files into the storages, several at a time, except those that are there already. Each is verified
    before it has its name. `folder` is for files meanwhile. Raises TargetError, Unreadable and WrongKey."""
    names = [(storage, name) for storage, files in manifest.files.items() for name in files]

    def one(storage: str, name: str) -> Restored:
        content = manifest.content(storage, name)
        if _is_there(storage, name, content):
            return Restored(storage, name)
        copy = folder / f"{storage}-{content.sha256}-{name.replace('/', '-')}"
        try:
            with copy.open("wb") as file:
                pool.fetch(target, pool.path(manifest.pool, content.sha256), file, key, expected=content)
            _put(storage, name, copy)
        except FileNotFoundError:
            return Restored(storage, name, "is not in the pool")
        except encryption.Damaged as error:
            return Restored(storage, name, f"is damaged ({error})")
        finally:
            copy.unlink(missing_ok=True)
        return Restored(storage, name, is_new=True)

    yield from _several_at_a_time(one, names)


def size_of(storage: str, name: str) -> int:
    """The bytes of a file in a storage. Raises FileNotFoundError, and Unreadable."""
    try:
        if storage == UPLOADS:
            return (pending_files.folder() / name).stat().st_size
        return int(storages[storage].size(name))
    except FileNotFoundError:
        raise
    except Exception as error:  # storages have exceptions of their own
        response = getattr(error, "response", None)  # botocore's
        if response and response.get("Error", {}).get("Code") in ("404", "NoSuchKey"):
            raise FileNotFoundError(name) from error
        raise Unreadable(f"The storage {storage} cannot be read: {error}") from error


def _is_there(storage: str, name: str, content: Content) -> bool:
    """Whether the file is there with its content. In a bucket files are whole, and have random names; only those of a
    folder are read to be sure."""
    try:
        if size_of(storage, name) != content.size:
            return False
    except FileNotFoundError:
        return False
    if storage != UPLOADS and not isinstance(storages[storage], FileSystemStorage):
        return True
    with _opened(Wanted(storage, name)) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == content.sha256  # type: ignore[arg-type]


def _put(storage: str, name: str, copy: Path) -> None:
    if storage == UPLOADS:
        path = pending_files.folder() / name
        copy.chmod(0o600)
        copy.replace(path)
        return
    try:
        if storages[storage].exists(name):
            storages[storage].delete(name)
        with copy.open("rb") as file:
            given = storages[storage].save(name, File(file))
    except Exception as error:  # storages have exceptions of their own
        raise Unreadable(f"The storage {storage} cannot be written: {error}") from error
    if given != name:
        raise Unreadable(f"The storage {storage} gave {name} another name. Does somebody else write into it?")


def _several_at_a_time(work: Callable[..., Result], calls: Iterable[tuple[Any, ...]]) -> Iterator[Result]:
    """What `work` returns for each tuple of arguments, as it is done. What it raises ends all of them."""
    with ThreadPoolExecutor(THREADS) as threads:
        running = [threads.submit(work, *call) for call in calls]
        try:
            for done in as_completed(running):
                yield done.result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
