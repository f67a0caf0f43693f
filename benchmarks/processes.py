"""What a process of gunicorn costs before it has served a page: memory, and the time from its start to ready.

Memory is told as RSS and as PSS, in which what several processes share counts once in all.
"""

import argparse
import http.client
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.server import Server

MAX_MEMORY = 110  # MB of RSS in each worker
MAX_START = 6.0  # seconds
PATIENCE = 120.0  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="a PostgreSQL server; SQLite without it")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    starts, memory = [], []
    server = Server(options.database_url, workers=2)
    server.prepare()
    try:
        for _ in range(options.rounds):
            starts.append(_start(server))
            memory.append([_memory(pid) for pid in server.processes])
            server.kill()
    finally:
        server.__exit__()
    rss = max(worker[0] for workers in memory for worker in workers)
    pss = max(worker[1] for workers in memory for worker in workers)
    best = min(starts)
    seconds = ", ".join(f"{start:.1f}" for start in starts)
    load = os.getloadavg()[0]
    print(f"A worker before pages: {rss:.0f} MB RSS, {pss:.0f} MB PSS (budget {MAX_MEMORY} MB RSS)")
    print(f"From start to ready: {best:.1f} s at best of {seconds} (budget {MAX_START:.0f} s; load {load:.1f})")
    return int(rss > MAX_MEMORY or best > MAX_START)


def _start(server: Server) -> float:
    """Start gunicorn; the seconds until /-/ready answers 200."""
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", server.application]
    began = time.perf_counter()
    with (server.folder / "gunicorn.log").open("ab") as log:
        server._process = subprocess.Popen(
            command, cwd=server.root, env=server.env, stdout=log, stderr=log, start_new_session=True
        )
    while time.perf_counter() - began < PATIENCE:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        try:
            connection.request("GET", "/-/ready")
            if connection.getresponse().status == 200:
                return time.perf_counter() - began
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.02)
    raise RuntimeError((server.folder / "gunicorn.log").read_text()[-4000:])


def _memory(pid: int) -> tuple[float, float]:
    """RSS and PSS of a process, in MB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    values = {line.split(":")[0]: int(line.split()[1]) for line in rollup.splitlines() if line.endswith("kB")}
    return values["Rss"] / 1_024, values["Pss"] / 1_024


if __name__ == "__main__":
    sys.exit(main())
