"""The page on which a person chooses how they hear of notices besides in the newsroom."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from news.models import Notice, NoticeChoices, PushSubscription
from news.publishing import web_push
from regions.permissions import form_keys


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    person = cast("User", request.user)
    choices = NoticeChoices.objects.filter(person=person).first() or NoticeChoices(person=person)
    if request.method == "POST":
        with transaction.atomic():
            return form_keys.once(request, lambda: _store(request, choices))
    return render(request, "account/notice_choices.html", _context(request, choices))


def _store(request: HttpRequest, choices: NoticeChoices) -> HttpResponse:
    """Store the boxes that were ticked. What no longer is to be mailed does not wait for a mail."""
    values: dict[str, Any] = {"mail": _kinds(request, "mail")}
    if web_push.is_on():
        values["push"] = _kinds(request, "push")
    if (language := request.POST.get("language")) in dict(settings.LANGUAGES):
        values["language"] = language
    NoticeChoices.objects.update_or_create(person=choices.person, defaults=values)
    waiting = Notice.objects.filter(person=choices.person, is_to_mail=True).exclude(kind__in=values["mail"])
    waiting.order_by().update(is_to_mail=False)
    messages.success(request, _("Your choices are stored."))
    return HttpResponseRedirect(reverse("notice_choices"))


def _kinds(request: HttpRequest, field: str) -> list[str]:
    ticked = request.POST.getlist(field)
    return [kind for kind in Notice.Kind.values if kind in ticked]


def _context(request: HttpRequest, choices: NoticeChoices) -> dict[str, Any]:
    device = PushSubscription.objects.filter(session__session_key=request.session.session_key)
    return {
        "rows": [
            {"kind": kind, "label": kind.label, "mail": kind in choices.mail, "push": kind in choices.push}
            for kind in Notice.Kind
        ],
        "languages": settings.LANGUAGES,
        "language": choices.language,
        "public_key": web_push.public_key(),
        "is_device_on": web_push.is_on() and device.exists(),
    }
