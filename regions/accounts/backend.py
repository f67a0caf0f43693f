"""Checking a password: exactly one hash, whether the name is known, unknown, disabled or an address.

allauth's own backend tries a known address twice (as a name, then as an address) and an unknown one once, which a
stopwatch can tell apart.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from . import names


class NewsroomBackend(ModelBackend):
    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, username: str = "", password: str = "", email: str = "", **kwargs: Any
    ) -> User | None:
        if not password or not (username or email):
            return None
        person = names.find(email or username)
        if person is None:
            User().set_password(password)
            return None
        if person.check_password(password) and self.user_can_authenticate(person):
            return person
        return None
