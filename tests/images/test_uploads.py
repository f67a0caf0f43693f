"""One file is one photo; a replacement shows everywhere at once; nothing is ever left behind."""

import os
import stat
import tempfile
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from PIL import Image

from news.images import pending_files, renditions, sandbox, storage, uploads
from news.images.models import Photo
from tests.conftest import photo_file

from .disks import fill
from .pictures import encoded, near, plain, upload, whole


class TestOnce:
    def test_the_same_file_twice_is_one_photo(self, store, files):
        first = store(plain())
        before = files()
        again = store(plain())
        assert again == first
        assert files() == before

    def test_the_same_file_with_other_words_is_another_photo(self, store):
        first = store(plain(), caption="Pasar pagi")
        other = store(plain(), caption="Pasar sore")
        first.refresh_from_db()
        assert (first.caption, other.caption) == ("Pasar pagi", "Pasar sore")

    def test_another_region_has_its_own(self, store, tree):
        first, other = store(plain()), store(plain(), region=tree.makassar)
        assert first != other
        assert first.rendition_key != other.rendition_key

    def test_another_file_is_another_photo(self, store):
        assert store(plain()) != store(plain(colour="navy"))

    def test_each_of_two_photos_of_a_file_is_found_by_its_words(self, store):
        photos = [store(plain(), caption="Pasar pagi"), store(plain(), caption="Pasar sore")]
        assert [store(plain(), caption=photo.caption) for photo in photos] == photos

    @pytest.mark.parametrize("words", [{}, {"caption": "Pasar pagi"}])
    def test_the_same_file_twice_at_once_is_one_photo(self, store, files, monkeypatch, words):
        """The second request comes after the first one has looked for the file and before it has stored it."""
        put, inner = storage.put, []

        def second_request(key, decoded):
            monkeypatch.setattr(storage, "put", put)
            inner.append(store(plain(), **words))
            inner.append(files())
            put(key, decoded)

        monkeypatch.setattr(storage, "put", second_request)
        outer = store(plain(), **words)
        photo, before = inner
        assert outer == photo == Photo.objects.get()
        assert files() == before

    @pytest.mark.databases
    @pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
    def test_requests_look_again_one_after_the_other(self, store):
        """Otherwise two of them, in transactions that do not see each other's row, could both find nothing."""
        with CaptureQueriesContext(connection) as queries:
            store(plain())
        statements = [query["sql"] for query in queries]
        first, again = (number for number, sql in enumerate(statements) if '"sha256" =' in sql)
        locks = [number for number, sql in enumerate(statements) if sql.endswith("FOR NO KEY UPDATE")]
        assert any(first < number < again and "regions_region" in statements[number] for number in locks)


class TestBusy:
    """One photo at a time is opened for people who wait, so that photos never hold all threads of readers."""

    @pytest.fixture
    def somebody_elses(self):
        """`with somebody_elses():` somebody else's photo is being opened."""
        return lambda: sandbox._turn(True)

    def test_a_person_is_told_to_wait_and_nothing_is_stored(self, store, files, somebody_elses):
        with somebody_elses(), pytest.raises(sandbox.DecoderBusy, match="in a moment"):
            store(plain())
        assert files() == []
        assert not Photo.objects.exists()
        assert store(plain()).pk

    def test_a_file_that_is_here_already_needs_no_turn(self, store, somebody_elses):
        photo = store(plain())
        with somebody_elses():
            assert store(plain()) == photo

    def test_background_work_and_people_do_not_wait_for_each_other(self, store, work, somebody_elses):
        photo = store(plain())
        with somebody_elses():
            work()
        photo.refresh_from_db()
        assert photo.rendition_manifest == photo.wanted_manifest
        with sandbox._turn(False):
            assert store(plain(colour="navy")).pk

    def test_background_work_waits_for_its_turn(self):
        waits = []

        def other():
            with sandbox._turn(False):
                waits.append("done")

        thread = threading.Thread(target=other)
        with sandbox._turn(False):
            thread.start()
            assert waits == []
        thread.join()
        assert waits == ["done"]

    def test_a_turn_ends_with_a_refusal(self, store, refused):
        refused(b"%PDF-1.4")
        assert store(plain()).pk


class TestFullDisk:
    """The uploader is told, and nothing is left behind, at whatever step the disk is full."""

    @pytest.fixture
    def full(self, store, files):
        def refuse(content: bytes) -> None:
            before = files()
            with pytest.raises(pending_files.DiskFull, match="disk is full"):
                store(content)
            assert files() == before
            assert not Photo.objects.exists()
            assert not DBTaskResult.objects.exists()

        return refuse

    @pytest.fixture
    def noise(self):
        """Renditions of some hundred kilobytes."""
        return encoded(Image.effect_noise((900, 600), 120).convert("RGB"), "JPEG", quality=90)

    def test_the_renditions_find_no_room(self, full, noise, small_disk, settings):
        fill(small_disk, 40_000)
        settings.STORAGES["default"]["OPTIONS"]["location"] = small_disk
        full(noise)
        assert [path.name for path in small_disk.rglob("*")] == ["filler"]

    def test_the_original_finds_no_room(self, full, noise, small_disk, settings):
        fill(small_disk, 40_000)
        settings.STORAGES["originals"]["OPTIONS"]["location"] = small_disk
        full(noise)
        assert [path.name for path in small_disk.rglob("*")] == ["filler"]

    def test_the_original_of_a_storage_that_is_down_finds_no_room(self, full, noise, small_disk, settings, tmp_path):
        fill(small_disk, 40_000)
        (tmp_path / "not-a-folder").touch()
        settings.STORAGES["originals"]["OPTIONS"]["location"] = tmp_path / "not-a-folder"
        settings.VAR_DIR = small_disk
        full(noise)
        assert [path.name for path in small_disk.rglob("*") if path.is_file()] == ["filler"]

    @pytest.mark.sandboxed
    def test_the_decoder_finds_no_room(self, full, noise, small_disk, monkeypatch):
        fill(small_disk, 40_000)
        monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
        full(noise)
        assert [path.name for path in small_disk.rglob("*")] == ["filler"]

    def test_the_copy_of_the_upload_finds_no_room(self, full, noise, small_disk, monkeypatch):
        fill(small_disk, 8_000)
        monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
        full(noise)
        assert [path.name for path in small_disk.rglob("*")] == ["filler"]

    def test_a_replacement_finds_no_room(self, store, files, noise, small_disk, settings):
        photo = store(plain())
        key, before = photo.rendition_key, files()
        fill(small_disk, 40_000)
        public = settings.STORAGES["default"] | {"OPTIONS": {"location": small_disk}}
        settings.STORAGES = settings.STORAGES | {"default": public}
        with pytest.raises(pending_files.DiskFull):
            uploads.replace(photo, upload(noise))
        photo.refresh_from_db()
        assert (photo.rendition_key, files()) == (key, before)


def test_originals_are_for_their_owner_alone_whatever_the_umask(store, folders, settings, monkeypatch):
    folders[1].rmdir()
    before = os.umask(0)
    try:
        store(plain())
        pending_files.keep(next(folders[1].iterdir()))
        pending_files.begin_part(1)
    finally:
        os.umask(before)
    private = [folders[1], *folders[1].iterdir(), pending_files.folder(), *pending_files.folder().iterdir()]
    assert len(private) == 5
    for path in private:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    for path in folders[0].rglob("*.webp"):  # the proxy reads these
        assert stat.S_IMODE(path.stat().st_mode) == 0o644


class TestReplace:
    def test_the_caption_stays_and_the_old_file_and_its_addresses_are_gone(
        self, store, folders, work, django_capture_on_commit_callbacks
    ):
        photo = store(plain(), caption="Pasar", alt="Orang di pasar")
        work()
        photo.refresh_from_db()
        old, original = photo.rendition_key, photo.original.name
        with django_capture_on_commit_callbacks(execute=True):
            uploads.replace(photo, upload(plain(size=(500, 300), colour="red")))
        photo.refresh_from_db()
        assert (photo.caption, photo.alt, photo.size) == ("Pasar", "Orang di pasar", (500, 300))
        assert near(whole(photo).getpixel((9, 9)), (255, 0, 0))
        assert not (folders[0] / old).exists()
        work()
        photo.refresh_from_db()
        assert photo.rendition_manifest == photo.wanted_manifest
        assert not (folders[1] / original).exists()
        assert len(list(folders[1].iterdir())) == 1

    def test_the_addresses_before_the_last_ones_are_gone_too(
        self, store, folders, work, django_capture_on_commit_callbacks
    ):
        """Renditions usually answer for another hour, but not those of a picture that must not be seen any more."""
        photo = store(plain())
        work()
        Photo.objects.filter(pk=photo.pk).update(focus_x=90)
        renditions.make_renditions.enqueue(photo.pk)
        work()
        photo.refresh_from_db()
        keys = {photo.rendition_key, photo.previous_key}
        assert {path.name for path in folders[0].iterdir()} >= keys
        with django_capture_on_commit_callbacks(execute=True):
            uploads.replace(photo, upload(plain(colour="red")))
        photo.refresh_from_db()
        assert [path.name for path in folders[0].iterdir()] == [photo.rendition_key]
        assert photo.previous_key == ""

    def test_of_two_at_once_the_later_one_removes_what_the_earlier_one_made(
        self, store, folders, work, django_capture_on_commit_callbacks
    ):
        photo = store(plain())
        stale = Photo.objects.get(pk=photo.pk)
        with django_capture_on_commit_callbacks(execute=True):
            uploads.replace(photo, upload(plain(colour="red")))
            Photo.objects.filter(pk=photo.pk).update(caption="Diketik sementara itu")
            uploads.replace(stale, upload(plain(colour="blue")))
        work()
        photo.refresh_from_db()
        assert {path.name for path in folders[0].iterdir()} == {photo.rendition_key, photo.previous_key}
        assert [path.name for path in folders[1].iterdir()] == [photo.original.name]
        assert near(whole(photo).getpixel((9, 9)), (0, 0, 255))
        assert photo.caption == "Diketik sementara itu"

    def test_a_bad_file_changes_nothing(self, store, files):
        photo = store(plain(), caption="Pasar")
        before, key = files(), photo.rendition_key
        for content in (b"%PDF-1.4", plain()):
            with pytest.raises(ValidationError):
                uploads.replace(photo, upload(content))
        assert files() == before
        photo.refresh_from_db()
        assert photo.rendition_key == key


class TestNames:
    def test_they_have_128_random_bits_and_nothing_of_the_file(self, tree):
        photos = [
            uploads.store(photo_file((size, size)), region=region, user=None)
            for size in (10, 20, 30)
            for region in (tree.payakumbuh, tree.makassar)
        ]
        keys = [photo.rendition_key for photo in photos]
        names = [Path(photo.original.name).stem for photo in photos]
        assert len({*keys, *names}) == 12
        for key in (*keys, *names):
            assert len(bytes.fromhex(key)) == 16
        assert not {photo.sha256[:32] for photo in photos} & {*keys, *names}

    def test_originals_lie_outside_what_is_served(self):
        private = Path(settings.STORAGES["originals"]["OPTIONS"]["location"]).resolve()
        for served in (settings.MEDIA_ROOT, settings.STATIC_ROOT, settings.STORAGES["default"]["OPTIONS"]["location"]):
            assert not private.is_relative_to(Path(served).resolve())
            assert not Path(served).resolve().is_relative_to(private)


def test_when_the_database_refuses_no_file_stays(store, files):
    with pytest.raises(ValueError, match="unsaved"):
        store(plain(), user=User(username="belum-disimpan"))
    assert files() == []
    assert not Photo.objects.exists()


@pytest.mark.parametrize("side", ["width", "height"])
def test_a_photo_has_a_size(store, side):
    photo = store(plain())
    with pytest.raises(IntegrityError, match="photo_has_size"), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(**{side: 0})


def test_a_refused_file_says_its_code(store):
    with pytest.raises(sandbox.PhotoRejected) as caught:
        store(b"%PDF-1.4")
    assert caught.value.code == "pdf"
