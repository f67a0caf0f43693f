"""The 404 handler of readers' hosts."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render

from news.readers.pages import NotFoundPage
from regions.middleware import is_reader


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A 404 page with the edition's latest articles, or the page for an unknown host."""
    if not is_reader(request):
        return HttpResponseNotFound(render(request, "regions/unknown_host.html").content)
    return NotFoundPage.build(request.snapshot, request.region).render(request)
