"""Photos on their way between folders and buckets: readers see them, and nothing goes before its copy is proven."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command

from news.demo import builders
from news.images import cleanup, moving, storage
from news.publishing import workflow
from pekon.tombstones import texts
from pekon.tombstones.models import Tombstone
from tests.conftest import HostClient

from .pictures import plain
from .test_s3 import s3, server  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(store, work, settings):
    """One whose files are in the folders, while the settings already name the buckets."""
    settings.MEDIA_ROOT = settings.VAR_DIR / "media"
    options = settings.STORAGES["originals"]["OPTIONS"] | {"location": settings.VAR_DIR / "originals"}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "originals": settings.STORAGES["originals"] | {"OPTIONS": options},
    }
    photo = store(plain(), alt="Pasar")
    work()
    photo.refresh_from_db()
    return photo


def test_there_and_back(tree, people, photo, request, monkeypatch, capsys):
    article = workflow.publish(builders.make_article(tree.payakumbuh, lead_photo=photo), actor=people.redaktur)
    buckets = request.getfixturevalue("s3")
    reader = HostClient(tree.payakumbuh.host)
    whole = {name: storage_.open(name).read() for storage_, name in files()}

    # Stopped in the middle.
    moved, stop = moving.move, iter([None] * 3)

    def stopping(*arguments, **options):
        next(stop)
        return moved(*arguments, **options)

    monkeypatch.setattr(moving, "move", stopping)
    with pytest.raises(StopIteration):
        call_command("move_media", verbosity=0)
    monkeypatch.setattr(moving, "move", moved)
    assert 0 < len(buckets.names("originals") | buckets.names("renditions")) < len(whole)
    assert reader.get(photo.share_url).status_code == 200

    # A copy that was damaged is made again, and nothing was deleted so far.
    buckets.client.put_object(Bucket="originals", Key=photo.original.name, Body=b"damaged")
    call_command("move_media", verbosity=0)
    assert {name for _storage, name in files()} == set(whole)
    call_command("move_media", "--delete", verbosity=0)
    assert "0 copied" in capsys.readouterr().out.splitlines()[-1]
    assert list(files()) == []
    assert buckets.names("originals") | buckets.names("renditions") == set(whole)
    assert reader.get(photo.share_url).status_code == 200
    assert photo.share_url in reader.get(article.get_absolute_url()).text

    call_command("move_media", "--back", "--delete", verbosity=0)
    assert {name: storage_.open(name).read() for storage_, name in files()} == whole
    assert not buckets.names("originals") | buckets.names("renditions")

    # Withdrawn in the middle of a move: the folder's copy is not shown.
    workflow.withdraw(article, actor=people.pemred, reason="Keliru.")
    assert reader.get(photo.share_url).status_code == 404


def test_an_original_that_is_not_what_the_database_says_stays_where_it_is(photo, request):
    request.getfixturevalue("s3")
    folder = moving.folders()[0]
    folder.delete(photo.original.name)
    folder.save(photo.original.name, ContentFile(b"something else"))
    with pytest.raises(CommandError):
        call_command("move_media", "--delete", verbosity=0)
    assert folder.exists(photo.original.name)


def test_photos_that_are_not_moved_yet_keep_their_renditions(photo, request):
    buckets = request.getfixturevalue("s3")
    assert cleanup.forget_lost_renditions() == 0
    call_command("move_media", "--delete", verbosity=0)
    assert cleanup.forget_lost_renditions() == 0
    for name in buckets.names("renditions"):
        buckets.client.delete_object(Bucket="renditions", Key=name)
    with pytest.raises(storage.StorageDown, match="--all-lost"):
        cleanup.forget_lost_renditions()
    photo.refresh_from_db()
    assert photo.rendition_manifest
    assert cleanup.forget_lost_renditions(even_all=True) == 1


def test_tombstones_are_copied_both_ways_and_never_deleted(tree, people, photo, request, settings):
    buckets = request.getfixturevalue("s3")
    options = settings.STORAGES["originals"]["OPTIONS"]
    settings.STORAGES = settings.STORAGES | {
        "tombstones": settings.STORAGES["originals"] | {"OPTIONS": options | {"location": "tombstones"}}
    }
    article = workflow.publish(builders.make_article(tree.payakumbuh), actor=people.redaktur)
    workflow.withdraw(article, actor=people.pemred, reason="Keliru.")
    name = texts.name_of(Tombstone.objects.get())
    call_command("move_media", "--delete", verbosity=0)
    assert f"tombstones/{name}" in buckets.names("originals")
    call_command("move_media", "--back", "--delete", verbosity=0)
    assert buckets.names("originals") == {f"tombstones/{name}"}
    assert (settings.VAR_DIR / "tombstones" / name).exists()


def test_without_buckets_there_is_nothing_to_do():
    assert isinstance(storage.originals(), FileSystemStorage)
    with pytest.raises(CommandError, match="S3_ORIGINALS"):
        call_command("move_media", verbosity=0)


def files():
    """Those in the folders: (storage, name)."""
    for folder in moving.folders():
        way = moving.Way("", folder, folder, {})
        yield from ((folder, name) for name in moving.names(way))
