"""What an edition says of itself: its pages, its corrections, and the way to the other editions."""

from itertools import groupby

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news import body, starting_pages
from news.models import Correction, Page, Placement, Withdrawal
from regions.middleware import RegionRequest
from regions.models import Masthead, Region
from regions.parameters import takes

from .pages import render_page

RECORDS = 50
"""Corrections, and likewise withdrawals, on one page."""


@require_safe
def page(request: RegionRequest, slug: str) -> HttpResponse:
    """This region's page, the nearest one above it, or Pekon's starting text."""
    written = Page.objects.read_for(request.region, slug) or starting_pages.read(slug)
    context = {
        "title": written.title,
        "body": body.render(written.body, dateline="", sign_off=""),
        "masthead": Masthead.objects.read_for(request.region)
        if slug in (Page.Slug.MASTHEAD, Page.Slug.CONTACT)
        else None,
        "slug": slug,
    }
    return render_page(request, "news/page.html", context)


@require_safe
def corrections(request: RegionRequest) -> HttpResponse:
    """Every correction and withdrawal of this edition, the newest first."""
    listed = Placement.objects.live().in_region(request.region).values("article")
    made = Correction.objects.filter(article__in=listed).select_related("article__region")
    home = Region.objects.subtree_of(request.region)
    taken_back = Withdrawal.objects.public().filter(article__region__in=home).select_related("article__region")
    context = {"title": _("Corrections"), "corrections": made[:RECORDS], "withdrawals": taken_back[:RECORDS]}
    return render_page(request, "news/corrections.html", context)


@require_safe
@takes("q")
def regions(request: RegionRequest) -> HttpResponse:
    """All open editions by province; `?q=` keeps those whose name holds the words."""
    words = " ".join(request.GET.get("q", "").split())[:60]
    everyone = Region.objects.open().with_parents().exclude(parent=None)
    found = everyone.filter(short_name__icontains=words) | everyone.filter(parent__short_name__icontains=words)
    ordered = sorted(
        found, key=lambda region: (region.lineage[1].short_name, region.kind != "province", region.short_name)
    )
    provinces = [(province, list(group)) for province, group in groupby(ordered, lambda region: region.lineage[1])]
    return render_page(request, "news/regions.html", {"provinces": provinces, "words": words})
