"""The operator's note to the newsroom, and the switch that makes it read-only (`manage.py read_only`).

Both are one entry of the cache that all processes and machines share in the database, so each of them knows after
INTERVAL. Readers are served as always; an entry that got lost would only let the newsroom write again.
"""

import logging
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.db import DatabaseError, InterfaceError

log = logging.getLogger(__name__)
INTERVAL = 1.0
"""Seconds for which a process remembers what it has read."""
_KEY = "maintenance"


@dataclass(frozen=True, slots=True)
class Maintenance:
    note: str = ""  # shown on every page of the newsroom
    is_read_only: bool = False


_known = Maintenance()
_known_until = 0.0  # on the monotonic clock


def current() -> Maintenance:
    """What the operator has switched. While the database is down, it is what was known before."""
    global _known, _known_until
    if time.monotonic() >= _known_until:
        try:
            _known = Maintenance(*cache.get(_KEY, ()))
        except (DatabaseError, InterfaceError) as error:
            log.warning("Whether the newsroom is read-only cannot be read: %s", error)
        _known_until = time.monotonic() + INTERVAL
    return _known


def switch(to: Maintenance) -> None:
    """Tell all processes. `Maintenance()` ends it. Raises DatabaseError."""
    if to == Maintenance():
        cache.delete(_KEY)
    else:
        cache.set(_KEY, (to.note, to.is_read_only), timeout=None)
    forget()


def forget() -> None:
    """Ask the database at the next opportunity, in this process."""
    global _known, _known_until
    _known, _known_until = Maintenance(), 0.0
