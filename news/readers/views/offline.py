"""The installable edition: its manifest, its service worker, and the views that the worker uses."""

import json
import re
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from news.models import Article
from news.readers.pages import OfflinePage
from regions.middleware import RegionRequest
from regions.query_params import allow

PAPER = "#ffffff"
ICONS = (("icons/192.png", 192, "any"), ("icons/512.png", 512, "any"), ("icons/maskable.png", 512, "maskable"))
_ASKED = re.compile(r"[1-9][0-9]{0,17}(?:-[1-9][0-9]{0,17}){0,49}", re.ASCII)


@require_safe
def manifest(request: RegionRequest) -> HttpResponse:
    """The edition as an installable app (W3C Web Application Manifest)."""
    region = request.region
    icons = [
        {"src": static(name), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for name, side, purpose in ICONS
    ]
    icons.append({"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"})
    described = {
        "id": "/",
        "name": region.host_name.upper(),
        "short_name": region.short_name,
        "lang": "id",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["news"],
        "icons": icons,
    }
    return JsonResponse(described, content_type="application/manifest+json")


def _worker() -> bytes:
    """The worker's script, with its texts in front. A new style sheet changes it, so that it loads /luring/ again."""
    found = finders.find("js/sw.js" if settings.SERVICE_WORKER else "js/sw-off.js")
    words = {"kept": _("Offline: kept on {when}"), "none": _("Nothing is kept on this phone yet.")}
    head = f"// {static('css/readers.css')}\nconst WORDS = {json.dumps(words, ensure_ascii=False)}\n"
    return head.encode() + Path(str(found)).read_bytes()


def _worker_tag(request: HttpRequest) -> str:
    return f'"{sha256(_worker()).hexdigest()[:16]}"'


@require_safe
@cache_control(no_cache=True)
@condition(etag_func=_worker_tag)
def worker(request: RegionRequest) -> HttpResponse:
    """The service worker. It is at the root, because it only handles addresses below its own."""
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: RegionRequest) -> HttpResponse:
    """The page that the worker shows without a connection."""
    return OfflinePage.build(request.snapshot, request.region).render(request)


@require_safe
@allow("cerita")
@cache_control(no_store=True)
def check(request: RegionRequest) -> HttpResponse:
    """Which of the given articles (`?cerita=12-15-99`, 50 at most) are not live, so that the worker removes them."""
    asked = request.GET.get("cerita", "")
    if not _ASKED.fullmatch(asked):
        return HttpResponseBadRequest("Bad Request: ?cerita=12-15-99\n", content_type="text/plain")
    ids = {int(pk) for pk in asked.split("-")}
    live = Article.objects.live().filter(pk__in=ids).values_list("pk", flat=True)
    return JsonResponse({"gone": sorted(ids - set(live))})
