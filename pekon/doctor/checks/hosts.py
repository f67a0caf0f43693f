"""Names: whether the domain, the newsroom, every open edition and the wildcard have an address in DNS."""

import secrets
import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.conf import settings

from pekon.doctor.registry import Finding, Options, check, fail, ok, skip
from regions.models import Region

_AT_ONCE = 16


def is_local() -> bool:
    """Whether DOMAIN is a name that only browsers resolve, as on a developer's machine."""
    return settings.HOST_NAME == "localhost" or settings.HOST_NAME.endswith(".localhost")


@cache
def wildcard() -> str:
    """A host that only the wildcard answers for."""
    return f"{secrets.token_hex(6)}.{settings.HOST_NAME}"


def newsroom() -> str:
    return f"{settings.NEWSROOM_LABEL}.{settings.HOST_NAME}"


@check("names", needs_database=True)
def dns(options: Options) -> Iterator[Finding]:
    if is_local():
        yield skip(f"{settings.HOST_NAME} is in no DNS")
        return
    editions = [region.host_name for region in Region.objects.open().exclude(subdomain="").only("subdomain")]
    missing = _unresolved([settings.HOST_NAME, newsroom(), wildcard(), *editions])
    if wildcard() in missing:
        yield fail(
            f"*.{settings.HOST_NAME} has no address",
            f"Add a wildcard record (*.{settings.HOST_NAME}) to the zone, with the proxy's address (A and AAAA): "
            "without it every new edition needs a record of its own.",
        )
    named = [name for name in missing if name != wildcard()]
    if named:
        more = f" and {len(named) - 5} more" if len(named) > 5 else ""
        yield fail(f"no address: {', '.join(named[:5])}{more}", "Add A and AAAA records with the proxy's address.")
    if not missing:
        yield ok(f"{settings.HOST_NAME}, the newsroom, the wildcard and {len(editions)} open editions have addresses")


def _unresolved(names: Iterable[str]) -> list[str]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = list(pool.map(lambda name: (name, _resolves(name)), dict.fromkeys(names)))
    return [name for name, resolves in found if not resolves]


def _resolves(name: str) -> bool:
    try:
        return bool(socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
    except OSError:
        return False
