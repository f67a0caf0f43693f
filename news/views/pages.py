"""What every reader's page has in common."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from news.adverts import choosing
from news.models import Section
from regions.middleware import RegionRequest


def render_page(
    request: RegionRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page of the request's edition: its region, the menu of sections, and `context`."""
    common = {"region": request.region, "network": request.region.lineage[0]}
    context = common | (context or {})
    context.setdefault("sections", choosing.noting(Section.objects.all(), request.region))
    if status == 200:
        story = context.get("story")
        turn = story.pk if story else request.region.local(timezone.now()).toordinal()
        context["adverts"] = choosing.PageAdverts(request.region, context["sections"], turn)
    return render(request, template, context, status=status)
