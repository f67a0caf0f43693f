"""Error reports, as a real server receives them: enough to find the fault, and not a byte of whoever met it."""

import gzip
import http.server
import json
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import brotli
import pytest

from tests import made_once
from tests.server import ROOT

SECRETS = {
    "a local variable": "lokal-5501",
    "a query": "kueri-5502",
    "a form": "formulir-5503",
    "a cookie": "kue-5504",
    "a browser": "peramban-5505",
    "an address": "203.0.113.55",
    "a user": "rani-5506",
    "a message": "pesan-5507",
    "a parameter of the log": "catatan-5508",
    "a part of a path": "jalur-5509",
    "a breadcrumb": "remah-5510",
}
PROGRAM = """
import logging, sys
import django; django.setup()
from django.core.handlers.wsgi import WSGIHandler
from django.urls import path
from io import BytesIO
import pekon.urls.newsroom as urls
from django.contrib.auth.decorators import login_not_required
from django.views.decorators.csrf import csrf_exempt
SECRETS = %r
@csrf_exempt
@login_not_required
def broken(request, part):
    kept = SECRETS["a local variable"]
    request.user.username = SECRETS["a user"]
    logging.getLogger("pekon.uji").warning("before %%s", SECRETS["a breadcrumb"])
    logging.getLogger("pekon.uji").error("a line of the log: %%s", SECRETS["a parameter of the log"])
    raise RuntimeError(SECRETS["a message"])
urls.urlpatterns.insert(0, path("rusak/<str:part>/", broken))
from pekon.wsgi import application
body = b"name=" + SECRETS["a form"].encode()
environ = {
    "REQUEST_METHOD": "POST", "PATH_INFO": "/rusak/" + SECRETS["a part of a path"] + "/",
    "QUERY_STRING": "q=" + SECRETS["a query"], "HTTP_HOST": "redaksi.localhost:8000", "SERVER_NAME": "x",
    "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body),
    "wsgi.errors": sys.stderr, "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded",
    "HTTP_COOKIE": "redaksi=" + SECRETS["a cookie"], "HTTP_USER_AGENT": SECRETS["a browser"],
    "REMOTE_ADDR": SECRETS["an address"], "HTTP_X_FORWARDED_FOR": SECRETS["an address"], "wsgi.multithread": False,
}
answered = []
b"".join(application(environ, lambda status, headers, exc_info=None: answered.append((status, dict(headers)))))
print(answered[0][0].split()[0], answered[0][1]["X-Request-ID"])
import sentry_sdk
sentry_sdk.flush(20)
"""


@pytest.fixture
def receiver():
    """A server that keeps what is posted to it: (path, headers, body) each."""
    received = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}
            body = unpack[self.headers.get("Content-Encoding")](body)
            received.append((self.path, str(self.headers), body.decode()))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], received
    server.shutdown()


def run(tmp_path, program, **environment):
    kept = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "pekon.settings", "VAR_DIR": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env=kept | {"DEBUG": "true"} | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_report_has_the_lines_of_code_and_nothing_of_the_person(tmp_path, receiver):
    port, received = receiver
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/uji.sqlite3"}
    program = PROGRAM % SECRETS
    with closing(sqlite3.connect(tmp_path / "uji.sqlite3")) as made:
        made_once.copy_sqlite(made)
    done = run(tmp_path, program, SENTRY_DSN=f"http://kunci@127.0.0.1:{port}/7", DEBUG="false", SCHEME="http",
               DOMAIN="localhost:8000", SECRET_KEY="0123456789" * 6, EMAIL_URL="console:", **database)  # fmt: skip
    assert done.returncode == 0, done.stderr
    status, request_id = done.stdout.split()[-2:]
    assert status == "500"
    everything = "\n".join("".join(part) for part in received)
    assert [what for what, secret in SECRETS.items() if secret in everything] == []
    events = [
        json.loads(line) for _path, _headers, body in received for line in body.splitlines() if '"event_id"' in line
    ]
    events = [event for event in events if "level" in event]
    by_kind = {("exception" in event): event for event in events}
    [value] = by_kind[True]["exception"]["values"]
    assert value["type"] == "RuntimeError"
    assert value["stacktrace"]["frames"][-1]["function"] == "broken"
    assert by_kind[False]["logentry"] == {"message": "a line of the log: %s"}
    assert {event["tags"]["request_id"] for event in events} == {request_id}
    assert all("request" not in event and "user" not in event and "breadcrumbs" not in event for event in events)


def test_without_an_address_the_library_is_not_even_loaded(tmp_path):
    program = "import django; django.setup(); import sys; print(*[m for m in sys.modules if 'sentry_sdk' in m])"
    program += "; import pekon.wsgi; print([m for m in ('prometheus_client', 'structlog') if m in sys.modules])"
    assert run(tmp_path, program).stdout.split() == ["[]"]
