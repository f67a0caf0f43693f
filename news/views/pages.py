"""What every reader's page has in common."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from news.adverts import choosing
from news.furnishing import adverts, sections
from regions.middleware import RegionRequest


def render_page(
    request: RegionRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page of the request's edition: its region, the menu of sections, and `context`."""
    region = request.region
    common: dict[str, Any] = {
        "region": region,
        "network": region.lineage[0],
        "sections": sections(request).values(),
        "offline": settings.SERVICE_WORKER,
    }
    context = common | (context or {})
    if status == 200 and "adverts" not in context:
        story = context.get("story")
        turn = story.pk if story else region.local(timezone.now()).toordinal()
        context["adverts"] = choosing.PageAdverts(adverts(request), turn)
    return render(request, template, context, status=status)
