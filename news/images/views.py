"""Serves renditions where no proxy serves their folder. An address always returns the same bytes."""

from django.core.files import File
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from . import moving, storage
from .models import Photo

YEAR = 31_536_000  # seconds; for browsers
HOUR = 3_600  # seconds; for shared caches, so that withdrawn photos soon disappear there too


@require_safe
def rendition(request: HttpRequest, key: str, name: str) -> FileResponse | HttpResponse:
    try:
        with storage.errors_as_storage_down():
            file = storage.public().open(f"{key}/{name}")
    except storage.StorageDown as error:
        not_moved_yet = _in_folder(key, name)
        if not_moved_yet is None:
            if isinstance(error.__cause__, FileNotFoundError):
                raise Http404 from None
            return HttpResponse(status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})
        file = not_moved_yet
    response = FileResponse(file, content_type=storage.TYPES[name.rpartition(".")[2]])
    response["Cache-Control"] = f"public, max-age={YEAR}, s-maxage={HOUR}, immutable"
    return response


def _in_folder(key: str, name: str) -> File[bytes] | None:
    """The file in this machine's folder, while photos are being moved from there to an object store. Withdrawn photos
    have other keys."""
    if not Photo.objects.filter(Q(rendition_key=key) | Q(previous_key=key)).exists():
        return None
    try:
        return moving.folders()[1].open(f"{key}/{name}")
    except FileNotFoundError:
        return None
