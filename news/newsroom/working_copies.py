"""Keeps what people are typing: the addresses to which a form sends it every few seconds, and what a form offers again.

A working copy is no version: storing one writes nothing that a reader, a list, a search or the journal sees. Only the
person who typed it gets it back. static/js/writing/ is the browser's side.
"""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from news.models import Article, WorkingCopy
from pekon.plain_text import whole_number
from regions.permissions import access
from regions.permissions.access import Permission

from . import devices, form_content
from .form_content import Content, Difference

KEY, NUMBER = "_copy_key", "_copy_number"
"""The hidden fields of the article form that name its working copy."""
MAX_BYTES = 2**20
"""Of one copy: ten times the longest story seen, with every field."""
MAX_COPIES = 200
"""Of one person."""
OFFERED = 5
_MOST = 2**31 - 1  # what the column holds


class Refused(Exception):
    """What was sent cannot be stored. The reason is for the person."""

    def __init__(self, code: int, reason: str):
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True)
class Sent:
    """A form as its script sent it."""

    key: uuid.UUID
    number: int
    article: int | None
    content: Content


@dataclass(frozen=True)
class Offer:
    """A copy that the form offers, with what differs from the stored story."""

    copy: WorkingCopy
    differences: list[Difference]


# --- Addresses ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def copies(request: HttpRequest, articles: "models.QuerySet[Article]") -> HttpResponse:
    """POST: store what a form holds. GET: a fresh CSRF token, and whose session this is, for a form that is open.

    `articles` are those that the person may see.
    """
    if request.method == "GET":
        return JsonResponse({"csrf": get_token(request), "person": request.user.pk})
    try:
        sent = read(request)
        number = keep(request, sent, articles)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=refusal.code)
    return JsonResponse({"number": number})


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw a copy away, or take that back; then show the story's form."""
    copy = find(request.user, request.POST.get("key", ""))
    if copy is None:
        raise Http404
    back = bool(request.POST.get("undo"))
    WorkingCopy.objects.filter(pk=copy.pk).update(discarded_at=None if back else timezone.now())
    form = address_of_form(copy.article_id)
    return HttpResponseRedirect(f"{form}?copy={copy.key}" if back else f"{form}?discarded={copy.key}")


def address_of_form(article: int | None) -> str:
    return reverse("admin:news_article_change", args=[article]) if article else reverse("admin:news_article_add")


# --- Storing ------------------------------------------------------------------------------------------------------


def read(request: HttpRequest) -> Sent:
    """What a form's script sent. Raises Refused."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        raise Refused(413, _("This is too long to be kept while you write. Save it, or divide it into two stories."))
    try:
        sent = json.loads(request.body)
        key, number, article, content = (sent[name] for name in ("key", "number", "article", "content"))
        named = uuid.UUID(key)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused(400, _("What was sent is incomplete.")) from None
    if not (_is_number(number) and (article is None or _is_number(article)) and _is_content(content)):
        raise Refused(400, _("What was sent is incomplete."))
    return Sent(named, number, article, content)


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 < value <= _MOST


def _is_content(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(values, list) and all(isinstance(one, str) for one in values) for values in value.values()
    )


def storable(content: Content) -> Content:
    """Without the characters that no database stores as JSON."""

    def clean(text: str) -> str:
        return text.replace("\0", "").encode(errors="replace").decode()

    return {clean(name): [clean(value) for value in values] for name, values in content.items()}


def keep(request: HttpRequest, sent: Sent, articles: "models.QuerySet[Article]") -> int:
    """Store the copy, unless the form has sent a newer one meanwhile. Returns the number that is stored now.

    Raises Refused, with 404 for an article that the person may not see. Whether they may still edit it does not matter:
    what they typed is kept all the same.
    """
    if sent.article is None and not access.branches_for(request.user, Permission.WRITE):
        raise Refused(403, _("You have no role in any region yet."))
    if sent.article is not None and not articles.filter(pk=sent.article).exists():
        raise Refused(404, _("You may no longer see this story. What you typed stays on this device."))
    mine = WorkingCopy.objects.filter(person=request.user.pk)
    values = _values(request, sent.number, sent.article, sent.content)
    if mine.filter(key=sent.key, number__lt=sent.number).update(**values):
        return sent.number
    if not mine.filter(key=sent.key).exists() and mine.count() >= MAX_COPIES:
        raise Refused(429, _("You have too many texts that are not saved. Save some, or throw them away."))
    copy, _is_new = mine.get_or_create(key=sent.key, defaults=values | {"person_id": request.user.pk})
    return copy.number


def _values(request: HttpRequest, number: int, article: int | None, content: Content) -> dict[str, Any]:
    return {
        "article_id": article,
        "number": number,
        "content": storable(content),
        "device": devices.in_words(request.headers.get("User-Agent", "")),
        "updated_at": timezone.now(),
        "discarded_at": None,
    }


def keep_posted(request: HttpRequest, article: Article | None, content: Content) -> WorkingCopy | None:
    """Store the content of a posted form as its working copy. None for a form without a key."""
    key = form_key(request)
    if key is None:
        return None
    values = _values(request, posted_number(request), article.pk if article else None, content)
    return WorkingCopy.objects.update_or_create(person_id=request.user.pk, key=key, defaults=values)[0]


def forget(request: HttpRequest) -> None:
    """Delete the copy of a form that was stored, unless the form has sent something newer than what was stored."""
    key = form_key(request)
    if key:
        WorkingCopy.objects.filter(person=request.user.pk, key=key, number__lte=posted_number(request)).delete()


def new_key() -> uuid.UUID:
    return uuid.uuid4()


def form_key(request: HttpRequest) -> uuid.UUID | None:
    """The key of the posted form's working copy."""
    return _uuid(request.POST.get(KEY, ""))


def source_key(request: HttpRequest) -> str | None:
    """The key of the story that the posted form makes: the same for each press, whatever was typed in between."""
    key = form_key(request)
    return f"form:{request.user.pk}:{key}" if key else None


def posted_number(request: HttpRequest) -> int:
    return min(whole_number(request.POST.get(NUMBER, ""), 11) or 0, _MOST)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


# --- Getting it back ----------------------------------------------------------------------------------------------


def find(user: Any, key: str) -> WorkingCopy | None:
    """The person's own copy with this key."""
    named = _uuid(key)
    return WorkingCopy.objects.filter(person=user.pk, key=named).first() if named else None


def offers(
    user: Any, article: Article | None, stored: Content, form: forms.BaseForm, formsets: list[Any]
) -> list[Offer]:
    """The person's copies of this story, or of stories that were never saved, that say something else than `stored`."""
    rows = WorkingCopy.objects.offered(user, article)[:OFFERED]
    listed = [Offer(copy, form_content.differences(stored, copy.content, form, formsets)) for copy in rows]
    return [offer for offer in listed if offer.differences]
