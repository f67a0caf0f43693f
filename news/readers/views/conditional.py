"""Conditional responses for machines: 304 if the client has the current document already (RFC 9110, section 13)."""

import hashlib
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date


def answer(
    request: HttpRequest,
    document: str,
    content_type: str,
    *,
    changed_at: datetime | None = None,
    max_age: int | None = None,
) -> HttpResponse:
    """The document with its ETag, or 304 if the request has that tag in If-None-Match.

    `changed_at` is only sent as Last-Modified. It is not compared, because a list gets an older time when its newest
    article is removed. `max_age` is the number of seconds after which the document changes without a new generation.
    """
    tag = f'"{hashlib.blake2b(document.encode(), digest_size=16).hexdigest()}"'
    response = HttpResponse(document, content_type=content_type)
    response["ETag"] = tag
    if changed_at:
        response["Last-Modified"] = http_date(changed_at.timestamp())
    if max_age is not None:
        response["Cache-Control"] = f"s-maxage={max_age}"
    conditional = get_conditional_response(request, etag=tag, response=response)
    return conditional if isinstance(conditional, HttpResponse) else response
