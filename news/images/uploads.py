"""Taking a photo in: check it in the cage, make its first renditions, store the original, have the others made."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from regions import editions
from regions.models import Region

from . import cage, renditions, spool, stores
from .models import Photo
from .stores import StorageDown

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Upload = File
"""An uploaded file, or a part that is complete on this machine's disk."""


def store(upload: Upload, *, region: Region, user: "User | None", proposed_credit: str = "", **texts: str) -> Photo:
    """Store an uploaded photo. Raises ValidationError with a reason, and then nothing is stored.

    What is not typed into `texts` (caption, credit, alt) is taken from the photo's own metadata, and the credit at last
    from `proposed_credit`. The same file again in the same region is the photo that is there already, unless other
    words come with it. When a storage is down, the photo is recorded all the same and its file waits on this machine.
    """
    check_size(upload)
    digest = digest_of(upload)
    known = Photo.objects.filter(sha256=digest, region=region).first()
    if known and all(text in ("", getattr(known, name)) for name, text in texts.items()):
        return known
    with _on_disk(upload) as path, cage.develop(path, first=True, texts=True) as developed:
        found: dict[str, Any] = dict(developed.texts)
        found["taken_on"] = _date(found.get("taken_on", ""))
        found |= {name: text for name, text in texts.items() if text}
        if not found.get("credit"):
            found["credit"] = proposed_credit
        photo = Photo(region=region, uploaded_by=user, **found)
        _record(photo, path, digest, developed)
    return photo


def replace(photo: Photo, upload: Upload) -> None:
    """Another file for the photo, wherever it is used. Raises ValidationError, and then everything is as it was.

    The old original is deleted and its renditions cease at once: the reason may be a face that must not be seen.
    """
    check_size(upload)
    digest = digest_of(upload)
    if digest == photo.sha256:
        raise ValidationError(_("This is the same file that the photo has already."))
    old_key, older_key, old_name, old_wait = photo.rendition_key, photo.previous_key, photo.original.name, photo.waiting
    with _on_disk(upload) as path, cage.develop(path, focus=photo.focus, first=True) as developed:
        photo.previous_key = ""
        with editions.writing():
            _record(photo, path, digest, developed)
            renditions.forget(old_key, older_key)
            if old_name:
                renditions.remove_original.enqueue(old_name)
            if old_wait:
                transaction.on_commit((spool.folder() / old_wait).unlink)


def find(upload: Upload, region: Region) -> Photo | None:
    """The region's photo made from the same file, if there is one."""
    return Photo.objects.filter(sha256=digest_of(upload), region=region).first()


def check_size(upload: Upload) -> None:
    """Raises ValidationError for a file that is empty or larger than PHOTO_MAX_BYTES."""
    if not upload.size:
        raise ValidationError(_("The file is empty. Choose the photo again."))
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise ValidationError(
            _("The photo is larger than %(limit)s. Make it smaller and try again.")
            % {"limit": filesizeformat(settings.PHOTO_MAX_BYTES)}
        )


def _record(photo: Photo, path: Path, digest: str, developed: cage.Developed) -> None:
    """Put the files where they belong and save the row; a storage that is down is made up for later."""
    photo.sha256, photo.width, photo.height = digest, developed.width, developed.height
    photo.file_type, photo.colour = developed.format, developed.colour
    photo.rendition_key, photo.made = renditions.new_key(), {}
    photo.original, photo.waiting = "", ""
    name = ""
    try:
        try:
            stores.put(photo.rendition_key, developed.files)
            photo.made = developed.plan
        except StorageDown:
            renditions.forget(photo.rendition_key)
            photo.rendition_key = renditions.new_key()
        try:
            with stores.reaching(), path.open("rb") as file:
                name = stores.originals().save(spool.new_name(developed.format), File(file))
            photo.original = name
        except StorageDown:
            photo.waiting = spool.keep(path)
        with editions.writing():
            photo.save()
            renditions.make_renditions.enqueue(photo.pk)
    except BaseException:
        _undo(photo, name)
        raise


def _undo(photo: Photo, name: str) -> None:
    """Leave no file behind that no row knows of."""
    if photo.made:
        stores.remove(photo.rendition_key)
    if name:
        stores.originals().delete(name)
    if photo.waiting:
        (spool.folder() / photo.waiting).unlink(missing_ok=True)


def digest_of(upload: Upload) -> str:
    """The SHA-256 of the whole file, in hexadecimal; read in pieces, so that no second copy is held."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def _on_disk(upload: Upload) -> Iterator[Path]:
    """The upload as a file of this machine: the caged process opens files, not streams."""
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
