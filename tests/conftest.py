"""What the tests share: a small network of regions, and clients for its hosts."""

import io
import math
import os
import re
import subprocess
from collections.abc import Callable, Iterator
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
from news.models import Article, Byline, GalleryPhoto, Placement, TaggedArticle, TaggedPlacement, Withdrawal
from pekon import maintenance
from regions import generations
from regions.generations import numbers
from regions.models import Region
from regions.tree import ROOT, child_path
from tests import chromium, made_once, seen_by_readers
from tests.thorough import THOROUGH

maintenance._known_until = math.inf  # asked once a second it would be one more query here and there


def pytest_collection_modifyitems(config, items):
    """Run groups first: they take long, and single tests then fill the workers evenly to the end."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)
    later = [item for item in items if item.get_closest_marker("thorough") and not THOROUGH]
    if later:
        config.hook.pytest_deselected(items=later)
        items[:] = [item for item in items if item not in later]


def pytest_terminal_summary(terminalreporter):
    """Print how many cases the permission test tried, summed over its roles and workers."""
    passed = terminalreporter.stats.get("passed", [])
    walked = sum(value for report in passed for name, value in report.user_properties if name == "walked")
    if walked:
        terminalreporter.write_line(f"Newsroom's permissions: {walked} cases of address × method × role × place")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker) -> Iterator[None]:
    """Replaces pytest-django's fixture: each worker's database is a copy of the template, without migrating."""
    with django_db_blocker.unblock():
        undo = copy_of_the_template()
    yield
    with django_db_blocker.unblock():
        undo()


def copy_of_the_template() -> Callable[[], None]:
    """Point the connection at a copy of the template, named as Django names a test database. Returns what drops it."""
    original, name = connection.settings_dict["NAME"], connection.creation._get_test_db_name()
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    if connection.vendor == "postgresql":
        server = os.environ["DATABASE_URL"]
        made_once.copy_postgres(server, name)
    else:
        connection.connect()
        made_once.copy_sqlite(connection.connection)

    def undo() -> None:
        connection.close()
        settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = original
        if connection.vendor == "postgresql":
            made_once.drop_postgres(server, name)

    return undo


class HostClient(Client):
    """Django's test client, on one host of the site. It fails if what readers see is written without a bump."""

    def __init__(self, host: str, **kwargs):
        super().__init__(HTTP_HOST=host, **kwargs)

    def request(self, **request):
        """For a form of the newsroom, what it changes for readers is compared region by region."""
        host = request.get("HTTP_HOST", self.defaults["HTTP_HOST"])
        is_form = request["REQUEST_METHOD"] == "POST" and host.startswith(f"{settings.NEWSROOM_LABEL}.")
        with watching_generations(by_region=is_form):
            return super().request(**request)


@contextmanager
def watching_generations(*, by_region: bool = False):
    """Fails if a table of `numbers.DEPENDENCIES` or of an article's parts is written and nothing was bumped.

    With `by_region` it also fails where the readers of a region see something else and another region was bumped.
    """
    before = seen_by_readers.facts() if by_region else {}
    parts = (Article, Byline, GalleryPhoto, Placement, TaggedArticle, TaggedPlacement, Withdrawal)
    tables = {model._meta.db_table for model in (*numbers.DEPENDENCIES, *parts)}
    written, bumped = set(), []

    def watch(execute, sql, params, many, context):
        verb = re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
        if verb and verb[1] in tables:
            written.add(verb[1])
        return execute(sql, params, many, context)

    bump = numbers.bump

    def note_and_bump(regions):
        regions = set(regions)
        bumped.append(regions)
        bump(regions)

    numbers.bump = generations.bump = note_and_bump
    try:
        with connection.execute_wrapper(watch):
            yield
    finally:
        numbers.bump = generations.bump = bump
    assert bumped or not written, f"{sorted(written)} changed, and no generation was bumped: call generations.bump"
    if by_region and written:
        forgotten = seen_by_readers.not_bumped(before, seen_by_readers.facts(), set().union(*bumped))
        paths = sorted(Region.objects.filter(pk__in=forgotten).values_list("path", flat=True)) or forgotten
        assert not forgotten, f"{sorted(written)} changed for readers of {paths}, whose generation was not bumped"


@pytest.fixture
def tree(db) -> SimpleNamespace:
    """network → sumbar (WIB) → payakumbuh, limapuluhkota; network → sulsel (WITA) → makassar; maluku (WIT) → ambon."""
    [network] = _planted(builders.new_region(parent=None, **builders.NETWORK))
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
    """Regions with their paths, stored together because one by one, as an administrator would, takes too long."""
    for region in regions:
        region.path = child_path(region.parent.path, region.subdomain) if region.parent else ROOT
    return Region.objects.bulk_create(regions)


@pytest.fixture
def people(tree) -> SimpleNamespace:
    """An account for each role in Payakumbuh, an editor in a sister region, and an administrator."""
    return SimpleNamespace(
        kontributor=builders.make_user("kontributor", "contributor", tree.payakumbuh),
        reporter=builders.make_user("reporter", "reporter", tree.payakumbuh),
        redaktur=builders.make_user("redaktur", "editor", tree.payakumbuh),
        pemred=builders.make_user("pemred", "chief_editor", tree.payakumbuh),
        sister=builders.make_user("sister", "editor", tree.limapuluhkota),
        admin=builders.make_user("admin", is_superuser=True),
    )


@pytest.fixture
def commits_at_once(monkeypatch):
    """Run what waits for a commit at once, inside the request, because a test's own transaction never commits."""
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


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of one megabyte: the folder where it is mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", str(folder)]
    if os.getuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED: a full disk needs root, to mount a small one")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def photo_file(size: tuple[int, int] = (900, 600), colour: str = "teal", **save) -> SimpleUploadedFile:
    """A small JPEG as a phone would upload it."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, save.pop("format", "JPEG"), **save)
    return SimpleUploadedFile("foto.jpg", buffer.getvalue(), "image/jpeg")
