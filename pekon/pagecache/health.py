"""The state of one process, for a load balancer or a monitor on the same machine.

Use `curl http://127.0.0.1:8000/-/health` on this machine, directly and not through a proxy. The answer is 503 while no
page can be shown. The counts are those of the answering process since its start; `process` is its id.
"""

import json
import os
from collections.abc import Mapping
from typing import Any

from regions.generations.snapshot import Poller

from .storage import MemoryStorage

PATH = "/-/health"
_LOCAL_ADDRESSES = ("", "127.0.0.1", "::1")  # "": a Unix socket


def is_asked_for(environ: dict[str, Any]) -> bool:
    """Whether the request is for this address and comes directly from this machine, not through a proxy."""
    is_direct = environ.get("REMOTE_ADDR", "") in _LOCAL_ADDRESSES and "HTTP_X_FORWARDED_FOR" not in environ
    return environ.get("PATH_INFO") == PATH and environ["REQUEST_METHOD"] == "GET" and is_direct


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
