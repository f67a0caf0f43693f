"""Two gunicorns' numbers: each has its folder, and whoever is asked tells those of all that live."""

import subprocess
import sys

from tests.server import ROOT

MASTER = """
import os, sys
from pathlib import Path
folder = Path(sys.argv[1])
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
from pekon import metrics_server
held = metrics_server.prepare(folder)
metrics_server.count_worker()
from prometheus_client import Counter
Counter("pekon_tries", "Tries").inc(int(sys.argv[2]))
print("ready", flush=True)
for line in sys.stdin:
    told = [s for metric in metrics_server.Masters(folder.parent).collect() for s in metric.samples]
    print(sorted((s.name, s.labels["master"], s.value) for s in told), flush=True)
"""


class Master:
    def __init__(self, folder, count):
        command = [sys.executable, "-c", MASTER, str(folder), str(count)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def ask(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def kill(self):
        self.process.kill()
        self.process.communicate()


def test_each_master_tells_the_numbers_of_all_that_live(tmp_path):
    def numbers(master, count):
        return [("pekon_tries_total", master, float(count)), ("pekon_web_workers", master, 1.0)]

    one, two = Master(tmp_path / "1", 5), Master(tmp_path / "2", 7)  # the second has not deleted the first one's
    three = None
    try:
        assert one.ask() == two.ask() == str(sorted(numbers("1", 5) + numbers("2", 7)))
        one.kill()
        assert two.ask() == str(numbers("2", 7))
        three = Master(tmp_path / "3", 1)
        assert {path.name for path in tmp_path.iterdir()} == {"2", "3"}
        assert two.ask() == str(sorted(numbers("2", 7) + numbers("3", 1)))
    finally:
        for master in (one, two, three):
            if master:
                master.kill()
