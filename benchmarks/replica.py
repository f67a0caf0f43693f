"""Never older than its number: readers' pages while the replica that makes them lags, hangs, dies and comes back.

    python -m benchmarks.replica --lag 30

A PostgreSQL with a streaming replica, gunicorn with both, a writer that changes titles, which count their changes, and
readers of those pages. A page is stale if it was asked for more than a second after the commit of a change that it does
not show, or shows fewer changes than the same reader saw before. Prints for each phase the reads, those that failed,
those that were stale, and how many of the pages that were made came from the replica. Exit status 1 if one was stale or
failed, or if the replica was not used while all was well.
"""

import argparse
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection

from benchmarks.measure import Client, keep
from tests.server import Server
from tests.standby import Postgres

READERS = 4
STORIES = 6
ALLOWED = 1.0
"""Seconds after a commit from which on every page must show it."""
SEED = f"""
import django; django.setup()
from news.demo import builders
city = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", builders.make_network()))
for number in range({STORIES}):
    story = builders.make_live(city, title=f"Berita {{number}} hitungan 0")
    print(story.pk, story.get_absolute_url())
"""
WRITE = """
import sys, time
import django; django.setup()
from news.models import Article
from news.publishing import placements
from regions import generations
stories, count = [int(pk) for pk in sys.argv[1:]], 0
while True:
    count += 1
    for number, pk in enumerate(stories):
        with generations.bumping():
            Article.objects.filter(pk=pk).update(title=f"Berita {number} hitungan {count}")
            placements.rebuild(pk)
        print(number, count, time.time(), flush=True)
        time.sleep(0.15)
"""
COUNT = re.compile(rb"Berita (\d+) hitungan (\d+)")


@dataclass
class Phase:
    name: str
    statuses: Counter[str] = field(default_factory=Counter)
    stale: int = 0
    oldest: float = 0.0
    from_replica: int = 0
    made: int = 0

    @property
    def failed(self) -> int:
        return sum(count for status, count in self.statuses.items() if status != "200")


class Site:
    """Both databases and the server, while a writer writes and readers read."""

    def __init__(self, with_replica: bool = True):
        self.primary = Postgres.start_new()
        self.replica = self.primary.make_replica()
        self.server = Server(self.primary.url)
        name = self.server.env["DATABASE_URL"].rpartition("/")[2]
        if with_replica:
            self.server.env["REPLICA_URL"] = self.replica.database(name)
        self.phase = Phase("warming")
        self.commits: dict[int, list[tuple[int, float]]] = {}
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "Site":
        try:
            self.server.__enter__()
        except BaseException:
            self.remove()
            raise
        lines = [line.split() for line in self.server.run("-c", SEED).splitlines()[-STORIES:]]
        paths = [path for _pk, path in lines]
        command = [sys.executable, "-c", WRITE, *(pk for pk, _path in lines)]
        self._writer = subprocess.Popen(
            command, cwd=self.server.root, env=self.server.env, stdout=subprocess.PIPE, text=True
        )
        self._start(self._note)
        for _n in range(READERS):
            self._start(lambda: self._read(["/", *paths]))
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._writer.kill()
        for thread in self._threads:
            thread.join()
        self.remove()

    def remove(self) -> None:
        self.server.__exit__()
        for database in (self.replica, self.primary):
            database.remove()

    def _start(self, work: Callable[[], None]) -> None:
        self._threads.append(threading.Thread(target=work, daemon=True))
        self._threads[-1].start()

    def _note(self) -> None:
        assert self._writer.stdout
        for line in self._writer.stdout:
            number, count, moment = line.split()
            self.commits.setdefault(int(number), []).append((int(count), float(moment)))

    def _read(self, paths: list[str]) -> None:
        client, turn = Client(self.server.port, "payakumbuh.localhost"), 0
        while not self._over.wait(0.02):
            turn += 1
            asked_at, phase = time.time(), self.phase
            try:
                answer = client.get(paths[turn % len(paths)])
            except OSError as error:
                phase.statuses[type(error).__name__] += 1
                continue
            phase.statuses[str(answer.status)] += 1
            for number, shown in COUNT.findall(answer.body):
                missing = [at for count, at in self.commits.get(int(number), []) if count > int(shown)]
                age = asked_at - min(missing, default=asked_at)
                phase.stale += age > ALLOWED
                phase.oldest = max(phase.oldest, age)

    def during(self, name: str, seconds: float) -> Phase:
        before = self._made()
        self.phase = Phase(name)
        time.sleep(seconds)
        done, self.phase = self.phase, Phase("between")
        after = self._made()
        done.made, done.from_replica = (sum((after[key] - before[key]).values()) for key in ("misses", "replica"))
        return done

    def _made(self) -> dict[str, Counter[int]]:
        """Pages that each process has made, in all (`misses`) and from the replica."""
        found: dict[str, Counter[int]] = {"misses": Counter(), "replica": Counter()}
        for _attempt in range(20):
            connection = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
            connection.request("GET", "/-/health", headers={"Host": "x"})
            state = json.loads(connection.getresponse().read())
            connection.close()
            for key, counts in found.items():
                counts[state["process"]] = max(counts[state["process"]], state["answers"][key])
        return found


def walk(site: Site, lag: float, short: float) -> list[Phase]:
    """Every phase in turn."""
    phases = [site.during("all is well", short)]
    site.replica.pause()
    phases.append(site.during(f"the replica lags, by {lag:g} s at the end", lag))
    site.replica.resume()
    phases.append(site.during("it replays again", short))
    site.replica.signal(signal.SIGSTOP, backends=True)
    phases.append(site.during("the replica hangs", short))
    site.replica.signal(signal.SIGCONT, backends=True)
    phases.append(site.during("it goes on", short))
    site.replica.signal(signal.SIGQUIT)
    phases.append(site.during("the replica is stopped at once", short))
    site.replica.start()
    phases.append(site.during("it is started again", short))
    return phases


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--lag", type=float, default=30, help="seconds for which the replica does not replay")
    options.add_argument("--short", type=float, default=8, help="seconds of each other phase")
    asked = options.parse_args()
    with Site() as site:
        while len(site.commits) < STORIES:
            time.sleep(0.1)
        phases = walk(site, asked.lag, asked.short)
        commits = sum(map(len, site.commits.values()))
    print(f"{'phase':44}{'reads':>8}{'failed':>8}{'stale':>7}{'oldest':>9}{'made':>7}{'on replica':>12}")
    for phase in phases:
        reads = sum(phase.statuses.values())
        print(
            f"{phase.name:44}{reads:>8}{phase.failed:>8}{phase.stale:>7}{phase.oldest:>7.2f} s{phase.made:>7}"
            f"{phase.from_replica:>12}"
        )
    failed, stale = (sum(getattr(phase, name) for phase in phases) for name in ("failed", "stale"))
    print(f"{commits} commits: {failed} reads failed, {stale} were stale")
    keep("replica", phases=[vars(phase) for phase in phases], commits=commits)
    return int(bool(failed or stale or not phases[0].from_replica or not phases[-1].from_replica))


if __name__ == "__main__":
    sys.exit(main())
