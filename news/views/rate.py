"""How often one address may ask the API in a minute: counted in this process alone, and forgotten with the minute.

A limit for all processes together is the proxy's (docs/operators.md); this one keeps a loop in somebody's script from
being felt where there is no proxy.
"""

import time
from collections import Counter

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

_asked: Counter[str] = Counter()
_minute = 0


def too_often(request: HttpRequest) -> int:
    """Seconds that the client should wait; 0 if it may ask."""
    global _minute
    if not settings.API_PER_MINUTE:
        return 0
    now = int(time.time())
    if now // 60 != _minute:
        _asked.clear()
        _minute = now // 60
    try:
        address = get_adapter().get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):  # no address: all of these together are one client
        address = ""
    _asked[address] += 1
    return 60 - now % 60 if _asked[address] > settings.API_PER_MINUTE else 0
