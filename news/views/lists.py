"""The front page, and the lists of a section, a tag and an author in this edition."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.front import compose
from news.furnishing import furnish
from news.models import Author, Byline, Placement, Section, Tag
from news.pagination import read_page
from news.popularity import charts
from regions.middleware import RegionRequest
from regions.parameters import takes

from .pages import render_page

POPULAR = 6
"""Most read stories on a front."""


@require_safe
def front(request: RegionRequest) -> HttpResponse:
    composed = compose(request.region, furnish=partial(furnish, request))
    popular = charts.most_read(request.region, charts.DAY, POPULAR)
    context = {"front": composed, "sections": composed.sections, "popular": popular, "is_front": True}
    response = render_page(request, "news/front.html", context)
    if popular:  # reads are no edition's business
        response["Cache-Control"] = f"s-maxage={charts.EVERY.seconds}"
    if request.region.parent_id:  # the number of the region above counts its other branches' changes too
        response.shows = [request.region.parent_id]  # type: ignore[attr-defined]
    return response


@require_safe
@takes("sebelum")
def section(request: RegionRequest, slug: str) -> HttpResponse:
    rubrik = get_object_or_404(Section, slug=slug)
    page = read_page(Placement.objects.in_region(request.region).filter(section=rubrik), request)
    context = {"page": page, "title": rubrik.name, "description": rubrik.description, "current_section": rubrik}
    return render_page(request, "news/list.html", context)


@require_safe
@takes("sebelum")
def tag(request: RegionRequest, slug: str) -> HttpResponse:
    """A tag without a story that readers may see is not there: its name alone could give a hidden story away."""
    word = get_object_or_404(Tag, slug=slug)
    page = read_page(Placement.objects.in_region(request.region).filter(article__tagged_articles__tag=word), request)
    if not page.stories:
        raise Http404
    return render_page(request, "news/list.html", {"page": page, "title": word.name, "eyebrow": _("Tag")})


@require_safe
@takes("sebelum")
def author(request: RegionRequest, slug: str) -> HttpResponse:
    """Likewise for an author: no visible story in this edition, no page."""
    person = get_object_or_404(Author, slug=slug)
    # Not a join with distinct(), which reads every story of theirs to show the newest: they may have two roles on one.
    own = Byline.objects.filter(author=person).order_by().values("article")
    mine = Placement.objects.in_region(request.region).filter(article__in=own)
    page = read_page(mine, request)
    if not page.stories:
        raise Http404
    context = {"page": page, "title": person.name, "description": person.bio, "eyebrow": _("Author"), "person": person}
    return render_page(request, "news/list.html", context)
