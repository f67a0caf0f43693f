"""Recognises devices on which a person has logged in before, which have their own counts of wrong passwords.

Wrong passwords from all other devices share one count for each name. So a stranger who reaches that limit locks out
other strangers, but not the account's owner on a known device. Source: OWASP, "Slow Down Online Guessing Attacks with
Device Cookies".
"""

import secrets

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PEOPLE = 8
"""The number of people whom one device remembers, because newsrooms share computers."""
_SALT = "newsroom.device"


def known_as(request: HttpRequest, person: User) -> str:
    """The key of this device in `person`'s counts; empty for an unknown device."""
    return _read(request).get(str(person.pk), "")


def remember(request: HttpRequest, response: HttpResponseBase, person: User) -> None:
    """Set the device's cookie. Call it when a log-in is complete, including the second factor."""
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
