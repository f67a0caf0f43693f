"""What Pekon decides in django-allauth's place: nobody signs up, and how wrong passwords are counted."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

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
        self._login_failed_rl_usage = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed_on_known_device" if device else "login_failed",
            key=f"device:{device}" if device else self._get_login_attempts_cache_key(request, **credentials),
        )
        if not self._login_failed_rl_usage:
            logger.warning("Too many wrong names or passwords, not looked at: from %s", self.get_client_ip(request))
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """In the log for operators; without the name, which may be a password typed into the wrong field."""
        logger.info("A name or password was wrong: from %s", self.get_client_ip(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By what was typed and not by account, so that a full count does not tell that two names are one person's."""
        return f"name:{names.normalised(_typed(credentials))}"

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user)
        return response


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


def display_name(user: User) -> str:
    """How mails address a person."""
    return user.get_full_name() or user.get_username()
