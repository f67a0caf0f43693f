"""What static/js/picker.js shows: photos and stories to put into a story, found by words or listed newest first.

A person may choose the photos that forms offer them, and every live story of the network, because those are public.
Both views answer JSON: `{"results": [...], "more": true}`, where `more` says whether there is a next page.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.images.models import Photo
from news.models import Article, Placement
from news.search import newsroom
from pekon.plain_text import whole_number
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

PAGE = 24
_MAX_PAGES = 20
_MAX_IDS = 100
_OWN = 100
"""The most of a person's own stories among which their own are found first."""


def typed(request: HttpRequest) -> str:
    """The words that are searched for (parameter `q`)."""
    return " ".join(request.GET.get("q", "")[:200].replace("\x00", "").split())


def asked_ids(request: HttpRequest) -> list[int]:
    """The rows that are asked for by their ids (parameters `id`), which a text refers to already."""
    numbers = (whole_number(each, 18) for each in request.GET.getlist("id")[:_MAX_IDS])
    return [number for number in numbers if number]


def photos(request: HttpRequest, found: QuerySet[Photo]) -> JsonResponse:
    """One page of the photos in `found`, or those of them whose ids are asked for."""
    ids = asked_ids(request)
    rows = found.select_related("region")
    shown, more = (list(rows.filter(pk__in=ids)), False) if ids else page_of(request, rows)
    return JsonResponse({"results": [_photo(photo) for photo in shown], "more": more})


def _photo(photo: Photo) -> dict[str, Any]:
    is_usable = photo.may_be_used_on(photo.region.local(timezone.now()).date())
    return {
        "id": photo.pk,
        "label": str(photo),
        "thumbnail_url": photo.thumbnail_url,
        "preview_url": photo.preview_url,
        "caption": photo.caption,
        "credit": photo.credit,
        "alt": photo.alt,
        "is_described": photo.is_described,
        "usable": is_usable,
        "note": "" if is_usable else _("Usable until %(day)s only") % {"day": photo.usable_until},
    }


@require_safe
def articles(request: HttpRequest) -> JsonResponse:
    """One page of live stories, the person's own first, or the live ones among those whose ids are asked for."""
    region = access.regions_for(request.user, Permission.WRITE).order_by("path").first()
    if region is None:
        raise PermissionDenied
    live = Article.objects.live().select_related("region")
    own = set(Article.objects.by(request.user).order_by("-pk").values_list("pk", flat=True)[:_OWN])
    ids = asked_ids(request)
    if ids:
        shown, more = list(live.filter(pk__in=ids)), False
    else:
        keys, more = page_of(request, _found(typed(request), region, own))
        known = live.in_bulk(keys)
        shown = [known[key] for key in keys if key in known]
    return JsonResponse({"results": [_article(article, article.pk in own) for article in shown], "more": more})


def _found(text: str, region: Region, own: set[int]) -> list[int]:
    """The ids of the stories to offer. With words, those of the whole network are searched; without, the newest of
    the person's highest region are listed."""
    most = PAGE * _MAX_PAGES
    if text:
        live = Article.objects.live()
        found = newsroom.search(text, live).ids or [each.pk for each in newsroom.find(text, live, limit=PAGE)]
        first, then = [pk for pk in found if pk in own], list(found)
    else:
        newest = Placement.objects.live().in_region(region).newest_first().values_list("article_id", flat=True)
        mine = Article.objects.live().filter(pk__in=own).order_by("-published_at").values_list("pk", flat=True)
        first, then = list(mine[: PAGE // 2]), list(newest[:most])
    return list(dict.fromkeys([*first, *then]))[:most]


def _article(article: Article, is_own: bool) -> dict[str, Any]:
    return {
        "id": article.pk,
        "label": article.title,
        "url": article.canonical_url,
        "own": is_own,
        "note": f"{article.region.short_name} · {article.region.clock(article.published_at)}",
    }


def page_of(request: HttpRequest, rows: QuerySet[Any, Any] | Sequence[Any]) -> tuple[list[Any], bool]:
    """The rows of the page that is asked for (parameter `page`), and whether there are more."""
    number = min(max(whole_number(request.GET.get("page", ""), 3) or 1, 1), _MAX_PAGES)
    shown = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    return shown[:PAGE], len(shown) > PAGE and number < _MAX_PAGES
