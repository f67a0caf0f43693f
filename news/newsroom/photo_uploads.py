"""Resumable uploads: the core of the tus protocol (https://tus.io/protocols/resumable-upload).

POST creates an upload and returns its address; PATCH appends to it at `Upload-Offset`; HEAD returns the offset reached.
When all bytes have arrived, a POST to the upload's address turns it into a photo. Until then only the bytes are stored
(news.images.pending_files). The owner, region and size are part of the address, which is signed.

A browser should handle these answers: 429 (too many unfinished uploads), 503 with `Retry-After` (another person's photo
is being decoded; send the same request again), and 507 (the disk is full; the upload is deleted).
"""

import json
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files import File
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from news.images import pending_files, sandbox
from news.images.models import Photo
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

from .photo_rules import shown, store_upload

TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
CHUNK_MAX = 8 * 2**20
"""Bytes in one PATCH."""
BUSY_SECONDS = 2
"""Seconds after which the browser tries again if the decoder was busy."""
_SALT = "news.newsroom.photo_uploads"


@dataclass(frozen=True, slots=True)
class Part:
    """An unfinished upload."""

    id: str
    user: int
    region: int
    size: int  # bytes, of the whole file


@require_http_methods(["POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Create an upload. Answers 201 with its address, 413 for a large file, 403 without permission in the region."""
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
    try:
        upload_id = pending_files.parts().begin(request.user.pk or 0)
    except pending_files.TooManyUploads as refusal:
        return _refuse(429, refusal.messages[0])
    except pending_files.DiskFull as refusal:
        return _refuse(507, refusal.messages[0])
    part = Part(upload_id, request.user.pk or 0, region.pk, size)
    address = reverse("admin:photo_upload", args=[signing.dumps(asdict(part), salt=_SALT, compress=True)])
    return HttpResponse(status=201, headers=TUS | {"Location": address})


@require_http_methods(["HEAD", "PATCH", "POST"])
def upload(request: HttpRequest, token: str) -> HttpResponse:
    """Continue an upload, or turn it into a photo. Other people's uploads answer 404."""
    try:
        part = Part(**signing.loads(token, salt=_SALT, max_age=pending_files.KEEP_PARTS))
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
    if pending_files.parts().photo(part.id):
        return part.size
    try:
        return pending_files.parts().offset(part.id)
    except FileNotFoundError:
        raise Http404 from None


def _append(request: HttpRequest, part: Part) -> HttpResponse:
    length = int(request.headers.get("Content-Length") or 0)
    if request.headers.get("Content-Type") != "application/offset+octet-stream":
        return _refuse(415, _("The upload is incomplete. Choose the photo again."))
    if length > CHUNK_MAX:
        return _refuse(413, _("The upload is incomplete. Choose the photo again."))
    parts, reached = pending_files.parts(), _offset(part)
    if request.headers.get("Upload-Offset") != str(reached):
        return HttpResponse(status=409, headers=TUS | {"Upload-Offset": str(reached)})
    if reached + length > part.size:
        return _refuse(413, _("The upload is incomplete. Choose the photo again."))
    try:
        offset = parts.append(part.id, reached, request.read)
    except FileNotFoundError:
        raise Http404 from None
    except pending_files.WrongOffset:  # another request was faster
        return HttpResponse(status=409, headers=TUS | {"Upload-Offset": str(_offset(part))})
    except pending_files.DiskFull as refusal:
        parts.discard(part.id)
        return _refuse(507, refusal.messages[0])
    return HttpResponse(status=204, headers=TUS | {"Upload-Offset": str(offset)})


def _finish(request: HttpRequest, part: Part) -> HttpResponse:
    """Turn a complete upload into a photo. Answers 200 with the photo, also if repeated, or the reason for failing."""
    parts = pending_files.parts()
    if finished := parts.photo(part.id):
        return _photo(request, _existing(finished), known=False)
    if (reached := _offset(part)) != part.size:
        return HttpResponse(status=409, headers=TUS | {"Upload-Offset": str(reached)})
    region = Region.objects.get(pk=part.region)
    if not access.allowed(request.user, Permission.WRITE, region):
        return _refuse(403, _("You may not upload photos for this region."))
    newest = Photo.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        with parts.opened(part.id) as path, path.open("rb") as file:
            photo = store_upload(_LocalFile(file, str(path)), region, request.user)
            parts.finish(part.id, photo.pk)
    except FileNotFoundError:  # another request has just finished it
        return _photo(request, _existing(parts.photo(part.id)), known=False)
    except BlockingIOError:
        return _busy()
    except sandbox.DecoderBusy:
        return _busy()
    except ValidationError as refusal:
        parts.discard(part.id)
        return _refuse(507 if isinstance(refusal, pending_files.DiskFull) else 422, refusal.messages[0])
    return _photo(request, photo, known=photo.pk <= newest)


def _existing(photo_id: int | None) -> Photo:
    photo = Photo.objects.filter(pk=photo_id or 0).first()
    if photo is None:
        raise Http404
    return photo


def _busy() -> HttpResponse:
    """503: the upload is kept, and the browser tries again."""
    answer = _refuse(503, _("Another photo is being opened just now; this one follows by itself."))
    answer["Retry-After"] = str(BUSY_SECONDS)
    return answer


class _LocalFile(File[bytes]):
    """A complete upload, with a path, so that the sandboxed process reads it in place."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def _photo(request: HttpRequest, photo: Photo, *, known: bool) -> HttpResponse:
    return JsonResponse(shown(photo, request.user) | {"known": known}, headers=TUS)


def _refuse(status: int, reason: str) -> HttpResponse:
    return HttpResponse(json.dumps({"error": reason}), status=status, content_type="application/json", headers=TUS)
