"""A backup is restored under a running site: no page from before it is shown, from memory or from Redis."""

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing

import pytest

from tests.pagecache.test_redis_storage import REDIS, Redis
from tests.server import Server

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
SEED = """
import django; django.setup()
from news.demo import builders
builders.make_region("payakumbuh", builders.make_region("sumaterabarat", builders.make_network()))
"""
CHANGE = """
import sys, django; django.setup()
from regions import services
from regions.models import Region
region = Region.objects.get(subdomain="payakumbuh")
region.tagline = sys.argv[1]
services.save(region)
"""


@pytest.fixture
def site():
    """A server that stores pages in its memory, and in Redis too if that is installed."""
    redis = Redis() if REDIS else None
    environment = {"REDIS_URL": f"redis://127.0.0.1:{redis.port}/0"} if redis else {}
    url = os.environ["DATABASE_URL"]
    with Server(url if url.startswith("postgres") else "", **environment) as server:
        server.run("-c", SEED)
        yield server
    if redis:
        redis.stop()


def dump(site, file):
    url = site.env["DATABASE_URL"]
    if url.startswith("postgres"):
        subprocess.run([shutil.which("pg_dump"), "--format=custom", f"--file={file}", url], check=True)
    else:
        _copy(url.removeprefix("sqlite:///"), file)


def restore(site, file):
    url = site.env["DATABASE_URL"]
    if url.startswith("postgres"):
        command = [
            shutil.which("pg_restore"),
            "--clean",
            "--if-exists",
            "--single-transaction",
            f"--dbname={url}",
            file,
        ]
        subprocess.run(command, check=True)
    else:
        _copy(file, url.removeprefix("sqlite:///"))


def _copy(source, target):
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def front(site):
    """The front's tagline as both processes have it, once a second has passed."""
    time.sleep(1.1)
    shown = {_tagline(site) for _n in range(8)}
    assert len(shown) == 1
    return shown.pop()


def _tagline(site):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request("GET", "/", headers={"Host": f"payakumbuh.localhost:{site.port}"})
    page = connection.getresponse().read().decode()
    connection.close()
    return next((word for word in ("Satu", "Dua", "Tiga", "Empat") if f"Semboyan {word}" in page), "")


def change(site, word):
    site.run("-c", CHANGE, f"Semboyan {word}")


def test_no_page_from_before_a_restore_is_shown_after_it(site, tmp_path):
    """The same number of changes follows each restore, so a counter that only adds one would repeat its numbers."""
    file = str(tmp_path / "dump")
    change(site, "Satu")
    assert front(site) == "Satu"
    dump(site, file)
    change(site, "Dua")
    assert front(site) == "Dua"
    restore(site, file)
    assert front(site) == "Satu"
    change(site, "Tiga")
    assert front(site) == "Tiga"
    restore(site, file)  # back in time once more, like a failover to an older replica
    change(site, "Empat")
    assert front(site) == "Empat"
