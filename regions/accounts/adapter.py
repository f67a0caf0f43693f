"""Pekon's adapter for django-allauth: nobody can sign up, and wrong passwords are counted differently.

Counting uses what is private in allauth (`ratelimit`, and the two names that begin with an underscore), because a guess
must be counted before it is looked at, and allauth has no public way to undo that. No other module does so;
tests/test_architecture.py names the version that this was written for.
"""

import logging
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from pekon import metrics
from regions.permissions import access

from . import devices, names

logger = logging.getLogger("pekon.login")


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Allow redirects after logging in only to the newsroom's host."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={context.request.get_host()})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is checked. Raises ValidationError after too many attempts.

        A known device has a count of its own, and is not subject to the limit of the IP address, which colleagues
        share.
        """
        typed = _typed(credentials)
        person = names.find(typed)
        device = devices.known_as(request, person) if person else ""
        if device:
            counts = [self._count(request, "password_failed_on_device", device)]
        else:
            # The address is counted first, so that one that has reached its limit cannot add a row for each new name.
            counts = [self._count(request, "password_failed_from_address")]
            if counts[0]:
                counts.append(self._count(request, "password_failed_for_name", names.normalised(typed)))
        if not all(counts):
            metrics.LOGINS_REFUSED.labels("too_many").inc()
            logger.warning("Too many wrong names or passwords, not looked at: from %s", self.get_client_ip(request))
            raise self.validation_error("too_many_login_attempts")
        taken = [usage for count in counts if count for usage in count.usage]
        self._login_failed_rl_usage = ratelimit.RateLimitUsage(taken)  # allauth undoes it after a right password

    def _count(self, request: HttpRequest, action: str, key: str | None = None) -> ratelimit.RateLimitUsage | None:
        return ratelimit.consume(request, app="allauth.account", action=action, key=key)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """After a password reset, clear the count of the name, but not that of the IP address."""
        key = names.normalised(_typed(credentials))
        ratelimit.clear(request=request, app="allauth.account", action="password_failed_for_name", key=key)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log the attempt for operators, without the name, which may be a password typed into the wrong field."""
        metrics.LOGINS_REFUSED.labels("wrong").inc()
        logger.info("A name or password was wrong: from %s", self.get_client_ip(request))

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """The methods to confirm one's identity before changing log-in settings: people with a second factor must use
        it, and cannot use the password alone."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if access.has_second_factor(cast("User", user)):
            return [method for method in methods if method["id"] != "reauthenticate"]
        return methods

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        devices.remember(request, response, cast("User", user))
        return response


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")
