"""The charts on the desk of whoever manages a region. They are fetched when the desk is shown, which so stays quick."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regions.permissions import access
from regions.permissions.access import Permission

from . import charts, counts

DAYS = 14


@require_safe
def fragment(request: HttpRequest) -> HttpResponse:
    """Stories published each day, and how quickly what was submitted was decided, in the regions that this person
    manages: charts with their tables. Raises Http404 for anybody else."""
    regions = access.regions_for(request.user, Permission.MANAGE)
    if not access.branches_for(request.user, Permission.MANAGE):
        raise Http404
    published = counts.stories_per_day(regions, DAYS)
    context = {
        "columns": charts.sparkline([(day.isoformat(), stories) for day, stories in published]),
        "published": published,
        "decided": counts.decided_in_time(regions, DAYS),
        "days": DAYS,
        "hours": int(counts.IN_TIME.total_seconds() // 3600),
    }
    return render(request, "admin/components/desk_charts.html", context)
