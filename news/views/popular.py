"""What is read most, and the beacon that counts it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from news.furnishing import stories
from news.popularity import charts, counter
from regions.middleware import RegionRequest
from regions.parameters import takes

from .pages import render_page

LENGTH = 20
_SPANS = {"": charts.DAY, "7": charts.WEEK}


@require_safe
@takes("hari")
def popular(request: RegionRequest) -> HttpResponse:
    """The last 24 hours; `?hari=7` the last seven days."""
    days = request.GET.get("hari", "")
    leading = charts.most_read(request.region, _SPANS.get(days, charts.DAY), LENGTH)
    context = {
        "title": _("Most read"),
        "stories": stories(request.snapshot, leading),
        "is_week": days == "7",
        "is_popular": True,
    }
    response = render_page(request, "news/popular.html", context)
    response["Cache-Control"] = f"s-maxage={charts.EVERY.seconds}"  # reads are no edition's business
    return response


@require_POST
def read(request: HttpRequest, pk: str) -> HttpResponse:
    """Somebody reads this story. The answer is the same whether that counts."""
    counter.note(request, int(pk))
    response = HttpResponse(status=204)
    response["Cache-Control"] = "no-store"
    return response
