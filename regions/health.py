"""How a process is: what a load balancer or a monitor on the same machine asks.

`curl http://127.0.0.1:8000/-/health`, from this machine, by its address and not through a proxy. 503 while nothing
can be shown. The counts are those of the process that answers, since it began; `process` tells which that is.
"""

import json
import os
from collections.abc import Mapping
from typing import Any

from .board import Board
from .pagestore import Store

PATH = "/-/health"
_HERE = ("", "127.0.0.1", "::1")  # "": a Unix socket


def asks(environ: dict[str, Any]) -> bool:
    """Whether somebody on this machine asks, and not a proxy for somebody elsewhere."""
    is_direct = environ.get("REMOTE_ADDR", "") in _HERE and "HTTP_X_FORWARDED_FOR" not in environ
    return environ.get("PATH_INFO") == PATH and environ["REQUEST_METHOD"] == "GET" and is_direct


def describe(board: Board, store: Store, counts: Mapping[str, int]) -> bytes:
    """JSON. Bytes are of kept pages in all encodings; `room` is PAGE_CACHE_BYTES."""
    told = {
        "process": os.getpid(),
        "database": "down" if board.is_down else "up",
        "pages": {"kept": len(store), "bytes": store.size, "room": store.room},
        "answers": dict(counts),
    }
    return json.dumps(told).encode() + b"\n"
