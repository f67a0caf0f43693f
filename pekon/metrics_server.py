"""Tells the numbers of gunicorn's processes on METRICS_BIND: a thread of gunicorn's master, which serves no reader.

Each process writes its numbers into files below VAR_DIR/metrics, in a folder of its master's, which holds a lock on it
for as long as it lives. Whichever master has the port reads the folders of all of them: two gunicorns share a machine
(deploy/systemd), and after SIGUSR2 the former master goes on for a while. /proc cannot tell who is alive, because
systemd hides the processes of other units. Not to be imported before PROMETHEUS_MULTIPROC_DIR is set
(deploy/gunicorn.conf.py).
"""

import errno
import fcntl
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, start_http_server
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

log = logging.getLogger("gunicorn.error")
RETRY_INTERVAL = 5.0
"""Seconds between attempts to listen while another master has the port."""


def prepare(folder: Path) -> int:
    """Make the folder of this process's numbers, and delete those of masters that are gone.

    Returns the lock as a file descriptor, which is never to be closed.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    parent = os.open(folder.parent, os.O_RDONLY)
    try:
        fcntl.flock(parent, fcntl.LOCK_EX)  # nobody takes a folder for a dead one's before it is locked
        for other in folder.parent.iterdir():
            if other.is_dir() and not _is_alive(other):
                shutil.rmtree(other, ignore_errors=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_SH)
        return held
    finally:
        os.close(parent)


def start(bind: str, folder: Path) -> None:
    """Answer on `bind`, `host:port`, from a thread."""
    registry = CollectorRegistry()
    registry.register(Masters(folder.parent))
    threading.Thread(target=_listen, args=(bind, registry), name="metrics", daemon=True).start()


def count_worker() -> None:
    """Count this process, a worker, until `forget`."""
    Gauge("pekon_web_workers", "Processes of gunicorn that are alive", multiprocess_mode="livesum").set(1)


def forget(process: int) -> None:
    """Take the gauges of a worker that has ended out of the sums. Its counts stay."""
    mark_process_dead(process)  # type: ignore[no-untyped-call]


class Masters(Collector):
    """The sums of each living master's processes, with the label `master`.

    They are not added up further: a sum would fall when one master ends, and Prometheus takes a count that falls for
    one that began anew, so that all counts of the others would seem to be new.
    """

    def __init__(self, parent: Path):
        self.parent = parent

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for folder in sorted(self.parent.iterdir()):
            if not folder.is_dir() or not _is_alive(folder):
                continue
            files = [str(path) for path in folder.glob("*.db")]
            for metric in MultiProcessCollector.merge(files):  # type: ignore[no-untyped-call]
                samples = [s._replace(labels={**s.labels, "master": folder.name}) for s in metric.samples]
                families.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
                families[metric.name].samples += samples
        yield from families.values()


def _is_alive(folder: Path) -> bool:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:  # another master has just deleted it
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _listen(bind: str, registry: CollectorRegistry) -> None:
    host, _colon, port = bind.rpartition(":")
    master, has_told = os.getpid(), False
    while os.getpid() == master:
        try:
            start_http_server(int(port), host.strip("[]"), registry)
        except OSError as error:
            if not has_told:
                level = logging.INFO if error.errno == errno.EADDRINUSE else logging.WARNING
                log.log(level, "Numbers are not told on %s by this gunicorn, which tries on: %s", bind, error)
            has_told = True
            time.sleep(RETRY_INTERVAL)
        else:
            log.info("Numbers are told on %s", bind)
            return
