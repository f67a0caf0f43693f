"""PostgreSQL that goes away, comes back, or takes no more connections, behind real gunicorn processes and workers."""

import http.client
import os
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from pekon.background.models import BackgroundTask
from tests.gate import Gate
from tests.pagecache.test_redis_storage import REDIS, Redis
from tests.server import ROOT, Server

URL = urlsplit(os.environ["DATABASE_URL"])
pytestmark = [
    pytest.mark.server,
    pytest.mark.xdist_group("server"),
    pytest.mark.skipif(not URL.scheme.startswith("postgres"), reason="SQLite does not go away"),
]
SEED = """
import django; django.setup()
from news.demo import builders
city = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", builders.make_network()))
print(builders.make_live(city).get_absolute_url())
"""
ENQUEUE = """
import django; django.setup()
from news.search.tasks import refresh_with
refresh_with.enqueue([["x"]])
"""
LEFT = f"""
import django; django.setup()
from {BackgroundTask.__module__} import BackgroundTask
print(BackgroundTask.objects.exclude(status="SUCCESSFUL").count())
"""


@pytest.fixture
def site():
    """A server whose processes, and scripts run beside them, reach their database through a gate."""
    gate = Gate((URL.hostname, URL.port))
    behind = URL._replace(netloc=URL.netloc.replace(f":{URL.port}", f":{gate.port}")).geturl()
    redis = Redis() if REDIS else None
    environment = {"REDIS_URL": f"redis://127.0.0.1:{redis.port}/0"} if redis else {}
    with Server(behind, **environment) as server:
        server.gate, server.redis = gate, redis
        server.article = server.run("-c", SEED).split()[-1]
        yield server
        gate.open()
    gate.close()
    if redis:
        redis.stop()


def ask(site, path):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request("GET", path, headers={"Host": f"payakumbuh.localhost:{site.port}"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.headers.get("Retry-After")


def test_a_limit_of_connections_gives_503_for_new_pages_and_stored_ones_are_shown(site):
    for _n in range(8):
        assert ask(site, "/")[0] == 200
    site.gate.shut(limit=2)
    answers = {ask(site, f"/indeks/2024/11/{day:02}/") for day in range(1, 9)}
    assert answers <= {(200, None), (503, "5")}
    assert ask(site, "/")[0] == 200
    site.gate.shut()
    assert ask(site, "/indeks/2023/11/01/") == (503, "5")
    assert ask(site, "/")[0] == 200


def test_a_process_that_starts_while_the_database_is_down_shows_what_redis_has(site):
    if site.redis is None:
        pytest.skip("redis-server is not installed")
    assert ask(site, site.article)[0] == 200
    site.kill()
    site.gate.shut()
    site.start()
    assert ask(site, site.article)[0] == 200
    assert ask(site, "/indeks/") == (503, "5")
    site.gate.open()
    deadline = time.monotonic() + 60
    while ask(site, "/indeks/")[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_worker_goes_on_after_the_database_was_away(site):
    command = [sys.executable, "manage.py", "db_worker", "--interval", "0.2"]
    worker = subprocess.Popen(command, cwd=ROOT, env=site.env)
    try:
        for _round in range(2):
            site.run("-c", ENQUEUE)
            deadline = time.monotonic() + 60
            while site.run("-c", LEFT).strip() != "0":
                assert time.monotonic() < deadline
            site.gate.shut()
            time.sleep(1)
            site.gate.open()
        assert worker.poll() is None
    finally:
        worker.terminate()
        worker.wait()
