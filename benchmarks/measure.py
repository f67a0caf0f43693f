"""What the benchmarks have in common: processor time of processes, medians with their spread, kept results."""

import http.client
import json
import os
import statistics
import time
from pathlib import Path
from typing import Any

from tests.server import Server

RESULTS = Path(__file__).parent / "results"


def processor_seconds(pids: list[int]) -> float:
    """The time that these processes have run, on all of their threads, to the nanosecond."""
    threads = [thread for pid in pids for thread in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


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
        except (OSError, http.client.HTTPException):  # gunicorn ends what was idle for two seconds
            self.connection.close()
            return self._get(path, self.headers | more)

    def _get(self, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        response.body = response.read()  # type: ignore[attr-defined]
        return response


def cost(pids: list[int], client: Client, pages: list[tuple[str, str]]) -> float:
    """Milliseconds of the processes' time for each of these requests (host, path), all of which must be answered
    200."""
    before = processor_seconds(pids)
    for host, path in pages:
        client.headers["Host"] = host
        status = client.get(path).status
        if status != 200:
            raise SystemExit(f"{host}{path}: {status}")
    return (processor_seconds(pids) - before) / len(pages) * 1000


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
