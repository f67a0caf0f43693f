"""Ends a server without an error for anybody behind a load balancer.

On SIGTERM gunicorn closes its listeners at once, and a balancer notices that only at its next probe. So with
DRAIN_SECONDS the master first makes /-/ready answer 503 in all its workers, goes on serving, and ends that much later.
Another SIGTERM ends it at once. Reloading (SIGHUP) drains nothing: the new workers have the same listeners.
"""

import mmap
import signal
import threading
from types import FrameType

_FLAG = mmap.mmap(-1, 1)  # memory that the master shares with the workers that it forks


def begin() -> None:
    _FLAG[0] = 1


def is_draining() -> bool:
    return _FLAG[0] == 1


def install(seconds: float) -> None:
    """Change what SIGTERM does in this process, gunicorn's master, whose own handler must be installed already."""
    stop = signal.getsignal(signal.SIGTERM)

    def drain(number: int, frame: FrameType | None) -> None:
        if not callable(stop):
            return
        if is_draining() or seconds <= 0:
            begin()
            stop(number, frame)
            return
        begin()
        timer = threading.Timer(seconds, stop, (number, None))
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, drain)
