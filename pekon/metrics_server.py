"""Tells the numbers of gunicorn's processes on METRICS_BIND: a thread of gunicorn's master, which serves no reader.

Each process writes its numbers into files below VAR_DIR/metrics, in a folder of this master's, and the master adds
them up when it is asked. Not to be imported before PROMETHEUS_MULTIPROC_DIR is set (deploy/gunicorn.conf.py).
"""

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

log = logging.getLogger("gunicorn.error")
RETRY_INTERVAL = 5.0
"""Seconds between attempts to listen, because after SIGUSR2 the former master holds the port for a while."""


def prepare(folder: Path) -> None:
    """Make the folder of this process's numbers, and delete those of masters that are gone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in folder.parent.iterdir():
        if other != folder and other.name.isdecimal() and not Path(f"/proc/{other.name}").exists():
            shutil.rmtree(other, ignore_errors=True)


def start(bind: str, folder: Path, count_workers: Callable[[], int]) -> None:
    """Answer on `bind`, `host:port`, from a thread."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    registry.register(_Workers(count_workers))
    threading.Thread(target=_listen, args=(bind, registry), name="metrics", daemon=True).start()


def forget(process: int) -> None:
    """Take the gauges of a worker that has ended out of the sums. Its counts stay."""
    mark_process_dead(process)  # type: ignore[no-untyped-call]


def _listen(bind: str, registry: CollectorRegistry) -> None:
    host, _colon, port = bind.rpartition(":")
    master = os.getpid()
    while os.getpid() == master:
        try:
            start_http_server(int(port), host.strip("[]"), registry)
        except OSError as error:
            log.warning("Numbers cannot be told on %s: %s", bind, error)
            time.sleep(RETRY_INTERVAL)
        else:
            return


class _Workers(Collector):
    def __init__(self, count: Callable[[], int]):
        self.count = count

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily("pekon_web_workers", "Processes of gunicorn that are alive", self.count())
