"""Whether storages and database agree, and making them agree: what `manage.py renditions` does."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.storage import Storage
from django.utils import timezone

from . import spool, stores
from .models import Photo

GRACE = timedelta(hours=1)
"""A file younger than this may belong to an upload that is being stored just now."""


@dataclass(frozen=True, slots=True)
class Orphans:
    """What lies in a storage and belongs to no photo: keys of renditions, names of originals."""

    keys: list[str]
    originals: list[str]


def stale() -> list[int]:
    """The ids of photos whose original waits for its storage, or whose renditions are not what they should be.

    In no order, so that many workers that start together seldom meet at the same photo.
    """
    fields = ("waiting", "made", "width", "height", "focus_x", "focus_y")
    photos = Photo.objects.only("pk", *fields).order_by("sha256").iterator()
    return [photo.pk for photo in photos if photo.waiting or photo.made != photo.plan]


def orphans(grace: timedelta = GRACE) -> Orphans:
    """Raises StorageDown."""
    with stores.reaching():
        folders, _files = _listed(stores.public())
        _folders, names = _listed(stores.originals())
        known = {key for keys in Photo.objects.values_list("rendition_key", "previous_key") for key in keys}
        unknown = [key for key in folders if key and key not in known]
        lost = set(names) - set(Photo.objects.values_list("original", flat=True))
        return Orphans(
            sorted(key for key in unknown if _is_old(stores.public(), _files_under(key), grace)),
            sorted(name for name in lost if _is_old(stores.originals(), iter([name]), grace)),
        )


def remove(found: Orphans) -> None:
    """Delete orphans. Raises StorageDown."""
    for key in found.keys:
        stores.remove(key)
    with stores.reaching():
        for name in found.originals:
            stores.originals().delete(name)


def sweep_spool() -> int:
    """Delete parts of uploads that nobody went on with, and what waits for no photo; how many."""
    limit = time.time() - spool.KEEP_PARTS
    waiting = set(Photo.objects.exclude(waiting="").values_list("waiting", flat=True))
    old = [path for path in spool.folder().iterdir() if path.stat().st_mtime < limit and path.name not in waiting]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _listed(storage: Storage) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir("")
    except FileNotFoundError:  # nothing was ever stored
        return [], []


def _files_under(key: str) -> Iterator[str]:
    return (f"{key}/{name}" for name in stores.public().listdir(key)[1])


def _is_old(storage: Storage, names: Iterator[str], grace: timedelta) -> bool:
    """By its newest file; what has none is old."""
    return all(storage.get_modified_time(name) <= timezone.now() - grace for name in names)
