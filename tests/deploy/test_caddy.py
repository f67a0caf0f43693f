"""The shipped Caddyfile, in the real Caddy, before real gunicorn processes. Only the addresses differ."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest

from pekon.static_files import StaticFilesStorage
from tests.deploy.test_nginx import SEED
from tests.server import ROOT, Server, free_port

CADDY = shutil.which("caddy")
PATIENCE = 20  # seconds
pytestmark = [
    pytest.mark.server,
    pytest.mark.xdist_group("server"),
    pytest.mark.skipif(CADDY is None, reason="caddy is not installed"),
]


@pytest.fixture(scope="module")
def site():
    folder, port = Path(tempfile.mkdtemp(prefix="pekon-caddy-")), free_port()
    with Server(TRUSTED_PROXY_COUNT="1") as server:
        article, photo, original = server.run("-c", SEED).split()[-3:]
        text = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
        for old, new in {
            "pekon.web.id, *.pekon.web.id": f"http://localhost:{port}, http://*.localhost:{port}",
            "127.0.0.1:8000": f"127.0.0.1:{server.port}",
            "/srv/pekon/var": str(server.folder),
            "/etc/caddy": str(ROOT / "deploy" / "nginx"),
        }.items():
            assert old in text
            text = text.replace(old, new)
        (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{text}")
        home = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        command = [CADDY or "", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
        process = subprocess.Popen(command, env=os.environ | home, stderr=(folder / "log").open("wb"))
        try:
            deadline = time.monotonic() + PATIENCE
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    if time.monotonic() > deadline or process.poll() is not None:
                        raise RuntimeError((folder / "log").read_text()) from None
                    time.sleep(0.05)
            yield SimpleNamespace(server=server, port=port, article=article, photo=photo, original=original)
        finally:
            process.terminate()
            process.wait()
            shutil.rmtree(folder)


def get(site, path, host="payakumbuh.localhost", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("GET", path, headers={"Host": host} | {k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    response.body = response.read()
    connection.close()
    return response


def test_pages_pass_as_pekon_compressed_them(site):
    plain = get(site, site.article)
    assert plain.status == 200
    packed = get(site, site.article, Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.body) == plain.body
    known = get(site, site.article, Accept_Encoding="gzip, br", If_None_Match=packed.headers["ETag"])
    assert (known.status, known.body) == (304, b"")


def test_files_come_from_the_disk_with_a_lifetime_that_fits_their_names(site):
    manifest = site.server.folder / "static" / StaticFilesStorage.manifest_name
    script = json.loads(manifest.read_text())["paths"]["js/reader.js"]
    found = get(site, f"/static/{script}", Accept_Encoding="gzip")
    assert (found.status, found.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert get(site, "/static/js/reader.js").headers["Cache-Control"] == "public, max-age=86400"
    photo = get(site, site.photo)
    assert (photo.status, photo.headers["Content-Type"]) == (200, "image/webp")
    assert photo.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=3600, immutable"


def test_private_files_are_not_found(site):
    for path in (
        f"/media/{site.original}",
        f"/originals/{site.original}",
        "/media/../pekon.sqlite3",
        "/static/",
        "/media/",
    ):
        assert get(site, path).status in (400, 404)


def test_the_newsroom_is_passed_on_and_the_health_answer_is_not(site):
    login = get(site, "/akun/masuk/", host="redaksi.localhost")
    assert login.status == 200
    assert "no-store" in login.headers["Cache-Control"]
    assert get(site, "/-/health").status == 404
    assert get(site, "/-/health", host="127.0.0.1").body == b""  # no site of ours


def test_no_header_of_a_clients_reaches_gunicorns_environment(site):
    before = get(site, "/wilayah/").body
    for spelling in ("SCRIPT_NAME", "Script_name", "Script-Name"):
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        connection.request("GET", "/x/wilayah/", headers={"Host": "payakumbuh.localhost", spelling: "/x"})
        assert connection.getresponse().status == 404
        connection.close()
    assert get(site, "/wilayah/").body == before


def test_while_gunicorn_is_down_our_page_for_502_is_shown(site):
    """The last test: it ends the server."""
    site.server.kill()
    away = get(site, "/")
    assert (away.status, away.headers["Retry-After"]) == (502, "5")
    assert "Gangguan sementara" in away.body.decode()
