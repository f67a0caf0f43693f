"""The operators' table of limits: its numbers are those of nginx, gunicorn and Django, and they hold."""

import http.client
import re
import runpy
import socket
import ssl
import time

import pytest
from allauth.account import app_settings
from django.conf import settings

from pekon import gunicorn
from tests.nginx import NGINX, Nginx
from tests.server import ROOT, Server


def table():
    """The rows of the table: what → (limit, who holds it, answer)."""
    guide = (ROOT / "docs" / "operate.md").read_text("utf-8")
    section = guide.split("\n## Limits\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", section, re.M)]
    return {what: (limit, holder, answer) for what, limit, holder, answer in rows[2:]}


def rate(what):
    """(a second, at once) of a row."""
    return tuple(map(int, re.fullmatch(r"(\d+) a second, (\d+) at once", table()[what][0]).groups()))


NGINX_ZONES = {
    "requests to readers' hosts, from one address": "pekon_readers",
    "searches (`/cari/`), from one address": "pekon_search",
    "counted reads (`/dibaca/`), from one address": "pekon_reads",
    "the API (`/api/`), from one address": "pekon_api",
    "requests to the newsroom, from one address": "pekon_newsroom",
}
SIZES = {
    "body of a request to readers' hosts": ("deploy/nginx/pages.conf", r"client_max_body_size (\d+)k", "{} KB"),
    "body of a request to the newsroom": ("deploy/nginx/pekon.conf", r"client_max_body_size (\d+)m", "{} MB"),
    "headers that arrive slowly": ("deploy/nginx/files.conf", r"client_header_timeout (\d+)s", "{} s"),
    "a body that arrives slowly": ("deploy/nginx/files.conf", r"client_body_timeout (\d+)s", "{} s between two pieces"),
}


def test_the_table_has_the_numbers_of_nginx():
    text = (ROOT / "deploy" / "nginx" / "pekon.conf").read_text("utf-8")
    for what, zone in NGINX_ZONES.items():
        a_second = int(re.search(rf"zone={zone}:\d+m rate=(\d+)r/s;", text)[1])
        assert (a_second, int(re.search(rf"zone={zone} burst=(\d+) nodelay;", text)[1])) == rate(what), what
    assert set(re.findall(r"limit_req_zone \S+ zone=(\w+):", text)) == set(NGINX_ZONES.values())
    for what, (name, pattern, shown) in SIZES.items():
        assert table()[what][0] == shown.format(re.search(pattern, (ROOT / name).read_text("utf-8"))[1]), what


def test_the_table_has_the_numbers_of_gunicorn_and_django(monkeypatch):
    monkeypatch.setattr("sys.argv", ["gunicorn"])
    rows = table()
    assert rows["headers that arrive slowly, past the proxy"][0] == f"{gunicorn.HEADER_TIMEOUT:.0f} s"
    assert rows["a request that arrives slowly, past the proxy"][0] == f"{gunicorn.READ_TIMEOUT:.0f} s in all"
    assert rows["typed text in one form"][0] == f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20} MB"
    assert rows["fields of one form"][0] == f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,}"
    limits = app_settings.RATE_LIMITS
    for what, name in {
        "wrong passwords, from one address": "password_failed_from_address",
        "wrong passwords, for one name": "password_failed_for_name",
        "wrong passwords, on a known device": "password_failed_on_device",
        "wrong codes of a second factor, for one person": "login_failed",
        "forgotten passwords (asking)": "reset_password",
        "forgotten passwords (setting)": "reset_password_from_key",
    }.items():
        shown = re.findall(r"(\d+) in (\d+ minutes|a minute)", rows[what][0])
        meant = re.findall(r"(\d+)/(\d*)m/", limits[name])
        assert [(count, span.removesuffix(" minutes").replace("a minute", "")) for count, span in shown] == meant, what
    config = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    assert not {"limit_request_line", "limit_request_fields", "limit_request_field_size"} & config.keys()


@pytest.fixture(scope="module")
def nginx():
    seed = (
        "import django; django.setup(); from news.demo import builders as b; "
        "b.make_region('payakumbuh', b.make_network())"
    )
    with Server(TRUSTED_PROXY_COUNT="1", HEALTH_NETWORKS="127.0.0.2/32") as server, Nginx(server, limits=True) as nginx:
        server.run("-c", seed)
        yield nginx


def flood(nginx, method, path, host):
    """Ask until it is refused: how many were let through, in how many seconds, and the refusal."""
    connection = http.client.HTTPConnection("127.0.0.1", nginx.port, timeout=30)
    began, passed = time.monotonic(), 0
    while True:
        connection.request(method, path, headers={"Host": host})
        response = connection.getresponse()
        body = response.read()
        if response.status == 429:
            return passed, time.monotonic() - began, response, body
        passed += 1
        assert passed < 5_000


def holds(nginx, what, method, path, host="payakumbuh.localhost"):
    a_second, at_once = rate(what)
    passed, seconds, refusal, body = flood(nginx, method, path, host)
    assert at_once <= passed <= at_once + 1 + a_second * (seconds + 0.1), what
    answer = table()[what][2]
    assert f"429, `Retry-After: {refusal.headers['Retry-After']}`" in answer
    if "JSON" in answer:
        assert refusal.headers["Content-Type"] == "application/json"
    else:
        assert "Terlalu banyak permintaan" in body.decode()


for_server = [
    pytest.mark.server,
    pytest.mark.xdist_group("server"),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]


def on_server(test):
    for mark in for_server:
        test = mark(test)
    return test


@on_server
def test_searches_and_counted_reads_have_limits_of_their_own(nginx):
    holds(nginx, "searches (`/cari/`), from one address", "GET", "/cari/?q=")
    holds(nginx, "counted reads (`/dibaca/`), from one address", "POST", "/dibaca/1/")
    connection = http.client.HTTPConnection("127.0.0.1", nginx.port, timeout=30)
    connection.request("GET", "/", headers={"Host": "payakumbuh.localhost"})
    assert connection.getresponse().status == 200  # who searches too often still reads


@on_server
def test_only_a_balancers_network_is_told_through_nginx_whether_the_machine_is_ready(nginx):
    def ask(path, source, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", nginx.port, timeout=30, source_address=(source, 0))
        connection.request("GET", path, headers={"Host": "payakumbuh.localhost"} | headers)
        return connection.getresponse().status

    for path in ("/-/live", "/-/ready"):
        assert ask(path, "127.0.0.2") == 200
        assert ask(path, "127.0.0.1") == 404
        assert ask(path, "127.0.0.1", **{"X-Forwarded-For": "127.0.0.2"}) == 404
    assert ask("/-/health", "127.0.0.2") == 404


@pytest.mark.thorough
@on_server
def test_every_other_rate_holds(nginx):
    holds(nginx, "the API (`/api/`), from one address", "GET", "/api/v1/sections/")
    holds(nginx, "requests to the newsroom, from one address", "GET", "/", host="redaksi.localhost")
    holds(nginx, "requests to readers' hosts, from one address", "GET", "/")


@on_server
def test_bodies_that_are_too_large_are_refused(nginx):
    time.sleep(0.2)  # a few requests are allowed again
    for host, size in (("payakumbuh.localhost", 64 * 2**10 + 1), ("redaksi.localhost", 32 * 2**20 + 1)):
        connection = socket.create_connection(("127.0.0.1", nginx.port), 30)
        head = f"POST /x/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")
        connection.close()


@pytest.mark.thorough
@on_server
def test_half_a_request_is_ended_with_and_without_tls(nginx):
    seconds = int(table()["headers that arrive slowly"][0].split()[0])
    trusting = ssl.create_default_context(cafile=nginx.folder / "fullchain.pem")
    plain = socket.create_connection(("127.0.0.1", nginx.port), 60)
    silent = socket.create_connection(("127.0.0.1", nginx.tls_port), 60)  # does not even shake hands
    secure = socket.create_connection(("127.0.0.1", nginx.tls_port), 60)
    secure = trusting.wrap_socket(secure, server_hostname="localhost")
    began = time.monotonic()
    for connection in (plain, secure):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: payakumbuh.localhost\r\nX-")
    for connection in (plain, secure, silent):
        assert connection.recv(1_000) == b""
        assert seconds - 2 < time.monotonic() - began < seconds + 10
        connection.close()
