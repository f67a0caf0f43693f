"""Request ids, the line of each answer, and what neither says of whoever asked."""

import io
import json
import logging
import re
import sys

import pytest

from pekon import logs, request_ids, request_log
from pekon.pagecache.wsgi import PageCache
from pekon.wsgi import django_application
from regions.generations import snapshot
from tests.pagecache.test_wsgi import Site

SECRET = "rani.putri"
FROM_READER = {
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_X_FORWARDED_FOR": "198.51.100.5",
    "HTTP_USER_AGENT": "PeramKhusus/9",
    "HTTP_COOKIE": f"redaksi={SECRET}",
    "HTTP_REFERER": f"https://example.org/{SECRET}",
}
PERSONAL = (SECRET, "203.0.113.77", "198.51.100.5", "PeramKhusus")


@pytest.fixture
def site(tree, settings, monkeypatch):
    settings.ACCESS_LOG, settings.LOG_FORMAT = True, "json"
    told = Site()
    told.pages = PageCache(django_application, snapshot.Poller(in_thread=False))
    told.application = request_log.RequestLog(told.pages)
    yield told
    request_ids.end()


@pytest.fixture
def lines():
    """What the log of this test says, in LOG_FORMAT=json."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter("json"))
    root, access = logging.getLogger(), logging.getLogger("pekon.access")
    level = access.level
    root.addHandler(handler)
    access.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    access.setLevel(level)


def test_each_answer_has_a_line_that_does_not_say_who_asked(tree, site, lines):
    for path in ("/", "/", f"/cari/?q={SECRET}", "/tidak-ada/"):
        site.get(tree.payakumbuh, path, **FROM_READER)
    site.get("redaksi.pekon.web.id", f"/undangan/{SECRET}/", **FROM_READER)
    site.get("redaksi.pekon.web.id", f"/kalender/{SECRET}.ics", **FROM_READER)
    site.get(tree.payakumbuh, f"/pratinjau/{SECRET}/", **FROM_READER)
    site.get(f"{SECRET}.example.org", **FROM_READER)
    told = [line for line in lines() if line["logger"] == "pekon.access"]
    assert [(line["host"], line["path"], line["status"], line["outcome"]) for line in told] == [
        ("payakumbuh.pekon.web.id", "/", 200, "misses"),
        ("payakumbuh.pekon.web.id", "/", 200, "hits"),
        ("payakumbuh.pekon.web.id", "/cari/", 200, told[2]["outcome"]),
        ("payakumbuh.pekon.web.id", "/tidak-ada/", 404, "misses"),
        ("redaksi.pekon.web.id", "/undangan/<str:token>/", 404, "newsroom"),
        ("redaksi.pekon.web.id", "/kalender/<str:token>.ics", 404, "newsroom"),
        ("payakumbuh.pekon.web.id", "/pratinjau/<token>/", 404, told[6]["outcome"]),
        ("-", "-", 400, "other"),
    ]
    assert told[1]["bytes"] > 1_000
    assert 0 <= told[1]["seconds"] < 5
    everything = json.dumps(lines())
    assert [word for word in PERSONAL if word in everything] == []


def test_pages_for_everybody_carry_no_id_and_others_do(tree, site):
    assert "X-Request-ID" not in site.get(tree.payakumbuh).headers
    assert "X-Request-ID" not in site.get(tree.payakumbuh).headers
    ids = {site.get("redaksi.pekon.web.id", "/akun/masuk/").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in ids)


def test_an_id_is_taken_from_our_own_proxy_alone(tree, site, settings):
    def answered(given):
        return site.get("redaksi.pekon.web.id", "/akun/masuk/", HTTP_X_REQUEST_ID=given).headers["X-Request-ID"]

    assert answered("dari-pengunjung") != "dari-pengunjung"
    settings.TRUSTED_PROXY_COUNT = 1
    assert answered("dari-proxy-kita") == "dari-proxy-kita"
    for odd in ("pendek", "x" * 65, "baris\r\nbaru12345", "spasi di sini", SECRET + "@example.org"):
        assert answered(odd) != odd


def test_lines_of_the_log_carry_the_id_of_their_request(tree, site, lines, monkeypatch, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    logger = logging.getLogger("pekon.uji")

    def application(environ, start_response):
        logger.warning("Sesuatu")
        return django_application(environ, start_response)

    site.pages.application = application
    site.get("redaksi.pekon.web.id", "/akun/masuk/", HTTP_X_REQUEST_ID="satu-dua-tiga")
    [line] = [line for line in lines() if line["logger"] == "pekon.uji"]
    assert line["request_id"] == "satu-dua-tiga"
    assert (line["event"], line["level"]) == ("Sesuatu", "warning")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["time"])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("A name or password was wrong: from 203.0.113.7", "A name or password was wrong: from [address]"),
        ("from 2001:db8::7, again", "from [address], again"),
        ("from 203.0.113.7:5123", "from [address]"),
        ("to rani@example.org failed", "to [mail] failed"),
        ("Listening at: http://127.0.0.1:8000 (12)", "Listening at: http://127.0.0.1:8000 (12)"),
        ("at 12:30:45 and 10:15", "at 12:30:45 and 10:15"),
        ('duplicate key\nDETAIL:  Key (name)=(Rani) already exists.', "duplicate key\nDETAIL [left out]"),
    ],
)  # fmt: skip
def test_what_tells_who_somebody_is_is_replaced(text, left):
    assert logs.without_personal_data(text) == left


def test_djangos_lines_name_the_pattern_and_not_the_path(lines, rf):
    request = rf.get(f"/akun/sandi/baru/1-{SECRET}/?q={SECRET}")
    request.resolver_match = type("Match", (), {"route": "akun/sandi/baru/<key>/"})
    try:
        raise ValueError(f"wrong for {SECRET}@example.org")
    except ValueError:
        extra = {"status_code": 500, "request": request}
        logger = logging.getLogger("django.request")
        record = logger.makeRecord(
            "django.request", 40, __file__, 1, "%s: %s", ("Internal Server Error", request.path), sys.exc_info(),
            extra=extra,
        )  # fmt: skip
    logging.getLogger().handle(record)
    [line] = lines()
    assert (line["event"], line["status"], line["route"]) == ("Internal Server Error", 500, "akun/sandi/baru/<key>/")
    assert "ValueError: wrong for [mail]" in line["exception"]
    assert SECRET not in line["event"] + str(line.get("path")) + line["route"]


def test_gunicorns_lines_of_exceptions_have_no_address(lines):
    try:
        raise OSError("gone")
    except OSError:
        logging.getLogger("gunicorn.error").exception("Error handling request %s", f"/cari/?q={SECRET}")
    [line] = lines()
    assert line["event"] == "Error handling request %s"
    assert SECRET not in json.dumps(line)


def test_text_stays_the_default():
    assert isinstance(logs.formatter(), logs.UTCFormatter)
