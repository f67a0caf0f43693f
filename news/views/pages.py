"""What every reader's page has in common."""

from typing import Any

from django.conf import settings
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
    region = request.region
    common: dict[str, Any] = {"region": region, "network": region.lineage[0], "offline": settings.SERVICE_WORKER}
    context = common | (context or {})
    context.setdefault("sections", choosing.noting(Section.objects.all(), region))
    if status == 200:
        story = context.get("story")
        turn = story.pk if story else region.local(timezone.now()).toordinal()
        context.setdefault("adverts", choosing.PageAdverts(region, context["sections"], turn))
    return render(request, template, context, status=status)
