"""The story's page, at its only address."""

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from news import body
from news.furnishing import furnish, newest, read_parts
from news.models import Article
from news.prepared import Prepared
from regions.middleware import RegionRequest
from regions.parameters import takes

from .errors import gone
from .pages import render_page

_live = Prepared(lambda pk: Article.objects.live().for_furnished_page().filter(pk=pk).order_by(), pk=int)
MORE = 6
"""Stories below the article."""


@require_safe
@takes("page")
def article(request: RegionRequest, pk: str, slug: str = "") -> HttpResponse:
    """The id decides: any other slug, page or host leads to the one canonical address."""
    story = next(iter(_live.read(pk=int(pk))), None)
    if story is None:
        past = Article.objects.gone().select_related("region", "withdrawal").filter(pk=pk).first()
        if past is None:
            raise Http404
        return gone(request, past)
    furnish(request, [story])
    if story.region_id != request.region.pk or request.path != story.get_absolute_url() or "page" in request.GET:
        return HttpResponsePermanentRedirect(story.canonical_url)
    read_parts(story)
    others = newest(request)
    context = {
        "story": story,
        "body": body.render(story.body, dateline=story.dateline, sign_off=story.sign_off),
        "gallery": story.shown_gallery,
        "more": [other for other in others if other.pk != story.pk][:MORE],
        "left_out": story.pk if any(other.pk == story.pk for other in others[:MORE]) else None,
    }
    return render_page(request, "news/article.html", context)
