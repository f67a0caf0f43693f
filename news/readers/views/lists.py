"""The front page, and the lists of a section, a tag and an author in this edition."""

from collections.abc import Iterable
from typing import TypeVar

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from news.models import Author, Section, Tag
from news.readers.article_cache import sections
from news.readers.compiled_queries import CompiledQuery
from news.readers.lists import CURSOR_PARAMETER
from news.readers.pages import AuthorPage, FrontPage, ListPage
from regions.middleware import RegionRequest
from regions.query_params import allow

Found = TypeVar("Found")

_tags = CompiledQuery(lambda slug: Tag.objects.filter(slug=slug), slug=str)
_authors = CompiledQuery(lambda slug: Author.objects.filter(slug=slug), slug=str)


@require_safe
def front(request: RegionRequest) -> HttpResponse:
    if request.region.parent_id:  # it also shows its neighbours, whose changes bump the region above
        request.depends_on.add(request.region.parent_id)
    return FrontPage.build(request.snapshot, request.region).render(request)


@require_safe
@allow(CURSOR_PARAMETER)
def section(request: RegionRequest, slug: str) -> HttpResponse:
    section = section_or_404(request, slug)
    if section.slug != slug:
        return HttpResponsePermanentRedirect(section.get_absolute_url())
    return ListPage.of_section(request.snapshot, request.region, section, request.GET.get(CURSOR_PARAMETER, "")).render(
        request
    )


@require_safe
@allow(CURSOR_PARAMETER)
def tag(request: RegionRequest, slug: str) -> HttpResponse:
    """The articles with a tag. A tag without a live article answers 404, because its name could reveal a hidden one.

    Former addresses, and addresses made from the tag's name, redirect to the present address.
    """
    tag = next(iter(_tags.read(slug=slug)), None) or Tag.moved_from(slug)
    if tag is None:
        raise Http404
    page = ListPage.of_tag(request.snapshot, request.region, tag, request.GET.get(CURSOR_PARAMETER, ""))
    if not page.articles:
        raise Http404
    return page.render(request) if tag.slug == slug else HttpResponsePermanentRedirect(tag.get_absolute_url())


@require_safe
@allow(CURSOR_PARAMETER)
def author(request: RegionRequest, slug: str) -> HttpResponse:
    """The articles of an author. An author without a live article in this edition answers 404."""
    author = _first_or_404(_authors.read(slug=slug) or Author.objects.filter(slug__iexact=slug))
    page = AuthorPage.build(request.snapshot, request.region, author, request.GET.get(CURSOR_PARAMETER, ""))
    if not page.articles:
        raise Http404
    return page.render(request) if author.slug == slug else HttpResponsePermanentRedirect(author.get_absolute_url())


def section_or_404(request: RegionRequest, slug: str) -> Section:
    """The section with this slug, ignoring case. Raises Http404."""
    matching = [each for each in sections(request.snapshot.shared).values() if each.slug.lower() == slug.lower()]
    return _first_or_404(sorted(matching, key=lambda each: each.slug != slug))


def _first_or_404(rows: Iterable[Found]) -> Found:
    for each in rows:
        return each
    raise Http404
