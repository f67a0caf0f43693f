"""How a person is called on screen and in mails."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser


def display_name(user: "AbstractUser") -> str:
    """The person's name; the log-in name of somebody who has given none."""
    return user.get_full_name() or user.get_username()
