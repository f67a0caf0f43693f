"""Redirects from addresses that programs guess, or that a paper had before Pekon."""

from django.http import HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from regions.middleware import RegionRequest

FAVICON = "icons/192.png"
FAVICON_AGE = 86_400  # seconds


@require_safe
def feed(request: RegionRequest, subject: str = "", form: str = "") -> HttpResponse:
    """Redirect the feed addresses of WordPress: `/feed/`, `/rss`, `/rubrik/politik/feed/`, `/feed/atom/`."""
    name = "atom.xml" if "atom" in form else "rss.xml"
    return HttpResponsePermanentRedirect(f"/{subject}{name}")


@require_safe
def front(request: RegionRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect("/")


@require_safe
def favicon(request: RegionRequest) -> HttpResponse:
    """Redirect `/favicon.ico`, for programs that do not read the page's link. Only for a day, because the next release
    may rename the picture."""
    response = HttpResponseRedirect(static(FAVICON))
    response["Cache-Control"] = f"public, max-age={FAVICON_AGE}"
    return response
