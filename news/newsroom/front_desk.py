"""The front page desk: what readers of a region get on its front page, what editors placed there, and what is prepared.

Addresses are `halaman-depan/<the region's label>/`, and `-` for the network. Who may publish in a region
arranges its front page. Stories that the region lists are shown to them before their time too, also those that others
have shared with it, because they answer for the page (docs/decisions/0063).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from news.models import Article, FrontArrangement, FrontSlot, Placement
from news.publishing import front_ages, fronts
from news.publishing.front_content import Content, Entry, Slot, stored
from news.publishing.fronts import Met, Seen
from news.readers.front_page import compose, placed_in
from news.readers.pages.front import FrontPreview
from news.readers.views.previews import never_stored
from pekon.plain_text import whole_number
from regions.generations.snapshot import Snapshot
from regions.models import Region
from regions.permissions import access, form_keys
from regions.permissions.access import Permission

from . import front_form
from .pickers import page_of, typed
from .preview_links import lead_to_edition
from .region_labels import label_of, subdomain_of

MOST_REGIONS = 60
OLD = timedelta(hours=12)
"""The age at which a lead is marked in the list of front pages."""
Theirs = dict[str, tuple[FrontArrangement, Content]]


def address_of(region: Region, **query: Any) -> str:
    found = reverse("admin:front_page", args=[label_of(region)])
    return f"{found}?{urlencode(query)}" if query else found


def _for_editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the region of the address; 404 for one in which the person may not publish."""

    @wraps(view)
    def find(request: HttpRequest, label: str) -> HttpResponse:
        mine = access.regions_for(request.user, Permission.PUBLISH).with_parents()
        region = mine.filter(subdomain=subdomain_of(label)).first()
        if region is None:
            raise Http404
        return view(request, region)

    return find


# --- Which front page -------------------------------------------------------------------------------------------


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The front pages that the person may arrange, or the only one."""
    mine = access.regions_for(request.user, Permission.PUBLISH)
    words = typed(request)
    found = list(mine.filter(short_name__icontains=words).order_by("path")[: MOST_REGIONS + 1])
    if not found and not mine.exists():
        raise PermissionDenied
    if len(found) == 1 and not words:
        return HttpResponseRedirect(address_of(found[0]))
    ages = front_ages.ages_of_leads(found[:MOST_REGIONS])
    rows = [(region, address_of(region), ages.get(region.pk)) for region in found[:MOST_REGIONS]]
    context = {"title": _("Front pages"), "rows": rows, "words": words, "more": len(found) > MOST_REGIONS, "old": OLD}
    return _page(request, "choose", context)


# --- The desk ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@_for_editors
@transaction.atomic
def desk(request: HttpRequest, region: Region) -> HttpResponse:
    if request.method == "POST":
        return form_keys.once(request, lambda: _posted(request, region))
    now = timezone.now()
    live = fronts.in_force(region, now)
    prepared = _asked_for(request, region, now)
    shown = stored(prepared or live, now)
    return _desk(request, region, shown, Seen(live.pk if live else None, prepared.pk if prepared else None))


def _asked_for(request: HttpRequest, region: Region, now: datetime) -> FrontArrangement | None:
    """The prepared arrangement that the address names: its newest edit, if it is still being prepared."""
    key = whole_number(request.GET.get("susunan", ""), 18)
    return fronts.head(region, key, now) if key else None


def _posted(request: HttpRequest, region: Region) -> HttpResponse:
    """Do what the button says; anything but a redirect means that nothing was stored."""
    person, post, now = cast("User", request.user), request.POST, timezone.now()
    seen, act = front_form.seen(post), post.get("act", "")
    known = [
        stored(FrontArrangement.objects.filter(region=region, pk=key).first(), now)
        for key in (seen.live, seen.prepared)
        if key
    ]
    try:
        content = front_form.posted(post, region, known, person, now)
        for slot in Slot.values:
            if post.get(f"take-{slot}") == "theirs":
                by = FrontArrangement.objects.filter(
                    region=region, pk=whole_number(post.get(f"theirs-{slot}", ""), 18) or 0
                )
                content = content.taking([slot], stored(by.first(), now))
        added = _added(request, region, act, now) if act.startswith("add:") else None
        begins_at = front_form.moment(post.get("begins_at", ""), region)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _desk(request, region, known[-1] if known else Content(), seen, status=400)
    rearranged = front_form.rearranged(content, act, added)
    if rearranged is not None:
        return _desk(request, region, rearranged, seen, changed=True)
    try:
        return _act(request, region, act, content, seen, begins_at)
    except Met as met:
        messages.warning(request, _("Somebody else has changed the same slot. Nothing is stored yet: choose below."))
        theirs = {slot: (by, stored(by, now)) for slot, by in met.theirs.items()}
        return _desk(request, region, met.content, met.seen, theirs=theirs, changed=True, status=409)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _desk(request, region, content, seen, changed=True, status=400)


def _added(request: HttpRequest, region: Region, act: str, now: datetime) -> Entry | None:
    """The story to add: the button's own, or the number or address that was typed beside it."""
    _verb, slot, *chosen = act.split(":")
    text = chosen[0] if chosen else request.POST.get(f"add-{slot}", "").strip()
    numbers = [part for part in text.split("/") if part.isdecimal()]
    number = whole_number(numbers[0], 18) if numbers else None
    if not number or not Placement.objects.filter(region=region, article=number).exists():
        raise ValidationError(_("This story does not stand in this region's lists. Publish or share it there first."))
    return Entry(number, None, None, cast("User", request.user).pk, now)


def _act(
    request: HttpRequest, region: Region, act: str, content: Content, seen: Seen, begins_at: datetime | None
) -> HttpResponse:
    person = cast("User", request.user)
    if act == "publish":
        fronts.publish(region, actor=person, content=content, seen=seen)
        messages.success(request, _("Readers have this front page now."))
    elif act == "schedule" and begins_at is None:
        raise ValidationError(_("Say when it begins."))
    elif act in ("draft", "schedule"):
        time = begins_at if act == "schedule" else None
        made = fronts.prepare(region, actor=person, content=content, seen=seen, begins_at=time)
        said = (
            _("It begins %(time)s, as a whole.") % {"time": region.clock(time)} if time else _("The draft is stored.")
        )
        messages.success(request, said)
        return HttpResponseRedirect(address_of(region, susunan=made.pk))
    elif act == "discard":
        done = fronts.discard(region, actor=person, seen=seen)
        messages.success(request, _("Thrown away.") if done else _("It has begun or was thrown away already."))
    elif act == "undo":
        if fronts.undo(region, actor=person, seen=seen):
            messages.success(request, _("Readers have what stood before."))
        else:
            messages.error(request, _("Somebody else has changed the front page since. Look at it again."))
    else:
        raise Http404
    return HttpResponseRedirect(address_of(region))


def _desk(
    request: HttpRequest,
    region: Region,
    content: Content,
    seen: Seen,
    *,
    theirs: Theirs | None = None,
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The form with this content, and the page that it makes."""
    now = timezone.now()
    arrangements = FrontArrangement.objects.filter(region=region).select_related("made_by")
    scheduled, drafts = list(arrangements.scheduled(now)), list(arrangements.drafts())
    live = arrangements.filter(pk=seen.live).first() if seen.live else None
    prepared = next((each for each in [*scheduled, *drafts] if each.pk == seen.prepared), None)
    at = (prepared and prepared.begins_at) or now
    front = compose(Snapshot.for_one_page(), region, at, placed_in(region, content, at))
    context = {
        "title": _("Front page: %(region)s") % {"region": region.short_name},
        "region": region,
        "slots": front_form.slots(region, content, front, at, cast("User", request.user), theirs or {}),
        "content": content,
        "front": front,
        "at": at,
        "seen": seen,
        "live": live,
        "prepared": prepared,
        "scheduled": scheduled,
        "drafts": drafts,
        "changed": changed,
        "may_undo": fronts.may_undo(live),
        "begins": request.POST.get("begins_at")
        or front_form.for_input(prepared.begins_at if prepared else None, region),
        "address": address_of(region),
        "stories": reverse("admin:front_stories", args=[label_of(region)]),
        "preview": reverse("admin:front_preview", args=[label_of(region)]),
    }
    return _page(request, "desk", context, status)


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shared = admin.site.each_context(request)
    return render(request, f"admin/front/{name}.html", {**shared, **context}, status=status)


# --- Stories to choose ------------------------------------------------------------------------------------------


@require_safe
@_for_editors
def stories(request: HttpRequest, region: Region) -> HttpResponse:
    """One page of the stories that the region lists now or will, newest first, for static/js/picker.js."""
    rows = Placement.objects.filter(region=region, article__region__is_open=True).exclude(
        expires_at__lte=timezone.now()
    )
    for word in typed(request).split():
        rows = rows.filter(article__title__icontains=word)
    found, more = page_of(request, rows.newest_first().select_related("article__region"))
    return JsonResponse({"results": [_story(region, row) for row in found], "more": more})


def _story(region: Region, row: Placement) -> dict[str, Any]:
    is_to_come = row.published_at > timezone.now()
    when = region.clock(row.published_at)
    note = _("published %(time)s") % {"time": when} if is_to_come else when
    return {"id": row.article_id, "label": row.article.title, "note": f"{row.article.region.short_name} · {note}"}


# --- Previews ---------------------------------------------------------------------------------------------------


@require_safe
@_for_editors
def preview(request: HttpRequest, region: Region) -> HttpResponse:
    """The front page of a chosen time, in a frame as wide as a phone or a desktop."""
    at, prepared = _previewed(request, region)
    query = {"at": front_form.for_input(at, region), **({"susunan": prepared.pk} if prepared else {})}
    page = reverse("admin:front_preview_page", args=[label_of(region)])
    context = {
        "title": _("Preview: %(region)s") % {"region": region.short_name},
        "region": region,
        "at": at,
        "typed_at": query["at"],
        "prepared": prepared,
        "address": address_of(region, **({"susunan": prepared.pk} if prepared else {})),
        "page": f"{page}?{urlencode(query)}" if request.GET.get("at") else f"{page}?{urlencode(query | {'at': ''})}",
    }

    @csp_update({"frame-src": [SELF]})
    def framed(asked: HttpRequest) -> HttpResponseBase:
        return _page(asked, "preview", context)

    return cast("HttpResponse", framed(request))


@never_stored
@require_safe
@_for_editors
def preview_page(request: HttpRequest, region: Region) -> HttpResponse:
    """The page as readers get it at the time `at`, or now; with `susunan`, as if that arrangement were in force."""
    at, prepared = _previewed(request, region)
    moment = at if request.GET.get("at") else None
    placed = placed_in(region, stored(prepared, at), at) if prepared else None
    request.path = "/"  # where readers get this page, which it says to chats
    page = FrontPreview.build(Snapshot.for_one_page(), region, moment, placed)
    return lead_to_edition(page.render(request), region)


def _previewed(request: HttpRequest, region: Region) -> tuple[datetime, FrontArrangement | None]:
    """The time to preview, by default now or when the prepared arrangement begins; and that arrangement."""
    now = timezone.now()
    prepared = _asked_for(request, region, now)
    try:
        asked = front_form.moment(request.GET.get("at", ""), region)
    except ValidationError:
        asked = None
    return asked or (prepared and prepared.begins_at) or now, prepared


# --- From the story ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def place(request: HttpRequest, number: int) -> HttpResponse:
    """Put one story on a front page, by one button for each region and slot."""
    mine = access.regions_for(request.user, Permission.PUBLISH)
    rows = Placement.objects.filter(article=number, region__in=mine).select_related("region").order_by("region__path")
    regions = {label_of(row.region): row.region for row in rows}
    article = Article.objects.filter(pk=number).select_related("region").with_state().first()
    if article is None or not regions:
        raise Http404
    if request.method == "POST":
        return form_keys.once(request, lambda: _placed(request, article, regions))
    return _place_page(request, article, regions)


def _placed(request: HttpRequest, article: Article, regions: dict[str, Region]) -> HttpResponse:
    label, _colon, slot = request.POST.get("where", "").partition(":")
    region = regions.get(label)
    if region is None or slot not in Slot.values:
        raise Http404
    seen = Seen(whole_number(request.POST.get(f"live-{label}", ""), 18))
    try:
        fronts.place(article, region, slot, actor=cast("User", request.user), seen=seen)
    except Met:
        messages.warning(request, _("Somebody else has placed another lead there meanwhile. Look, and press again."))
        return _place_page(request, article, regions, status=409)
    messages.success(request, _("“%(story)s” stands there now.") % {"story": article.title})
    return HttpResponseRedirect(address_of(region))


def _place_page(request: HttpRequest, article: Article, regions: dict[str, Region], status: int = 200) -> HttpResponse:
    now = timezone.now()
    begun = FrontArrangement.objects.current(now).filter(region__in=regions.values(), begins_at__lte=now)
    live = {each.region_id: each for each in begun}
    slots = list(FrontSlot.objects.filter(arrangement__in=begun).order_by("-position").select_related("article"))
    leads = {row.region_id: row.article for row in slots if row.slot == Slot.LEAD}
    rows = [
        {
            "region": region,
            "label": label,
            "live": live.get(region.pk),
            "lead": leads.get(region.pk),
            "stands_in": {row.slot for row in slots if row.region_id == region.pk and row.article_id == article.pk},
        }
        for label, region in regions.items()
    ]
    context = {"title": _("Put on the front page"), "article": article, "rows": rows, "slots": Slot.choices}
    return _page(request, "place", context, status)
