"""What every reader's page has in common."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from news.adverts import choosing
from news.furnishing import adverts, sections
from news.models import Section
from regions.middleware import RegionRequest

Thing = TypeVar("Thing")


def render_page(
    request: RegionRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page of the request's edition: its region, the menu of sections, and `context`."""
    region = request.region
    common: dict[str, Any] = {
        "region": region,
        "network": region.lineage[0],
        "sections": sections(request.snapshot.shared).values(),
        "offline": settings.SERVICE_WORKER,
    }
    context = common | (context or {})
    if status == 200 and "adverts" not in context:
        story = context.get("story")
        turn = story.pk if story else region.local(timezone.now()).toordinal()
        context["adverts"] = choosing.PageAdverts(adverts(request), turn)
    return render(request, template, context, status=status)


def first_or_404(things: Iterable[Thing]) -> Thing:
    """The first of them. Raises Http404 if there is none."""
    for thing in things:
        return thing
    raise Http404


def section_or_404(request: RegionRequest, slug: str) -> Section:
    """The section with this part of an address. Raises Http404."""
    return first_or_404(section for section in sections(request.snapshot.shared).values() if section.slug == slug)
