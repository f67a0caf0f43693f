"""What the benchmarks have in common: processor time of processes, medians with their spread, files of results."""

import http.client
import json
import multiprocessing
import os
import statistics
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from tests.server import Server, children_of

RESULTS = Path(__file__).parent / "results"
CONNECTIONS = 16
"""A reader each, that stays connected."""


def processor_seconds(pids: list[int]) -> float:
    """The time that these processes have run, on all of their threads, to the nanosecond."""
    threads = [thread for pid in pids for thread in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


@cache
def _postmaster(database_url: str) -> int:
    """The process that PostgreSQL's others are children of. It must run on this machine."""
    with psycopg.connect(database_url) as connection:
        status = Path(f"/proc/{connection.info.backend_pid}/status").read_text()
    return int(status.partition("PPid:")[2].split()[0])


def database_seconds(database_url: str) -> float:
    """The time that all processes of the PostgreSQL server have run, those included that have ended since it
    started: a connection that is closed takes its process with it."""
    postmaster = _postmaster(database_url)
    while True:
        ended = _seconds_of_ended_children(postmaster)
        try:
            running = processor_seconds([postmaster, *children_of(postmaster)])
        except (FileNotFoundError, ProcessLookupError):  # one ended meanwhile
            continue
        if ended == _seconds_of_ended_children(postmaster):
            return ended + running


def _seconds_of_ended_children(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")  # cutime, cstime: proc(5)


class Other(Server):
    """Another WSGI application under the same gunicorn, to compare with."""

    def prepare(self) -> None:
        pass


class Client:
    """One connection that stays open."""

    def __init__(self, port: int, host: str, **headers: str):
        self.port, self.headers = port, {"Host": host} | {k.replace("_", "-"): v for k, v in headers.items()}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """The response, read; its bytes are its `body`."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            return self._get(path, self.headers | more)
        except (OSError, http.client.HTTPException):  # gunicorn closes a connection that was idle for two seconds
            self.connection.close()
            return self._get(path, self.headers | more)

    def _get(self, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        response.body = response.read()
        return response


class Readers:
    """A process with so many connections, which ask for pages at the same time."""

    def __init__(self, connections: int):
        self.connections = connections

    def __enter__(self) -> "Readers":
        self._process = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.shutdown()

    def ask(self, port: int, pages: list[tuple[str, str]]) -> None:
        """Ask for each of these (host, path) once. All must be answered 200."""
        self._process.submit(_ask, port, pages, self.connections).result()


def _ask(port: int, pages: list[tuple[str, str]], connections: int) -> None:
    left = iter(pages)

    def read() -> None:
        client = Client(port, "localhost", Accept_Encoding="br")
        for host, path in left:
            client.headers["Host"] = host
            status = client.get(path).status
            if status != 200:
                raise RuntimeError(f"{host}{path}: {status}")
        client.connection.close()

    with ThreadPoolExecutor(connections) as threads:
        for done in [threads.submit(read) for _n in range(connections)]:
            done.result()


def spread(values: list[float]) -> dict[str, float]:
    """Median and the range of the middle half."""
    quarters = statistics.quantiles(values, n=4) if len(values) > 1 else [values[0]] * 3
    return {"median": round(statistics.median(values), 3), "from": round(quarters[0], 3), "to": round(quarters[2], 3)}


def told(values: dict[str, float], unit: str = "") -> str:
    return f"{values['median']:g}{unit} ({values['from']:g} to {values['to']:g})"


def keep(name: str, **found: Any) -> None:
    """Write what was found to benchmarks/results/, one file a run."""
    RESULTS.mkdir(exist_ok=True)
    moment = time.strftime("%Y-%m-%d-%H%M%S", time.gmtime())
    text = json.dumps({"at": moment, "load": os.getloadavg(), **found}, indent=1)
    (RESULTS / f"{name}-{moment}.json").write_text(f"{text}\n")
