"""Counting reads on gunicorn with several processes: 10,000 beacons from 50 clients, robots and prefetches among them.

Each of 50 clients (told apart by the address that a trusted proxy would forward) reads 40 articles five times. Right is
2,000; robots' and prefetches' beacons, one in ten more, count nothing. Also: how long a beacon's answer takes.
"""

import argparse
import http.client
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product

from tests.server import Server

CLIENTS, STORIES, TIMES = 50, 40, 5
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36"
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
SEED = """
import django; django.setup()
from news.demo import builders
region = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", builders.make_network()))
print(*(builders.make_live(region).pk for _number in range({count})))
"""
COUNT = """
import django; django.setup()
from django.db.models import Sum
from news.popularity.models import HourlyReads
print(HourlyReads.objects.aggregate(all=Sum("reads"))["all"] or 0)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="")
    options = parser.parse_args()
    environment = {"READS_EVERY": "1", "TRUSTED_PROXY_COUNT": "1"}
    with Server(options.database_url, workers=3, **environment) as server:
        stories = server.run("-c", SEED.format(count=STORIES)).split()[-STORIES:]
        # If an hour ended in between, a reader would rightly be counted twice.
        if time.time() % 3600 > 3480:
            time.sleep(3600 - time.time() % 3600 + 1)
        beacons = [
            (story, client, PHONE, {}) for _turn, client, story in product(range(TIMES), range(CLIENTS), stories)
        ]
        beacons += [(story, client, ROBOT, {}) for client, story in product(range(CLIENTS, CLIENTS + 12), stories)]
        beacons += [
            (story, client, PHONE, {"Sec-Purpose": "prefetch"})
            for client, story in product(range(CLIENTS, CLIENTS + 12), stories)
        ]
        started = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            times = [took for part in pool.map(lambda n: send(server.port, beacons[n::8]), range(8)) for took in part]
        seconds = time.monotonic() - started
        deadline = time.monotonic() + 60
        counted = -1
        while time.monotonic() < deadline and counted != CLIENTS * STORIES:
            time.sleep(2)
            counted = int(server.run("-c", COUNT).split()[-1])
    right = CLIENTS * STORIES
    print("PostgreSQL" if options.database_url else "SQLite")
    print(f"  {len(beacons):,} beacons in {seconds:.0f} s, answered in")
    print(f"  median {statistics.median(times):.1f} ms, p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms;")
    print(f"  {counted:,} reads counted, {right:,} are right: {abs(counted - right) / right:.2%} off")
    assert abs(counted - right) <= right / 100


def send(port: int, beacons: list) -> list[float]:
    connection, times = http.client.HTTPConnection("127.0.0.1", port, timeout=30), []
    for story, client, browser, headers in beacons:
        forwarded = {"X-Forwarded-For": f"203.0.113.{client}", "X-Forwarded-Proto": "http", "User-Agent": browser}
        start = time.perf_counter()
        connection.request(
            "POST", f"/dibaca/{story}/", headers={"Host": f"payakumbuh.localhost:{port}"} | forwarded | headers
        )
        response = connection.getresponse()
        response.read()
        assert response.status == 204, response.status
        times.append((time.perf_counter() - start) * 1000)
    return times


if __name__ == "__main__":
    main()
