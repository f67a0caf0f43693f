"""What can go wrong meanwhile: killed commands, two at once, a full disk, an object store. Part of `make
check-restore`."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import boto3
import pytest
from botocore.config import Config

from news.publishing import withdrawals
from pekon.backup import databases
from pekon.tombstones import texts

from . import sites

pytestmark = [pytest.mark.databases, pytest.mark.thorough, pytest.mark.xdist_group("server")]
ROUNDS = int(os.environ.get("KILLS", "6"))
MORE = """
import os, django; django.setup()
from django.core.files.base import ContentFile
from news.demo import builders
from news.images import pending_files, storage
from regions.models import Region
import hashlib
region = Region.objects.get(subdomain="payakumbuh")
for number in range(60):
    content = os.urandom(400_000)
    name = storage.originals().save(pending_files.new_name("jpeg"), ContentFile(content))
    builders.make_photo(region, original=name, sha256=hashlib.sha256(content).hexdigest())
"""


@pytest.fixture(scope="module")
def site():
    with sites.filled(sites.url()) as site:
        site.run("-c", MORE)
        yield site


def end_at_random(process, rng, longest):
    time.sleep(rng.uniform(0.3, longest))
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def measured(run):
    began = time.monotonic()
    run()
    return time.monotonic() - began


def test_a_killed_backup_is_none_and_the_next_one_is_whole(site, tmp_path):
    target, rng = tmp_path / "target", random.Random(7)
    longest = measured(lambda: site.manage("backup", str(tmp_path / "measured")))
    ended = [end_at_random(site.started("backup", str(target)), rng, longest) for _n in range(ROUNDS)]
    assert -signal.SIGKILL in ended
    whole = site.manage("backup", str(target), "--list").split()  # some were killed just after they had ended
    said = site.manage("backup", str(target))
    assert "64 files" in said
    assert not list((target / "unfinished").iterdir())
    assert {path.parent.name for path in target.glob("backups/*/database")} == {
        path.parent.name for path in target.glob("backups/*/manifest.json")
    }
    newest = site.manage("backup", str(target), "--list").split()[-1]
    for backup in {newest, *whole[:1]}:
        with sites.blank(sites.url()) as other:
            other.manage("restore", str(target), "--backup", backup)
            assert other.files() == site.files()


def test_a_killed_restore_leaves_the_old_database_or_can_be_done_again(site, tmp_path):
    """Whatever moment it was killed at: the old content is there, or a restored one without what was withdrawn."""
    target, rng = tmp_path / "target", random.Random(8)
    with sites.filled(sites.url()) as other:
        other.manage("backup", str(target))
        other.run("-c", sites.WITHDRAW, "Berita nomor 3 tentang jembatan")
        longest = measured(lambda: other.manage("restore", str(target), "--replace"))
        ended = []
        for _n in range(ROUNDS):
            ended.append(end_at_random(other.started("restore", str(target), "--replace"), rng, longest))
            time.sleep(0.5)  # PostgreSQL ends what belonged to it
            assert other.sql("SELECT status FROM news_article WHERE title LIKE '%nomor 3 %'") == [("withdrawn",)]
            assert other.sql("SELECT count(*) FROM news_article") == [(12,)]
        assert -signal.SIGKILL in ended
        assert "is restored" in other.manage("restore", str(target), "--replace")
        assert not list(other.folder.glob("restore-*"))
        assert not list(other.folder.glob("*.restoring*"))


@pytest.mark.skipif(not sites.url().startswith("postgres"), reason="SQLite's file takes its place when all is done")
def test_what_was_withdrawn_is_hidden_in_the_same_transaction_that_loads_it(tmp_path):
    with sites.filled(sites.url()) as other:
        other.manage("backup", str(tmp_path / "target"))
        other.run("-c", sites.WITHDRAW, "Berita nomor 3 tentang jembatan")
        [file] = (other.folder / "tombstones").iterdir()
        tombstone, _is_signed = texts.parse(file.read_bytes())
        [dump] = (tmp_path / "target").glob("backups/*/database")
        database = databases.database(databases.settings_of(other.env["DATABASE_URL"]))
        database.begin(dump, [])
        assert other.sql("SELECT status FROM news_article WHERE title LIKE '%nomor 3 %'") == [("approved",)]
        database.begin(dump, withdrawals.statements([tombstone]))
        assert other.sql("SELECT status FROM news_article WHERE title LIKE '%nomor 3 %'") == [("withdrawn",)]
        assert other.sql("SELECT count(*) FROM news_article WHERE status = 'approved'") == [(11,)]


def test_two_at_once_refuse_clearly(site, tmp_path):
    began = [site.started("backup", str(tmp_path / "a")) for _n in range(2)]
    codes = sorted(process.wait() for process in began)
    assert codes == [0, 1]


@pytest.mark.skipif(not sites.url().startswith("postgres"), reason="only PostgreSQL is reached from two machines")
def test_two_machines_at_once_refuse_clearly(site, tmp_path):
    import psycopg

    from pekon.backup.databases import LOCK

    with psycopg.connect(site.env["DATABASE_URL"]) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert "being made already" in site.manage("backup", str(tmp_path / "a"), ok=False)


@pytest.mark.skipif(not sites.url().startswith("postgres"), reason="only PostgreSQL has other connections")
def test_a_database_in_use_is_not_replaced(site, tmp_path):
    import psycopg

    site.manage("backup", str(tmp_path / "a"))
    with psycopg.connect(site.env["DATABASE_URL"]):
        said = site.manage("restore", str(tmp_path / "a"), "--replace", ok=False)
    assert "Stop gunicorn" in said


@pytest.mark.skipif(not sites.url().startswith("postgres"), reason="SQLite needs no programs")
def test_missing_programs_are_named(site, tmp_path):
    said = site.manage("backup", str(tmp_path / "a"), ok=False, PATH="/nowhere")
    assert "apt-get install postgresql-client" in said
    assert site.manage("backup", str(tmp_path / "a"), "--list") == ""


def test_a_full_disk_is_told_and_what_is_there_stays_good(site, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m,mode=700", "tmpfs", str(disk)]
    if os.getuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED: a full disk needs root, to mount a small one")
    try:
        said = site.manage("backup", str(disk / "target"), ok=False)
        assert "is full" in said
        assert site.manage("backup", str(disk / "target"), "--list") == ""
        assert not list((disk / "target" / "unfinished").iterdir())
        told = site.manage("shell", "-c", "from pekon.background import runs; print(runs.last_run('backup').succeeded)")
        assert told.split()[-1] == "False"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_the_places_of_two_installations_are_kept_apart(site, tmp_path):
    site.manage("backup", str(tmp_path / "a"))
    assert "backups of pekon.web.id" in site.manage("backup", str(tmp_path / "a"), ok=False, DOMAIN="lain.example")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "holiday.jpeg").write_bytes(b"x")
    assert "Choose another place" in site.manage("backup", str(tmp_path / "other"), ok=False)


def test_originals_that_are_lost_do_not_keep_the_rest_from_being_backed_up(tmp_path):
    with sites.filled(sites.url()) as site:
        lost = next((site.folder / "originals").iterdir())
        lost.unlink()
        said = site.manage("backup", str(tmp_path / "a"))
        assert f"originals/{lost.name}" in said
        assert "3 files" in said
        with sites.blank(sites.url()) as other:
            assert "1 files were missing already" in other.manage("restore", str(tmp_path / "a"))


def test_old_backups_go_and_what_the_others_need_stays(site, tmp_path):
    target = tmp_path / "a"
    site.manage("backup", str(target))
    [first] = site.manage("backup", str(target), "--list").split()
    shutil.copytree(target / "backups" / first, target / "backups" / "20200101T000000Z")
    (target / "pool" / "plain" / "00").mkdir(exist_ok=True)
    (target / "pool" / "plain" / "00" / ("00" * 32)).write_bytes(b"of a backup that was killed")
    assert "2 old backups deleted, with 1 files" in site.manage("backup", str(target), "--keep-days", "0")
    assert len(site.manage("backup", str(target), "--list").split()) == 1
    with sites.blank(sites.url()) as other:
        other.manage("restore", str(target))
        assert other.files() == site.files()


# --- An object store ------------------------------------------------------------------------------------------


KEY, KEY_SECRET = "pekon-tests", "pekon-tests-secret"


def _wait_for(port):
    for _n in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("nanio does not answer")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """nanio, a real server that checks keys, with three buckets."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("store")
    command = [sys.executable, "-m", "nanio", "serve", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--data-dir", str(folder)],
        env=os.environ | {"NANIO_ACCESS_KEY": KEY, "NANIO_SECRET_KEY": KEY_SECRET},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    _wait_for(port)
    url = f"http://127.0.0.1:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=KEY_SECRET,
        config=Config(signature_version="s3v4"),
    )
    for bucket in ("originals", "renditions", "backups"):
        client.create_bucket(Bucket=bucket)
    yield client, {"S3_ENDPOINT": url, "S3_REGION": "us-east-1", "S3_KEY": KEY, "S3_SECRET": KEY_SECRET}
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_all_of_it_in_buckets(store):
    """Originals in a bucket, the backup in another, encrypted; restored into empty buckets."""
    client, settings = store
    settings = settings | {"S3_ORIGINALS": "originals", "S3_RENDITIONS": "renditions", "BACKUP_KEY": sites.new_key()}
    settings["BACKUP_TO"] = "s3://backups/pekon"

    def names(bucket):
        return {one["Key"] for one in client.list_objects_v2(Bucket=bucket).get("Contents", [])}

    with sites.filled(sites.url(), **settings) as site:
        assert "4 files, of which 4" in site.manage("backup")
        assert "of which 0" in site.manage("backup")
        site.run("-c", sites.WITHDRAW, "Berita nomor 0 tentang jembatan")
        originals = names("originals")
        assert len([name for name in originals if name.startswith("tombstones/")]) == 1
        site.static()
        assert "is proven" in site.manage("backup", "--drill")
        for name in originals:
            if not name.startswith("tombstones/"):
                client.delete_object(Bucket="originals", Key=name)
        with sites.blank(sites.url(), **settings) as other:
            said = other.manage("restore", "s3://backups/pekon")
            assert "1 stories" in said
            assert names("originals") == originals
            assert other.sql("SELECT status FROM news_article WHERE title LIKE '%nomor 0 %'") == [("withdrawn",)]
    wrong = {"BACKUP_S3_SECRET": "another"}
    with sites.blank(sites.url(), **settings) as other:
        assert "BACKUP_S3_ENDPOINT" in other.manage("restore", "s3://backups/pekon", ok=False, **wrong)
