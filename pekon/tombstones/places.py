"""The tombstones' files: where they are outside the database, and how they get there.

The file is put into the storage when the transaction is committed, and into the backup targets by a task that is queued
in that transaction and tries until it succeeds. Each backup writes those that are missing all the same
(`store_missing`).
"""

import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from pekon.backup_targets import Target, target

from .models import Tombstone
from .texts import name_of, text

log = logging.getLogger(__name__)
PREFIX = "tombstones/"
"""Where a backup target has them."""
_RETRY_AFTER = (15, 60, 300, 1_800)  # seconds; further attempts use the last value


def storage() -> Storage:
    """Their own storage, which nothing else uses and a restore does not replace."""
    return storages["tombstones"]


def store_soon(key: Any, files: Mapping[str, str]) -> None:
    """Write a tombstone's file once the transaction is committed."""
    store_everywhere.enqueue(str(key))
    transaction.on_commit(partial(_try_storage, files))


def _try_storage(files: Mapping[str, str]) -> None:
    for name, content in files.items():
        try:
            put_into_storage(name, content)
        except Exception as error:  # storages have exceptions of their own; the task tries again
            log.warning("A tombstone is not in its storage yet: %s", error)


def put_into_storage(name: str, content: str) -> None:
    """Write a file, unless the storage has it. Raises what the storage raises."""
    _put(storage(), name, content)


def _put(where: Storage, name: str, content: str) -> bool:
    """Returns whether it was not there."""
    if where.exists(name):
        with where.open(name, "rb") as file:
            if file.read() == content.encode():
                return False
        where.delete(name)  # its writer was killed
    where.save(name, ContentFile(content.encode()))
    return True


@task()
def store_everywhere(key: str, attempt: int = 0) -> None:
    """Write a tombstone into the storage and every backup target, or try again later."""
    try:
        store_missing()
    except Exception as error:
        log.warning("A tombstone waits for its places: %s", error)
        seconds = _RETRY_AFTER[min(attempt, len(_RETRY_AFTER) - 1)]
        later = store_everywhere.using(run_after=timezone.now() + timedelta(seconds=seconds))
        later.enqueue(key, attempt + 1)


def store_missing() -> int:
    """Write all tombstones that are not stored outside the database yet; returns how many. Raises what the storage
    raises, and TargetError."""
    waiting = list(Tombstone.objects.filter(is_stored_outside=False))
    targets = [target(address) for address in settings.BACKUP_TO] if waiting else []
    for tombstone in waiting:
        put_into_storage(name_of(tombstone), text(tombstone))
        for each in targets:
            each.write(PREFIX + name_of(tombstone), text(tombstone).encode())
        Tombstone.objects.filter(pk=tombstone.pk).update(is_stored_outside=True)
    return len(waiting)


def copy_all_to(place: Target) -> int:
    """Write into a backup target the tombstones that it lacks; returns how many. Raises TargetError."""
    known = place.sizes(PREFIX)
    missing = [one for one in Tombstone.objects.all() if PREFIX + name_of(one) not in known]
    for tombstone in missing:
        place.write(PREFIX + name_of(tombstone), text(tombstone).encode())
    return len(missing)


def copy_all_into(new: Storage) -> int:
    """Write into a storage, which is to take the place of the present one, the tombstones that it lacks; returns how
    many. Raises what the storage raises."""
    return sum(_put(new, name_of(one), text(one)) for one in Tombstone.objects.all())


def files_of_storage() -> Iterator[bytes]:
    """The contents of the files in the storage."""
    try:
        _folders, names = storage().listdir("")
    except FileNotFoundError:  # there has never been one
        return
    for name in sorted(names):
        if name.endswith(".json"):
            with storage().open(name, "rb") as file:
                yield file.read()


def files_of(place: Target) -> Iterator[bytes]:
    """The contents of the files in a backup target. Raises TargetError."""
    for name in sorted(place.sizes(PREFIX)):
        if name.endswith(".json"):
            yield place.read(name)
