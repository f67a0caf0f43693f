"""Nothing early, nothing missed: thousands of due times, read while the server is killed and started again.

    python -m benchmarks.due_times --stories 10000 --same-second 1000 --window 400 [--database-url postgres://…]

Every article is asked for twice on its regional host: once before its time, where any answer but 404 that was
complete before the due moment counts as early, and once just after it, where a request that was begun after the due
moment and is not answered 200 counts as missed. A connection that is refused, because the server has just been
killed, is tried again until the server is up; its first answer must be right. At the end the region's and the
network's indexes are walked, page by page, and must list every article exactly once. Exit status 1 if anything was
early or missed, or if the machine was too slow to check nine in ten articles before their time: then give it a longer
--window.
"""

import argparse
import http.client
import os
import random
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.server import Server

CLIENTS = 8
LEAD_IN = 8  # seconds from the last preparation to the first due time
KILL_EVERY = (5.0, 12.0)  # seconds


@dataclass
class Tally:
    early: int = 0
    missed: int = 0
    before: int = 0  # checks that were complete before the due time
    after: int = 0  # checks that began after it
    overtaken: int = 0  # checks meant for before it that the machine was too busy to make in time
    retries: int = 0
    kills: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, **counts: int) -> None:
        with self.lock:
            for name, count in counts.items():
                setattr(self, name, getattr(self, name) + count)


def prepare(stories: int, same_second: int, window: float) -> list[tuple[int, str, float]]:
    """Approve the articles in bulk; (id, path, due time in seconds since 1970) of each."""
    import django

    django.setup()
    from news.demo import builders
    from news.models import Article, Status
    from news.publishing import placements

    network = builders.make_network()
    region = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", network))
    section = builders.make_section()
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=LEAD_IN + stories / 1500)
    together = start + timedelta(seconds=int(window / 2))
    rng = random.Random(stories)
    dues = [together] * same_second + [
        start + timedelta(milliseconds=int(rng.uniform(0, window) * 1000)) for _n in range(stories - same_second)
    ]
    articles = Article.objects.bulk_create(
        [
            Article(
                region=region,
                section=section,
                title=f"Berita terjadwal nomor {number}",
                slug=f"berita-terjadwal-{number}",
                body="<p>Isi berita terjadwal.</p>",
                status=Status.APPROVED,
                published_at=due,
            )
            for number, due in enumerate(dues)
        ],
        batch_size=500,
    )
    ids = [article.pk for article in articles]
    for first in range(0, len(ids), 500):
        placements.rebuild(*ids[first : first + 500])
    if datetime.now(UTC) > start - timedelta(seconds=1):
        raise SystemExit("The machine is too slow for this many stories: raise LEAD_IN.")
    return [(article.pk, article.get_absolute_url(), article.published_at.timestamp()) for article in articles]


def check(
    server: Server, tally: Tally, local: threading.local, when: float, path: str, due: float, meant_before: bool
) -> None:
    """Ask for one article at `when`, and compare the answer with its due time."""
    if not hasattr(local, "connection"):
        local.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    time.sleep(max(0.0, when - time.time()))
    while True:
        begun = time.time()
        try:
            status = server.get(path, "payakumbuh", local.connection)
        except OSError:
            tally.add(retries=1)
            time.sleep(0.1)
            continue
        ended = time.time()
        if ended < due:
            tally.add(before=1, early=status != 404)
        elif begun >= due:
            tally.add(after=not meant_before, overtaken=meant_before, missed=status != 200)
        else:
            tally.add(overtaken=1)
        return


def kill_and_restart(server: Server, tally: Tally, finished: threading.Event) -> None:
    rng = random.Random(1)
    while not finished.wait(rng.uniform(*KILL_EVERY)):
        server.kill()
        server.start()
        tally.add(kills=1)


def count_listed(server: Server, host: str) -> tuple[int, int]:
    """How many articles the index of `host` lists, page after page, and how many of them are different."""
    seen: list[str] = []
    path = "/indeks/"
    while path:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        label = f"{host}." if host else ""
        connection.request("GET", path, headers={"Host": f"{label}localhost:{server.port}"})
        page = connection.getresponse().read().decode()
        connection.close()
        seen += re.findall(r'card-title"><a href="([^"]+)"', page)
        older = re.search(r'rel="next" href="(\?[^"]+)"', page)
        path = f"/indeks/{older[1]}" if older else ""
    return len(seen), len(set(seen))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--stories", type=int, default=10_000)
    options.add_argument("--same-second", type=int, default=1_000)
    options.add_argument("--window", type=float, default=400.0, help="seconds over which the due times are spread")
    options.add_argument("--database-url", default="", help="a PostgreSQL server; without it, SQLite")
    asked = options.parse_args()
    tally, finished, local = Tally(), threading.Event(), threading.local()
    with Server(asked.database_url) as server:
        os.environ.update(server.env)
        stories = prepare(asked.stories, asked.same_second, asked.window)
        rng = random.Random(2)
        first_due = min(due for _pk, _path, due in stories)
        plan = [(max(first_due - LEAD_IN, due - rng.uniform(3, 40)), path, due, True) for _pk, path, due in stories]
        plan += [(due + rng.uniform(0, 0.3), path, due, False) for _pk, path, due in stories]
        plan.sort()
        killer = threading.Thread(target=kill_and_restart, args=(server, tally, finished))
        killer.start()
        with ThreadPoolExecutor(CLIENTS) as clients:
            for done in [clients.submit(check, server, tally, local, *step) for step in plan]:
                done.result()
        finished.set()
        killer.join()
        behind = time.time() - max(due for _pk, _path, due in stories)
        listed = {host or "network": count_listed(server, host) for host in ("payakumbuh", "")}
    kind = "PostgreSQL" if asked.database_url else "SQLite"
    complete = all(counts == (asked.stories, asked.stories) for counts in listed.values())
    print(
        f"{kind}: {asked.stories} due times over {asked.window:g} s, {asked.same_second} in one second; "
        f"server killed {tally.kills} times, {tally.retries} connections tried again\n"
        f"checked before {tally.before}, after {tally.after}, overtaken {tally.overtaken}; ended {behind:.1f} s after "
        f"the last due time: "
        f"{tally.early} early, {tally.missed} missed; listed {listed}"
    )
    enough = tally.after == asked.stories and tally.before > 0.9 * asked.stories
    return 0 if complete and enough and not tally.early and not tally.missed else 1


if __name__ == "__main__":
    sys.exit(main())
