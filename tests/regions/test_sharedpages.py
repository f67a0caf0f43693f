"""Many at once, many processes, and a shared cache that comes and goes: pages are made once, and always answered."""

import shutil
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.http import HttpResponse

from regions.board import Snapshot
from regions.models import Region
from regions.pagecache import PageCache
from regions.redis import ForgivingRedisCache
from tests.server import free_port

REDIS = shutil.which("redis-server")


class FixedBoard:
    """Numbers that a test moves on by hand."""

    is_down = False

    def __init__(self):
        self.number = 1

    def snapshot(self):
        shared = SimpleNamespace(regions={"": Region(pk=1)}, network=1)
        return Snapshot(int(time.time()), time.monotonic(), {0: 1, 1: self.number}, {}, shared)


class Slow:
    """Django in little: each page takes a moment, and says how often pages were made."""

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
    pages = PageCache(made, FixedBoard())
    began = time.monotonic()
    with ThreadPoolExecutor(60) as clients:
        answers = set(clients.map(lambda number: ask(pages, f"/{number % 3}/"), range(60)))
    assert (made.made, len(answers)) == (3, 3)
    assert time.monotonic() - began < 60 * 0.2
    assert pages._flights == {}


def test_a_request_that_fails_lets_the_next_one_try():
    def fail(environ, start_response):
        raise ZeroDivisionError

    pages = PageCache(fail, FixedBoard())
    for _n in range(2):
        with pytest.raises(ZeroDivisionError):
            ask(pages)
    assert pages._flights == {}


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
    """Two page caches that know of each other by Redis alone, and the application behind both."""
    options = {"socket_connect_timeout": 2, "socket_timeout": 2}
    location = f"redis://127.0.0.1:{redis.port}/0"
    backend = "regions.redis.ForgivingRedisCache"
    settings.CACHES = settings.CACHES | {"pages": {"BACKEND": backend, "LOCATION": location, "OPTIONS": options}}
    ForgivingRedisCache.away_until = 0.0
    caches["pages"].clear()
    made, board = Slow(), FixedBoard()
    return SimpleNamespace(made=made, board=board, one=PageCache(made, board), two=PageCache(made, board))


def test_two_processes_make_a_page_once(processes):
    with ThreadPoolExecutor(8) as clients:
        answers = set(clients.map(ask, [processes.one, processes.two] * 4))
    assert (processes.made.made, len(answers)) == (1, 1)
    processes.board.number += 1
    assert ask(processes.two) == ask(processes.one) == "/ made 2"
    caches["pages"].clear()
    assert ask(PageCache(processes.made, processes.board)) == "/ made 3"


def test_while_the_database_is_down_what_another_process_made_is_shown(processes):
    ask(processes.one)
    processes.board.number += 1
    processes.board.is_down = True
    assert ask(processes.two) == "/ made 1"


def test_without_redis_pages_are_made_and_kept(processes, redis):
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
    assert caplog.text.count("Redis is away") == 1  # the first one found out, for all
