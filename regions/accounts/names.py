"""From what a person types as their name to the one account that it means."""

import unicodedata

from django.contrib.auth.models import User
from django.db.models import Q


def normalised(typed: str) -> str:
    """One form for every way of typing a name: full-width letters, capitals and spaces around make no difference."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def find(typed: str) -> User | None:
    """The account with this user name, or else with this verified or own address; None where two could be meant."""
    name = normalised(typed)
    by_address = Q(email__iexact=name) | Q(emailaddress__email__iexact=name, emailaddress__verified=True)
    found = {user.pk: user for user in User.objects.filter(Q(username__iexact=name) | by_address)}.values()
    exact = [user for user in found if user.username.casefold() == name]
    candidates = exact or list(found)
    return candidates[0] if len(candidates) == 1 else None
