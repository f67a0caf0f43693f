"""Never older than a second: writers and readers against real processes, with pauses injected where a race could hide.

    python -m benchmarks.staleness --seconds 600 --writers 50 --readers 200 --database-url postgres://…

Every article's title holds a count of its changes. Writers change titles and publish new articles through the workflow
and note the moment of each commit; random pauses stand between write and commit (in the writers) and between read and
answer (in the server, benchmarks/paused.py). Readers ask for articles, indexes and fronts, often with
If-None-Match. A page is stale if it was asked for more than a second after the commit of a change that it does not
show. An answer 304 is wrong if the bytes that the tag stood for are not those that a reader was last given with that
tag. Exit status 1 if anything was stale or wrong.
"""

import argparse
import hashlib
import multiprocessing
import os
import queue
import random
import re
import sys
import threading
import time
from typing import Any

from benchmarks.measure import Client, keep
from tests.server import Server

STORIES_A_WRITER = 4
ALLOWED = 1.0  # seconds
PAUSE = 0.3  # seconds at most, between write and commit
AGAIN = 0.95  # how often a reader asks for the same page once more, with its tag
COUNT = re.compile(r"Berita (\d+)-(\d+) hitungan (\d+)")


def seed(writers: int) -> dict[str, Any]:
    """Three regions that writers share, and articles that only their own writer changes."""
    import django

    django.setup()
    from news.demo import builders

    network = builders.make_network()
    province = builders.make_region("sumaterabarat", network)
    cities = [builders.make_region(name, province) for name in ("payakumbuh", "padang", "solok")]
    builders.make_user("admin", is_superuser=True)
    pages: dict[str, Any] = {}
    for writer in range(writers):
        for number in range(STORIES_A_WRITER):
            city = cities[(writer + number) % len(cities)]
            story = builders.make_live(city, title=f"Berita {writer}-{number} hitungan 0")
            pages[f"{writer}-{number}"] = (story.pk, city.subdomain, story.get_absolute_url())
    return pages


def write(writer: int, pages: dict[str, Any], committed: Any, until: float, lowest: float) -> None:
    """Change one of this writer's articles after another."""
    from django.db import OperationalError

    from news.models import Article
    from news.publishing import placements
    from regions import generations

    rng = random.Random(writer)
    counts = dict.fromkeys(range(STORIES_A_WRITER), 0)
    while time.time() < until:
        if rng.random() < 0.1:
            committed.put(("", *publish(pages[f"{writer}-0"][1]), time.time()))
            continue
        number = rng.randrange(STORIES_A_WRITER)
        pk = pages[f"{writer}-{number}"][0]
        try:
            with generations.bumping():
                Article.objects.filter(pk=pk).update(title=f"Berita {writer}-{number} hitungan {counts[number] + 1}")
                placements.rebuild(pk)
                if rng.random() < 0.3:
                    time.sleep(rng.uniform(0, PAUSE) * lowest)
        except OperationalError:
            continue
        counts[number] += 1
        committed.put((f"{writer}-{number}", counts[number], time.time()))
        time.sleep(rng.uniform(0, 2))


def publish(label: str) -> tuple[str, str]:
    """Publish a new article in that region by the workflow; the region's label and the article's path."""
    from news.demo import builders
    from regions.models import Region

    story = builders.make_live(Region.objects.get(subdomain=label), title="Berita yang baru saja terbit")
    return label, story.get_absolute_url()


class Tally:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.commits: dict[str, list[tuple[float, int]]] = {}  # story → (moment, count), in order
        self.known: dict[str, tuple[str, bytes]] = {}  # place → tag and bytes that a reader was last given there
        self.tags: dict[str, str] = {}  # ETag with its address → hash of the bytes
        self.answers = self.not_modified = self.wrong = self.errors = self.two_bodies = 0
        self.unseen = 0  # published more than a second ago, and not there
        self.published: list[tuple[float, str, str]] = []  # moment, label, path
        self.shown: dict[str, set[tuple[str, int]]] = {}  # hash of the bytes → stories and their counts
        self.looks: list[tuple[float, str, int]] = []  # asked at, story, count shown

    def due(self, story: str, asked_at: float) -> int:
        """The count that a page asked for at that moment must show at least."""
        known = 0
        for moment, count in self.commits.get(story, []):
            if moment + ALLOWED <= asked_at:
                known = max(known, count)
        return known


def read(reader: int, port: int, pages: dict[str, Any], tally: Tally, until: float) -> None:
    rng = random.Random(-reader)
    keys, last = list(pages), None
    clients = {
        label: Client(port, f"{label}.localhost" if label else "localhost")
        for label in ("", "payakumbuh", "padang", "solok")
    }
    while time.time() < until:
        story = rng.choice(keys)
        _pk, label, path = pages[story]
        encoding = rng.choice(["", "br", "gzip"])
        awaited, again = 0.0, last and rng.random() < AGAIN
        if last and again:
            label, path, encoding = last
        elif rng.random() < 0.1 and tally.published:
            awaited, label, path = rng.choice(tally.published[-20:])
        elif rng.random() < 0.05:  # one that will be published soon: its 404 is stored
            label, path = rng.choice(["payakumbuh", "padang"]), f"/berita/{len(pages) + len(tally.published) + 2}/x/"
            awaited = float("inf")
        elif rng.random() < 0.4:
            label, path = rng.choice(["", label]), rng.choice(["/", "/indeks/"])
        place = f"{label} {path} {encoding}"
        headers = {"Accept-Encoding": encoding} if encoding else {}
        known = tally.known.get(place)
        if known and (again or rng.random() < 0.7):
            headers["If-None-Match"] = known[0]
        asked_at = time.time()
        try:
            answer = clients[label].get(path, **headers)
        except OSError:
            with tally.lock:
                tally.errors += 1
            continue
        if awaited and answer.status != 304:
            with tally.lock:
                tally.unseen += answer.status != 200 and asked_at > awaited + ALLOWED
            continue
        if answer.status == 304:
            tag, body = known or ("", b"")
            with tally.lock:
                tally.not_modified += 1
                tally.wrong += answer.headers["ETag"] != tag
        elif answer.status == 200:
            tag, body = tally.known[place] = (answer.headers["ETag"], answer.body)
        else:
            with tally.lock:
                tally.errors += 1
            continue
        last = (label, path, encoding)
        digest = hashlib.sha256(body).hexdigest()
        if digest not in tally.shown:
            text = unpacked(body, encoding)
            tally.shown[digest] = {(f"{desk}-{number}", int(count)) for desk, number, count in COUNT.findall(text)}
        seen = tally.shown[digest]
        with tally.lock:
            tally.answers += 1
            name = f"{place} {tag}"
            tally.two_bodies += tally.tags.setdefault(name, digest) != digest
            tally.looks += [(asked_at, shown, count) for shown, count in seen]
        time.sleep(rng.uniform(0, 0.1))


def unpacked(body: bytes, encoding: str) -> str:
    import gzip

    import brotli

    if encoding == "br":
        return str(brotli.decompress(body).decode())
    return (gzip.decompress(body) if encoding == "gzip" else body).decode()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--writers", type=int, default=50)
    options.add_argument("--readers", type=int, default=200)
    options.add_argument("--processes", type=int, default=4)
    options.add_argument("--database-url", default="", help="a PostgreSQL server; without it, SQLite")
    asked = options.parse_args()
    tally = Tally()
    environment = {"THREADS": "16", "DATABASE_POOL": "true"}
    with Server(asked.database_url, asked.processes, "benchmarks.paused", **environment) as server:
        os.environ.update(server.env | {"DATABASE_POOL": "false"})
        pages = seed(asked.writers)
        from django.db import connections

        connections.close_all()
        committed: Any = multiprocessing.get_context("spawn").Queue()
        until = time.time() + asked.seconds
        lowest = 1.0 if asked.database_url else 0.1  # SQLite has one writer at a time
        spawn = multiprocessing.get_context("spawn")
        desks = [
            spawn.Process(target=write_many, args=(part, pages, committed, until, lowest))
            for part in parts(range(asked.writers), 4)
        ]
        readers = [
            threading.Thread(target=read, args=(number, server.port, pages, tally, until))
            for number in range(asked.readers)
        ]
        everybody: list[Any] = [*desks, *readers]
        for one in everybody:
            one.start()
        commits = 0
        while any(one.is_alive() for one in everybody) or not committed.empty():
            try:
                story, *what, moment = committed.get(timeout=0.5)
            except queue.Empty:
                continue
            commits += 1
            if story:
                tally.commits.setdefault(story, []).append((moment, what[0]))
            else:
                tally.published.append((moment, what[0], what[1]))
        log = (server.folder / "gunicorn.log").read_text()
    stale = [(asked_at, story, count) for asked_at, story, count in tally.looks if count < tally.due(story, asked_at)]
    worst = max((oldest(tally, *look) for look in tally.looks), default=0.0)
    kind = "PostgreSQL" if asked.database_url else "SQLite"
    print(
        f"{kind}: {asked.writers} writers, {asked.readers} readers, {asked.seconds:g} s, {asked.processes} processes: "
        f"{commits} commits, {len(tally.published)} of them new stories; {tally.answers} pages, {tally.not_modified} "
        f"of them 304, {len(tally.looks)} titles compared\n{len(stale)} stale (oldest {worst:.2f} s after the commit), "
        f"{tally.unseen} new stories missing, {tally.wrong} wrong 304, "
        f"{tally.two_bodies} tags with two bodies, {tally.errors} errors"
    )
    if tally.errors:
        print(log[-2000:], file=sys.stderr)
    keep(
        "staleness",
        database=kind,
        options=vars(asked) | {"database_url": ""},
        commits=commits,
        pages=tally.answers,
        not_modified=tally.not_modified,
        compared=len(tally.looks),
        stale=len(stale),
        published=len(tally.published),
        unseen=tally.unseen,
        oldest=round(worst, 3),
        wrong=tally.wrong,
        two_bodies=tally.two_bodies,
        errors=tally.errors,
    )
    return 1 if stale or tally.unseen or tally.wrong or tally.two_bodies or tally.errors or not commits else 0


def oldest(tally: Tally, asked_at: float, story: str, count: int) -> float:
    """Seconds from the first commit that the page does not show to when it was asked for; 0 if it shows all."""
    missing = [moment for moment, number in tally.commits.get(story, []) if number > count and moment <= asked_at]
    return asked_at - min(missing) if missing else 0.0


def parts(numbers: range, count: int) -> list[list[int]]:
    return [list(numbers[start::count]) for start in range(count)]


def write_many(writers: list[int], pages: dict[str, Any], committed: Any, until: float, lowest: float) -> None:
    """A process with a thread for each of its writers."""
    import django

    django.setup()
    threads = [threading.Thread(target=write, args=(writer, pages, committed, until, lowest)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
