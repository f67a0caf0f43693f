"""Makes, replaces and removes the public files (renditions) of photos.

They are in the public storage under `KEY/NAME`. KEY is 128 random bits, so that addresses cannot be guessed before
publication. A set of renditions is never changed: another crop, list of sizes or file gets a new key, so an address
always returns the same bytes (docs/decisions/0009).

The tasks below run in the background (`manage.py db_worker`). Each is safe to run twice, and is tried again later if a
storage is down. `manage.py renditions --make` looks at the photos and not at the task queue, so it also does the work
of tasks that were lost with a killed worker.
"""

import logging
import secrets
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from pekon.background import retries
from regions import generations

from . import pending_files, sandbox, storage
from .models import Photo
from .storage import StorageDown

log = logging.getLogger(__name__)
_RETRY_AFTER = (5, 15, 60, 300, 900)  # seconds until the next attempt; further attempts use the last value
_QUEUED_AT_ONCE = 50
KEEP_PREVIOUS = timedelta(hours=1)
"""How long replaced renditions stay available, for pages that are open in browsers or kept in caches."""


def new_key() -> str:
    return secrets.token_hex(16)


def make(photo: Photo) -> bool:
    """Store a waiting original, and make renditions that are missing or outdated; returns whether any were made.

    Safe to call at any time and from many processes: if two of them make the same photo, the later one's files are
    removed. Raises StorageDown and sandbox.PhotoRejected.
    """
    if photo.waiting:
        deliver(photo)
    wanted, key, old = photo.wanted_manifest, new_key(), photo.rendition_key
    if photo.rendition_manifest == wanted:
        return False
    with photo.local_original() as path, sandbox.decode(path, focus=photo.focus) as decoded:
        try:
            storage.put(key, decoded.files)
        except StorageDown:
            forget(key)
            raise
    with generations.bumping():
        unchanged = Photo.objects.filter(
            pk=photo.pk, rendition_key=old, sha256=photo.sha256, focus_x=photo.focus_x, focus_y=photo.focus_y
        )
        if not unchanged.update(rendition_key=key, previous_key=old, rendition_manifest=wanted, colour=decoded.colour):
            forget(key)  # another process was faster, or the photo has changed meanwhile
            return False
        generations.bump_for(photo)
        forget(photo.previous_key)
        remove_previous.using(run_after=timezone.now() + KEEP_PREVIOUS).enqueue(photo.pk, old)
    photo.refresh_from_db()
    return True


def deliver(photo: Photo) -> None:
    """Move a waiting original to its storage. Raises StorageDown, also if the file is on another machine."""
    with photo.local_original() as path, storage.errors_as_storage_down(), path.open("rb") as file:
        name = storage.originals().save(pending_files.new_name(photo.file_type), File(file))
    with transaction.atomic():
        done = Photo.objects.filter(pk=photo.pk, waiting=photo.waiting).update(original=name, waiting="")
        if done:
            pending_files.forget(photo.waiting)
    if not done:
        storage.originals().delete(name)
    photo.refresh_from_db()


def withdraw(photo: Photo) -> None:
    """Remove the photo's renditions for good. New ones are made under a new, unpublished key, for the newsroom."""
    ended = photo.rendition_key, photo.previous_key
    photo.rendition_key, photo.previous_key, photo.rendition_manifest = new_key(), "", {}
    photo.save(update_fields=["rendition_key", "previous_key", "rendition_manifest"])
    forget(*ended)
    make_renditions.enqueue(photo.pk)


def forget(*keys: str) -> None:
    """Remove the files under these keys once the transaction is committed; a task repeats this until it succeeds."""
    for key in filter(None, keys):
        remove_renditions.enqueue(key)
        transaction.on_commit(partial(_try_to_remove, key))


def _try_to_remove(key: str) -> None:
    try:
        storage.remove(key)
    except StorageDown:
        log.warning("The renditions under %s… are still there: the storage cannot be reached", key[:6])


# --- Background work ------------------------------------------------------------------------------------------


def _again(work: Any, argument: Any, attempt: int) -> None:
    retries.again(work, argument, attempt=attempt, waits=_RETRY_AFTER, endless=True)


@task()
def make_renditions(photo_id: int, attempt: int = 0) -> None:
    """Make the renditions that a photo does not have yet."""
    photo = Photo.objects.filter(pk=photo_id).first()
    try:
        if photo:
            make(photo)
    except StorageDown as error:
        log.warning("Photo %s waits for its storage: %s", photo_id, error)
        _again(make_renditions, photo_id, attempt)
    except sandbox.PhotoRejected as refusal:
        log.error("Photo %s stays with its first renditions: %s", photo_id, refusal.messages[0])


@task()
def make_missing(before: int = 0) -> None:
    """Have the renditions made of all photos that have none, newest first; `before` is the last one that is in the
    queue.

    It queues a few photos and then itself, so that the queue stays short and other work comes between.
    """
    photos = Photo.objects.filter(rendition_manifest={}).order_by("-pk")
    keys = list((photos.filter(pk__lt=before) if before else photos).values_list("pk", flat=True)[:_QUEUED_AT_ONCE])
    for key in keys:
        make_renditions.enqueue(key)
    if keys:
        make_missing.enqueue(keys[-1])


@task()
def remove_renditions(key: str, attempt: int = 0) -> None:
    try:
        storage.remove(key)
    except StorageDown:
        _again(remove_renditions, key, attempt)


@task()
def remove_previous(photo_id: int, key: str) -> None:
    """Remove replaced renditions that were kept for open pages."""
    if Photo.objects.filter(pk=photo_id, previous_key=key).update(previous_key=""):
        forget(key)


@task()
def remove_original(name: str, attempt: int = 0) -> None:
    """Delete an original that was replaced."""
    try:
        with storage.errors_as_storage_down():
            storage.originals().delete(name)
    except StorageDown:
        _again(remove_original, name, attempt)
