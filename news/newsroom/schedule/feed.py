"""The schedule as a calendar that phones and computers subscribe to (iCalendar, RFC 5545), and the page of its address.

It holds titles and times of scheduled and live stories, as far as the person may see them when it is fetched.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from icalendar import Calendar, Event

from news.models import Article
from news.models.querysets import State
from news.publishing import rules
from news.staff import calendar_addresses
from regions.permissions import access
from regions.permissions.access import Permission

SPAN = timedelta(days=60)
"""How far the calendar reaches into the past and into the future."""
MOST = 1_000
"""Stories of the past, and as many of the future."""
_SHOWN_FOR = timedelta(minutes=15)
"""How long a story lasts in a calendar, since many do not show what has no length."""
_FRESH = 900  # seconds for which a calendar program may keep its copy


@require_safe
@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of the person whose secret address this is; 404 for every address that is not valid."""
    person = calendar_addresses.person_of(token)
    if person is None:
        raise Http404
    response = HttpResponse(calendar(person), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = f"private, max-age={_FRESH}"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def calendar(person: User) -> bytes:
    """The person's calendar. Every time is in its story's zone, which the calendar describes (VTIMEZONE)."""
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", f"-//{settings.HOST_NAME}//Pekon//ID")
    made.add("x-wr-calname", f"{settings.HOST_NAME.upper()} · {_('Story schedule')}")
    for story in _stories(person):
        made.add_component(_event(story))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _stories(person: User) -> Iterable[Article]:
    now = timezone.now()
    rows = Article.objects.filter(rules.readable_by(person)).with_state().select_related("region")
    rows = rows.only("title", "region", "published_at", "updated_at", "version", "status", "region__timezone")
    past = rows.live(now).filter(published_at__gte=now - SPAN)
    to_come = rows.scheduled(now).filter(published_at__lt=now + SPAN)
    yield from past.order_by("-published_at", "-pk")[:MOST]
    yield from to_come.order_by("published_at", "pk")[:MOST]


def _event(story: Article) -> Event:
    event = Event()
    event.add("uid", f"berita-{story.pk}@{settings.HOST_NAME}")
    event.add("summary", story.title)
    event.add("dtstart", story.region.local(story.publication_time))
    event.add("duration", _SHOWN_FOR)
    event.add("dtstamp", story.updated_at)
    event.add("last-modified", story.updated_at)
    event.add("sequence", story.version)
    event.add("categories", [str(State(story.state).label)])
    event.add("transp", "TRANSPARENT")
    return event


@require_http_methods(["GET", "POST"])
def subscription(request: HttpRequest) -> HttpResponse:
    """The person's own page: make an address, which is shown once, or end it."""
    person = cast("User", request.user)
    if not access.branches_for(person, Permission.WRITE):
        raise PermissionDenied
    made = ""
    if request.method == "POST":
        match request.POST.get("do"):
            case "renew":
                path = reverse("calendar_feed", args=[calendar_addresses.renew(person)])
                made = f"{settings.SCHEME}://{settings.NEWSROOM_LABEL}.{settings.DOMAIN}{path}"
            case "revoke":
                calendar_addresses.revoke(person)
            case _:
                raise Http404
    context = {
        **admin.site.each_context(request),
        "title": _("Schedule in your calendar"),
        "made": made,
        "address": calendar_addresses.of(person),
    }
    return render(request, "admin/schedule/subscription.html", context)
