"""Pages for what is not there. A hidden story, a foreign one and one that never was get the same answer."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render

from news.furnishing import newest
from news.models import Article
from regions.middleware import RegionRequest

from .pages import render_page

SUGGESTIONS = 5


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the edition's latest stories to go on with."""
    region = getattr(request, "region", None)
    if region is None:
        return HttpResponseNotFound(render(request, "regions/unknown_host.html").content)
    return render_page(
        request,  # type: ignore[arg-type]
        "404.html",
        {"latest": newest(cast("RegionRequest", request))[:SUGGESTIONS]},
        status=404,
    )


def gone(request: RegionRequest, story: Article) -> HttpResponse:
    """410: the story was here. A withdrawal says why; nothing of the story itself is repeated."""
    withdrawal = getattr(story, "withdrawal", None)
    return render_page(request, "news/gone.html", {"withdrawal": withdrawal, "home": story.region}, status=410)
