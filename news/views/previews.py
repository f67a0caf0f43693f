"""A story's page before readers have it: by a preview link, and for the newsroom itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_urlconf, set_urlconf
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from news import previews
from news.models import Article
from regions.middleware import RegionRequest

from .articles import page_context


def kept_to_oneself(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a preview shows is nobody's to keep: no cache, no search engine, no referrer, frames of this host only."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "no-referrer"
        return response

    framed = xframe_options_sameorigin(csp_replace({"frame-ancestors": [SELF]})(answer))
    return cast("Callable[..., HttpResponse]", cache_control(private=True, no_store=True)(framed))


@require_safe
def by_link(request: RegionRequest, token: str) -> HttpResponse:
    """On the network's host alone, so that an address says nothing of the region; once live, its own address."""
    story = None if request.region.parent_id else previews.find(token)
    if story is None:
        raise Http404
    return _by_link(request, story)


@kept_to_oneself
def _by_link(request: RegionRequest, story: Article) -> HttpResponse:
    if Article.objects.live().filter(pk=story.pk).exists():
        return HttpResponseRedirect(story.canonical_url)
    return page(request, story)


def page(request: HttpRequest, story: Article) -> HttpResponse:
    """The story (read `for_page()`) as readers will see it, on whichever host."""
    context = {
        "region": story.region,
        "network": story.region.lineage[0],
        **page_context(story),
    }
    before = get_urlconf()
    set_urlconf(settings.ROOT_URLCONF)  # readers' addresses, on the newsroom's host too
    try:
        return render(request, "news/preview.html", context)
    finally:
        set_urlconf(before)
