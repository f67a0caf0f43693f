"""The story's page, at its only address."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from news import body
from news.furnishing import furnish, read_parts
from news.models import Article
from news.prepared import Prepared
from news.related import onward
from regions.middleware import RegionRequest
from regions.parameters import takes

from .errors import gone
from .pages import render_page

_live = Prepared(lambda pk: Article.objects.live().for_furnished_page().filter(pk=pk).order_by(), pk=int)
READING_SPEED = 180
"""Words a minute, on a phone (adults read 180 to 240 of their own language from a screen)."""


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
    furnish(request.snapshot.shared, [story])
    if story.region_id != request.region.pk or request.path != story.get_absolute_url() or "page" in request.GET:
        return HttpResponsePermanentRedirect(story.canonical_url)
    read_parts(story)
    further = onward(request, story)
    return render_page(request, "news/article.html", {"onward": further} | page_context(story, further.also))


def page_context(story: Article, also: Article | None = None) -> dict[str, Any]:
    """What article.html shows of the story itself, read `for_page()`. `also`: another story to point to in the text."""
    inset = render_to_string("news/components/also.html", {"story": also}) if also else ""
    return {
        "story": story,
        "body": body.render(story.body, dateline=story.dateline, sign_off=story.sign_off, inset=inset),
        "minutes": max(1, round(body.words(story.body) / READING_SPEED)),
        "gallery": story.shown_gallery,
        "corrections": list(story.corrections.all()) if story.corrected_at else [],
    }
