"""Which database makes a page: the replica only once it has everything that the page's numbers stand for.

`make check-replica` shows it with a real one that lags, hangs and dies (benchmarks/replica.py).
"""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.models import F
from django.utils import timezone

from pekon.pagecache.wsgi import PageCache
from regions import generations
from regions.generations import replica
from regions.generations.snapshot import Poller, Snapshot
from regions.models import Generation, Region

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def caught_up(monkeypatch, tree) -> Snapshot:
    """A snapshot. The tests' database stands for the replica."""
    monkeypatch.setattr(replica, "ALIAS", "default")
    generations.bump([tree.payakumbuh.pk, generations.EVERYWHERE])
    snapshot = Poller(in_thread=False).snapshot()
    assert snapshot
    return snapshot


def with_offset(snapshot: Snapshot, seconds: float) -> Snapshot:
    """As if the primary's clock were that much ahead of what it is."""
    plain = (snapshot.second, snapshot.read_at, snapshot.numbers, snapshot.next_changes, snapshot.shared)
    return Snapshot(*plain, offset=snapshot.offset - seconds)


def test_a_replica_that_has_every_number_may_make_the_page(caught_up, tree):
    time.sleep(0.01)  # the clock passes the newest number
    assert replica._has(caught_up)
    generations.bump([tree.makassar.pk])  # it has more than the snapshot knows
    time.sleep(0.01)
    assert replica._has(caught_up)


def test_one_that_lacks_a_single_change_may_not(caught_up, tree):
    Generation.objects.filter(pk=tree.payakumbuh.pk).update(number=F("number") - 1)
    assert not replica._has(caught_up)


def test_one_that_has_not_replayed_a_restored_backup_with_fewer_numbers_may_not(caught_up):
    time.sleep(0.01)
    newest = max(caught_up.numbers.values()) + 1
    assert sum(caught_up.numbers.values()) > newest
    assert not replica._has(replace(caught_up, numbers={generations.EVERYWHERE: newest}))


def test_one_whose_clock_has_not_reached_what_was_due_may_not(caught_up):
    ahead = timezone.now() + timedelta(seconds=90)
    Generation.objects.filter(pk=generations.EVERYWHERE).update(number=int(ahead.timestamp() * 1e6))
    assert not replica._has(caught_up)


def test_one_whose_clock_is_ahead_of_the_primarys_may_not(caught_up):
    time.sleep(0.01)
    assert replica._has(with_offset(caught_up, 0))
    assert not replica._has(with_offset(caught_up, -2 * replica.MAX_AHEAD))


def test_only_reads_of_readers_pages_go_there():
    router = replica.ReadersRouter()
    assert (router.db_for_read(Region), router.db_for_write(Region)) == ("default", "default")
    token = replica._alias.set("replica")
    try:
        assert (router.db_for_read(Region), router.db_for_write(Region)) == ("replica", "default")
    finally:
        replica._alias.reset(token)
    assert router.allow_migrate("replica", "news") is False


def test_a_look_that_fails_makes_the_primary_answer(caught_up, monkeypatch):
    watched = replica.Replica()
    monkeypatch.setattr(connection, "close", lambda: None)
    assert watched._look(caught_up)
    assert watched.has_reached(caught_up)

    def refuse(_snapshot):
        raise OperationalError

    monkeypatch.setattr(replica, "_has", refuse)
    assert not watched._look(caught_up)
    assert not watched.has_reached(caught_up)


@pytest.fixture
def two_databases(caught_up, monkeypatch, tree):
    """`ask(path)`: the databases that the page was made from, one after the other. The replica fails for `/gagal/`."""
    made_from = []

    def application(environ, start_response):
        made_from.append(replica._alias.get())
        fails = made_from[-1] != "default" and environ["PATH_INFO"] == "/gagal/"
        status = "503 Service Unavailable" if fails else "200 OK"
        start_response(status, [("Content-Type", "text/plain"), ("Cache-Control", "public, max-age=0")])
        return [b"x"]

    monkeypatch.setattr(replica, "ALIAS", "replica")
    monkeypatch.setattr(replica, "connections", {"replica": None})
    pages = PageCache(application, Poller(in_thread=False))
    pages.replica = replica.Replica()
    monkeypatch.setattr(pages.replica, "follow", lambda snapshot: None)
    pages.replica._reached = float("inf")

    def ask(path: str) -> list[str]:
        made_from.clear()
        environ = {"REQUEST_METHOD": "GET", "HTTP_HOST": tree.network.host, "PATH_INFO": path, "QUERY_STRING": ""}
        answers = []
        pages(environ, lambda status, headers: answers.append(status))
        assert answers == ["200 OK"]
        return list(made_from)

    return ask


def test_a_page_that_fails_on_the_replica_is_made_from_the_primary(two_databases):
    assert two_databases("/") == ["replica"]
    assert two_databases("/gagal/") == ["replica", "default"]
    assert two_databases("/indeks/") == ["default"], "the replica is left alone until the next look"


def test_previews_are_made_from_the_primary_because_no_number_tells_of_them(two_databases):
    assert two_databases("/pratinjau/token/") == ["default"]
    assert two_databases("/") == ["replica"]
