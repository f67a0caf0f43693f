"""Readers' photos, where no proxy serves the folder itself. An address always means the same bytes."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from . import renditions

YEAR = 31_536_000  # seconds


@require_safe
def rendition(request: HttpRequest, key: str, width: str) -> FileResponse:
    try:
        file = renditions.storage().open(renditions.name(key, int(width)))
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
