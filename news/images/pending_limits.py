"""What holds for unfinished uploads, wherever they are."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

KEEP_PARTS = 86_400
"""Seconds after which an abandoned upload is deleted."""
MAX_PARTS = 10
"""The most unfinished uploads that one person may have."""


class TooManyUploads(ValidationError):
    """The person has too many unfinished uploads to begin another one."""

    def __init__(self) -> None:
        message = _("You have begun %(count)d uploads that are not finished. Finish them, or wait until tomorrow.")
        super().__init__(message, code="parts", params={"count": MAX_PARTS})


class WrongOffset(Exception):
    """The bytes that were sent do not follow on those that have arrived."""
