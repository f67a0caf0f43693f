"""One photo for one file, replaced everywhere at once, and never anything left behind."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from news.images import cage, uploads
from news.images.models import Photo
from tests.conftest import photo_file

from .pictures import near, plain, upload, whole


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


class TestReplace:
    def test_the_words_stay_and_the_old_file_and_addresses_are_gone(
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
        assert photo.made == photo.plan
        assert not (folders[1] / original).exists()
        assert len(list(folders[1].iterdir())) == 1

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
    with pytest.raises(cage.Refused) as caught:
        store(b"%PDF-1.4")
    assert caught.value.code == "pdf"
