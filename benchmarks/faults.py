"""What readers get while parts are down: the database stopped, Redis refused, hung and reset, workers killed.

    python -m benchmarks.faults --seconds 300

A PostgreSQL, a Redis, gunicorn and the shipped nginx of its own, and readers who ask for warm pages (stored before the
fault) and, now and then, for cold ones, through nginx and from gunicorn itself. Every warm page must be answered 200
in every phase; cold ones may be 503 while the database is down, and nowhere else. Prints how many of which answers
there were in each phase. Exit status 1 if a warm page failed.
"""

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.measure import Client, keep
from tests.nginx import Nginx
from tests.server import ROOT, Server, free_port

READERS = 6
STORIES = 60
SEED = f"""
import django; django.setup()
from news.demo import builders
city = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", builders.make_network()))
for _n in range({STORIES}):
    print(builders.make_live(city).get_absolute_url())
"""


class Database:
    """A PostgreSQL of our own, which can be stopped and started."""

    def __init__(self, folder: str):
        self.folder = folder
        script = str(ROOT / "tests" / "postgres.sh")
        self.url = subprocess.run([script, "start", folder], check=True, capture_output=True, text=True).stdout.strip()
        self.command = shlex.split((Path(folder) / "data" / "postmaster.opts").read_text())

    def as_owner(self, command: list[str]) -> list[str]:
        return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else command

    def stop(self) -> None:
        pid = int((Path(self.folder) / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGQUIT)

    def start(self) -> None:
        subprocess.Popen(self.as_owner(self.command), cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Tally:
    def __init__(self) -> None:
        self.phase = "warming"
        self.lock = threading.Lock()
        self.answers: dict[str, Counter[str]] = {}

    def add(self, way: str, temperature: str, status: str) -> None:
        with self.lock:
            self.answers.setdefault(self.phase, Counter())[f"{way}, {temperature}: {status}"] += 1


def read(way: str, port: int, warm: list[str], tally: Tally, over: threading.Event) -> None:
    client, number = Client(port, "payakumbuh.localhost"), 0
    while not over.wait(0.01):
        number += 1
        temperature = "cold" if number % 10 == 0 else "warm"
        path = f"/indeks/19{number % 90 + 10}/01/01/" if temperature == "cold" else warm[number % len(warm)]
        try:
            status = str(client.get(path).status)
        except OSError as error:
            status = type(error).__name__
        tally.add(way, temperature, status)


class Redis:
    def __init__(self, port: int):
        self.port = port
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--seconds", type=float, default=300, help="with the database stopped; others a tenth")
    asked = options.parse_args()
    folder, redis_port, tally, over = tempfile.mkdtemp(prefix="pekon-faults-"), free_port(), Tally(), threading.Event()
    database, redis = Database(folder), Redis(redis_port)
    with (
        Server(database.url, REDIS_URL=f"redis://127.0.0.1:{redis_port}/0") as server,
        Nginx(server) as nginx,
    ):
        warm = ["/", *server.run("-c", SEED).split()[-STORIES:]]
        for port in [nginx.port, *[server.port] * 20]:
            for path in warm:
                Client(port, "payakumbuh.localhost").get(path)
        ways = [("nginx", nginx.port), ("gunicorn", server.port)] * (READERS // 2)
        readers = [threading.Thread(target=read, args=(way, port, warm, tally, over)) for way, port in ways]
        for thread in readers:
            thread.start()

        def phase(name: str, seconds: float) -> None:
            tally.phase = name
            time.sleep(seconds)

        short = max(3.0, asked.seconds / 10)
        phase("all is well", short)
        redis.process.send_signal(signal.SIGSTOP)
        phase("Redis hangs", short)
        redis.process.send_signal(signal.SIGCONT)
        redis.stop()
        phase("Redis refuses", short)
        redis.start()
        phase("Redis is back and empty", short)
        database.stop()
        phase("database stopped", asked.seconds)
        database.start()
        phase("database is back", short)
        tally.phase = "a worker is killed every 5 s"
        for _n in range(max(1, int(short / 5))):
            os.kill(server.processes[0], signal.SIGKILL)
            time.sleep(5)
        over.set()
        for thread in readers:
            thread.join()
    redis.stop()
    script = str(ROOT / "tests" / "postgres.sh")
    subprocess.run([script, "stop", folder], check=False, capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)
    failed = 0
    for name, answers in tally.answers.items():
        print(name)
        for what, count in sorted(answers.items()):
            print(f"  {what:30}{count:>8}")
            dies = name.startswith("a worker") and what.startswith("gunicorn")  # ends our connection too
            failed += count if "warm" in what and not what.endswith("200") and not dies else 0
    print(f"{failed} warm pages failed")
    keep("faults", answers=tally.answers, failed=failed)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
