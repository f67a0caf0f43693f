"""Due times through the shipped nginx: a cached 404 becomes the article at most two seconds after its time, and
never before.

    python -m benchmarks.polled --stories 1000 [--database-url postgres://…]

All articles are due in the same minute. Their addresses are asked for in turn, again and again, from half a minute
before it. Exit status 1 if an article was there before its time, or was missing in an answer to a request sent more
than two seconds after it.
"""

import argparse
import os
import sys
import threading
import time

from benchmarks.due_times import prepare
from benchmarks.measure import Client, keep
from tests.nginx import Nginx
from tests.server import Server

CLIENTS = 8
ALLOWED = 2.0  # seconds


class Tally:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.early = self.late = self.kept = self.before = self.after = 0
        self.slowest = 0.0


def poll(port: int, stories: list[tuple[int, str, float]], tally: Tally) -> None:
    client = Client(port, "payakumbuh.localhost")
    left = list(stories)
    while left:
        for story in list(left):
            _pk, path, due = story
            began = time.time()
            answer = client.get(path)
            ended = time.time()
            with tally.lock:
                tally.before += ended < due
                tally.kept += answer.status == 404 and answer.headers["X-Cache"] in ("HIT", "REVALIDATED", "STALE")
                if answer.status == 200:
                    tally.early += ended < due
                    tally.after += 1
                    tally.slowest = max(tally.slowest, began - due)
                    left.remove(story)
                elif began > due + ALLOWED:
                    tally.late += 1
                    left.remove(story)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--stories", type=int, default=1_000)
    options.add_argument("--database-url", default="")
    asked = options.parse_args()
    tally = Tally()
    with Server(asked.database_url) as server, Nginx(server) as nginx:
        os.environ.update(server.env)
        stories = prepare(asked.stories, asked.stories, 40.0)
        threads = [threading.Thread(target=poll, args=(nginx.port, stories[n::CLIENTS], tally)) for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    print(
        f"{asked.stories} addresses through nginx, {tally.before} requests before the minute ({tally.kept} answered "
        f"404 from nginx's cache): {tally.early} early, {tally.late} later than {ALLOWED:g} s; found in a request sent "
        f"{tally.slowest:.2f} s after it at most"
    )
    keep("polled", **{name: value for name, value in vars(tally).items() if name != "lock"})
    return 1 if tally.early or tally.late or tally.after != asked.stories or not tally.kept else 0


if __name__ == "__main__":
    sys.exit(main())
