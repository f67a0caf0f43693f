"""What request ids, numbers and log lines add to a stored page: the WSGI call alone, in one process, without a network.

Each way has a process of its own, because the settings are read once. Prints the median of a call, in microseconds.
"""

import argparse
import io
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.server import ROOT, Server

WAYS: dict[str, dict[str, str]] = {
    "nothing on": {},
    "numbers": {"METRICS_BIND": "127.0.0.1:8239"},
    "numbers, JSON, ids": {"METRICS_BIND": "127.0.0.1:8239", "LOG_FORMAT": "json"},
    "numbers, a text line each": {"METRICS_BIND": "127.0.0.1:8239", "ACCESS_LOG": "true"},
    "numbers, a JSON line each": {"METRICS_BIND": "127.0.0.1:8239", "ACCESS_LOG": "true", "LOG_FORMAT": "json"},
}
SEED = "import django; django.setup(); from news.demo import builders; builders.make_network()"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(_measure(options.requests)))
        return
    server = Server()
    server.prepare()
    try:
        server.run("-c", SEED)
        times: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(options.rounds):
            for way, environment in WAYS.items():
                times[way].append(_in_process(server, environment, options.requests))
    finally:
        server.__exit__()
    bare = min(times["nothing on"])
    for way, measured in times.items():
        print(f"{way:<27} {min(measured):6.1f} µs a stored page, {min(measured) - bare:+6.1f}")
    print(f"(best of {options.rounds} medians of {options.requests:,} calls; load {os.getloadavg()[0]:.1f})")


def _in_process(server: Server, environment: dict[str, str], requests: int) -> float:
    with tempfile.TemporaryDirectory(prefix="pekon-metrics-") as folder:
        numbers = {"PROMETHEUS_MULTIPROC_DIR": folder} if "METRICS_BIND" in environment else {}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.observed", "--inside", "--requests", str(requests)],
            cwd=ROOT, env=server.env | environment | numbers, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            check=True, text=True,
        )  # fmt: skip
    return float(json.loads(done.stdout))


def _measure(requests: int) -> float:
    from django.conf import settings

    from pekon.wsgi import application

    logging.getLogger("pekon.access").addHandler(logging.NullHandler())
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "", "HTTP_HOST": settings.DOMAIN,
        "HTTP_ACCEPT_ENCODING": "br", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.multithread": True,
    }  # fmt: skip
    answered: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        answered.append(status)

    b"".join(application(dict(environ), start_response))
    assert answered == ["200 OK"], answered
    times = []
    for _ in range(requests):
        own = dict(environ)
        began = time.perf_counter()
        application(own, start_response)
        times.append(time.perf_counter() - began)
    return median(times) * 1e6


if __name__ == "__main__":
    assert Path(ROOT, "manage.py").exists()
    main()
