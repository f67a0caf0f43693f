"""The shipped nginx configuration, in the real nginx, before real gunicorn processes."""

import http.client
import json
import socket
import ssl
import time
from types import SimpleNamespace

import brotli
import pytest

from tests.nginx import NGINX, Nginx
from tests.server import Server

pytestmark = [
    pytest.mark.server,
    pytest.mark.xdist_group("server"),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]

SEED = """
import django; django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from news.demo import builders
from news.images import uploads
from tests.conftest import photo_file
city = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", builders.make_network()))
photo = uploads.store(photo_file((1200, 800)), region=city, user=None)
article = builders.make_live(city, lead_photo=photo)
print(article.get_absolute_url(), photo.url("free", 1080), photo.original.name)
"""
RENAME = """
import django; django.setup()
from regions import services
from regions.models import Region
region = Region.objects.get(subdomain="payakumbuh")
region.tagline = "Semboyan baru"
services.save(region)
"""


@pytest.fixture(scope="module")
def site():
    with Server(TRUSTED_PROXY_COUNT="1") as server, Nginx(server) as nginx:
        article, photo, original = server.run("-c", SEED).split()[-3:]
        yield SimpleNamespace(server=server, nginx=nginx, article=article, photo=photo, original=original)


def get(site, path, host="payakumbuh.localhost", method="GET", port=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port or site.nginx.port, timeout=30)
    connection.request(method, path, headers={"Host": host} | {k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    response.body = response.read()
    connection.close()
    return response


def twice_in_one_second(site, path, accept_encoding=(None, None)):
    """Two answers of one second, for which nginx caches a page; again while it still fetches an earlier second's."""
    while True:
        time.sleep(1.02 - time.time() % 1)
        second = int(time.time())
        first, again = (get(site, path, **({"Accept_Encoding": each} if each else {})) for each in accept_encoding)
        if int(time.time()) == second and again.headers["X-Cache"] != "UPDATING":
            return first, again


def test_a_page_comes_from_nginx_compressed_as_pekon_did_it(site):
    plain = get(site, site.article)
    first, again = twice_in_one_second(site, site.article, ("gzip, deflate, br, zstd", "br;q=1.0, *;q=0.1"))
    assert again.headers["X-Cache"] == "HIT"
    assert again.headers["Content-Encoding"] == "br"
    assert again.body == first.body
    assert brotli.decompress(again.body) == plain.body
    assert get(site, site.article, Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
    assert "X-Accel-Expires" not in again.headers
    assert get(site, site.article, method="HEAD", Accept_Encoding="br").headers["ETag"] == again.headers["ETag"]
    known = get(site, site.article, Accept_Encoding="br", If_None_Match=again.headers["ETag"])
    assert (known.status, known.body) == (304, b"")


def test_a_404_is_cached_too_and_the_newsroom_is_not(site):
    _first, again = twice_in_one_second(site, "/tidak-ada/")
    assert again.headers["X-Cache"] == "HIT"
    for _n in range(2):
        login = get(site, "/akun/masuk/", "redaksi.localhost")
        assert login.status == 200
        assert "X-Cache" not in login.headers
        assert "redaksi-csrf" in login.headers["Set-Cookie"]
    assert get(site, "/", "example.org").status == 400


def test_a_change_is_seen_within_two_seconds(site):
    get(site, "/")
    site.server.run("-c", RENAME)
    deadline = time.monotonic() + 2
    while b"Semboyan baru" not in get(site, "/").body:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_files_come_from_the_disk_with_a_lifetime_that_fits_their_names(site):
    page = get(site, "/").body.decode()
    sheet = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    for path in (sheet, site.photo):
        file = get(site, path, Accept_Encoding="gzip")
        assert (file.status, file.headers["Server"]) == (200, "nginx")
        assert "immutable" in file.headers["Cache-Control"]
        assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert get(site, sheet, Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
    assert get(site, site.photo).headers["Content-Type"] == "image/webp"
    assert "s-maxage=3600" in get(site, site.photo).headers["Cache-Control"]
    assert get(site, f"/media/{'0' * 32}/share.jpg").status == 404
    for path in (f"/originals/{site.original}", f"/media/../originals/{site.original}", "/media/..%2fpekon.sqlite3"):
        assert get(site, path).status in (400, 404)


def test_browsers_get_http2_and_strangers_no_certificate(site):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    address = "127.0.0.1", site.nginx.tls_port
    with context.wrap_socket(socket.create_connection(address), server_hostname="payakumbuh.localhost") as secure:
        assert secure.selected_alpn_protocol() == "h2"
    with socket.create_connection(address) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="example.org")


def test_it_listens_on_ipv6_and_stands_beside_debians_default_site(site):
    debian = "server {{ listen 127.0.0.1:{port} default_server; listen [::1]:{port} default_server; server_name _; }}"
    with Nginx(site.server, beside=debian.replace("{{", "{").replace("}}", "}")) as nginx:
        for address in ("127.0.0.1", "::1"):
            connection = http.client.HTTPConnection(address, nginx.port, timeout=30)
            connection.request("GET", site.article, headers={"Host": "payakumbuh.localhost"})
            assert connection.getresponse().status == 200
            connection.close()


def test_no_header_of_a_clients_reaches_gunicorns_environment(site):
    before = get(site, "/wilayah/").body
    time.sleep(1.1)
    for spelling in ("SCRIPT_NAME", "Script_name", "Script-Name"):
        connection = http.client.HTTPConnection("127.0.0.1", site.nginx.port, timeout=30)
        connection.request("GET", "/x/wilayah/", headers={"Host": "payakumbuh.localhost", spelling: "/x"})
        assert connection.getresponse().status == 404
        connection.close()
    assert get(site, "/wilayah/").body == before


def test_the_access_log_has_times_and_nothing_about_readers(site):
    get(site, "/cari/?q=nama-orang", User_Agent="Peramban/1")
    get(site, "/pratinjau/sandi-rahasia/")
    get(site, "/undangan/sandi-rahasia/", "redaksi.localhost")
    deadline = time.monotonic() + 5
    while len(lines := (site.nginx.folder / "access.log").read_text().splitlines()) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    rows = [json.loads(line) for line in lines[-3:]]
    assert [(row["host"], row["path"]) for row in rows] == [
        ("payakumbuh.localhost", "/cari/"),
        ("payakumbuh.localhost", "/pratinjau/…"),
        ("redaksi.localhost", "/undangan/…"),
    ]
    assert all(row["seconds"] >= 0 and row["status"] and row["method"] == "GET" for row in rows)
    assert not [word for word in ("127.0.0.1", "Peramban", "nama-orang", "rahasia") if word in "".join(lines[-3:])]


def test_floods_from_one_address_are_told_to_wait(site):
    with Nginx(site.server, limits=True) as guarded:
        statuses = [get(site, "/static/icon.svg", port=guarded.port).status for _n in range(600)]
        assert set(statuses) == {200}  # files are not counted
        connection = http.client.HTTPConnection("127.0.0.1", guarded.port, timeout=30)
        statuses = []
        for _n in range(2_000):
            connection.request("GET", "/", headers={"Host": "payakumbuh.localhost"})
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
            if response.status == 429:
                break
        assert statuses[:400] == [200] * 400
        assert statuses[-1] == 429


def test_programs_that_ask_the_api_too_often_are_told_to_wait_and_readers_are_not(site):
    with Nginx(site.server, limits=True) as guarded:
        answers = []
        for _n in range(1_000):  # faster than two a second, even on a slow machine
            answers.append(get(site, "/api/v1/sections/", port=guarded.port))
            if answers[-1].status == 429:
                break
        assert [answer.status for answer in answers[:120]] == [200] * 120
        refused = answers[-1]
        assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
        assert refused.headers["Content-Type"] == "application/json"
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
        assert json.loads(refused.body) == {"detail": "Too many requests."}
        assert get(site, "/", port=guarded.port).status == 200


def test_while_gunicorn_is_down_cached_pages_are_still_shown(site):
    """The last test: it ends the server."""
    assert get(site, "/").status == 200
    site.server.kill()
    time.sleep(2.5)  # too old to be shown, fresh or while it is revalidated
    assert get(site, "/").status == 200
    for host in ("payakumbuh.localhost", "redaksi.localhost"):
        away = get(site, "/indeks/2024/11/23/", host=host)
        assert (away.status, away.headers["Retry-After"]) == (502, "5")
        assert "Gangguan sementara" in away.body.decode()
    assert get(site, "/gangguan.html", host="redaksi.localhost").status != 200
