"""The edition's sharing picture. It is cached like pages: a new name, tagline or colour bumps the generation."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from news.syndication import sharing_picture
from regions.middleware import RegionRequest


@require_safe
def picture(request: RegionRequest) -> HttpResponse:
    return HttpResponse(sharing_picture.draw(request.region), content_type=sharing_picture.TYPE)
