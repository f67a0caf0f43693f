"""Serves renditions where no proxy serves their folder. An address always returns the same bytes."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from . import storage

YEAR = 31_536_000  # seconds; for browsers
HOUR = 3_600  # seconds; for shared caches, so that withdrawn photos soon disappear there too


@require_safe
def rendition(request: HttpRequest, key: str, name: str) -> FileResponse | HttpResponse:
    try:
        with storage.errors_as_storage_down():
            file = storage.public().open(f"{key}/{name}")
    except storage.StorageDown as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise Http404 from None
        return HttpResponse(status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})
    response = FileResponse(file, content_type=storage.TYPES[name.rpartition(".")[2]])
    response["Cache-Control"] = f"public, max-age={YEAR}, s-maxage={HOUR}, immutable"
    return response
