"""The id of the request that this thread is answering, which every line of its log and its error reports have.

It is made when somebody asks for it, because most requests are answered from memory, without a line.
"""

import os
import re
from contextvars import ContextVar
from typing import Any

from django.conf import settings

HEADER = "X-Request-ID"
_ENVIRON_NAME = "HTTP_X_REQUEST_ID"
_FORM = re.compile(r"[A-Za-z0-9_-]{8,64}")
_current: ContextVar["_Request | None"] = ContextVar("request_id", default=None)


class _Request:
    __slots__ = ("given", "id")

    def __init__(self, given: str):
        self.given = given
        self.id = ""


def begin(environ: dict[str, Any]) -> None:
    """A request begins. Its id is the one that our own proxy gave it, or a new one: visitors cannot choose it."""
    _current.set(_Request(environ.pop(_ENVIRON_NAME, "")))


def current() -> str:
    """The present request's id; empty outside of requests."""
    request = _current.get()
    if request is None:
        return ""
    if not request.id:
        trusted = settings.TRUSTED_PROXY_COUNT and _FORM.fullmatch(request.given)
        request.id = request.given if trusted else os.urandom(8).hex()
    return request.id


def end() -> None:
    _current.set(None)
