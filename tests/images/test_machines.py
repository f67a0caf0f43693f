"""Two machines with one database and one object store: what begins on one is finished on the other."""

import http.client
import io
import os
from base64 import b64encode

import pytest
from PIL import Image

from tests.server import Server

from .test_s3 import Store

pytestmark = [pytest.mark.thorough, pytest.mark.server, pytest.mark.xdist_group("server")]
CSRF = "x" * 32
SEED = """
import django; django.setup()
from django.conf import settings
from django.test import Client
from news.demo import builders
region = builders.make_region("payakumbuh", builders.make_network())
user = builders.make_user("reporter", "reporter", region)
client = Client()
client.force_login(user)
print(region.pk, client.cookies[settings.SESSION_COOKIE_NAME].value)
"""
PHOTO = """
import django; django.setup()
from news.images.models import PendingChunk, Photo
photo = Photo.objects.order_by("-pk").first()
print(photo.original.name or "-", photo.waiting or "-", PendingChunk.objects.count())
"""


class Machines:
    """Two gunicorns with a folder each."""

    def __init__(self):
        self.store = Store()
        for bucket in ("originals", "renditions"):
            self.store.client.create_bucket(Bucket=bucket)
        keys = {"S3_KEY": "uji", "S3_SECRET": "uji", "S3_REGION": "us-east-1", "S3_ENDPOINT": self.store.url}
        environment = {"S3_ORIGINALS": "originals", "S3_RENDITIONS": "renditions", "WORKERS": "1", **keys}
        first = Server(**environment)
        shared = {name: first.env[name] for name in ("DATABASE_URL", "SECRET_KEY", "DOMAIN")}
        self.both = [first, Server(**environment, **shared)]
        self.host = f"redaksi.{first.env['DOMAIN']}"

    def __enter__(self):
        for server in self.both:
            server.__enter__()
        self.region, self.session = self.both[0].run("-c", SEED).split()[-2:]
        return self

    def __exit__(self, *exception):
        for server in self.both:
            server.__exit__()
        self.store.stop()

    def ask(self, machine, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.both[machine].port, timeout=120)
        given = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        cookies = {"Cookie": f"redaksi={self.session}; redaksi-csrf={CSRF}", "X-CSRFToken": CSRF, "Host": self.host}
        connection.request(method, path, body, cookies | given)
        response = connection.getresponse()
        response.body = response.read()
        connection.close()
        return response

    def restart(self, machine):
        self.both[machine].kill()
        self.both[machine].start()

    def begin(self, content):
        about = f"region {b64encode(self.region.encode()).decode()}"
        begun = self.ask(0, "POST", "/images/photo/uploads/", Upload_Length=len(content), Upload_Metadata=about)
        assert begun.status == 201, begun.body
        return begun.headers["Location"]

    def send(self, machine, address, content, size=2**17):
        """Send one piece, from where the machine says that the upload has got to; returns what it has then."""
        offset = int(self.ask(machine, "HEAD", address).headers["Upload-Offset"])
        kind = "application/offset+octet-stream"
        piece = content[offset : offset + size]
        sent = self.ask(machine, "PATCH", address, piece, Upload_Offset=offset, Content_Type=kind)
        assert sent.status == 204, sent.body
        return int(sent.headers["Upload-Offset"])


def noise(size):
    """A photo whose bytes cannot be compressed."""
    file = io.BytesIO()
    Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)).save(file, "JPEG")
    return file.getvalue()


def test_an_upload_goes_on_at_the_other_machine_after_each_piece_and_each_kill():
    content, other = noise((1200, 900)), noise((500, 400))
    assert len(content) > 3 * 2**17
    with Machines() as site:
        address, machine, turn = site.begin(content), 0, 0
        while site.send(machine, address, content) < len(content):
            if turn == 1:
                site.restart(machine)
            machine, turn = 1 - machine, turn + 1
        site.both[machine].kill()  # the machine that got the last piece
        finished = site.ask(1 - machine, "POST", address)
        assert finished.status == 200, finished.body
        original, _waiting, chunks = site.both[1 - machine].run("-c", PHOTO).split()
        assert site.store.client.get_object(Bucket="originals", Key=original)["Body"].read() == content
        assert chunks == "0"
        assert site.ask(1 - machine, "POST", address).body == finished.body  # asked again, because the answer was lost
        site.both[machine].start()

        # While the store is down a photo is stored all the same, and delivered by the machine that is left.
        address = site.begin(other)
        while site.send(0, address, other) < len(other):
            pass
        site.store.stop()
        assert site.ask(0, "POST", address).status == 200
        site.both[0].kill()
        site.store.start()
        site.both[1].run("manage.py", "renditions", "--make")
        original, waiting, chunks = site.both[1].run("-c", PHOTO).split()
        assert site.store.client.get_object(Bucket="originals", Key=original)["Body"].read() == other
        assert (waiting, chunks) == ("-", "0")
        for server in site.both:
            assert not any(path.stat().st_size for path in (server.folder / "uploads").glob("*"))
