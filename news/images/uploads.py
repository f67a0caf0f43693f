"""Stores uploaded photos: checks them in the sandbox, makes the first renditions, keeps the original, queues the rest.

`store` and `replace` take seconds and talk to storages, so never call them inside a transaction. Each opens a short one
of its own to save the row.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from regions import generations
from regions.models import Region

from . import pending_files, renditions, sandbox, storage
from .models import Photo
from .pending_files import DiskFull, full_disk_as_error
from .storage import StorageDown

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Upload = File[bytes]
"""An uploaded file, or a file on this machine's disk."""


class _StoredMeanwhile(Exception):
    """Another request has stored the same file after this one looked for it."""

    def __init__(self, photo: Photo) -> None:
        self.photo = photo


def store(upload: Upload, *, region: Region, user: "User | None", proposed_credit: str = "", **texts: str) -> Photo:
    """Store an uploaded photo. Raises ValidationError; then nothing is stored.

    The error is sandbox.PhotoRejected for a file that is never accepted, sandbox.DecoderBusy if the caller should try
    again in a moment, or pending_files.DiskFull. Texts that are missing in `texts` (caption, credit, alt) are taken
    from the photo's metadata; a credit that is missing there too is `proposed_credit`. If the region already has a
    photo made from the same file, that one is returned, unless the texts differ. This also holds for two simultaneous
    uploads. If a storage is down, the photo is recorded and its file waits (news.images.pending_files).
    """
    check_size(upload)
    digest = digest_of(upload)
    if known := _with_words(digest, region, texts):
        return known
    with full_disk_as_error(), _on_disk(upload) as path, sandbox.decode(path, first=True, texts=True) as decoded:
        fields: dict[str, Any] = dict(decoded.texts)
        fields["taken_on"] = _date(fields.get("taken_on", ""))
        fields |= {name: text for name, text in texts.items() if text}
        if not fields.get("credit"):
            fields["credit"] = proposed_credit
        photo = Photo(region=region, uploaded_by=user, **fields)
        try:
            with _recording(photo, path, digest, decoded):
                # The lock makes simultaneous uploads for this region wait until this photo is stored.
                Region.objects.select_for_update(no_key=True).get(pk=region.pk)
                if known := _with_words(digest, region, texts):
                    raise _StoredMeanwhile(known)
        except _StoredMeanwhile as other:
            return other.photo
    return photo


def replace(photo: Photo, upload: Upload) -> None:
    """Replace the photo's file wherever it is used. Raises ValidationError as `store` does; then nothing changes.

    The old original and its renditions are deleted at once: the reason may be a face that must not be shown.
    """
    check_size(upload)
    digest = digest_of(upload)
    if digest == photo.sha256:
        raise ValidationError(_("This is the same file that the photo has already."))
    with (
        full_disk_as_error(),
        _on_disk(upload) as path,
        sandbox.decode(path, focus=photo.focus, first=True) as decoded,
        _recording(photo, path, digest, decoded),
    ):
        old = Photo.objects.select_for_update().get(pk=photo.pk)  # another request may have changed it meanwhile
        photo.previous_key = ""
        renditions.forget(old.rendition_key, old.previous_key)
        if old.original.name:
            renditions.remove_original.enqueue(old.original.name)
        if old.waiting:
            pending_files.forget(old.waiting)


def find(upload: Upload, region: Region) -> Photo | None:
    """The region's photo made from the same file, if there is one."""
    return Photo.objects.filter(sha256=digest_of(upload), region=region).first()


def check_size(upload: Upload) -> None:
    """Raise ValidationError if the file is empty or larger than PHOTO_MAX_BYTES."""
    if not upload.size:
        raise ValidationError(_("The file is empty. Choose the photo again."))
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise ValidationError(
            _("The photo is larger than %(limit)s. Make it smaller and try again.")
            % {"limit": filesizeformat(settings.PHOTO_MAX_BYTES)}
        )


def _with_words(digest: str, region: Region, texts: dict[str, str]) -> Photo | None:
    """The region's photo made from this file with the same texts, if there is one."""
    for photo in Photo.objects.filter(sha256=digest, region=region).order_by("pk"):
        if all(text in ("", getattr(photo, name)) for name, text in texts.items()):
            return photo
    return None


_FILE_COLUMNS = (
    *("sha256", "width", "height", "file_type", "colour", "original", "waiting"),
    *("rendition_key", "previous_key", "rendition_manifest"),
)


@contextmanager
def _recording(photo: Photo, path: Path, digest: str, decoded: sandbox.Decoded) -> Iterator[None]:
    """Store the files, then run the `with` body in the transaction that saves the row.

    If a storage is down, a background task stores the files later. After any other error, files without a row are
    removed.
    """
    photo.sha256, photo.width, photo.height = digest, decoded.width, decoded.height
    photo.file_type, photo.colour = decoded.format, decoded.colour
    photo.rendition_key, photo.rendition_manifest = renditions.new_key(), {}
    photo.original, photo.waiting = "", ""
    name = pending_files.new_name(decoded.format)
    try:
        try:
            storage.put(photo.rendition_key, decoded.files)
            photo.rendition_manifest = decoded.manifest
        except StorageDown as error:
            _refuse_if_disk_is_full(error)
            renditions.forget(photo.rendition_key)
            photo.rendition_key = renditions.new_key()
        try:
            with storage.errors_as_storage_down(), path.open("rb") as file:
                photo.original = storage.originals().save(name, File(file))
        except StorageDown as error:
            _refuse_if_disk_is_full(error)
            photo.waiting = pending_files.keep(path)
        with generations.bumping():
            yield
            photo.save(update_fields=_FILE_COLUMNS if photo.pk else None)
            renditions.make_renditions.enqueue(photo.pk)
    except BaseException:
        _undo(photo, name)
        raise


def _refuse_if_disk_is_full(error: StorageDown) -> None:
    """Raise DiskFull if a storage on this machine is full, because then the file cannot wait on its disk either."""
    if pending_files.is_disk_full(error.__cause__):
        raise DiskFull from error


def _undo(photo: Photo, name: str) -> None:
    """Remove all files of a photo that was not saved, complete or not."""
    with suppress(StorageDown):
        storage.remove(photo.rendition_key)
    with suppress(StorageDown), storage.errors_as_storage_down():
        storage.originals().delete(name)
    if photo.waiting:
        pending_files.forget(photo.waiting)


def digest_of(upload: Upload) -> str:
    """The SHA-256 of the file in hexadecimal. It is read in chunks, so that it is not held in memory."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def _on_disk(upload: Upload) -> Iterator[Path]:
    """The upload as a file on this machine, because the sandboxed process opens files, not streams."""
    existing = getattr(upload, "temporary_file_path", None)
    if existing:
        yield Path(existing())
        return
    with tempfile.NamedTemporaryFile(prefix="pekon-upload-") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _date(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None
