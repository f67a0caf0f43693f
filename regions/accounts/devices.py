"""Devices on which a person has logged in before: they keep their own count of wrong passwords.

Wrong guesses from everywhere else share one count for each name. So a stranger who uses that up shuts out strangers,
and not the owner at their own desk. Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import secrets

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PEOPLE = 8
"""How many people's log-ins one device remembers: newsrooms share computers."""
_SALT = "newsroom.device"


def known_as(request: HttpRequest, person: User) -> str:
    """What this device is called in `person`'s count, or an empty string."""
    return _read(request).get(str(person.pk), "")


def remember(request: HttpRequest, response: HttpResponseBase, person: User) -> None:
    """Call it when a log-in is complete, second factor included."""
    people = _read(request)
    name = people.pop(str(person.pk), "") or secrets.token_urlsafe(12)
    kept = dict([*people.items(), (str(person.pk), name)][-PEOPLE:])
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(kept, salt=_SALT),
        max_age=settings.DEVICE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        return dict(
            signing.loads(
                request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=settings.DEVICE_COOKIE_AGE
            )
        )
    except signing.BadSignature:
        return {}
