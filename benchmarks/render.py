"""What an uncached page costs the machine: processor time of gunicorn's workers and of PostgreSQL for each, beside a
bare Django view in the same run.

    python -m benchmarks.render --database-url postgres://…/FILLED … [--requests 200] [--rounds 5]

The databases are those that benchmarks.fill has filled, the smallest archive first, all on one PostgreSQL server of
this machine. Every server runs as deployed, at sixteen connections that stay open, driven by a process of its own. The
page cache is there and never finds anything, so a page is made, hashed and compressed for every request. Rounds go to
the bare view and to each archive in turn, with addresses drawn anew (benchmarks.addresses); ratios are those within a
round. A page over its budget, or much dearer in the largest archive than in the smallest, ends the command with
status 1 and is named.

To compare with the code of another checkout: `--before DIR --before-database-url …`, with as many databases, which hold
the same archives and fit that code. No budget holds for it.
"""

import argparse
import json
import random
import statistics
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from math import inf
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.measure import CONNECTIONS, Other, Readers, database_seconds, keep, processor_seconds, spread, told
from tests.server import Server

Address = tuple[str, str]
BUDGETS = {"article": 14.0, "network front": 24.0, "region front": 24.0, "article, never read": inf}
"""× a bare view. An article that nobody has read for long, with none of what stands below it in memory, has none."""
LIST_BUDGET = 12.0
GROWTH = 1.15
"""The largest archive's page may cost so many times the smallest's."""
BARE = [("localhost", "/")]


class Archive(Server):
    """A server over a filled database that never finds a page in its cache."""

    def __init__(self, database_url: str, checkout: Path | None = None):
        super().__init__(database_url, application="benchmarks.cold", filled=True)
        self.name = urlsplit(database_url).path.strip("/")
        self.database_url = database_url
        self.root = checkout or self.root

    def prepare(self) -> None:
        """Static files are packed once for each checkout."""
        self.run("manage.py", "migrate", "--verbosity", "0")
        static = _packed.setdefault(self.root, self.folder / "static")
        if static.is_relative_to(self.folder):
            self.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        else:
            (self.folder / "static").symlink_to(static)


_packed: dict[Path, Path] = {}
"""Checkout → its static files."""


def drawn(found: list[Address], count: int, rng: random.Random) -> list[Address]:
    """So many of the addresses: all different where there are as many, each as often as the others where not."""
    times, rest = divmod(count, len(found))
    return rng.sample(found * times + rng.sample(found, rest), count)


def milliseconds(server: Server, readers: Readers, pages: list[Address], database_url: str = "") -> list[float]:
    """Processor time for each page: of the server's workers, and of the database that they ask."""

    def spent() -> list[float]:
        return [processor_seconds(server.processes), database_seconds(database_url) if database_url else 0.0]

    before = spent()
    readers.ask(server.port, pages)
    return [(after - start) / len(pages) * 1000 for start, after in zip(before, spent(), strict=True)]


def over_budget(ratios: dict[str, dict[str, list[float]]]) -> Iterator[str]:
    """What is over, in words. `ratios`: archive, the smallest first → kind of page → × a bare view, one a round."""
    for archive, kinds in ratios.items():
        for kind, found in kinds.items():
            budget, median = BUDGETS.get(kind, LIST_BUDGET), statistics.median(found)
            if median > budget:
                yield f"{archive}, {kind}: {median:.1f} × a bare view; its budget is {budget:g}"
    smallest, largest = next(iter(ratios)), next(reversed(ratios))
    for kind in (kind for kind in ratios[smallest] if kind in ratios[largest]):
        growth = statistics.median(
            large / small for large, small in zip(ratios[largest][kind], ratios[smallest][kind], strict=False)
        )
        if growth > GROWTH:
            yield f"{kind}: {growth:.2f} × as dear in {largest} as in {smallest}; its budget is {GROWTH:g}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--database-url", nargs="+", required=True)
    options.add_argument("--before", type=Path, metavar="DIR")
    options.add_argument("--before-database-url", nargs="+", default=[])
    options.add_argument("--requests", type=int, default=200, help="in a round, to each kind of page")
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    archives = [Archive(url) for url in asked.database_url]
    older = [Archive(url, asked.before) for url in asked.before_database_url]
    spent: dict[str, dict[str, list[list[float]]]] = defaultdict(lambda: defaultdict(list))
    ratios: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with ExitStack() as stack:
        readers = stack.enter_context(Readers(CONNECTIONS))
        bare = Other(application="benchmarks.bare", DJANGO_SETTINGS_MODULE="benchmarks.bare")
        for server in (bare, *archives, *older):
            stack.enter_context(server)
        wanted = str(asked.requests * (asked.rounds + 1))
        addresses = [json.loads(each.run("-m", "benchmarks.addresses", "--articles", wanted)) for each in archives]
        compared = [*zip(archives, addresses, strict=True), *(zip(older, addresses, strict=True) if older else [])]
        with suppress(KeyboardInterrupt):  # what was measured is told
            for number in range(asked.rounds + 1):  # the first one warms up
                empty = milliseconds(bare, readers, BARE * asked.requests * 3)
                if number:
                    spent["bare"]["view"].append(empty)
                for archive, pages in compared:
                    rng = random.Random(number)  # the same pages for both checkouts
                    for kind, found in pages.items():
                        each = drawn(found, asked.requests, rng)
                        cost = milliseconds(archive, readers, each, archive.database_url)
                        if number:
                            spent[archive.name][kind].append(cost)
                            ratios[archive.name][kind].append(sum(cost) / empty[0])
    print(f"bare view: {told(spread([workers for workers, _none in spent['bare']['view']]))} ms")
    for archive, _pages in compared:
        print(f"{archive.name:24}{'workers, ms':>12}{'database, ms':>14}{'× bare':>26}")
        for kind, found in ratios[archive.name].items():
            workers, database = (statistics.median(each) for each in zip(*spent[archive.name][kind], strict=True))
            print(f"  {kind:22}{workers:12.2f}{database:14.2f}{told(spread(found)):>26}")
    keep("render", milliseconds=spent, ratios=ratios, requests=asked.requests, connections=CONNECTIONS)
    missed = list(over_budget({archive.name: ratios[archive.name] for archive in archives}))
    raise SystemExit("\n".join(["Over budget:", *missed]) if missed else 0)


if __name__ == "__main__":
    main()
