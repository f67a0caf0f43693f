"""What answers to machines have in common: whoever has the present bytes is told so, and no more (RFC 9110, 13)."""

import hashlib
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date


def answer(
    request: HttpRequest, document: str, content_type: str, *, changed_at: datetime | None = None
) -> HttpResponse:
    """The document with its tag; 304 without it for whoever names that tag.

    `changed_at` is shown as Last-Modified and decides nothing: a story that leaves a list makes the list older.
    """
    tag = f'"{hashlib.blake2b(document.encode(), digest_size=16).hexdigest()}"'
    response = HttpResponse(document, content_type=content_type)
    response["ETag"] = tag
    if changed_at:
        response["Last-Modified"] = http_date(changed_at.timestamp())
    conditional = get_conditional_response(request, etag=tag, response=response)
    return conditional if isinstance(conditional, HttpResponse) else response
