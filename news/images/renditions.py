"""The public files made from a photo: making them, replacing them, and ending their addresses.

They lie in the public storage under `KEY/NAME`, where KEY is 128 random bits, so that nothing can be guessed before
publication. A set of renditions is never changed: other pixels (another crop, another list of sizes, another file) get
a new key, so that an address always means the same bytes (docs/decisions/0009).

The tasks below are background work (`manage.py db_worker`). Each may run twice, and one that meets a storage that is
down comes back. A worker that is killed leaves its row as running; `manage.py renditions --make` works from the photos
and not from the rows, so nothing is lost.
"""

import logging
import secrets
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from regions import editions

from . import cage, spool, stores
from .models import Photo
from .stores import StorageDown

log = logging.getLogger(__name__)
_WAITS = (5, 15, 60, 300, 900)  # seconds until the next attempt; the last one from then on
KEEP_PREVIOUS = timedelta(hours=1)
"""How long the addresses before the present ones go on answering, for pages that somebody has open or stored."""


def new_key() -> str:
    return secrets.token_hex(16)


def make(photo: Photo) -> bool:
    """Bring the photo's original and renditions to what they should be. Raises StorageDown, cage.Refused.

    Safe to call at any time and from many processes: what is right already is left alone, and of two that make the same
    photo the later one's files are removed. Returns whether anything was made.
    """
    if photo.waiting:
        spool.deliver(photo)
    wanted, key, old = photo.plan, new_key(), photo.rendition_key
    if photo.made == wanted:
        return False
    with photo.local_original() as path, cage.develop(path, focus=photo.focus) as developed:
        try:
            stores.put(key, developed.files)
        except StorageDown:
            forget(key)
            raise
    with editions.writing():
        unchanged = Photo.objects.filter(
            pk=photo.pk, rendition_key=old, sha256=photo.sha256, focus_x=photo.focus_x, focus_y=photo.focus_y
        )
        if not unchanged.update(rendition_key=key, previous_key=old, made=wanted, colour=developed.colour):
            forget(key)  # somebody was faster, or wants something else by now
            return False
        editions.changed(photo)
        forget(photo.previous_key)
        remove_previous.using(run_after=timezone.now() + KEEP_PREVIOUS).enqueue(photo.pk, old)
    photo.refresh_from_db()
    return True


def withdraw(photo: Photo) -> None:
    """End every public address of the photo, for good. The newsroom gets renditions under a new key."""
    ended = photo.rendition_key, photo.previous_key
    photo.rendition_key, photo.previous_key, photo.made = new_key(), "", {}
    photo.save(update_fields=["rendition_key", "previous_key", "made"])
    forget(*ended)
    make_renditions.enqueue(photo.pk)


def forget(*keys: str) -> None:
    """Remove what lies under these keys as soon as the transaction is committed, and go on trying until it is gone."""
    for key in filter(None, keys):
        remove_renditions.enqueue(key)
        transaction.on_commit(partial(_try_to_remove, key))


def _try_to_remove(key: str) -> None:
    try:
        stores.remove(key)
    except StorageDown:
        log.warning("The renditions under %s… are still there: the storage cannot be reached", key[:6])


# --- Background work ------------------------------------------------------------------------------------------


def _again(work: Any, argument: Any, attempt: int) -> None:
    seconds = _WAITS[min(attempt, len(_WAITS) - 1)]
    work.using(run_after=timezone.now() + timedelta(seconds=seconds)).enqueue(argument, attempt + 1)


@task()
def make_renditions(photo_id: int, attempt: int = 0) -> None:
    """All renditions of a photo, whatever it has of them."""
    photo = Photo.objects.filter(pk=photo_id).first()
    try:
        if photo:
            make(photo)
    except StorageDown as error:
        log.warning("Photo %s waits for its storage: %s", photo_id, error)
        _again(make_renditions, photo_id, attempt)
    except cage.Refused as refusal:
        log.error("Photo %s stays with its first renditions: %s", photo_id, refusal.messages[0])


@task()
def remove_renditions(key: str, attempt: int = 0) -> None:
    try:
        stores.remove(key)
    except StorageDown:
        _again(remove_renditions, key, attempt)


@task()
def remove_previous(photo_id: int, key: str) -> None:
    """End the addresses that were kept for open pages."""
    if Photo.objects.filter(pk=photo_id, previous_key=key).update(previous_key=""):
        forget(key)


@task()
def remove_original(name: str, attempt: int = 0) -> None:
    """Delete an original that was replaced."""
    try:
        with stores.reaching():
            stores.originals().delete(name)
    except StorageDown:
        _again(remove_original, name, attempt)
