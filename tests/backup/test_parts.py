"""The parts of a backup: targets, encryption, manifests, what is kept."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pyrage
import pytest
from django.core.management import CommandError, call_command
from moto.server import ThreadedMotoServer

from pekon.backup import encryption, manifests, pool, release, retention
from pekon.backup.encryption import Damaged, Key, WrongKey
from pekon.backup.manifests import BadManifest, Manifest
from pekon.backup_targets import TargetError, target
from tests.server import ROOT

NOW = datetime(2026, 11, 28, 20, tzinfo=UTC)
SHA = "ab" * 32


# --- Targets --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def place(request, tmp_path, settings):
    if request.param == "folder":
        return target(str(tmp_path / "target"))
    settings.BACKUP_S3_ENDPOINT, settings.BACKUP_S3_REGION = request.getfixturevalue("store"), "us-east-1"
    settings.BACKUP_S3_KEY = settings.BACKUP_S3_SECRET = "uji"
    bucket = target("s3://backups/pekon/")
    bucket.client.create_bucket(Bucket="backups")
    return bucket


def test_a_file_is_there_whole_or_not_at_all(place):
    place.write("pool/ab/cd", b"satu")
    place.write("pool/ab/cd", b"dua")

    def fail():
        with place.writer("pool/ab/ef") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (place.read("pool/ab/cd"), place.sizes(), place.sizes("pool/")) == (b"dua", *[{"pool/ab/cd": 3}] * 2)
    with pytest.raises(FileNotFoundError):
        place.read("pool/ab/ef")
    place.delete("pool/ab/cd")
    place.delete("pool/ab/cd")
    assert place.sizes() == {}


def test_a_store_that_cannot_be_used_is_named(settings):
    settings.BACKUP_S3_ENDPOINT, settings.BACKUP_S3_KEY, settings.BACKUP_S3_SECRET = "http://127.0.0.1:9", "uji", "uji"
    settings.BACKUP_S3_REGION = "us-east-1"
    with pytest.raises(TargetError, match="s3://backups cannot be reached"):
        target("s3://backups").sizes()
    with pytest.raises(TargetError, match="s3://bucket"):
        target("s3:backups")


def test_a_full_disk_is_told_and_keeps_nothing_half(small_disk):
    place = target(str(small_disk / "target"))
    with pytest.raises(TargetError, match="is full"):
        place.write("pool/ab/cd", bytes(2 * 2**20))
    with pytest.raises(TargetError, match="is full"):
        pool.store(
            place, "x", io.BytesIO(bytes(2 * 2**20)), Key.parse(str(pyrage.x25519.Identity.generate())), expected=SHA
        )
    assert place.sizes() == {}
    place.write("pool/ab/cd", bytes(2**19))


def test_whoever_is_killed_while_writing_leaves_no_file(tmp_path):
    code = (
        "import sys, time; from pekon.backup_targets import Folder\n"
        "with Folder(sys.argv[1]).writer('pool/ab/cd') as file:\n"
        "    file.write(b'half'); file.flush(); print('writing', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "target")]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "pekon.settings", "VAR_DIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=env) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    place = target(str(tmp_path / "target"))
    assert [name.partition("/")[0] for name in place.sizes()] == ["unfinished"]
    retention.clean(place)
    assert place.sizes() == {}


# --- Encryption -----------------------------------------------------------------------------------------------

SECRET = str(pyrage.x25519.Identity.generate())
CONTENT = os.urandom(200_000)


def encrypted(key):
    sink = io.BytesIO()
    encryption.encrypt(io.BytesIO(CONTENT), sink, key)
    return sink.getvalue()


def decrypted(content, key):
    sink = io.BytesIO()
    encryption.decrypt(io.BytesIO(content), sink, key)
    return sink.getvalue()


def test_a_public_key_makes_what_only_the_secret_one_reads(tmp_path):
    secret = Key.parse(SECRET)
    public = Key.parse(str(secret.recipient))
    (tmp_path / "key").write_text(f"# created: today\n# public key: {secret.recipient}\n{SECRET}\n")
    from_file = Key.parse(str(tmp_path / "key"))
    content = encrypted(public)
    assert decrypted(content, from_file) == CONTENT
    assert content[:21] == b"age-encryption.org/v1"  # what other programs read
    assert pyrage.decrypt(content, [secret.identity]) == CONTENT
    assert public.name == from_file.name
    with pytest.raises(WrongKey, match="only makes backups"):
        decrypted(content, public)
    with pytest.raises(Damaged):
        decrypted(content, Key.parse(str(pyrage.x25519.Identity.generate())))


def test_every_change_is_noticed():
    key = Key.parse(SECRET)
    content = encrypted(key)
    for place in (5, 150, 70_000, len(content) - 1):
        with pytest.raises(Damaged):
            decrypted(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :], key)
    chunk = 65_536 + 16
    for length in (0, 100, len(content) - 1, len(content) - len(CONTENT) % 65_536 - 16, len(content) - chunk):
        with pytest.raises(Damaged):
            decrypted(content[:length], key)


@pytest.mark.parametrize("text", ["age1xyz", "AGE-SECRET-KEY-1XYZ", "/nowhere", "AGE"])
def test_a_key_that_is_none_is_named(text):
    with pytest.raises(WrongKey, match="BACKUP_KEY"):
        Key.parse(text)


def test_a_file_that_changed_in_the_pool_is_not_given(tmp_path):
    place = target(str(tmp_path / "target"))
    expected = pool.Content("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 4)
    assert pool.store(place, "x", io.BytesIO(b"test"), None, expected=expected.sha256) == expected
    sink = io.BytesIO()
    pool.fetch(place, "x", sink, None, expected=expected)
    assert sink.getvalue() == b"test"
    with pytest.raises(pool.Differs):
        pool.store(place, "y", io.BytesIO(b"TEST"), None, expected=expected.sha256)
    place.write("x", b"tesT")
    with pytest.raises(Damaged):
        pool.fetch(place, "x", io.BytesIO(), None, expected=expected)
    assert list(place.sizes()) == ["x"]


# --- Manifests ------------------------------------------------------------------------------------------------

ID = "20261128T200000Z"


def manifest(**values):
    given = {
        "id": ID,
        "pekon": release.version(),
        "domain": "pekon.web.id",
        "begun_at": NOW.isoformat(),
        "vendor": "sqlite",
        "database": {"sha256": SHA, "size": 1},
        "files": {"originals": {"ab.jpeg": [SHA, 1]}},
    }
    return Manifest(**given | values)


@pytest.fixture
def folder(tmp_path):
    return target(str(tmp_path / "target"))


def test_a_manifest_is_read_as_it_was_written(folder):
    manifests.store(folder, manifest())
    assert manifests.load(folder, ID) == manifest()
    assert manifests.complete(folder) == [ID]


def test_a_manifest_that_somebody_else_wrote_is_not_believed(folder, settings):
    manifests.store(folder, manifest())
    written = json.loads(folder.read(manifests.path(ID)))
    written["database"]["sha256"] = "cd" * 32
    folder.write(manifests.path(ID), json.dumps(written).encode())
    with pytest.raises(BadManifest, match="SECRET_KEY"):
        manifests.load(folder, ID)
    assert manifests.load(folder, ID, unsigned=True).database["sha256"] == "cd" * 32
    manifests.store(folder, manifest())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    assert manifests.load(folder, ID)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BadManifest, match="SECRET_KEY"):
        manifests.load(folder, ID)


@pytest.mark.parametrize(
    "values",
    [
        {"files": {"originals": {name: [SHA, 1]}}}
        for name in ("../../etc/passwd", "/etc/passwd", "a/../../b", "..", ".ssh/id", "a//b", "a\\..\\b", "a\nb", "")
    ]
    + [
        {"files": {"originals": {"ab.jpeg": ["../../x", 1]}}},
        {"files": {"originals": {"ab.jpeg": [SHA]}}},
        {"files": {"../originals": {"ab.jpeg": [SHA, 1]}}},
        {"pool": "../../x"},
        {"database": {}},
        {"tables": {"x; DROP TABLE y": 1}},
        {"id": "../../x"},
    ],
    ids=str,
)
def test_a_name_that_leads_elsewhere_is_refused(folder, values):
    other = manifest(**values)
    folder.write(manifests.path(ID), json.dumps(other.__dict__).encode())
    with pytest.raises(BadManifest, match="damaged"):
        manifests.load(folder, ID, unsigned=True)


def test_a_place_that_fails_keeps_no_other_from_its_turn(folder, settings, capsys):
    manifests.store(folder, manifest())
    settings.BACKUP_TO = ["s3:bucket", folder.address]
    with pytest.raises(CommandError, match="1 of 2 places failed") as refused:
        call_command("backup", list=True)
    assert "s3:bucket: " in str(refused.value)
    assert ID in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"null", b'{"format": 1}'])
def test_a_damaged_manifest_is_named(folder, content):
    folder.write(manifests.path(ID), content)
    with pytest.raises(BadManifest, match="damaged"):
        manifests.load(folder, ID, unsigned=True)


@pytest.mark.parametrize(
    "values",
    [{"pekon": "99.0.0"}, {"migrations": {"news": ["0001_stories", "9999_from_the_future"]}}],
    ids=["version", "migration"],
)
def test_a_backup_of_a_newer_release_is_refused(values):
    with pytest.raises(BadManifest, match="newer than this release"):
        release.require_not_newer(manifest(**values))


def test_a_backup_of_an_older_release_is_taken():
    release.require_not_newer(manifest(pekon="0.0.9", migrations={"news": ["0001_before_they_were_squashed"]}))
    release.require_not_newer(manifest(migrations={"news": ["0001_stories"], "gone": ["0001_gone"]}))


def test_a_backup_of_a_newer_format_says_so(folder):
    manifests.store(folder, manifest(format=2, pekon="2.0.0"))
    with pytest.raises(BadManifest, match=r"newer release of Pekon \(2.0.0\)"):
        manifests.load(folder, ID)


# --- What is kept ---------------------------------------------------------------------------------------------


def ids(*days):
    return [manifests.new_id(NOW - timedelta(days=day)) for day in days]


def test_the_newest_and_the_newest_proven_one_are_always_kept():
    backups = ids(0, 1, 2, 9, 16, 23, 30)
    assert retention.kept(backups, [], now=NOW, days=3, weeks=0) == set(ids(0, 1, 2))
    assert retention.kept(backups, ids(30, 23), now=NOW, days=2, weeks=0) == set(ids(0, 1, 23))
    assert retention.kept(ids(30, 40), [], now=NOW, days=1, weeks=0) == set(ids(30))
    assert retention.kept(backups, [], now=NOW, days=1, weeks=3) == set(ids(0, 9, 16))


def test_files_go_with_the_last_backup_that_needs_them(folder):
    old, new = ids(30, 0)
    for backup, sha256 in ((old, "cd" * 32), (new, SHA)):
        files = {"originals": {"both.jpeg": ["ef" * 32, 1], "own.jpeg": [sha256, 1]}}
        folder.write(f"backups/{backup}/database", b"x")
        manifests.store(folder, manifest(id=backup, files=files))
    for sha256 in ("cd" * 32, SHA, "ef" * 32):
        folder.write(pool.path("plain", sha256), b"x")
    assert retention.prune(folder, now=NOW, days=7, weeks=0) == (1, 1)
    assert manifests.complete(folder) == [new]
    assert set(folder.sizes("pool/")) == {pool.path("plain", SHA), pool.path("plain", "ef" * 32)}


def test_nothing_is_deleted_while_a_kept_manifest_cannot_be_read(folder):
    old, new = ids(30, 0)
    manifests.store(folder, manifest(id=old))
    folder.write(manifests.path(new), b"{")
    folder.write(pool.path("plain", SHA), b"x")
    with pytest.raises(BadManifest):
        retention.prune(folder, now=NOW, days=7, weeks=0)
    assert folder.sizes("pool/")
    assert manifests.complete(folder) == [old, new]
