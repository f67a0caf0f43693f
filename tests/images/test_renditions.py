"""Renditions are made in the background, made anew when they should be, and cease with a withdrawal."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from news.demo import builders
from news.images import cleanup, pending_files, rendition_specs, renditions, storage, uploads
from news.images.models import Photo
from news.publishing import workflow
from tests.conftest import HostClient

from .pictures import plain, upload


def due_now() -> None:
    """Make everything that waits in the queue due."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def photo(store, work) -> Photo:
    """A photo with all renditions; the hour in which the first ones still answer is over."""
    made = store(plain(size=(700, 350)), alt="Pasar")
    work()
    due_now()
    work()
    made.refresh_from_db()
    return made


def addresses(photo: Photo) -> list[str]:
    return [photo._url(name) for name in rendition_specs.names(photo.rendition_manifest)]


def answers(photo_addresses: list[str], client: HostClient) -> int:
    return sum(client.get(address).status_code == 200 for address in photo_addresses)


class TestMaking:
    def test_the_first_ones_are_there_at_once_and_all_after_the_work(self, store, folders, work):
        photo = store(plain(size=(2000, 1500)))
        first = addresses(photo)
        assert photo.rendition_manifest == rendition_specs.first(photo.size, photo.focus)
        work()
        photo.refresh_from_db()
        assert photo.rendition_manifest == photo.wanted_manifest
        assert len(addresses(photo)) == len(list((folders[0] / photo.rendition_key).iterdir())) == 33
        # The first renditions answer for another hour, for pages that name them.
        due_now()
        assert {path.name for path in folders[0].iterdir()} == {photo.rendition_key, photo.previous_key}
        assert photo.previous_key in first[0]
        work()
        photo.refresh_from_db()
        assert [path.name for path in folders[0].iterdir()] == [photo.rendition_key]
        assert photo.previous_key == ""

    def test_doing_the_work_twice_changes_nothing(self, photo, files, work):
        before, key = files(), photo.rendition_key
        renditions.make_renditions.enqueue(photo.pk)
        renditions.make_renditions.enqueue(987654)
        work()
        photo.refresh_from_db()
        assert (files(), photo.rendition_key) == (before, key)

    def test_of_two_that_make_the_same_photo_one_wins_and_nothing_is_left_over(
        self, store, folders, django_capture_on_commit_callbacks
    ):
        photo = store(plain())
        twin = Photo.objects.get(pk=photo.pk)
        with django_capture_on_commit_callbacks(execute=True):
            assert renditions.make(photo)
            assert not renditions.make(twin)
        photo.refresh_from_db()
        assert {path.name for path in folders[0].iterdir()} == {photo.rendition_key, photo.previous_key}

    def test_another_focal_point_gives_new_addresses_and_the_old_ones_answer_for_an_hour(
        self, photo, work, reader, tree
    ):
        old = addresses(photo)
        Photo.objects.filter(pk=photo.pk).update(focus_x=90)
        renditions.make_renditions.enqueue(photo.pk)
        work()
        photo.refresh_from_db()
        assert photo.rendition_manifest["focus"] == [90, 40]
        assert not set(addresses(photo)) & set(old)
        client = reader(tree.payakumbuh)
        assert answers(addresses(photo), client) == answers(old, client) == len(old)
        due_now()
        work()
        assert answers(old, client) == 0


class TestWithdrawal:
    def test_no_rendition_of_a_withdrawn_article_answers(
        self, tree, people, photo, work, reader, django_capture_on_commit_callbacks
    ):
        article = builders.make_live(tree.payakumbuh, lead_photo=photo)
        client = reader(tree.payakumbuh)
        public = addresses(photo)
        assert answers(public, client) == len(public) > 10
        with django_capture_on_commit_callbacks(execute=True):
            workflow.withdraw(article, actor=people.pemred, reason="Keterangan keliru.")
        assert answers(public, client) == 0
        work()
        assert answers(public, client) == 0
        photo.refresh_from_db()
        assert (
            photo.rendition_manifest == photo.wanted_manifest
        )  # the newsroom still has it, at an address that nobody outside was given
        assert not set(addresses(photo)) & set(public)

    def test_addresses_kept_for_open_pages_cease_too(
        self, tree, people, photo, work, reader, django_capture_on_commit_callbacks
    ):
        article = builders.make_live(tree.payakumbuh, lead_photo=photo)
        before = addresses(photo)
        Photo.objects.filter(pk=photo.pk).update(focus_y=80)
        renditions.make_renditions.enqueue(photo.pk)
        work()
        client = reader(tree.payakumbuh)
        assert answers(before, client) == len(before)
        with django_capture_on_commit_callbacks(execute=True):
            workflow.withdraw(article, actor=people.pemred, reason="Keterangan keliru.")
        assert answers(before, client) == 0

    def test_a_photo_that_another_article_shows_stays_public(
        self, tree, people, photo, reader, django_capture_on_commit_callbacks
    ):
        article = builders.make_live(tree.payakumbuh, lead_photo=photo)
        other = builders.make_live(tree.payakumbuh, kind="photos")
        other.gallery.create(photo=photo)
        with django_capture_on_commit_callbacks(execute=True):
            workflow.withdraw(article, actor=people.pemred, reason="Keterangan keliru.")
        assert answers(addresses(photo), reader(tree.payakumbuh)) > 10
        with django_capture_on_commit_callbacks(execute=True):
            workflow.withdraw(other, actor=people.pemred, reason="Keterangan keliru.")
        assert answers(addresses(photo), reader(tree.payakumbuh)) == 0


class TestStorageDown:
    @pytest.fixture
    def down(self, folders):
        """`down(up=False)`: both storages refuse everything, until `down(up=True)`."""

        def switch(up: bool = False) -> None:
            for folder in folders:
                aside = folder.with_suffix(".aside")
                if up:
                    folder.unlink()
                    aside.rename(folder)
                else:
                    folder.rename(aside)
                    folder.write_text("not a folder")

        return switch

    def test_a_photo_is_taken_and_follows_when_the_storage_is_back(self, tree, people, store, down, work, files):
        down()
        photo = store(plain(), alt="Pasar", user=people.reporter)
        assert (photo.rendition_manifest, photo.original.name) == ({}, "")
        article = builders.make_article(tree.payakumbuh, lead_photo=photo)
        article = workflow.publish(article, actor=people.redaktur)
        page = HostClient(tree.payakumbuh.host).get(article.get_absolute_url())
        assert page.status_code == 200
        assert "<picture" not in page.text
        work()
        photo.refresh_from_db()
        assert photo.rendition_manifest == {}
        down(up=True)
        due_now()
        work()
        photo.refresh_from_db()
        assert photo.rendition_manifest == photo.wanted_manifest
        assert photo.waiting == ""
        page = HostClient(tree.payakumbuh.host).get(article.get_absolute_url())
        assert photo.share_url in page.text
        found = cleanup.orphans(grace=timedelta(0))
        assert (found.keys, found.originals) == ([], [])
        assert len(files()) == 1 + len(rendition_specs.names(photo.rendition_manifest))

    def test_what_waits_is_replaced_too_and_nothing_is_left_behind(
        self, store, down, work, files, django_capture_on_commit_callbacks
    ):
        down()
        photo = store(plain())
        with django_capture_on_commit_callbacks(execute=True):
            uploads.replace(photo, upload(plain(colour="red")))
        assert len(list(pending_files.folder().iterdir())) == 1
        down(up=True)
        due_now()
        work()
        photo.refresh_from_db()
        assert len(files()) == 1 + len(rendition_specs.names(photo.rendition_manifest))
        with photo.local_original() as path:
            assert path.read_bytes() == plain(colour="red")

    def test_what_was_withdrawn_while_it_was_down_is_removed_when_it_is_back(
        self, tree, people, photo, down, work, reader, django_capture_on_commit_callbacks
    ):
        article, public = builders.make_live(tree.payakumbuh, lead_photo=photo), addresses(photo)
        down()
        with django_capture_on_commit_callbacks(execute=True):
            workflow.withdraw(article, actor=people.pemred, reason="Keterangan keliru.")
        work()
        down(up=True)
        assert answers(public, reader(tree.payakumbuh)) == len(public)
        due_now()
        work()
        assert answers(public, reader(tree.payakumbuh)) == 0

    def test_readers_are_told_to_come_back(self, photo, down, reader, tree):
        down()
        response = reader(tree.payakumbuh).get(photo.share_url)
        assert (response.status_code, response["Retry-After"]) == (503, "60")


class TestCommand:
    def test_it_makes_what_is_missing_and_says_what_is_left_over(self, store, folders, capsys):
        photos = [store(plain(colour=(shade, 90, 90))) for shade in (10, 60, 110)]
        with pytest.raises(CommandError, match="3 photos to make"):
            call_command("renditions", check=True)
        call_command("renditions", make=True, workers=1)
        assert "3 photos, all as they should be." in capsys.readouterr().out
        for photo in photos:
            photo.refresh_from_db()
            assert photo.rendition_manifest == photo.wanted_manifest
        call_command("renditions", check=True)
        Photo.objects.filter(pk=photos[0].pk).update(focus_x=12)
        with pytest.raises(CommandError, match="1 photos to make"):
            call_command("renditions", check=True)
        assert set(cleanup.stale()) == {photos[0].pk}

    def test_it_makes_photos_anew_when_the_list_of_sizes_changes(self, store, monkeypatch):
        photo = store(plain())
        call_command("renditions", make=True, workers=1)
        monkeypatch.setattr(rendition_specs, "VERSION", rendition_specs.VERSION + 1)
        assert cleanup.stale() == [photo.pk]

    def test_what_belongs_to_no_photo_is_removed_when_it_is_old_enough(self, store, folders):
        photo = store(plain())
        call_command("renditions", make=True, workers=1)
        storage.put("f" * 32, {"share.jpg": next((folders[0] / photo.rendition_key).glob("*.jpg"))})
        (folders[1] / "lama.jpeg").write_bytes(b"x")
        call_command("renditions", check=True)  # it may belong to an upload that is just being stored
        found = cleanup.orphans(grace=timedelta(0))
        assert (found.keys, found.originals) == (["f" * 32], ["lama.jpeg"])
        cleanup.remove(found)
        assert {path.name for path in folders[1].iterdir()} == {photo.original.name}
        assert cleanup.orphans(grace=timedelta(0)) == cleanup.Orphans([], [])


class TestView:
    @pytest.fixture(params=["reader", "newsroom"])
    def client(self, request, tree, people, newsroom):
        return HostClient(tree.makassar.host) if request.param == "reader" else newsroom(people.admin)

    def test_a_rendition_may_be_kept_for_ever_by_browsers(self, client, photo, folders):
        types = {"free-480.avif": "image/avif", "free-480.webp": "image/webp", "share.jpg": "image/jpeg"}
        for name, type in types.items():
            response = client.get(photo._url(name))
            assert response.status_code == 200, name
            assert response["Content-Type"] == type
            assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=3600, immutable", name
            assert response["X-Content-Type-Options"] == "nosniff", name
            content = (folders[0] / photo.rendition_key / name).read_bytes()
            assert b"".join(response.streaming_content) == content, name

    def test_it_answers_get_and_head_alone(self, client, photo):
        head = client.head(photo.share_url)
        assert head.status_code == 200
        assert b"".join(head.streaming_content) == b""
        for method in ("post", "put", "delete"):
            assert getattr(client, method)(photo.share_url).status_code in (403, 405)

    def test_anything_else_is_not_found(self, client, photo):
        key = photo.rendition_key
        other = key[:-1] + ("0" if key[-1] != "0" else "1")
        found = [
            name
            for name in (
                f"{key}/free-961.webp",
                f"{key}/free-0480.webp",
                f"{key}/480.webp",
                f"{key}/free-480.jpg",
                f"{key}/share.webp",
                f"{key}/",
                key,
                f"{other}/share.jpg",
                f"{key[:-1]}A/share.jpg",
                f"{key}0/share.jpg",
                f"{key}/../{key}/share.jpg",
                "",
            )
            if client.get(f"/media/{name}").status_code != 404
        ]
        assert found == []

    def test_an_original_has_no_address(self, client, photo):
        name = photo.original.name
        for path in (f"/{name}", f"/media/{name}", f"/originals/{name}", f"/media/originals/{name}", f"/static/{name}"):
            assert client.get(path).status_code == 404


def test_guesses_find_nothing(tree, store):
    """A small part of what `python -m benchmarks.enumeration` does."""
    import hashlib
    import secrets

    photos = [store(plain(colour=(shade, 20, 20))) for shade in (10, 60, 110)]
    client = HostClient(tree.payakumbuh.host)
    guesses = [secrets.token_hex(16) for _number in range(20)]
    guesses += [f"{number:032x}" for number in range(10)]
    guesses += [hashlib.md5(str(number).encode()).hexdigest() for number in range(10)]
    for photo in photos:
        guesses += [photo.sha256[:32], photo.sha256[32:], photo.original.name[:32]]
        guesses += [f"{int(photo.rendition_key, 16) ^ (1 << bit):032x}" for bit in range(0, 128, 16)]
    assert [guess for guess in guesses if client.get(f"/media/{guess}/share.jpg").status_code != 404] == []
    assert all(client.get(photo.share_url).status_code == 200 for photo in photos)
