"""Uploads that survive a dropped connection: the core of the tus protocol (https://tus.io/protocols/resumable-upload).

POST makes an upload and says where; PATCH appends to it from `Upload-Offset` on; HEAD says how far it got. POST to that
address, when all is there, makes it a photo. Nothing but the bytes is stored on the way: what an upload is (whose, for
which region, how large) stands signed in its address. The parts lie in news.images.spool, on this machine.
"""

import fcntl
import json
import os
import secrets
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files import File
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from news.images import spool
from news.images.models import Photo
from regions import access
from regions.access import Permission
from regions.models import Region

from .photo_rules import take_in

TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
CHUNK_MAX = 8 * 2**20
"""Bytes in one PATCH."""
_SALT = "news.newsroom.photo_uploads"


@dataclass(frozen=True, slots=True)
class Part:
    """An upload on its way."""

    id: str
    user: int
    region: int
    size: int  # bytes, of the whole file

    @property
    def path(self) -> Path:
        return spool.folder() / f"{self.id}.part"

    @property
    def result(self) -> Path:
        """Where the photo's id is kept once it is one, in case the answer was lost on the way."""
        return spool.folder() / f"{self.id}.done.part"

    @property
    def offset(self) -> int:
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            raise Http404 from None


@require_http_methods(["POST"])
def create(request: HttpRequest) -> HttpResponse:
    """201 with the upload's address; 413 if the file is too large, 403 if the region is not the person's."""
    try:
        size = int(request.headers.get("Upload-Length", ""))
        about = dict(
            pair.split(" ", 1) for pair in request.headers.get("Upload-Metadata", "").split(",") if " " in pair
        )
        region_id = int(b64decode(about["region"], validate=True))
    except (ValueError, KeyError, Base64Error):
        return _refuse(400, _("The upload is incomplete. Choose the photo again."))
    if not 0 < size <= settings.PHOTO_MAX_BYTES:
        limit = filesizeformat(settings.PHOTO_MAX_BYTES)
        return _refuse(413, _("The photo is larger than %(limit)s. Make it smaller and try again.") % {"limit": limit})
    region = Region.objects.filter(pk=region_id).first()
    if region is None or not access.allowed(request.user, Permission.WRITE, region):
        return _refuse(403, _("You may not upload photos for this region."))
    part = Part(secrets.token_hex(16), request.user.pk or 0, region.pk, size)
    part.path.touch(mode=0o600)
    address = reverse("admin:photo_upload", args=[signing.dumps(asdict(part), salt=_SALT, compress=True)])
    return HttpResponse(status=201, headers=TUS | {"Location": address})


@require_http_methods(["HEAD", "PATCH", "POST"])
def upload(request: HttpRequest, token: str) -> HttpResponse:
    """Go on with an upload, or make it a photo. Anybody else's does not exist."""
    try:
        part = Part(**signing.loads(token, salt=_SALT, max_age=spool.KEEP_PARTS))
    except signing.BadSignature:
        raise Http404 from None
    if part.user != request.user.pk:
        raise Http404
    match request.method:
        case "HEAD":
            length = {"Upload-Offset": str(_offset(part)), "Upload-Length": str(part.size)}
            return HttpResponse(status=200, headers=TUS | length)
        case "PATCH":
            return _append(request, part)
    return _finish(request, part)


def _offset(part: Part) -> int:
    return part.size if part.result.exists() else part.offset


def _append(request: HttpRequest, part: Part) -> HttpResponse:
    length = int(request.headers.get("Content-Length") or 0)
    if request.headers.get("Content-Type") != "application/offset+octet-stream":
        return _refuse(415, _("The upload is incomplete. Choose the photo again."))
    if length > CHUNK_MAX:
        return _refuse(413, _("The upload is incomplete. Choose the photo again."))
    if not part.path.exists():
        raise Http404
    with part.path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # a second request for the same place waits, and then finds another offset
        offset = file.seek(0, os.SEEK_END)
        if request.headers.get("Upload-Offset") != str(offset):
            return HttpResponse(status=409, headers=TUS | {"Upload-Offset": str(offset)})
        try:
            while chunk := request.read(2**16):
                if offset + len(chunk) > part.size:
                    return _refuse(413, _("The upload is incomplete. Choose the photo again."))
                offset += file.write(chunk)
        except OSError:  # the connection is gone; what came is kept
            pass
    return HttpResponse(status=204, headers=TUS | {"Upload-Offset": str(offset)})


def _finish(request: HttpRequest, part: Part) -> HttpResponse:
    """200 with the photo, or 422 with the reason why it is none. Asked again, it says the same."""
    if part.result.exists():
        return _photo(Photo.objects.get(pk=int(part.result.read_text())), known=False)
    if part.offset != part.size:
        return HttpResponse(status=409, headers=TUS | {"Upload-Offset": str(part.offset)})
    region = Region.objects.get(pk=part.region)
    if not access.allowed(request.user, Permission.WRITE, region):
        return _refuse(403, _("You may not upload photos for this region."))
    newest = Photo.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with part.path.open("rb") as file:
        try:
            photo = take_in(_LocalFile(file), region, request.user)
        except ValidationError as refusal:
            part.path.unlink(missing_ok=True)
            return _refuse(422, refusal.messages[0])
    part.result.write_text(str(photo.pk))
    part.path.unlink(missing_ok=True)
    return _photo(photo, known=photo.pk <= newest)


class _LocalFile(File):
    """A complete part; the caged process reads it where it lies."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def _photo(photo: Photo, *, known: bool) -> HttpResponse:
    shown: dict[str, Any] = {"id": photo.pk, "label": str(photo), "known": known}
    shown |= {name: getattr(photo, name) for name in ("caption", "credit", "alt", "thumbnail_url", "preview_url")}
    shown["edit"] = reverse("admin:images_photo_change", args=[photo.pk])
    return JsonResponse(shown, headers=TUS)


def _refuse(status: int, reason: str) -> HttpResponse:
    return HttpResponse(json.dumps({"error": reason}), status=status, content_type="application/json", headers=TUS)
