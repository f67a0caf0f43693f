"""The preview of an unpublished article, by a preview link."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from news.models import Article
from news.publishing import previews
from news.readers.pages import PreviewPage
from regions.middleware import RegionRequest


def never_stored(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for previews: forbids caching, search engines and referrers, and framing by other hosts."""

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
    """The preview, or a redirect once the article is live. Only on the network's host, so that the address does not
    reveal the region."""
    article = None if request.region.parent_id else previews.find(token)
    if article is None:
        raise Http404
    return _by_link(request, article)


@never_stored
def _by_link(request: RegionRequest, article: Article) -> HttpResponse:
    if Article.objects.live().filter(pk=article.pk).exists():
        return HttpResponseRedirect(article.canonical_url)
    return PreviewPage.of(article).render(request)
