"""Thousands at once for a page that is stored nowhere: every process makes it at most once, and everybody gets it.

    python -m benchmarks.stampede --clients 5000 [--rounds 3] [--database-url postgres://…]

All connections are open before the first request is sent, through the shipped nginx and then to gunicorn itself.
Before each round every region is bumped, so that the page has to be made anew. Exit status 1 if a process made it
twice or a request failed.
"""

import argparse
import asyncio
import os
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.measure import keep
from tests.nginx import Nginx
from tests.server import Server

SEED = """
import django; django.setup()
from news.demo import builders
city = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", builders.make_network()))
for _n in range(30):
    story = builders.make_live(city)
print(story.get_absolute_url())
"""
BUMP = """
import django; django.setup()
from regions import generations
generations.bump([generations.EVERYWHERE])
"""


async def ask(port: int, path: str, ready: asyncio.Event, opened: asyncio.Semaphore) -> str:
    async with opened:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await ready.wait()
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: payakumbuh.localhost\r\nConnection: close\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.read(), 120)
        return answer[9:12].decode() or "nothing"
    except (OSError, TimeoutError) as error:
        return type(error).__name__
    finally:
        writer.close()


async def stampede(clients: int, port: int, path: str) -> tuple[Counter[str], float]:
    ready, opened = asyncio.Event(), asyncio.Semaphore(200)
    tasks = [asyncio.create_task(ask(port, path, ready, opened)) for _n in range(clients)]
    await asyncio.sleep(clients / 2000)
    began = time.monotonic()
    ready.set()
    return Counter(await asyncio.gather(*tasks)), time.monotonic() - began


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--clients", type=int, default=5_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--database-url", default="")
    asked = options.parse_args()
    renders = Path(f"/tmp/pekon-renders-{os.getpid()}")
    renders.touch()
    bad, found = False, []
    with (
        Server(asked.database_url, asked.processes, "benchmarks.counted", RENDERS=str(renders)) as server,
        Nginx(server) as nginx,
    ):
        path = server.run("-c", SEED).split()[-1]
        for way, port, clients in [("nginx", nginx.port, asked.clients), ("gunicorn", server.port, asked.clients // 5)]:
            for _round in range(asked.rounds):
                server.run("-c", BUMP)
                time.sleep(2.2)
                before = len(renders.read_text().splitlines())
                statuses, seconds = asyncio.run(stampede(clients, port, path))
                made = Counter(line.split()[0] for line in renders.read_text().splitlines()[before:])
                wrong = statuses["200"] != clients or max(made.values(), default=0) > 1
                bad |= wrong
                found.append({"way": way, "clients": clients, "statuses": statuses, "renders": sorted(made.values())})
                print(f"{way}: {clients} at once, {dict(statuses)} in {seconds:.1f} s; renders by process: "
                      f"{sorted(made.values())}")  # fmt: skip
    renders.unlink()
    keep("stampede", rounds=found)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
