"""What every reader's page has in common."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from news.furnishing import sections
from regions.middleware import RegionRequest


def render_page(
    request: RegionRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page of the request's edition: its region, the menu of sections, and `context`."""
    common = {"region": request.region, "network": request.region.lineage[0], "sections": sections(request).values()}
    return render(request, template, common | (context or {}), status=status)
