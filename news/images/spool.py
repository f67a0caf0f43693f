"""Files on this machine's own disk: uploads that are not complete yet, and originals that wait for their storage.

A story must not wait for a storage that is down: its photo is checked and recorded, its file stays here, and the
background work takes it over when the storage is back.
"""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files import File
from django.db import transaction

from .stores import StorageDown, originals, reaching

if TYPE_CHECKING:
    from .models import Photo

KEEP_PARTS = 86_400
"""Seconds after which an upload that nobody went on with is deleted."""


def folder() -> Path:
    path: Path = settings.VAR_DIR / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(source: Path) -> str:
    """Keep a copy of an original until its storage takes it; its name here."""
    name = f"{secrets.token_hex(16)}.original"
    shutil.copyfile(source, folder() / name)
    return name


def deliver(photo: Photo) -> None:
    """Bring a waiting original into its storage. Raises StorageDown, also where another machine has the file."""
    path = folder() / photo.waiting
    if not path.exists():
        raise StorageDown(f"{photo.waiting} waits on another machine")
    with reaching(), path.open("rb") as file:
        name = originals().save(new_name(photo.file_type), File(file))
    with transaction.atomic():
        done = type(photo).objects.filter(pk=photo.pk, waiting=photo.waiting).update(original=name, waiting="")
    if done:
        path.unlink(missing_ok=True)
    else:
        originals().delete(name)
    photo.refresh_from_db()


def new_name(file_type: str) -> str:
    """A name for an original: nothing of the uploaded file's own, and not to be guessed."""
    return f"{secrets.token_hex(16)}.{file_type}"
