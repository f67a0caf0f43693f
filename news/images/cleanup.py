"""Finds and repairs differences between the photo storages and the database, for `manage.py renditions`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.storage import Storage
from django.utils import timezone

from regions import generations

from . import moving, pending_files, pending_rows, storage
from .models import Photo
from .storage import StorageDown

BATCH = 1000

GRACE = timedelta(hours=1)
"""A file younger than this may belong to an upload that is being stored just now."""


@dataclass(frozen=True, slots=True)
class Orphans:
    """Stored files that belong to no photo: the keys of renditions and the names of originals."""

    keys: list[str]
    originals: list[str]


def stale() -> list[int]:
    """The ids of photos whose original waits for its storage, or whose renditions are missing or outdated.

    They come in random order, so that several workers that start together seldom work on the same photo.
    """
    fields = ("waiting", "rendition_manifest", "width", "height", "focus_x", "focus_y")
    photos = Photo.objects.only("pk", *fields).order_by("sha256").iterator()
    return [photo.pk for photo in photos if photo.waiting or photo.rendition_manifest != photo.wanted_manifest]


def forget_lost_renditions(even_all: bool = False) -> int:
    """Forget renditions whose files are not there, as after a restored backup, which has none; returns of how many
    photos. Pages do without them until they are made again.

    Those that `move_media` has not moved to the object store yet are not lost. An empty storage is more likely a folder
    that is not mounted, or the wrong bucket, so without `even_all` it counts as down. Raises StorageDown.
    """
    photos = list(Photo.objects.exclude(rendition_manifest={}).values_list("pk", "rendition_key"))
    with storage.errors_as_storage_down():
        known = set(_listed(storage.public())[0])
        lost = [pk for pk, key in photos if key not in known and not _waits_in_folder(key)]
    if lost and not known and not even_all:
        raise StorageDown(
            f"it is empty, and {len(lost)} photos had renditions there. Is VAR_DIR mounted, is S3_RENDITIONS the right "
            "bucket? If the files are really lost, say --all-lost."
        )
    with generations.bumping():
        for start in range(0, len(lost), BATCH):
            Photo.objects.filter(pk__in=lost[start : start + BATCH]).update(rendition_manifest={}, previous_key="")
        if lost:
            generations.bump([generations.EVERYWHERE])
    return len(lost)


def orphans(grace: timedelta = GRACE) -> Orphans:
    """Find files without a photo, except those younger than `grace`. Raises StorageDown."""
    with storage.errors_as_storage_down():
        folders, _files = _listed(storage.public())
        _folders, names = _listed(storage.originals())
        known = {key for keys in Photo.objects.values_list("rendition_key", "previous_key") for key in keys}
        unknown = [key for key in folders if key and key not in known]
        lost = set(names) - set(Photo.objects.values_list("original", flat=True))
        return Orphans(
            sorted(key for key in unknown if _is_old(storage.public(), _files_under(key), grace)),
            sorted(name for name in lost if _is_old(storage.originals(), iter([name]), grace)),
        )


def remove(found: Orphans) -> None:
    """Delete orphans. Raises StorageDown."""
    for key in found.keys:
        storage.remove(key)
    with storage.errors_as_storage_down():
        for name in found.originals:
            storage.originals().delete(name)


def remove_expired_uploads() -> int:
    """Delete abandoned uploads, and waiting originals that no photo refers to; returns how many."""
    waiting = set(Photo.objects.exclude(waiting="").values_list("waiting", flat=True))
    return pending_files.remove_expired_parts(but=waiting) + pending_rows.remove_expired(but=waiting)


def _listed(storage: Storage) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir("")
    except FileNotFoundError:  # nothing has been stored yet
        return [], []


def _waits_in_folder(key: str) -> bool:
    """Whether `move_media` has still to move these renditions. It leaves empty folders behind."""
    try:
        return bool(moving.folders()[1].listdir(key)[1])
    except FileNotFoundError:
        return False


def _files_under(key: str) -> Iterator[str]:
    return (f"{key}/{name}" for name in storage.public().listdir(key)[1])


def _is_old(storage: Storage, names: Iterator[str], grace: timedelta) -> bool:
    """Whether every one of the files is older than `grace`."""
    return all(storage.get_modified_time(name) <= timezone.now() - grace for name in names)
