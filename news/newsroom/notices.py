"""A person's notices: the page, the count in the bar on top, what marks them as read, and the devices that are told."""

import json
from datetime import date
from pathlib import Path
from typing import Any, cast

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from news.models import Notice, PushSubscription
from news.models.querysets import State
from news.publishing import notice_reading, rules, web_push
from pekon.plain_text import whole_number
from regions.permissions import form_keys

LENGTH = 40
"""Notices on one page."""
MOST_BYTES = 4096
"""Of what a browser says of its device."""


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The notices, the newest first, by day; `before` is the last one of the page before."""
    shown = notice_reading.shown_to(request.user)
    before = whole_number(request.GET.get("before", ""), 18)
    rows = list(notice_reading.with_words(shown.filter(pk__lt=before) if before else shown)[: LENGTH + 1])
    now = rules.database_time()
    context = {
        "title": _("Notices"),
        "days": _by_day([_row(notice, rules.state(notice.article, now)) for notice in rows[:LENGTH]]),
        "newest": rows[0].pk if rows else None,
        "older": rows[LENGTH - 1].pk if len(rows) > LENGTH else None,
        "is_first": not before,
        "any_unread": any(notice.read_at is None for notice in rows) or bool(notice_reading.unread(request.user)),
    }
    return TemplateResponse(request, "admin/notices.html", context)


def _row(notice: Notice, state: State) -> dict[str, Any]:
    words, extract = notice_reading.words(notice), notice_reading.extract(notice)
    day = notice.article.region.local(notice.made_at).date()
    return {"notice": notice, "words": words, "extract": extract, "state": state, "day": day}


def _by_day(rows: list[dict[str, Any]]) -> list[tuple[date, list[dict[str, Any]]]]:
    """The rows of each day of the stories' regions. Where zones differ, a day stands where its newest row does."""
    days: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        days.setdefault(row["day"], []).append(row)
    return list(days.items())


@require_safe
@cache_control(no_store=True)
def count(request: HttpRequest) -> HttpResponse:
    """How many notices the person has not read, as a JSON number."""
    return JsonResponse(notice_reading.unread(request.user), safe=False)


@require_POST
@transaction.atomic
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page showed and all before: `newest` is the newest notice that the person has seen."""
    newest = whole_number(request.POST.get("newest", ""), 18)

    def act() -> HttpResponse:
        notice_reading.mark_read(notice_reading.shown_to(request.user).filter(pk__lte=newest or 0))
        return HttpResponseRedirect(reverse("admin:notices"))

    return form_keys.once(request, act)


@require_safe
def follow(request: HttpRequest, notice: int) -> HttpResponse:
    """Lead to the notice's story or comment. With it, all that the person was told of this story counts as read."""
    shown = notice_reading.shown_to(request.user)
    found = get_object_or_404(shown, pk=notice)
    notice_reading.mark_read(shown.filter(article=found.article_id))
    address = reverse("admin:news_article_change", args=[found.article_id])
    return HttpResponseRedirect(address + (f"#comment-{found.comment_id}" if found.comment_id else ""))


# --- Devices ----------------------------------------------------------------------------------------------------


@require_POST
def device(request: HttpRequest) -> HttpResponse:
    """Turn web push on or off for this session's device. The body is JSON: the browser's subscription, or null."""
    if not web_push.is_on():
        return JsonResponse({"error": _("Web push is not set up here.")}, status=404)
    try:
        sent = json.loads(request.body[: MOST_BYTES + 1]) if len(request.body) <= MOST_BYTES else {}
    except ValueError:
        sent = {}
    mine = PushSubscription.objects.filter(session__session_key=request.session.session_key)
    if sent is None:
        mine.delete()
        return JsonResponse({"on": False})
    values = _subscription(sent)
    if values is None:
        return JsonResponse({"error": _("The browser's push service cannot be used.")}, status=400)
    _subscribe(request, values)
    return JsonResponse({"on": True})


def _subscription(sent: Any) -> dict[str, str] | None:
    """The parts of what a browser sent (`PushSubscription.toJSON`), or None if it is none."""
    keys = sent.get("keys") if isinstance(sent, dict) else None
    if not isinstance(keys, dict):
        return None
    endpoint, public_key, secret = sent.get("endpoint"), keys.get("p256dh"), keys.get("auth")
    if not (isinstance(endpoint, str) and isinstance(public_key, str) and isinstance(secret, str)):
        return None
    if not web_push.is_acceptable(endpoint, public_key, secret):
        return None
    return {"endpoint": endpoint, "public_key": public_key, "secret": secret}


@transaction.atomic
def _subscribe(request: HttpRequest, values: dict[str, str]) -> None:
    """Store the device in place of what the session or the device had before: it is one person's at a time."""
    sessions = UserSession.objects
    if not sessions.filter(session_key=request.session.session_key).exists():
        sessions.create_from_request(request)
    session = sessions.get(session_key=request.session.session_key, user=cast("User", request.user))
    PushSubscription.objects.filter(endpoint=values["endpoint"]).exclude(session=session).delete()
    PushSubscription.objects.update_or_create(session=session, defaults=values)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which shows what is pushed. Its scope is this folder; it stores nothing and answers no
    request."""
    script = Path(str(finders.find("js/sw-newsroom.js"))).read_bytes()
    scope = {"Service-Worker-Allowed": reverse("admin:notices")}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=scope)
