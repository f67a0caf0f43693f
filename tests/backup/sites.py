"""Installations of their own, whose commands are run as an operator runs them: a site that is backed up, and blank
ones."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from tests import made_once
from tests.server import ROOT, Server

SECRET = "0123456789abcdef" * 4
SEED = """
import io, django; django.setup()
from PIL import Image
from django.core.files.base import ContentFile
from news.demo import builders
from news.images import pending_files, storage
import hashlib
region = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", builders.make_network()))
builders.make_user("pemred", "chief_editor", region)
def photo(colour, waits=False):
    buffer = io.BytesIO()
    Image.new("RGB", (90, 60), colour).save(buffer, "JPEG")
    content = buffer.getvalue()
    names = {"sha256": hashlib.sha256(content).hexdigest(), "rendition_manifest": {"free": [90]}}
    if waits:
        path = pending_files.folder() / pending_files.new_name("original")
        path.write_bytes(content)
        return builders.make_photo(region, waiting=path.name, **names)
    name = storage.originals().save(pending_files.new_name("jpeg"), ContentFile(content))
    return builders.make_photo(region, original=name, **names)
photos = [photo(colour) for colour in ("red", "green", "blue")]
photo("grey", waits=True)
for number in range(12):
    builders.make_live(region, title=f"Berita nomor {number} tentang jembatan", lead_photo=photos[number % 3])
"""
WITHDRAW = """
import sys, django; django.setup()
from django.contrib.auth.models import User
from news.models import Article
from news.publishing import workflow
story = Article.objects.get(title=sys.argv[1])
workflow.withdraw(story, actor=User.objects.get(), reason="Keterangan keliru.")
print(story.pk, story.get_absolute_url())
"""
ASK = """
import json, sys
from pekon.backup import rendering
print(json.dumps([rendering.ask(*asked) for asked in json.load(sys.stdin)]))
"""
DOMAIN = "pekon.web.id"


class Site(Server):
    """An installation without a running server. `prepare()` gives it the tables."""

    def __init__(self, url: str, **environment: str):
        server = url if url.startswith("postgres") else ""
        settings = {"SECRET_KEY": SECRET, "DOMAIN": DOMAIN, "DATABASE_POOL": "false"}
        super().__init__(server, **settings | environment)

    def create_database(self) -> None:
        """An empty database, without a table."""
        if self._admin_url:
            import psycopg

            with psycopg.connect(self._admin_url, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{self._database}"')

    def static(self) -> None:
        target = self.folder / "static"
        if not target.exists():
            target.symlink_to(made_once.static_files())

    def manage(self, *command: str, ok: bool = True, **environment: str) -> str:
        """Run a command; returns what it printed, on both streams. Fails if its end is not as expected."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.env | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) == ok, done.stdout
        return done.stdout

    def run_with(self, code: str, given: str) -> None:
        """Run Python code that reads `given`."""
        command = [sys.executable, "-c", code]
        subprocess.run(command, cwd=ROOT, env=self.env, input=given, text=True, check=True)

    def started(self, *command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask(self, *asked: tuple[str, str]) -> list[tuple[int, str]]:
        """What readers of (host, path) get: status and body."""
        self.static()
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{ASK}"],
            cwd=ROOT,
            env=self.env | {"READS_EVERY": "0"},
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return [tuple(answer) for answer in json.loads(done.stdout.splitlines()[-1])]

    def sql(self, query: str) -> list[tuple]:
        if self._admin_url:
            import psycopg

            with psycopg.connect(self.env["DATABASE_URL"]) as connection:
                return connection.execute(query).fetchall()
        import sqlite3

        with sqlite3.connect(self._sqlite_file) as connection:
            return connection.execute(query).fetchall()

    def files(self) -> dict[str, bytes]:
        """Originals and waiting uploads."""
        found = {}
        for name in ("originals", "uploads"):
            for path in (self.folder / name).glob("*"):
                found[f"{name}/{path.name}"] = path.read_bytes()
        return found


@contextmanager
def filled(url: str, seed: str = SEED, **environment: str):
    """A site with twelve stories, three photos and one that waits for its storage."""
    site = Site(url, **environment)
    with _closing(site):
        site.prepare()
        if seed:
            site.run("-c", seed)
        yield site


@contextmanager
def blank(url: str, **environment: str):
    """A machine with nothing but the settings, and an empty database."""
    site = Site(url, **environment)
    with _closing(site):
        site.create_database()
        yield site


@contextmanager
def _closing(site: Site):
    try:
        yield
    finally:
        site.__exit__()


def pool_files(target: Path) -> list[Path]:
    return [path for path in (target / "pool").rglob("*") if path.is_file()]


def new_key() -> str:
    import pyrage

    return str(pyrage.x25519.Identity.generate())


def url() -> str:
    """The database server that the tests run on."""
    return os.environ["DATABASE_URL"]
