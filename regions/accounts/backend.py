"""Checks a password with exactly one hash, whether the name is known, unknown, disabled or an address.

allauth's own backend computes two hashes for a known address (as a name, then as an address) and one for an unknown
one, so that response times reveal which addresses have accounts.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from . import names


class NewsroomBackend(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        typed = kwargs.get("email") or username
        if not password or not typed:
            return None
        person = names.find(typed)
        if person is None:
            User().set_password(password)
            return None
        if person.check_password(password) and self.user_can_authenticate(person):
            return person
        return None
