"""What load balancers and monitors ask of one process, on any host name.

- `/-/live`: the process answers.
- `/-/ready`: readers may be sent here: 200 or 503, with the reasons. While the database is down, a process that has
  pages to show stays ready, because all machines lose the database together and readers would get nothing
  (docs/decisions/0070). `/-/ready?database` is 503 then, for balancers that send readers on if no machine is ready.
- `/-/health`: counts since the process's start; only to this machine, past the proxy and not by a reader's host.

Use `curl http://127.0.0.1:8000/-/health` on this machine. The first two are told to HEALTH_NETWORKS.
"""

import json
import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.recorder import MigrationRecorder

from pekon import draining
from regions.generations.snapshot import Poller, Snapshot

from .storage import MemoryStorage

PREFIX = "/-/"
PATH = "/-/health"
LIVE = "/-/live"
READY = "/-/ready"
_LOCAL_ADDRESSES = ("", "127.0.0.1", "::1")  # "": a Unix socket
_migrated = False


def is_asked_for(environ: dict[str, Any]) -> bool:
    """Whether the request is for /-/health and comes directly from this machine, not through a proxy."""
    is_direct = environ.get("REMOTE_ADDR", "") in _LOCAL_ADDRESSES and "HTTP_X_FORWARDED_FOR" not in environ
    return environ.get("PATH_INFO") == PATH and environ["REQUEST_METHOD"] == "GET" and is_direct


def is_probe(environ: dict[str, Any], path: str) -> bool:
    """Whether the request is for /-/live or /-/ready, and comes from HEALTH_NETWORKS."""
    return path in (LIVE, READY) and environ["REQUEST_METHOD"] in ("GET", "HEAD") and _is_allowed(_client(environ))


def describe(poller: Poller, memory: MemoryStorage, counts: Mapping[str, int]) -> bytes:
    """The state as JSON. `bytes` is the size of stored pages in all encodings, `max_bytes` is PAGE_CACHE_BYTES."""
    snapshot = poller.snapshot()
    state = {
        "process": os.getpid(),
        "database": "down" if poller.is_down else "up",
        "snapshot_age": round(snapshot.age, 3) if snapshot else None,
        "pages": {"stored": len(memory), "bytes": memory.size, "max_bytes": memory.max_size},
        "answers": dict(counts),
    }
    return json.dumps(state).encode() + b"\n"


def readiness(poller: Poller, last_snapshot: Callable[[], Snapshot | None], query: str) -> tuple[bool, bytes]:
    """Whether readers may be sent to this process, and why or why not as JSON.

    `last_snapshot` gives what other processes last read, for one that started while the database was down.
    """
    snapshot = poller.snapshot() or last_snapshot()
    can_show = snapshot is not None and (not poller.is_down or snapshot.age <= settings.PAGE_STALE_SECONDS)
    reasons = {
        "serving": not draining.is_draining(),
        "pages": can_show,
        "migrations": poller.is_down or _is_migrated(),
        "storage": _is_storage_there(),
    }
    is_ready = all(reasons.values()) and not (query == "database" and poller.is_down)
    return is_ready, json.dumps({"ready": {**reasons, "database": not poller.is_down}}).encode() + b"\n"


def _client(environ: dict[str, Any]) -> str:
    """The address that asks: with TRUSTED_PROXY_COUNT the one that our own proxies name, as allauth takes it."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR")
    if not forwarded:
        return str(environ.get("REMOTE_ADDR", ""))
    addresses = [address.strip() for address in forwarded.split(",")]
    count = settings.TRUSTED_PROXY_COUNT
    return addresses[-count] if 0 < count <= len(addresses) else "unknown"


@lru_cache(maxsize=1_024)
def _is_allowed(address: str) -> bool:
    if not address:
        return True
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed  # a socket for both families
    return any(parsed in network for network in settings.HEALTH_NETWORKS)


def _is_migrated() -> bool:
    """Whether the database has all migrations of this code. Asked until it is so, and then never again, because a
    newer release may add more while this one serves. Their names are read from the disk, because importing all
    migrations would take memory in each process."""
    global _migrated
    if not _migrated:
        try:
            applied = set(MigrationRecorder(connection).applied_migrations())
        except (DatabaseError, InterfaceError):
            return False
        finally:
            connection.close()
        _migrated = _on_disk() <= applied
    return _migrated


def _on_disk() -> set[tuple[str, str]]:
    found = set()
    for app in apps.get_app_configs():
        spec = find_spec(f"{app.name}.migrations")
        folders = list(spec.submodule_search_locations or ()) if spec else []
        found |= {(app.label, module.name) for module in iter_modules(folders) if module.name[0] not in "_~"}
    return found


def _is_storage_there() -> bool:
    """Whether a local folder of renditions, perhaps a mount, can be read and written. Buckets are not asked: all
    machines share them, and stories are read and published while they are away."""
    storage = storages["default"]
    if not isinstance(storage, FileSystemStorage):
        return True
    folder = Path(storage.location)
    return os.access(folder if folder.exists() else folder.parent, os.R_OK | os.W_OK | os.X_OK)
