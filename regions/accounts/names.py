"""Finds accounts by user name or address, with the same rules for logging in, inviting and changing an account.

Databases differ in which letters they consider equal (PostgreSQL's capital of `ı` is `I`), so they only select
candidates, which are then compared in Python.
"""

import unicodedata

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db.models import Prefetch, Q

_ADDRESSES = "confirmed_addresses"  # attribute set by `_candidates`


def normalised(typed: str) -> str:
    """A name or address in a form for comparison: full-width letters, capitals and surrounding spaces do not matter."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def holders(typed: str) -> list[User]:
    """All accounts, active or not, that have this address as their own or as a confirmed one."""
    address = normalised(typed)
    return [user for user in _candidates(address) if address in _addresses(user)]


def find(typed: str) -> User | None:
    """The account with this user name, or else with this address; None if there is none or several."""
    name = normalised(typed)
    candidates = _candidates(name)
    named = [user for user in candidates if normalised(user.username) == name]
    matching = named or [user for user in candidates if name in _addresses(user)]
    return matching[0] if len(matching) == 1 else None


def _candidates(name: str) -> list[User]:
    confirmed = Q(emailaddress__email__iexact=name, emailaddress__verified=True)
    addresses = Prefetch("emailaddress_set", EmailAddress.objects.filter(verified=True), to_attr=_ADDRESSES)
    rows = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name) | confirmed)
    return list(rows.distinct().order_by("pk").prefetch_related(addresses))


def _addresses(user: User) -> set[str]:
    confirmed = [row.email for row in getattr(user, _ADDRESSES)]
    return {normalised(address) for address in (user.email, *confirmed) if address}
