"""Moves photos between the folders of this machine and an object store, for `manage.py move_media`.

A file is copied, read back and compared; only then may it be deleted where it was. What is there already is not copied
again, so a move can be stopped and started at any time, also while the site is running.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage

from pekon.tombstones import places

from .models import Photo
from .storage import PrivateFileSystemStorage, originals, public


class Outcome(Enum):
    COPIED = "copied"
    THERE = "there already"
    GONE = "gone meanwhile"
    WRONG = "different"


@dataclass(frozen=True)
class Way:
    """From one storage to another. `checksums`: name → SHA-256 that the database knows."""

    name: str
    source: Storage
    target: Storage
    checksums: dict[str, str]


def folders() -> tuple[Storage, Storage]:
    """The folders of originals and of renditions, whatever storages are in use."""
    return _private("originals"), FileSystemStorage(location=settings.MEDIA_ROOT)


def ways(back: bool = False) -> list[Way]:
    """From the folders to the object store in use, or with `back` from there to the folders. Raises ValueError if no
    object store is in use."""
    if isinstance(originals(), FileSystemStorage):
        raise ValueError("Set S3_ORIGINALS and S3_RENDITIONS: photos are moved between them and VAR_DIR.")
    known = dict(Photo.objects.exclude(original="").values_list("original", "sha256"))
    pairs = zip(("originals", "renditions"), folders(), (originals(), public()), (known, {}), strict=True)
    return [
        Way(name, *((store, folder) if back else (folder, store)), checksums)
        for name, folder, store, checksums in pairs
    ]


def names(way: Way) -> Iterator[str]:
    """All files of the source, without the tombstones, which are in the same bucket as originals."""
    try:
        keys, files = way.source.listdir("")
    except FileNotFoundError:  # nothing has been stored yet
        return
    yield from files
    for key in keys:
        if not key or f"{key}/" == places.PREFIX:
            continue
        yield from (f"{key}/{name}" for name in way.source.listdir(key)[1])


def move(way: Way, name: str, delete: bool = False) -> Outcome:
    """Copy one file, and with `delete` remove it from the source once the copy was read back and is equal. A file with
    another checksum than the database's is left alone, and so is one that has become a different file meanwhile."""
    digest = _digest(way.source, name)
    if digest is None:
        return Outcome.GONE
    if way.checksums.get(name, digest) != digest:
        return Outcome.WRONG
    outcome = Outcome.THERE
    if _digest(way.target, name) != digest:
        try:
            if isinstance(way.target, FileSystemStorage):  # which would choose another name
                way.target.delete(name)
            with way.source.open(name, "rb") as file:
                way.target.save(name, File(file))
        except FileNotFoundError:
            return Outcome.GONE
        if _digest(way.target, name) != digest:
            return Outcome.WRONG
        outcome = Outcome.COPIED
    if delete:
        way.source.delete(name)
    return outcome


def copy_tombstones(back: bool = False) -> int:
    """Write all tombstones into the object store in use, or with `back` into the folder; returns how many were not
    there. None is ever deleted."""
    return places.copy_all_into(_private("tombstones") if back else places.storage())


def _private(folder: str) -> Storage:
    location = settings.VAR_DIR / folder
    return PrivateFileSystemStorage(location, file_permissions_mode=0o600, directory_permissions_mode=0o700)


def _digest(storage: Storage, name: str) -> str | None:
    """The SHA-256 of a file; None if there is none."""
    digest = hashlib.sha256()
    try:
        with storage.open(name, "rb") as file:
            for chunk in file.chunks():
                digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest()
