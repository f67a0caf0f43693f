"""A click on an advert, and /ads.txt."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from regions import tree
from regions.middleware import RegionRequest
from regions.models import Region

from . import ads_txt
from .models import AdsTxt, Advert


@require_safe
@cache_control(no_store=True)
def click(request: RegionRequest, pk: str) -> HttpResponse:
    """Redirect to the stored address of an advert that is live here. Nothing in the request can change the target."""
    advert = get_object_or_404(Advert.objects.live().shown_in(request.region), pk=pk)
    return HttpResponseRedirect(advert.link, headers={"X-Robots-Tag": "noindex, nofollow"})


@require_safe
def sellers(request: RegionRequest) -> HttpResponse:
    """Who may sell this edition's slots: the network's lines, then those of each region down to this one."""
    filled = AdsTxt.objects.exclude(lines="")
    above = filled.filter(region__path__in=tree.lineage(request.region.path)).order_by("region__path")
    parts = list(above.values_list("lines", flat=True))
    if not request.region.parent_id:
        parts.append("\n".join(f"SUBDOMAIN={region.host_name}" for region in _editions_with_lines(filled)))
    text = ads_txt.joined(parts)
    if not text:
        raise Http404
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _editions_with_lines(filled: QuerySet[AdsTxt]) -> list[Region]:
    """The editions that the network's file names: crawlers read no other edition's file (ads.txt 1.1, SUBDOMAIN)."""
    branches = tuple(path for path in filled.values_list("region__path", flat=True) if path != tree.ROOT)
    editions = Region.objects.open().exclude(parent=None).order_by("path") if branches else []
    return [region for region in editions if region.path.startswith(branches)]
