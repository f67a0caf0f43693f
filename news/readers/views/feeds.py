"""Feeds of the edition, and of each section, tag and author."""

from typing import Any

from django.db.models import Model
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from news.models import Author, Placement, Section, Tag, TaggedPlacement
from news.models.querysets import PlacementQuerySet
from news.syndication import entries
from news.syndication.feeds import FORMATS, LENGTH, Feed
from regions.middleware import RegionRequest

from .conditional import answer


@require_safe
def edition(request: RegionRequest, form: str) -> HttpResponse:
    return _answer(request, form, Placement.objects.in_region(request.region), "", "/")


@require_safe
def section(request: RegionRequest, slug: str, form: str) -> HttpResponse:
    subject = get_object_or_404(Section, slug=slug)
    return _of(request, form, subject, Placement.objects.filter(section=subject))


@require_safe
def tag(request: RegionRequest, slug: str, form: str) -> HttpResponse:
    word = Tag.at(slug)
    if word is None:
        raise Http404
    response = _of(request, form, word, TaggedPlacement.objects.filter(tag=word))
    if word.slug != slug:
        return HttpResponsePermanentRedirect(f"{word.get_absolute_url()}{form}")
    return response


@require_safe
def author(request: RegionRequest, slug: str, form: str) -> HttpResponse:
    subject = get_object_or_404(Author, slug=slug)
    return _of(request, form, subject, Placement.objects.filter(article__bylines__author=subject))


def _of(request: RegionRequest, form: str, subject: Any, placements: PlacementQuerySet[Any]) -> HttpResponse:
    """The feed of a section, a tag or an author; of the last two 404, as for their pages, without a live article."""
    listed = placements.in_region(request.region)
    return _answer(request, form, listed, subject.name, subject.get_absolute_url(), subject)


def _answer(
    request: RegionRequest,
    form: str,
    placements: PlacementQuerySet[Any],
    name: str,
    page: str,
    subject: Model | None = None,
) -> HttpResponse:
    region = request.region
    articles = entries.newest(placements, LENGTH)
    if not articles and isinstance(subject, (Tag, Author)):
        raise Http404
    feed = Feed(
        region=region,
        title=f"{name}, {region.name}" if name else region.name,
        description=region.tagline or region.name,
        page=f"{region.origin}{page}",
        address=f"{region.origin}{request.path}",
        articles=articles,
    )
    document, content_type = FORMATS[form](feed)
    newest = max((entries.updated_at(article) for article in articles), default=None)
    return answer(request, document, content_type, changed_at=newest)
