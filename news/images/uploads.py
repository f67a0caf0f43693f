"""Taking a photo in: check it, make its copies, store the original."""

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from regions.models import Region

from . import renditions
from .models import Photo

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def store(
    upload: UploadedFile, *, region: Region, user: "User | None", caption: str = "", credit: str = "", alt: str = ""
) -> Photo:
    """Store an uploaded photo with its copies. Raises ValidationError with a reason, and then nothing is stored.

    The same file again in the same region is the photo that is there already, unless other words come with it.
    """
    if not upload.size:
        raise ValidationError(_("The file is empty. Choose the photo again."))
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise ValidationError(
            _("The photo is larger than %(limit)s. Make it smaller and try again.")
            % {"limit": filesizeformat(settings.PHOTO_MAX_BYTES)}
        )
    digest = _digest(upload)
    known = Photo.objects.filter(sha256=digest, region=region).first()
    if known and all(
        typed in ("", kept) for typed, kept in ((caption, known.caption), (credit, known.credit), (alt, known.alt))
    ):
        return known
    upload.seek(0)
    content = upload.read()
    decoded = renditions.decode(upload)
    key = secrets.token_hex(16)
    photo = Photo(
        region=region,
        sha256=digest,
        width=decoded.width,
        height=decoded.height,
        rendition_key=key,
        caption=caption,
        credit=credit,
        alt=alt,
        uploaded_by=user,
    )
    public = renditions.storage()
    saved: list[str] = []
    try:
        for rendition_width, data in renditions.encode(decoded).items():
            saved.append(public.save(renditions.name(key, rendition_width), ContentFile(data)))
        photo.original.save(f"{secrets.token_hex(16)}.{decoded.format.lower()}", ContentFile(content), save=True)
    except BaseException:
        for name in saved:
            public.delete(name)
        if photo.original:
            photo.original.storage.delete(photo.original.name or "")
        raise
    return photo


def find(upload: UploadedFile, region: Region) -> Photo | None:
    """The region's photo made from the same file, if there is one."""
    return Photo.objects.filter(sha256=_digest(upload), region=region).first()


def _digest(upload: UploadedFile) -> str:
    """The SHA-256 of the whole file, in hexadecimal; read in pieces, so that no second copy is held."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()
