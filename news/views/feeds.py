"""Feeds' addresses: of the edition, and below each section, tag and author."""

from typing import Any

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from news.models import Author, Placement, Section, Tag
from news.querysets import PlacementQuerySet
from news.syndication import entries
from news.syndication.feeds import FORMATS, LENGTH, Feed
from regions.middleware import RegionRequest

from .machines import answer


@require_safe
def edition(request: RegionRequest, form: str) -> HttpResponse:
    return _answer(request, form, Placement.objects.in_region(request.region), "", "/")


@require_safe
def section(request: RegionRequest, slug: str, form: str) -> HttpResponse:
    return _of(request, form, get_object_or_404(Section, slug=slug), "section")


@require_safe
def tag(request: RegionRequest, slug: str, form: str) -> HttpResponse:
    return _of(request, form, get_object_or_404(Tag, slug=slug), "article__tagged_articles__tag")


@require_safe
def author(request: RegionRequest, slug: str, form: str) -> HttpResponse:
    return _of(request, form, get_object_or_404(Author, slug=slug), "article__bylines__author")


def _of(request: RegionRequest, form: str, subject: Any, lookup: str) -> HttpResponse:
    """A tag or an author without a story that readers may see is not there, as with their pages."""
    placements = Placement.objects.in_region(request.region).filter(**{lookup: subject})
    return _answer(request, form, placements, subject.name, subject.get_absolute_url(), subject)


def _answer(
    request: RegionRequest, form: str, placements: PlacementQuerySet, name: str, page: str, subject: Model | None = None
) -> HttpResponse:
    region = request.region
    stories = entries.newest(placements, LENGTH)
    if not stories and isinstance(subject, (Tag, Author)):
        raise Http404
    feed = Feed(
        region=region,
        title=f"{name}, {region.name}" if name else region.name,
        description=region.tagline or region.name,
        page=f"{region.origin}{page}",
        address=f"{region.origin}{request.path}",
        stories=stories,
    )
    document, content_type = FORMATS[form](feed)
    newest = max((entries.updated_at(story) for story in stories), default=None)
    return answer(request, document, content_type, changed_at=newest)
