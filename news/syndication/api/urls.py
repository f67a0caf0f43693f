"""Addresses of the read API: everything below /api/ on readers' hosts. Errors are JSON too."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import conditional_page

from regions.middleware import RegionRequest
from regions.query_params import allow_any

from .endpoints import api, problem

ROOT = "/api/v1/"


def read_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator for views of the API: GET and HEAD, with ETag and 304, and open to scripts of all sites (CORS).

    HEAD is handled here, because ninja's views answer it with 405, and `api_operation(["GET", "HEAD"])` would list each
    operation twice in the document. All parameters are passed on, because unknown ones are answered with 400.
    """
    conditional = conditional_page(view)

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method = request.method
        if method in ("GET", "HEAD"):
            request.method = "GET"
            response = conditional(request, *args, **kwargs)
            request.method = method
        else:
            response = problem(request, "Read only.", 405)
            response["Allow"] = "GET, HEAD"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return allow_any(respond)


@cache
def _document() -> dict[str, Any]:
    return dict(api.get_openapi_schema(path_prefix=ROOT))


@read_only
def document(request: RegionRequest) -> HttpResponse:
    """The API in OpenAPI 3.1."""
    return api.create_response(request, _document() | {"servers": [{"url": request.region.origin}]}, status=200)


@read_only
def not_found(request: HttpRequest, rest: str) -> HttpResponse:
    return problem(request, "Not found.", 404)


def _endpoints() -> list[URLPattern]:
    """ninja's addresses, without its namespace and without the empty page at its root."""
    patterns, _app, _namespace = api.urls
    return [
        path(f"v1/{pattern.pattern}", read_only(pattern.callback), name=pattern.name)
        for pattern in patterns
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]


urlpatterns = [
    path("v1/openapi.json", document, name="api"),
    *_endpoints(),
    path("<path:rest>", not_found, name="api-not-found"),
]
