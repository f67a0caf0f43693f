"""Hostile requests to real gunicorn processes, started as deploy/gunicorn.conf.py has it: headers and slow clients.

`make check-hostile` tries every name in every spelling at every address; `make test` a part of that (EVERYTHING).
"""

import http.client
import itertools
import os
import socket

import pytest

from tests.server import Server

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
EVERYTHING = os.environ.get("HOSTILE") == "all"
SEED = """
import django; django.setup()
from news.demo import builders
city = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", builders.make_network()))
print(builders.make_live(city).get_absolute_url())
"""
HOST = "payakumbuh.localhost"
TRUSTED = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
# Names that gunicorn, Django, WSGI (PEP 3333), CGI (RFC 3875), proxies and caches give a meaning.
NAMES = """
script-name path-info path-translated query-string request-method request-uri raw-uri remote-addr remote-host
remote-user remote-port remote-ident auth-type server-name server-port server-protocol server-software
gateway-interface document-root content-type wsgi.url-scheme wsgi-url-scheme wsgi-input wsgi-file-wrapper
pekon.snapshot pekon-snapshot pekon.depends-on https http-host http-cookie http-x-forwarded-proto
http-x-forwarded-host proxy secure-scheme x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto
x-forwarded-protocol x-forwarded-ssl x-forwarded-scheme x-forwarded-prefix x-forwarded-path x-forwarded-server
x-forwarded-by x-scheme x-script-name x-original-url x-original-host x-rewrite-url x-real-ip x-client-ip x-host
x-http-host-override x-http-method x-http-method-override x-method-override x-accel-redirect x-accel-expires
x-sendfile x-sendfile-type x-csrftoken x-requested-with x-url-scheme front-end-https forwarded true-client-ip
cf-connecting-ip cf-visitor client-ip via base-url destination prefix accept accept-language accept-charset
accept-datetime authorization cookie cookie2 origin referer user-agent from dnt save-data sec-fetch-mode
sec-fetch-dest sec-ch-ua sec-ch-prefers-color-scheme viewport-width dpr downlink ect purpose cache-control pragma
range if-match if-modified-since if-range if-unmodified-since expect-ct max-forwards te upgrade
upgrade-insecure-requests warning x-wap-profile link hx-request turbo-frame
""".split()
VALUES = ("/x", "https", "evil.example.org", "POST")
SPELLINGS = (
    lambda name: name.title(),
    lambda name: name.replace("-", "_").upper(),
    lambda name: name.replace("-", "_").capitalize(),
    lambda name: "HTTP_" + name.replace("-", "_").upper(),
    lambda name: name.replace("-", "_", 1),
    lambda name: name.upper(),
)
PASSING = {"Date", "Cache-Control", "X-Accel-Expires"}  # follow from the second of the answer


@pytest.fixture(scope="module", params=["0", "1"], ids=["direct", "proxied"])
def site(request):
    """Pages are not stored, so that each request makes its page; what pages share stays in memory."""
    with Server(PAGE_CACHE_BYTES="0", TRUSTED_PROXY_COUNT=request.param, READS_EVERY="0") as server:
        server.article = server.run("-c", SEED).split()[-1]
        yield server


def ask(site, path="/", host=HOST, method="GET", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": f"{host}:{site.port}", **(headers or {})}.items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    lasting = [(name, value) for name, value in response.getheaders() if name not in PASSING]
    answer = response.status, lasting, response.read()
    connection.close()
    return answer


def requests_of(site):
    """Arguments of `ask` for stored pages, and for what the page cache hands on to Django."""
    return [
        {"path": "/"},
        {"path": site.article},
        {"path": "/wilayah/"},
        {"path": "/indeks"},
        {"path": "/tidak-ada/"},
        {"path": "/cari/?q=pasar"},
        {"path": "/", "host": "tidakada.localhost"},
        {"path": "/", "host": "www.localhost"},
        {"path": "/", "method": "POST", "body": b"a=1"},
        {"path": f"/dibaca/{site.article.split('/')[2]}/", "method": "POST", "body": b""},
    ]


def test_no_header_changes_an_answer_or_what_the_next_reader_gets(site):
    requests = requests_of(site)
    for asked in requests:  # the first requests fill what pages share
        ask(site, **asked)
    before = [ask(site, **asked) for asked in requests]
    assert [status for status, *_ in before[:5]] == [200, 200, 200, 301, 404]
    tried = list(itertools.product(NAMES, SPELLINGS, VALUES, ({}, TRUSTED)))
    step = 1 if EVERYTHING else 23  # coprime to the numbers of spellings, values and requests
    findings = []
    for number, (name, spell, value, trusted) in enumerate(tried[::step]):
        if trusted and spell(name).title() in TRUSTED:
            continue
        headers = trusted | {spell(name): value}
        index = number % len(requests)
        if ask(site, **requests[index], headers=headers) != before[index] and not _means_something(name):
            findings.append((requests[index], headers))
    after = [ask(site, **asked) for asked in requests]
    assert findings == []
    assert after == before


def _means_something(name):
    """A preview of a part, or a body's type, may be refused or cut; the page itself is as before."""
    return name in ("range", "content-type", "origin", "user-agent", "x-forwarded-for")


@pytest.mark.parametrize("spelling", ["SCRIPT_NAME", "Script_name", "script_name", "Script-Name", "HTTP_SCRIPT_NAME"])
@pytest.mark.parametrize("trusted", [{}, TRUSTED], ids=["bare", "forwarded"])
def test_nobody_moves_the_site_below_another_path(site, spelling, trusted):
    before = ask(site, "/wilayah/")
    assert ask(site, "/x/wilayah/", headers=trusted | {spelling: "/x"})[0] == 404
    assert ask(site, "/wilayah/", headers=trusted | {spelling: "/wilayah"})[0] == 200
    assert ask(site, "/wilayah/") == before


HALVES = [
    b"GET / HTTP/1.1\r\nHost: %(host)s\r\nX-Slow: ",
    b"GET ",
    b"POST / HTTP/1.1\r\nHost: %(host)s\r\nContent-Length: 1000\r\n\r\na=",
    b"GET / HTTP/1.1\r\nHost: %(host)s\r\n\r\nGET / HTTP/1.1\r\nHost:",  # the second request of an open connection
]


@pytest.mark.parametrize("half", HALVES, ids=["headers", "method", "body", "second"])
def test_half_sent_requests_hold_no_threads(site, half):
    """There are eight threads, and five times as many clients that never finish."""
    clients = [socket.create_connection(("127.0.0.1", site.port)) for _n in range(200 if EVERYTHING else 40)]
    first, _blank, second = half.partition(b"\r\n\r\nGET")
    host = {b"host": f"{HOST}:{site.port}".encode()}
    try:
        for client in clients:
            client.sendall(first % host + (b"\r\n\r\n" if second else b""))
        if second:
            for client in clients:
                client.recv(1)
                client.sendall(b"GET" + second % host)
        assert [ask(site, path)[0] for path in ("/", site.article)] == [200, 200]
    finally:
        for client in clients:
            client.close()


def test_a_request_that_arrives_in_pieces_is_answered(site):
    request = f"GET {site.article} HTTP/1.1\r\nHost: {HOST}:{site.port}\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", site.port)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(request), 7):
            client.sendall(request[start : start + 7])
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_a_body_in_pieces_and_a_large_one_are_read_whole(site):
    for size in (10, 60_000, 400_000):
        body = b"login=" + b"x" * size
        status = ask(site, "/akun/masuk/", host="redaksi.localhost", method="POST", body=body)[0]
        assert status in (403, 301)  # no CSRF token; over https where a proxy is trusted
