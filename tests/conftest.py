"""What the tests share: a small network of regions, and clients for its hosts."""

import io
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from PIL import Image

from news.demo import builders
from news.models import Article, Byline, GalleryPhoto, Placement, TaggedArticle, Withdrawal
from regions import editions
from regions.models import Region
from regions.tree import child_path
from tests import chromium


def pytest_addoption(parser):
    parser.addoption(
        "--database-tests-only",
        action="store_true",
        help="leave out what uses no database: the second run, on the other database, need not repeat it",
    )


def pytest_configure(config):
    """A folder for what all processes of this run share, see tests/server.py."""
    if not hasattr(config, "workerinput"):
        folder = os.environ["SHARED_BY_TESTS"] = tempfile.mkdtemp(prefix="pekon-shared-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_modifyitems(config, items):
    """Groups come first: they take long, and only single tests can fill both workers to the end."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)
    if not config.getoption("--database-tests-only"):
        return
    chosen = [item for item in items if _asks_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def pytest_terminal_summary(terminalreporter):
    """Tells how far the walking test walked: the sum over its roles, wherever they ran."""
    passed = terminalreporter.stats.get("passed", [])
    walked = sum(value for report in passed for name, value in report.user_properties if name == "walked")
    if walked:
        terminalreporter.write_line(f"Newsroom's walls: {walked} cases of address × method × role × place")


def _asks_the_database(item) -> bool:
    marks = {mark.name for mark in item.iter_markers()}
    return bool({"db", "server"} & {*item.fixturenames, *marks}) and "once" not in marks


class HostClient(Client):
    """Django's test client, on one host of the site. What readers see is not written without putting out an edition."""

    def __init__(self, host: str, **kwargs):
        super().__init__(HTTP_HOST=host, **kwargs)

    def request(self, **request):
        with watching_editions():
            return super().request(**request)


@contextmanager
def watching_editions():
    """Fails where a table of `editions.SEEN` or of a story's parts is written and nobody said whose readers see
    that."""
    parts = (Article, Byline, GalleryPhoto, Placement, TaggedArticle, Withdrawal)
    tables = {model._meta.db_table for model in (*editions.SEEN, *parts)}
    written, told = set(), []

    def watch(execute, sql, params, many, context):
        verb = re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
        if verb and verb[1] in tables:
            written.add(verb[1])
        return execute(sql, params, many, context)

    put_out = editions.put_out
    editions.put_out = lambda regions: told.append(regions) or put_out(regions)
    try:
        with connection.execute_wrapper(watch):
            yield
    finally:
        editions.put_out = put_out
    assert told or not written, f"{sorted(written)} changed, and no edition was put out: call regions.editions.put_out"


@pytest.fixture
def tree(db) -> SimpleNamespace:
    """network → sumbar (WIB) → payakumbuh, limapuluhkota; network → sulsel (WITA) → makassar; maluku (WIT) → ambon."""
    network = builders.make_network()
    sumbar, sulsel, maluku = _planted(
        builders.new_region("sumaterabarat", network, short_name="Sumatera Barat"),
        builders.new_region("sulawesiselatan", network, timezone=Region.Zone.WITA),
        builders.new_region("maluku", network, timezone=Region.Zone.WIT),
    )
    payakumbuh, limapuluhkota, makassar, ambon = _planted(
        builders.new_region("payakumbuh", sumbar),
        builders.new_region("limapuluhkota", sumbar, kind="regency", short_name="Limapuluh Kota"),
        builders.new_region("makassar", sulsel),
        builders.new_region("ambon", maluku),
    )
    return SimpleNamespace(
        network=network,
        sumbar=sumbar,
        payakumbuh=payakumbuh,
        limapuluhkota=limapuluhkota,
        sulsel=sulsel,
        makassar=makassar,
        maluku=maluku,
        ambon=ambon,
    )


def _planted(*regions: Region) -> list[Region]:
    """Regions with their paths, stored together: one by one, as an administrator would, takes too long."""
    for region in regions:
        region.path = child_path(region.parent.path, region.subdomain)
    return Region.objects.bulk_create(regions)


@pytest.fixture
def people(tree) -> SimpleNamespace:
    """An account for each role in Payakumbuh, an editor in a sister region, and an administrator."""
    return SimpleNamespace(
        kontributor=builders.make_user("kontributor", "kontributor", tree.payakumbuh),
        reporter=builders.make_user("reporter", "reporter", tree.payakumbuh),
        redaktur=builders.make_user("redaktur", "redaktur", tree.payakumbuh),
        pemred=builders.make_user("pemred", "pemred", tree.payakumbuh),
        sister=builders.make_user("sister", "redaktur", tree.limapuluhkota),
        admin=builders.make_user("admin", is_superuser=True),
    )


@pytest.fixture
def commits_at_once(monkeypatch):
    """What waits for the end of a transaction runs at once, inside the request: a test's own transaction never ends."""
    monkeypatch.setattr(transaction, "on_commit", lambda run, **kwargs: run())


@pytest.fixture
def reader():
    """`reader(region)`: a client on that region's host."""
    return lambda region: HostClient(region.host)


@pytest.fixture
def newsroom():
    """`newsroom(user)`: a client on the newsroom's host, logged in."""

    def log_in(user: User) -> Client:
        client = HostClient(f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}")
        client.force_login(user)
        return client

    return log_in


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium. Where there is none, these tests are skipped by name, and fail in CI."""
    if chromium.path():
        return {**browser_type_launch_args, **chromium.launch_options()}
    message = "no Chromium on this machine (Debian: apt-get install chromium)"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def photo_file(size: tuple[int, int] = (900, 600), colour: str = "teal", **save) -> SimpleUploadedFile:
    """A small JPEG as a phone would upload it."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, save.pop("format", "JPEG"), **save)
    return SimpleUploadedFile("foto.jpg", buffer.getvalue(), "image/jpeg")
