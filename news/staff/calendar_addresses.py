"""Makes, finds and ends people's secret calendar addresses.

An address opens what its person may see at that moment, without a log-in. It ends when the person makes another one,
revokes it, changes the password, gets or loses a second factor, loses the last role, or leaves.
"""

import hashlib
import secrets

from django.contrib.auth.models import User

from news.models import CalendarAddress
from regions.permissions import access
from regions.permissions.access import Permission


def renew(person: User) -> str:
    """Store a new secret for the person and return it; a former one ends. It cannot be read again."""
    token = secrets.token_urlsafe(32)
    values = {"token_digest": _digest(token), "with_second_factor": access.has_second_factor(person)}
    CalendarAddress.objects.update_or_create(person=person, defaults=values)
    return token


def revoke(person: User) -> None:
    """End the person's address, if there is one."""
    CalendarAddress.objects.filter(person=person).delete()


def of(person: User) -> CalendarAddress | None:
    """The person's address, if it is valid."""
    address = CalendarAddress.objects.filter(person=person).first()
    return address if address and _is_valid(address) else None


def person_of(token: str) -> User | None:
    """Whose address this is. None for every address that is not valid."""
    address = CalendarAddress.objects.select_related("person").filter(token_digest=_digest(token)).first()
    return address.person if address and _is_valid(address) else None


def _is_valid(address: CalendarAddress) -> bool:
    """Whether the person still works here, with a second factor as when the address was made.

    Otherwise an address from a session by password alone would show more, once the person has a second factor.
    """
    person = address.person
    if address.with_second_factor != access.has_second_factor(person):
        return False
    return bool(access.branches_for(person, Permission.WRITE))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
