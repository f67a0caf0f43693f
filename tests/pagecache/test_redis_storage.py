"""Many requests at once, several processes and a Redis that goes away: a page is made once, and always answered."""

import shutil
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.http import HttpResponse
from redis.exceptions import RedisError

from pekon.pagecache import redis_storage
from pekon.pagecache.redis_storage import FailSafeRedisCache, RedisStorage
from pekon.pagecache.storage import Entry
from pekon.pagecache.wsgi import PageCache
from regions.generations.snapshot import SharedData, Snapshot
from regions.models import Region
from tests.server import free_port

REDIS = shutil.which("redis-server")


class FixedPoller:
    """A poller whose generations a test bumps by hand."""

    is_down = False

    def __init__(self):
        self.number = 1

    def snapshot(self):
        shared = SharedData([Region(pk=1, is_open=True)])
        return Snapshot(int(time.time()), time.monotonic(), {0: 1, 1: self.number}, {}, shared)


class DownPoller:
    """A process that began while the database was down."""

    is_down = True

    def snapshot(self):
        return None


class Slow:
    """A small application in place of Django: each page takes a moment, and says how often pages were made."""

    def __init__(self):
        self.made, self.lock = 0, threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            self.made += 1
            number = self.made
        time.sleep(0.2)
        response = HttpResponse(f"{environ['PATH_INFO']} made {number}")
        response.close = lambda: None  # there is no database to let go of
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response


def ask(pages, path="/"):
    said = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": "pekon.web.id", "wsgi.url_scheme": "http"}
    body = b"".join(pages(environ, lambda status, headers: said.append(status)))
    assert said == ["200 OK"]
    return body.decode()


def test_of_many_requests_for_one_page_one_makes_it_and_other_pages_do_not_wait():
    made = Slow()
    pages = PageCache(made, FixedPoller())
    began = time.monotonic()
    with ThreadPoolExecutor(60) as clients:
        answers = set(clients.map(lambda number: ask(pages, f"/{number % 3}/"), range(60)))
    assert (made.made, len(answers)) == (3, 3)
    assert time.monotonic() - began < 60 * 0.2
    assert pages._renders == {}


def test_a_request_that_fails_lets_the_next_one_try():
    def fail(environ, start_response):
        raise ZeroDivisionError

    pages = PageCache(fail, FixedPoller())
    for _n in range(2):
        with pytest.raises(ZeroDivisionError):
            ask(pages)
    assert pages._renders == {}


class Redis:
    def __init__(self):
        self.port = free_port()
        self.start()

    def start(self):
        command = [REDIS, "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not self.answers():
            time.sleep(0.02)

    def answers(self):
        import redis

        try:
            return redis.Redis(port=self.port).ping()
        except redis.RedisError:
            return False

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def redis():
    if REDIS is None:
        pytest.skip("redis-server is not installed")
    server = Redis()
    yield server
    server.stop()


@pytest.fixture
def processes(redis, settings):
    """Two page caches that share nothing but Redis, and the application behind both."""
    options = {"socket_connect_timeout": 2, "socket_timeout": 2}
    location = f"redis://127.0.0.1:{redis.port}/0"
    backend = "pekon.pagecache.redis_storage.FailSafeRedisCache"
    settings.CACHES = settings.CACHES | {"pages": {"BACKEND": backend, "LOCATION": location, "OPTIONS": options}}
    FailSafeRedisCache.away_until = 0.0
    caches["pages"].clear()
    made, poller = Slow(), FixedPoller()
    return SimpleNamespace(made=made, poller=poller, one=PageCache(made, poller), two=PageCache(made, poller))


def test_two_processes_make_a_page_once(processes):
    with ThreadPoolExecutor(8) as clients:
        answers = set(clients.map(ask, [processes.one, processes.two] * 4))
    assert (processes.made.made, len(answers)) == (1, 1)
    processes.poller.number += 1
    assert ask(processes.two) == ask(processes.one) == "/ made 2"
    caches["pages"].clear()
    assert ask(PageCache(processes.made, processes.poller)) == "/ made 3"


def test_while_the_database_is_down_what_another_process_made_is_shown(processes):
    ask(processes.one)
    processes.poller.number += 1
    processes.poller.is_down = True
    assert ask(processes.two) == "/ made 1"


def test_a_process_that_starts_while_the_database_is_down_shows_what_redis_has(processes, settings):
    ask(processes.one)
    began = PageCache(processes.made, DownPoller())
    assert ask(began) == "/ made 1"
    for path, host in (("/lain/", "pekon.web.id"), ("/", "tutup.pekon.web.id")):
        said = []
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": host, "wsgi.url_scheme": "http"}
        began(environ, lambda status, headers, said=said: said.extend([status, dict(headers)]))
        assert (said[0], said[1]["Retry-After"]) == ("503 Service Unavailable", "5")
    settings.PAGE_STALE_SECONDS = -1
    began(environ | {"PATH_INFO": "/", "HTTP_HOST": "pekon.web.id"}, lambda status, headers: said.append(status))
    assert said[-1] == "503 Service Unavailable"  # too old


def test_what_redis_has_in_place_of_a_snapshot_is_not_believed(processes):
    for junk in (b"", b"{}", b"[1]", b'{"second": 1, "numbers": [[1]], "regions": []}', b"\xff"):
        caches["pages"].set(redis_storage._name(redis_storage.SNAPSHOT), junk)
        assert RedisStorage().last_snapshot() is None


def test_the_snapshot_is_written_when_a_number_moves_and_not_for_each_request(processes, monkeypatch):
    written = []
    monkeypatch.setattr(processes.one.redis.cache, "set", lambda name, *rest: written.append(name))
    name = redis_storage._name(redis_storage.SNAPSHOT)
    for number in (1, 1, 2, 2):
        processes.poller.number = number
        ask(processes.one)
    assert written.count(name) == 2


def test_without_redis_pages_are_made_and_stored(processes, redis):
    redis.stop()
    try:
        assert [ask(processes.one), ask(processes.one), ask(processes.two)] == ["/ made 1", "/ made 1", "/ made 2"]
    finally:
        redis.start()


def test_nobody_waits_for_a_redis_that_hangs(processes, redis, caplog):
    redis.process.send_signal(signal.SIGSTOP)
    for number in range(3):
        assert ask(processes.one, f"/{number}/") == f"/{number}/ made {number + 1}"
    redis.process.send_signal(signal.SIGCONT)
    assert caplog.text.count("Redis is away") == 1  # the first request found out for all


# --- Without any Redis ----------------------------------------------------------------------------------------

TOPS = ("news", "pekon", "regions", "static", "templates")
KEY = (1, "/indeks/", "sebelum=1-1")
PAGE = Entry("200 OK", [("Content-Type", "text/html")], b"Halo\n", (4, 5), (0, 1), 1_700_000_300.0)


class Clock:
    """In place of the module `time`: it stands until somebody sleeps."""

    def __init__(self):
        self.now = 100.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        assert seconds < 1
        self.now += seconds


class Dictionary(dict):
    """In place of the cache: what is stored, and for how many seconds."""

    def __init__(self):
        self.lifetimes = {}

    def set(self, name, value, lifetime):
        self[name], self.lifetimes[name] = value, lifetime

    def add(self, name, value, lifetime):
        if name in self:
            return False
        self.set(name, value, lifetime)
        return True

    def delete(self, name):
        return self.pop(name, None) is not None


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(redis_storage, "time", clock)
    return clock


@pytest.fixture
def storage(clock):
    storage = RedisStorage()
    assert not storage.is_configured  # the tests' settings name no Redis
    storage.cache, storage.is_configured = Dictionary(), True
    return storage


def test_a_page_is_the_same_after_it_was_stored(storage):
    for until in (PAGE.until, float("inf")):
        page = replace(PAGE, until=until)
        storage.put(KEY, page)
        assert storage.get_any(KEY) == storage.get(KEY, lambda found: True) == page
    assert storage.cache.lifetimes == {redis_storage._name(KEY): redis_storage.LIFETIME}
    assert storage.get_any((2, *KEY[1:])) is None


def test_answers_that_are_no_pages_are_not_stored(storage):
    for answer in (None, Entry("404 Not Found", [], b"", (4, 5))):
        storage.put(KEY, answer)
        assert storage.cache == {}


def test_what_is_no_page_is_not_believed(storage):
    for junk in (None, b"", b"\n", b"[]\nHalo", b'["200 OK", [], ["x"], [], null]\n', b"{}\n", b"7\n", b"\xff\n"):
        storage.cache[redis_storage._name(KEY)] = junk
        assert storage.get_any(KEY) is None


def test_one_process_makes_a_page_and_the_others_wait_for_a_while(storage, clock):
    began = clock.now
    assert storage.get(KEY, lambda found: True) is None  # our turn
    [turn] = storage.cache
    assert storage.cache.lifetimes[turn] == redis_storage.TURN_LIFETIME
    assert clock.now == began
    assert storage.get(KEY, lambda found: True) is None  # somebody else's turn, for too long
    assert redis_storage.TURN_TIMEOUT < clock.now - began < redis_storage.TURN_TIMEOUT + 0.1
    storage.put(KEY, PAGE)
    assert turn not in storage.cache
    began = clock.now
    assert storage.get(KEY, lambda found: True) == PAGE
    assert storage.get(KEY, lambda found: found != PAGE) is None  # an old page: our turn again
    assert (turn in storage.cache, clock.now) == (True, began)


def test_the_snapshot_is_written_again_before_it_expires(storage, clock):
    def taken(number):
        return Snapshot(int(time.time()), time.monotonic(), {0: number}, {}, SharedData([Region(pk=1, is_open=True)]))

    first = taken(1)
    name = redis_storage._name(redis_storage.SNAPSHOT)
    written = []
    for snapshot, seconds in (
        (first, 0),
        (first, 100),  # the very same
        (taken(1), 0),
        (taken(1), redis_storage.SNAPSHOT_INTERVAL),
        (taken(1), 0.5),
        (taken(2), 0),
    ):
        clock.now += seconds
        storage.cache.pop(name, None)
        storage.remember_snapshot(snapshot)
        written.append(name in storage.cache)
    assert written == [True, False, True, False, True, True]
    assert storage.cache.lifetimes[name] == redis_storage.LIFETIME
    assert storage.last_snapshot().numbers == {0: 2}


def test_without_a_configured_redis_nothing_is_stored(storage):
    storage.is_configured = False
    storage.put(KEY, PAGE)
    storage.remember_snapshot(Snapshot.from_plain({"second": 1, "numbers": [], "regions": []}))
    assert storage.get(KEY, lambda found: True) is storage.get_any(KEY) is storage.last_snapshot() is None
    assert storage.cache == {}


def test_an_error_of_redis_is_a_miss_and_it_is_left_alone_for_a_while(clock, monkeypatch):
    asked = []

    def broken(self, *args, **kwargs):
        asked.append(args)
        raise errors[len(asked) % 2]

    errors = (RedisError("refused"), OSError("timed out"))
    for verb in ("get", "add", "set", "delete"):
        monkeypatch.setattr(RedisCache, verb, broken)
    cache = FailSafeRedisCache("redis://127.0.0.1:1/0", {})
    for verb, arguments, missed in (
        (cache.get, ("a",), None),
        (cache.get, ("a", "default"), "default"),
        (cache.add, ("a", 1), True),  # this process makes the page
        (cache.set, ("a", 1), None),
        (cache.delete, ("a",), False),
    ):
        monkeypatch.setattr(FailSafeRedisCache, "away_until", 0.0)
        asked.clear()
        assert verb(*arguments) == missed
        assert len(asked) == 1
        clock.now += redis_storage.RETRY_AFTER - 0.1
        assert verb(*arguments) == missed
        assert len(asked) == 1
        clock.now += 0.1
        assert verb(*arguments) == missed
        assert len(asked) == 2


def test_pages_of_another_version_of_the_code_are_not_found(settings, tmp_path):
    """The name of a stored page depends on every file that pages are made from, and on what they show of settings."""
    settings.BASE_DIR = tmp_path
    build = redis_storage._build.__wrapped__
    made_from = [
        f"{top}/deep/file{ending}" for top in TOPS for ending in (".css", ".html", ".js", ".mo", ".py", ".svg")
    ]
    seen = {build()}
    for number, path in enumerate([*made_from, *made_from]):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(str(number))
        seen.add(build())
    assert len(seen) == 1 + 2 * len(made_from)
    for other in ("news/deep/file.pyc", "news/deep/notes.txt", "docs/file.py"):
        (tmp_path / other).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / other).write_text("x")
        assert build() in seen
    (tmp_path / made_from[0]).rename(tmp_path / made_from[0].replace("file", "other"))
    assert build() not in seen
    for name, value in (("DOMAIN", "contoh.id"), ("SCHEME", "gopher"), ("LIST_LENGTH", 7)):
        before = build()
        setattr(settings, name, value)
        assert build() != before
