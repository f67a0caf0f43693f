"""How the newsroom answers its own scripts."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which follows a redirect by itself."""
    return request.headers.get("Accept", "") == "application/json"


def as_answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response, or for a script where it redirects to."""
    if wants_json(request) and isinstance(response, HttpResponseRedirect):
        return JsonResponse({"location": response.url})
    return response
