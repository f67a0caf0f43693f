"""The id of the request that this thread is answering, which every line of its log and its error reports have."""

import os
import re
from contextvars import ContextVar
from typing import Any

from django.conf import settings

HEADER = "X-Request-ID"
_ENVIRON_NAME = "HTTP_X_REQUEST_ID"
_FORM = re.compile(r"[A-Za-z0-9_-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def begin(environ: dict[str, Any]) -> str:
    """The id of a request that begins: the one that our own proxy gave it, or a new one. Visitors cannot choose it."""
    given = environ.pop(_ENVIRON_NAME, "")
    trusted = settings.TRUSTED_PROXY_COUNT and _FORM.fullmatch(given)
    request_id = given if trusted else os.urandom(8).hex()
    _current.set(request_id)
    return request_id


def current() -> str:
    """The present request's id; empty outside of requests."""
    return _current.get()


def end() -> None:
    _current.set("")
