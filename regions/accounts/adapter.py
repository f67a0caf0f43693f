"""What Pekon decides in django-allauth's place: nobody signs up, and how wrong passwords are counted."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from regions import access

from . import devices, names

logger = logging.getLogger("pekon.login")


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """After logging in a person stays on the newsroom's host."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={context.request.get_host()})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is looked at. Raises ValidationError when there were too many.

        A known device has a count of its own, without a limit for the address that it shares with its colleagues.
        """
        typed = _typed(credentials)
        person = names.find(typed)
        device = devices.known_as(request, person) if person else ""
        if device:
            counts = [self._count(request, "password_failed_on_device", device)]
        else:
            counts = [
                self._count(request, "password_failed_from_address"),
                self._count(request, "password_failed_for_name", names.normalised(typed)),
            ]
        if not all(counts):
            logger.warning("Too many wrong names or passwords, not looked at: from %s", self.get_client_ip(request))
            raise self.validation_error("too_many_login_attempts")
        taken = [usage for count in counts if count for usage in count.usage]
        self._login_failed_rl_usage = ratelimit.RateLimitUsage(taken)  # allauth takes it back after the right password

    def _count(self, request: HttpRequest, action: str, key: str | None = None) -> ratelimit.RateLimitUsage | None:
        return ratelimit.consume(request, app="allauth.account", action=action, key=key)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """After a new password by mail: that name's count alone, not the address's."""
        key = names.normalised(_typed(credentials))
        ratelimit.clear(request=request, app="allauth.account", action="password_failed_for_name", key=key)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """In the log for operators; without the name, which may be a password typed into the wrong field."""
        logger.info("A name or password was wrong: from %s", self.get_client_ip(request))

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Before a change of how one logs in: whoever has a second factor shows it; the password is not enough."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if access.has_second_factor(user):
            return [method for method in methods if method["id"] != "reauthenticate"]
        return methods

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user)
        return response


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


def display_name(user: User) -> str:
    """How mails address a person."""
    return user.get_full_name() or user.get_username()
