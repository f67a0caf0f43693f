"""Numbers as Prometheus gets them from real processes, and the rules and the board that name them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.server import ROOT, Server, free_port

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
MONITORING = ROOT / "deploy" / "monitoring"
PUBLISH = """
import django; django.setup()
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from news.demo import builders
from news.publishing import workflow
from regions.generations import numbers
city = builders.make_region("payakumbuh", builders.make_network())
workflow.publish(builders.make_article(city), actor=User.objects.create_superuser("rani"))
numbers.Generation.objects.filter(region_id=city.pk).update(next_change_at=timezone.now() - timedelta(seconds=1.5))
numbers.bump_due()
from prometheus_client import REGISTRY, generate_latest
print(generate_latest(REGISTRY).decode())
"""
RECORD = """
import django; django.setup()
from pekon.background.runs import record_run
with record_run("backup"): pass
"""


def scrape(port):
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def value(text, name):
    """The sum of the samples that begin so."""
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))


@pytest.fixture(scope="module")
def site():
    web, worker = free_port(), free_port()
    with Server(
        METRICS_BIND=f"127.0.0.1:{web}", WORKER_METRICS_BIND=f"127.0.0.1:{worker}", DRAIN_SECONDS="600"
    ) as server:
        server.run("-c", RECORD)
        process = subprocess.Popen(
            [sys.executable, "manage.py", "db_worker"], cwd=ROOT, env=server.env, stderr=subprocess.DEVNULL
        )
        try:
            yield server, web, worker
        finally:
            process.kill()
            process.wait()


def test_the_processes_numbers_are_added_up_and_survive_a_killed_one(site):
    server, web, _worker = site
    before = value(scrape(web), "pekon_answers_total")
    for _ in range(40):
        server.get("/tidak-ada/", host="")
    after = scrape(web)
    assert value(after, "pekon_answers_total") == before + 40
    assert value(after, "pekon_web_workers") == 2
    assert value(after, "pekon_poll_seconds_count") > 0
    os.kill(server.processes[0], signal.SIGKILL)
    deadline = time.monotonic() + 30
    while len(server.processes) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert value(scrape(web), "pekon_answers_total") >= before + 40
    folders = list((server.folder / "metrics").iterdir())
    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700]


def test_a_reload_drains_nothing_and_keeps_the_counts(site):
    server, web, _worker = site
    before, former = value(scrape(web), "pekon_answers_total"), set(server.processes)
    server._process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 60
    while former & set(server.processes) and time.monotonic() < deadline:
        assert server.get("/-/ready", host="") == 200
        time.sleep(0.1)
    assert not former & set(server.processes)
    assert value(scrape(web), "pekon_answers_total") > before
    assert value(scrape(web), "pekon_web_workers") == 2


def test_rules_and_board_name_numbers_that_exist(site):
    _server, web, worker = site
    told = scrape(web) + scrape(worker)
    kinds = dict(re.findall(r"^# TYPE (pekon_\w+) (\w+)$", told, re.MULTILINE))
    parts = {"histogram": ("", "_bucket", "_sum", "_count")}
    exist = {name + part for name, kind in kinds.items() for part in parts.get(kind, ("",))}
    rules = (MONITORING / "alerts.yml").read_text("utf-8")
    board = (MONITORING / "grafana.json").read_text("utf-8")
    expressions = [target["expr"] for panel in json.loads(board)["panels"] for target in panel["targets"]]
    for text in (rules, " ".join(expressions)):
        named = set(re.findall(r"\bpekon_\w+", text))
        assert len(named) > 10
        assert named - exist == set()
    guide = (ROOT / "docs" / "operate.md").read_text("utf-8")
    listed = set(re.findall(r"`(pekon_\w+)`", guide))
    assert listed == {name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in exist}
    outcomes = set(re.findall(r'outcome[=!]~?"([\w|]+)"', rules + " ".join(expressions)))
    assert {word for group in outcomes for word in group.split("|")} <= set(re.findall(r"`(\w+)`", guide))


def test_what_the_database_knows_is_told_by_the_worker(site):
    _server, _web, worker = site
    told = scrape(worker)
    assert value(told, 'pekon_tasks{state="failed"}') == 0
    assert time.time() - value(told, 'pekon_command_success_timestamp_seconds{name="backup"}') < 600
    assert value(told, "pekon_worker_database_down") == 0


def test_publishing_and_what_time_publishes_late_are_counted(site):
    server, _web, _worker = site
    told = server.run("-c", PUBLISH)
    assert value(told, "pekon_acts_total") >= 1
    assert value(told, "pekon_generation_bumps_total") >= 2
    assert value(told, "pekon_publication_lateness_seconds_count") == 1
    assert 1.5 <= value(told, "pekon_publication_lateness_seconds_sum") < 60


def doctor(server, *names):
    """The exit status, and the findings' texts."""
    command = [sys.executable, "manage.py", "doctor", "--json", "--only", *names]
    done = subprocess.run(command, cwd=ROOT, env=server.env, capture_output=True, text=True, check=False)
    return done.returncode, [finding["text"] for finding in json.loads(done.stdout)["findings"]]


def test_the_doctor_finds_a_running_install(site):
    server, _web, _worker = site
    status, texts = doctor(server, "web", "worker", "migrations", "static", "files")
    assert status == 0, texts
    assert f"gunicorn is ready on 127.0.0.1:{server.port}" in texts


def test_promtool_accepts_the_rules():
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian's package prometheus): THE ALERT RULES ARE NOT CHECKED BY IT")
    checked = subprocess.run(
        [promtool, "check", "rules", MONITORING / "alerts.yml"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_server_that_is_told_to_end_serves_on_while_it_drains(site):
    """The last test: it ends the server."""
    server, _web, _worker = site
    assert server.get("/-/ready", host="") == 200
    server._process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 60
    seen = set()
    while 503 not in seen and time.monotonic() < deadline:
        seen.add(server.get("/-/ready", host=""))
    assert 503 in seen
    assert server.get("/-/live", host="") == 200
    assert server._process.poll() is None
    server._process.send_signal(signal.SIGTERM)  # once more: at once
    server._process.wait(60)
    server._process = None
    status, [text] = doctor(server, "web")
    assert (status, "does not answer" in text) == (2, True)
