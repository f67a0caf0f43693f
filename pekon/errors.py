"""handler500 of both kinds of host: 500 for our own errors, 503 if the database accepts no further connections."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import loader
from django.views.defaults import server_error

RETRY_AFTER = 5  # seconds


def internal_error(request: HttpRequest) -> HttpResponseBase:
    """Answer an exception that is being handled. 503 tells machines and proxies that the outage is short."""
    if not isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return server_error(request)
    page = loader.get_template("500.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"})
