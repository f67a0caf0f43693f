"""Stores a newsroom form only once, however often its button is pressed: later presses get the first one's answer.

Every form has its own key (`{% form_key %}`). The first press stores a digest of the person, the address, the key and
everything that was typed, in the transaction of the act. A second press of the same form waits for that transaction,
and is then redirected to the same address as the first. If something was typed in between, the digest differs, so the
new text is stored. An answer other than a redirect means that nothing was stored, so the form can be sent again.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from regions.models import FormKey

FIELD = "_form_key"
KEEP = timedelta(days=1)
"""How long a stored form is remembered, which is far longer than anybody waits for an answer."""
_PRUNED_AT_ONCE = 100
_NOT_CONTENT = frozenset({"csrfmiddlewaretoken"})


def new() -> str:
    """A new key for a form that is being shown."""
    return secrets.token_urlsafe(16)


def once(
    request: HttpRequest,
    act: Callable[[], HttpResponse],
    again: Callable[[str], HttpResponse] = HttpResponseRedirect,
) -> HttpResponse:
    """Call `act` and return its answer; for a form that was stored already, call `again` with the address to which the
    first answer redirected.

    Call it in the transaction of the act. For a form without a key, `act` is always called.
    """
    if not request.POST.get(FIELD):
        return act()
    _prune()
    stored, is_first = FormKey.objects.get_or_create(digest=_digest(request))
    if not is_first:
        return again(stored.location)  # the first answer's message is in the session
    response = act()
    if isinstance(response, HttpResponseRedirect):
        FormKey.objects.filter(pk=stored.pk).update(location=response.url)
    else:
        stored.delete()
    return response


def is_first(request: HttpRequest) -> bool:
    """Whether this form has not been sent before. For acts of several transactions: `once` is for those of one.

    The form is remembered at once, whatever becomes of the acts. Every form without a key is a first one.
    """
    if not request.POST.get(FIELD):
        return True
    with transaction.atomic():
        _prune()
        _stored, is_first = FormKey.objects.get_or_create(digest=_digest(request))
    return is_first


def _digest(request: HttpRequest) -> str:
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_CONTENT)
    files = sorted((name, [(file.name, file.size) for file in sent]) for name, sent in request.FILES.lists())
    content = json.dumps([request.user.pk, request.path, typed, files])
    return hashlib.blake2b(content.encode(), digest_size=32).hexdigest()


def _prune() -> None:
    """Delete the keys of old forms, except rows that another request is deleting."""
    old = FormKey.objects.select_for_update(skip_locked=True).filter(used_at__lt=timezone.now() - KEEP)
    FormKey.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_PRUNED_AT_ONCE])).delete()
