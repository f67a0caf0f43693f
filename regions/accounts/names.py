"""Whose name or address is this? The one answer for logging in, inviting and changing an account.

Databases differ in what they hold to be the same letter (PostgreSQL's capital of `ı` is `I`), so they only propose
candidates, and Python decides.
"""

import unicodedata

from django.contrib.auth.models import User
from django.db.models import Q


def normalised(typed: str) -> str:
    """One form for every way of typing a name: full-width letters, capitals and spaces around make no difference."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def holders(typed: str) -> list[User]:
    """Every account, active or not, with this address: its own, or one that it has confirmed."""
    address = normalised(typed)
    return [user for user in _candidates(address) if address in _addresses(user)]


def find(typed: str) -> User | None:
    """The account with this user name, or else with this address; None where two could be meant."""
    name = normalised(typed)
    candidates = _candidates(name)
    named = [user for user in candidates if normalised(user.username) == name]
    found = named or [user for user in candidates if name in _addresses(user)]
    return found[0] if len(found) == 1 else None


def _candidates(name: str) -> list[User]:
    confirmed = Q(emailaddress__email__iexact=name, emailaddress__verified=True)
    rows = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name) | confirmed)
    return list(rows.distinct().order_by("pk").prefetch_related("emailaddress_set"))


def _addresses(user: User) -> set[str]:
    confirmed = [row.email for row in user.emailaddress_set.all() if row.verified]  # type: ignore[attr-defined]
    return {normalised(address) for address in (user.email, *confirmed) if address}
