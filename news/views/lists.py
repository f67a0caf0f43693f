"""The front page, and the lists of a section, a tag and an author in this edition."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news import listings
from news.front import compose
from news.furnishing import stories
from news.models import Author, Tag
from news.pagination import read_page
from news.popularity import charts
from news.prepared import Prepared
from regions.middleware import RegionRequest
from regions.parameters import takes

from .pages import first_or_404, render_page, section_or_404

POPULAR = 6
"""Most read stories on a front."""


_tags = Prepared(lambda slug: Tag.objects.filter(slug=slug), slug=str)
_authors = Prepared(lambda slug: Author.objects.filter(slug=slug), slug=str)


@require_safe
def front(request: RegionRequest) -> HttpResponse:
    popular = charts.most_read(request.region, charts.DAY, POPULAR)
    context = {
        "front": compose(request.snapshot, request.region),
        "popular": stories(request.snapshot, popular),
        "is_front": True,
    }
    response = render_page(request, "news/front.html", context)
    if popular:  # reads are no edition's business
        response["Cache-Control"] = f"s-maxage={charts.EVERY.seconds}"
    if request.region.parent_id:  # the number of the region above counts its other branches' changes too
        response.shows = [request.region.parent_id]  # type: ignore[attr-defined]
    return response


@require_safe
@takes("sebelum")
def section(request: RegionRequest, slug: str) -> HttpResponse:
    rubrik = section_or_404(request, slug)
    page = read_page(listings.OF_SECTION, request, region=request.region.pk, section=rubrik.pk)
    context = {"page": page, "title": rubrik.name, "description": rubrik.description, "current_section": rubrik}
    return render_page(request, "news/list.html", context)


@require_safe
@takes("sebelum")
def tag(request: RegionRequest, slug: str) -> HttpResponse:
    """A tag without a story that readers may see is not there: its name alone could give a hidden story away."""
    word = first_or_404(_tags.read(slug=slug))
    page = read_page(listings.OF_TAG, request, region=request.region.pk, tag=word.pk)
    if not page.stories:
        raise Http404
    return render_page(request, "news/list.html", {"page": page, "title": word.name, "eyebrow": _("Tag")})


@require_safe
@takes("sebelum")
def author(request: RegionRequest, slug: str) -> HttpResponse:
    """Likewise for an author: no visible story in this edition, no page."""
    person = first_or_404(_authors.read(slug=slug))
    page = read_page(listings.BY_AUTHOR, request, region=request.region.pk, author=person.pk)
    if not page.stories:
        raise Http404
    context = {"page": page, "title": person.name, "description": person.bio, "eyebrow": _("Author"), "person": person}
    return render_page(request, "news/list.html", context)
