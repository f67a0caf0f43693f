"""The photo library, uploads in pieces, and what an article asks of its photos."""

import fcntl
import os
import tempfile
import time
from base64 import b64encode
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from news.demo import builders
from news.images import cleanup, pending_files, sandbox, uploads
from news.images.models import Photo
from news.models import Article
from news.newsroom import photo_uploads
from news.publishing import workflow
from regions.models import Generation
from tests.conftest import photo_file
from tests.images.disks import fill
from tests.newsroom.forms import article_form

CREATE = "/images/photo/uploads/"
LIBRARY = "/images/photo/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Unfinished uploads are counted, so other tests' must not be among them."""
    settings.VAR_DIR = tmp_path / "var"


@pytest.fixture
def photo(tree, people) -> Photo:
    return uploads.store(photo_file(), region=tree.payakumbuh, user=people.reporter, alt="Orang di pasar")


@pytest.fixture
def section(db):
    return builders.make_section()


def change(photo: Photo) -> str:
    return f"/images/photo/{photo.pk}/change/"


def typed(photo: Photo, **fields):
    """What the photo's form sends."""
    shown = {name: getattr(photo, name) for name in ("focus_x", "focus_y", "caption", "credit", "alt")}
    return shown | fields


def today(region):
    return region.local(timezone.now()).date()


def flat(response) -> str:
    """A page on one line."""
    return " ".join(response.text.split())


class TestPieces:
    def create(self, client, region, size, **headers):
        about = f"filename {b64encode(b'IMG.jpg').decode()},region {b64encode(str(region.pk).encode()).decode()}"
        sent = {"HTTP_UPLOAD_LENGTH": str(size), "HTTP_UPLOAD_METADATA": about} | headers
        return client.post(CREATE, **sent)

    def patch(self, client, address, content, offset, **headers):
        kind = "application/offset+octet-stream"
        return client.patch(address, content, content_type=kind, HTTP_UPLOAD_OFFSET=str(offset), **headers)

    @pytest.fixture
    def client(self, people, newsroom):
        return newsroom(people.reporter)

    @pytest.fixture
    def content(self):
        return photo_file((300, 200)).read()

    @pytest.fixture
    def address(self, tree, client, content):
        made = self.create(client, tree.payakumbuh, len(content))
        assert (made.status_code, made["Tus-Resumable"]) == (201, "1.0.0")
        return made["Location"]

    def test_a_photo_arrives_in_pieces_and_its_offset_is_reported(self, tree, people, client, address, content):
        builders.make_author("Linda Sari", tree.payakumbuh, user=people.reporter)
        half = len(content) // 2
        assert client.head(address)["Upload-Offset"] == "0"
        assert self.patch(client, address, content[:half], 0)["Upload-Offset"] == str(half)
        assert client.head(address)["Upload-Offset"] == str(half)
        assert client.post(address).status_code == 409
        assert self.patch(client, address, content[:half], 0).status_code == 409  # sent again, stored once
        last = self.patch(client, address, content[half:], half)
        assert (last.status_code, last["Upload-Offset"]) == (204, str(len(content)))
        shown = client.post(address).json()
        photo = Photo.objects.get()
        assert (shown["id"], shown["known"], shown["credit"]) == (photo.pk, False, "Linda Sari")
        assert client.get(shown["thumbnail_url"]).status_code == 200
        assert (photo.region, photo.uploaded_by, photo.size) == (tree.payakumbuh, people.reporter, (300, 200))
        # The client asks again because the answer was lost, and gets the same photo.
        assert client.post(address).json()["id"] == photo.pk
        assert client.head(address)["Upload-Offset"] == str(len(content))
        # The same file is uploaded again, and the existing photo is offered.
        again = self.create(client, tree.payakumbuh, len(content))["Location"]
        self.patch(client, again, content, 0)
        assert client.post(again).json() | {"id": 0} == shown | {"id": 0, "known": True}
        assert Photo.objects.count() == 1

    def test_what_is_no_photo_is_refused_with_the_reason_and_nothing_stays(self, tree, client):
        content = b"%PDF-1.7"
        address = self.create(client, tree.payakumbuh, len(content))["Location"]
        before = set(pending_files.folder().iterdir())
        self.patch(client, address, content, 0)
        refused = client.post(address)
        assert refused.status_code == 422
        assert "PDF" in refused.json()["error"]
        assert len(set(pending_files.folder().iterdir())) == len(before) - 1
        assert not Photo.objects.exists()

    def test_more_than_was_announced_is_refused(self, client, address, content):
        assert self.patch(client, address, content + b"x", 0).status_code == 413
        assert client.post(address).status_code == 409

    @pytest.mark.parametrize("size", ["0", "-1", "x", "", str(10**9)])
    def test_a_size_that_cannot_be_is_refused(self, tree, client, size):
        assert self.create(client, tree.payakumbuh, size).status_code in (400, 413)

    @pytest.mark.parametrize("about", ["", "region", "region !!!", "region bm90IGEgbnVtYmVy", "filename eA=="])
    def test_what_cannot_be_read_is_a_bad_request(self, tree, client, about):
        assert self.create(client, tree.payakumbuh, 9, HTTP_UPLOAD_METADATA=about).status_code == 400

    def test_only_for_ones_own_regions_and_ones_own_uploads(self, tree, people, newsroom, client, address, content):
        assert self.create(client, tree.makassar, 9).status_code == 403
        for other in (people.redaktur, people.admin):
            assert newsroom(other).head(address).status_code == 404
            assert self.patch(newsroom(other), address, content, 0).status_code == 404
        assert client.head(address.replace("/uploads/", "/uploads/x")).status_code == 404
        anonymous = newsroom(people.reporter)
        anonymous.logout()
        assert anonymous.post(CREATE).status_code == 302
        people.reporter.assignments.all().delete()
        self.patch(client, address, content, 0)
        assert client.post(address).status_code == 403

    def test_a_piece_is_bounded(self, client, address):
        too_large = b"x" * (photo_uploads.CHUNK_MAX + 1)
        assert self.patch(client, address, too_large, 0).status_code == 413
        assert client.patch(address, b"x", content_type="image/jpeg").status_code == 415

    def test_unfinished_uploads_are_deleted_after_a_day(self, client, address, content):
        self.patch(client, address, content[:9], 0)
        cleanup.remove_expired_uploads()
        assert client.head(address)["Upload-Offset"] == "9"
        for path in pending_files.folder().glob("*.part"):
            os.utime(path, (0, time.time() - pending_files.KEEP_PARTS - 1))
        assert cleanup.remove_expired_uploads() >= 1
        assert client.head(address).status_code == 404

    def test_nothing_of_a_piece_that_is_larger_than_announced_is_stored(self, client, address, content):
        part = next(pending_files.folder().glob("*.part"))
        assert self.patch(client, address, content[:100], 0).status_code == 204
        assert self.patch(client, address, content[100:] + b"x" * 2**17, 100).status_code == 413
        assert part.stat().st_size == 100
        part.write_bytes(content + b"x")  # by whatever fault
        assert client.post(address).status_code == 409
        assert not Photo.objects.exists()

    def test_an_uploads_address_is_gone_once_its_file_is_deleted(self, client, address, content):
        self.patch(client, address, content, 0)
        for path in pending_files.folder().glob("*.part"):
            os.utime(path, (0, time.time() + 9 * pending_files.KEEP_PARTS))  # the part alone would still be there
        with time_machine.travel(timezone.now() + timedelta(seconds=pending_files.KEEP_PARTS - 60)):
            assert client.head(address).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(seconds=pending_files.KEEP_PARTS + 60)):
            for answer in (client.head(address), self.patch(client, address, b"", len(content)), client.post(address)):
                assert answer.status_code == 404
        assert not Photo.objects.exists()

    def test_a_person_has_a_quota_of_unfinished_uploads(self, tree, people, newsroom, client, address, content):
        """The quota counts the person's own uploads, and only those that can still be continued."""
        for _number in range(pending_files.MAX_PARTS - 1):
            assert self.create(client, tree.payakumbuh, 9).status_code == 201
        refused = self.create(client, tree.payakumbuh, 9)
        assert refused.status_code == 429
        assert str(pending_files.MAX_PARTS) in refused.json()["error"]
        assert len(list(pending_files.folder().glob("*.part"))) == pending_files.MAX_PARTS
        assert self.create(newsroom(people.kontributor), tree.payakumbuh, 9).status_code == 201
        self.patch(client, address, content, 0)
        assert client.post(address).status_code == 200
        assert self.create(client, tree.payakumbuh, 9).status_code == 201  # one is finished
        assert self.create(client, tree.payakumbuh, 9).status_code == 429
        for path in pending_files.folder().glob("*.part"):
            os.utime(path, (0, time.time() - pending_files.KEEP_PARTS - 1))
        assert self.create(client, tree.payakumbuh, 9).status_code == 201
        assert len(list(pending_files.folder().glob("*.part"))) == 1

    def test_an_upload_waits_while_somebody_elses_photo_is_opened(self, client, address, content):
        self.patch(client, address, content, 0)
        with sandbox._turn(True):
            answer = client.post(address)
            assert (answer.status_code, answer["Retry-After"]) == (503, "2")
            assert "foto lain" in answer.json()["error"]
            assert client.head(address)["Upload-Offset"] == str(len(content))
        assert not Photo.objects.exists()
        assert client.post(address).status_code == 200

    def test_an_upload_that_is_finished_twice_at_once_is_opened_once(self, client, address, content):
        self.patch(client, address, content, 0)
        with next(pending_files.folder().glob("*.part")).open("rb") as part:
            # The first request holds it until its photo is stored. The second one shares it with nobody either.
            for lock in (fcntl.LOCK_EX, fcntl.LOCK_SH):
                fcntl.flock(part, lock)
                second = client.post(address)
                assert (second.status_code, second["Retry-After"]) == (503, "2")
                assert not Photo.objects.exists()
        first = client.post(address)
        assert first.status_code == 200
        assert client.post(address).json()["id"] == first.json()["id"] == Photo.objects.get().pk

    def test_a_full_disk_is_told_and_nothing_stays(self, tree, client, small_disk, settings):
        settings.VAR_DIR = small_disk
        content = os.urandom(2 * 2**20)
        address = self.create(client, tree.payakumbuh, len(content))["Location"]
        answer = self.patch(client, address, content, 0)
        assert answer.status_code == 507
        assert "penuh" in answer.json()["error"]
        assert [path for path in small_disk.rglob("*") if path.is_file()] == []
        assert client.head(address).status_code == 404
        fill(small_disk, 0)
        with pytest.raises(OSError, match="No space"):
            (small_disk / "x").write_bytes(b"x" * 9000)
        (small_disk / "x").unlink()

    def test_a_disk_that_is_full_when_the_photo_is_stored(self, tree, client, address, content, small_disk, settings):
        fill(small_disk, 0)
        originals = settings.STORAGES["originals"]
        settings.STORAGES = settings.STORAGES | {
            "originals": originals | {"OPTIONS": originals["OPTIONS"] | {"location": small_disk}}
        }
        self.patch(client, address, content, 0)
        answer = client.post(address)
        assert answer.status_code == 507
        assert "penuh" in answer.json()["error"]
        assert [path.name for path in small_disk.iterdir()] == ["filler"]
        assert client.head(address).status_code == 404
        assert not Photo.objects.exists()


class TestForms:
    """The library's forms work without script too: the file comes with the form."""

    @pytest.fixture
    def add(self, tree, people, newsroom):
        client = newsroom(people.reporter)
        return lambda **fields: client.post(
            "/images/photo/add/", {"region": tree.payakumbuh.pk, "upload": photo_file(), "caption": "Pasar"} | fields
        )

    @pytest.fixture
    def depths(self, monkeypatch):
        """How many transactions were open, beyond the test's own, each time a photo was decoded."""
        decode, found, before = sandbox._run, [], len(connection.savepoint_ids)
        monkeypatch.setattr(
            sandbox, "_run", lambda asked: found.append(len(connection.savepoint_ids) - before) or decode(asked)
        )
        return found

    def test_a_new_photo_is_stored(self, tree, people, add):
        assert add().status_code == 302
        photo = Photo.objects.get()
        assert (photo.region, photo.uploaded_by, photo.caption) == (tree.payakumbuh, people.reporter, "Pasar")

    def test_no_photo_is_opened_inside_a_transaction(self, tree, people, newsroom, add, depths):
        add()
        photo = Photo.objects.get()
        form = typed(photo, alt="Orang di pasar", replacement=photo_file((640, 320), "navy"))
        assert newsroom(people.redaktur).post(change(photo), form).status_code == 302
        client, content = newsroom(people.reporter), photo_file((320, 320)).read()
        pieces = TestPieces()
        address = pieces.create(client, tree.payakumbuh, len(content))["Location"]
        pieces.patch(client, address, content, 0)
        assert client.post(address).status_code == 200
        assert depths == [0, 0, 0]

    @pytest.mark.parametrize("fields", [{"caption": "x" * 301}, {"region": ""}, {"region": "makassar"}, {"upload": ""}])
    def test_a_form_that_is_wrong_opens_no_photo(self, tree, add, depths, fields):
        if fields.get("region"):
            fields = {"region": getattr(tree, fields["region"]).pk}
        assert add(**fields).context["adminform"].form.errors
        assert depths == []
        assert not Photo.objects.exists()

    def test_nobody_replaces_a_photo_that_is_not_theirs_to_change(self, photo, people, newsroom, depths):
        Photo.objects.update(is_shared=True)
        for person, status in ((people.sister, 403), (people.kontributor, 403)):
            answer = newsroom(person).post(change(photo), typed(photo, replacement=photo_file((640, 320), "navy")))
            assert answer.status_code == status
        assert depths == []
        assert Photo.objects.get().sha256 == photo.sha256

    def test_the_same_file_leads_to_the_photo_that_is_there(self, photo, add):
        error = add().context["adminform"].form.errors["upload"]
        assert change(photo) in str(error)

    def test_what_is_wrong_with_the_file_is_told_beside_it(self, add):
        errors = add(upload=SimpleUploadedFile("x.jpg", b"%PDF-1.4")).context["adminform"].form.errors
        assert "PDF" in str(errors["upload"])
        assert not Photo.objects.exists()

    def test_a_busy_decoder_is_told_beside_it(self, photo, people, newsroom, add):
        with sandbox._turn(True):
            errors = add(upload=photo_file((50, 50))).context["adminform"].form.errors
            form = typed(photo, replacement=photo_file((640, 320), "navy"))
            replaced = newsroom(people.redaktur).post(change(photo), form).context["adminform"].form.errors
        assert "foto lain" in str(errors["upload"])
        assert "foto lain" in str(replaced["replacement"])
        assert Photo.objects.get().sha256 == photo.sha256

    @pytest.mark.parametrize("room", [0, 2_700_000], ids=["none", "for a part"])
    def test_a_full_disk_is_told_while_the_file_comes(self, add, small_disk, settings, monkeypatch, room):
        """Django writes what is larger than 2.5 MB to the disk, long before the form sees it."""
        monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
        fill(small_disk, room // 10)
        noise = SimpleUploadedFile("x.jpg", b"\xff\xd8\xff" + os.urandom(3_000_000), "image/jpeg")
        response = add(upload=noise)
        assert "penuh" in str(response.context["adminform"].form.errors["upload"])
        assert [path.name for path in small_disk.iterdir()] == ["filler"]
        assert not Photo.objects.exists()


def test_a_changed_caption_bumps_the_regions_that_show_the_photo_and_no_others(tree, photo, people, newsroom):
    builders.make_live(tree.payakumbuh, lead_photo=photo)
    builders.make_live(tree.ambon, kind="photos").gallery.create(photo=photo)
    shown = {"payakumbuh", "sumbar", "ambon", "maluku", "network"}
    names = (*shown, "limapuluhkota", "makassar", "sulsel")
    client = newsroom(people.redaktur)

    def numbers():
        found = dict(Generation.objects.values_list("region_id", "number"))
        return {name: found.get(getattr(tree, name).pk, 0) for name in names}

    for fields in ({"caption": "Baru"}, {"credit": "Dodi"}, {"alt": "Warga"}, {"alt": "", "is_decorative": "on"}):
        before = numbers()
        photo.refresh_from_db()
        assert client.post(change(photo), typed(photo, **fields)).status_code == 302
        after = numbers()
        assert {name for name in names if after[name] != before[name]} == shown, fields


class TestLibrary:
    @pytest.mark.parametrize(
        ("query", "found"),
        [("pasar", True), ("Rizal", True), ("Payakumbuh", True), ("Linda", True), ("jembatan", False)],
    )
    def test_it_is_searched_by_words_person_place_and_credit(self, photo, people, newsroom, query, found):
        Photo.objects.update(people="Rizal Koto", place="Payakumbuh", credit="Linda Sari")
        page = newsroom(people.redaktur).get(LIBRARY, {"q": query})
        assert (change(photo) in page.text) is found

    def test_it_is_browsed_by_date(self, photo, people, newsroom):
        Photo.objects.update(taken_on="2024-11-23")
        client = newsroom(people.redaktur)
        assert change(photo) in client.get(LIBRARY, {"taken_on__year": 2024, "taken_on__month": 11}).text
        assert change(photo) not in client.get(LIBRARY, {"taken_on__year": 2023}).text

    def test_a_regions_photos_are_its_own_until_they_are_shared(self, tree, photo, people, newsroom, section):
        sister = newsroom(people.sister)
        form = article_form(region=tree.limapuluhkota, section=section, lead_photo=photo)
        assert change(photo) not in sister.get(LIBRARY).text
        assert sister.get(change(photo)).status_code == 302
        assert "lead_photo" in sister.post("/news/article/add/", form).context["adminform"].form.errors
        newsroom(people.redaktur).post(change(photo), typed(photo, is_shared="on"))
        assert change(photo) in sister.get(LIBRARY).text
        assert sister.get(change(photo)).status_code == 200
        assert sister.post(change(photo), typed(photo, alt="Diubah tetangga")).status_code == 403
        assert sister.post("/news/article/add/", form).status_code == 302
        assert Article.objects.get().lead_photo == photo

    def test_it_says_where_a_photo_is_used_but_not_what_one_may_not_see(self, tree, photo, people, newsroom):
        Photo.objects.update(is_shared=True)
        builders.make_article(tree.payakumbuh, title="Rahasia Payakumbuh", lead_photo=photo)
        gallery = builders.make_article(tree.limapuluhkota, title="Galeri tetangga", kind="photos")
        gallery.gallery.create(photo=photo)
        own, sister = newsroom(people.redaktur).get(change(photo)).text, newsroom(people.sister).get(change(photo)).text
        assert "Rahasia Payakumbuh" in own
        assert "Galeri tetangga" not in own
        assert "1 di daerah lain" in own
        assert "Galeri tetangga" in sister
        assert "Rahasia Payakumbuh" not in sister

    def test_saving_does_not_undo_what_background_work_changed(self, photo, people, newsroom):
        client = newsroom(people.redaktur)
        client.get(change(photo))
        Photo.objects.filter(pk=photo.pk).update(rendition_key="e" * 32, rendition_manifest={"free": [1]})
        stale = Photo.objects.get(pk=photo.pk)
        assert client.post(change(photo), typed(stale, caption="Baru")).status_code == 302
        photo.refresh_from_db()
        assert (photo.caption, photo.rendition_key) == ("Baru", "e" * 32)

    def test_another_file_takes_the_photos_place(self, photo, people, newsroom):
        old = photo.rendition_key
        form = typed(photo, caption="Tetap", replacement=photo_file((640, 320), "navy"))
        assert newsroom(people.redaktur).post(change(photo), form).status_code == 302
        photo.refresh_from_db()
        assert (photo.size, photo.caption) == ((640, 320), "Tetap")
        assert photo.rendition_key != old

    def test_a_replacement_that_is_no_photo_changes_nothing(self, photo, people, newsroom):
        bad = photo_file()
        bad.file.write(b"%PDF")
        bad.file.seek(0)
        response = newsroom(people.redaktur).post(change(photo), typed(photo, replacement=bad))
        assert "replacement" in response.context["adminform"].form.errors
        key = photo.rendition_key
        photo.refresh_from_db()
        assert photo.rendition_key == key

    @pytest.mark.parametrize("focus", [("101", "5"), ("-1", "5"), ("x", "5"), ("", "5")])
    def test_a_focal_point_outside_the_photo_is_refused(self, photo, people, newsroom, focus):
        response = newsroom(people.redaktur).post(change(photo), typed(photo, focus_x=focus[0], focus_y=focus[1]))
        assert "focus_x" in response.context["adminform"].form.errors


class TestInAnArticle:
    def test_published_photos_are_described_or_marked_as_decorative(self, tree, photo, people, newsroom):
        Photo.objects.update(alt="")
        article = builders.make_article(tree.payakumbuh, lead_photo=photo)
        with pytest.raises(workflow.TransitionError, match="tunanetra"):
            workflow.publish(article, actor=people.redaktur)
        with pytest.raises(workflow.TransitionError, match="tunanetra"):
            workflow.schedule(article, actor=people.redaktur, at=timezone.now() + DAY)
        workflow.submit(article, actor=people.redaktur)  # a writer may leave it to the desk
        Photo.objects.update(is_decorative=True)
        assert workflow.publish(article, actor=people.redaktur).status == "approved"
        # And a published article's photo stays described.
        client = newsroom(people.redaktur)
        refused = client.post(change(photo), typed(photo, alt=""))
        assert "alt" in refused.context["adminform"].form.errors

    def test_a_new_photo_of_a_live_article_needs_a_description(self, tree, photo, people, newsroom):
        other = uploads.store(photo_file(colour="navy"), region=tree.payakumbuh, user=None)
        article = builders.make_live(tree.payakumbuh, lead_photo=photo)
        client, address = newsroom(people.redaktur), f"/news/article/{article.pk}/change/"
        refused = client.post(address, article_form(article, lead_photo=other))
        assert "photo_alt" in refused.context["adminform"].form.errors
        article.refresh_from_db()
        assert article.lead_photo == photo
        form = article_form(article, lead_photo=other, photo_alt="Warga di pasar")
        assert client.post(address, form).status_code == 302
        article.refresh_from_db()
        other.refresh_from_db()
        assert (article.lead_photo, other.alt) == (other, "Warga di pasar")

    def test_after_the_end_of_its_rights_a_photo_is_refused_for_new_use_alone(
        self, tree, photo, people, newsroom, section
    ):
        day = today(tree.payakumbuh)
        used = builders.make_article(tree.payakumbuh, lead_photo=photo, created_by=people.reporter)
        Photo.objects.update(usable_until=day - DAY)
        client = newsroom(people.redaktur)
        new = article_form(region=tree.payakumbuh, section=section, lead_photo=photo)
        assert "lead_photo" in client.post("/news/article/add/", new).context["adminform"].form.errors
        again = article_form(used, title="Judul yang baru")
        assert client.post(f"/news/article/{used.pk}/change/", again).status_code == 302  # chosen before
        with pytest.raises(workflow.TransitionError, match="hanya boleh dipakai sampai"):
            workflow.publish(used, actor=people.redaktur)
        Photo.objects.update(usable_until=day)
        with pytest.raises(workflow.TransitionError, match="hanya boleh dipakai sampai"):
            workflow.schedule(used, actor=people.redaktur, at=timezone.now() + 2 * DAY)
        assert client.post("/news/article/add/", new).status_code == 302
        assert workflow.publish(used, actor=people.redaktur).status == "approved"

    def test_caption_and_credit_come_from_the_article_then_the_photo_then_the_title(self, tree, photo, reader):
        Photo.objects.update(caption="Milik foto", credit="Linda")
        own = builders.make_live(tree.payakumbuh, lead_photo=photo, lead_caption="Milik berita", lead_credit="Dodi")
        plain = builders.make_live(tree.payakumbuh, lead_photo=photo)
        client = reader(tree.payakumbuh)
        assert "<figcaption> Milik berita <" in flat(client.get(own.get_absolute_url()))
        assert "Dodi" in client.get(own.get_absolute_url()).text
        assert "<figcaption> Milik foto <" in flat(client.get(plain.get_absolute_url()))
        Photo.objects.update(caption="", credit="")
        assert f"<figcaption> {plain.title} </figcaption>" in flat(client.get(plain.get_absolute_url()))

    def test_a_caption_typed_in_the_article_form_is_stored_with_the_chosen_photo(
        self, tree, photo, people, newsroom, section
    ):
        form = article_form(region=tree.payakumbuh, section=section, lead_photo=photo, photo_caption="Dari berita")
        assert newsroom(people.reporter).post("/news/article/add/", form).status_code == 302
        photo.refresh_from_db()
        assert photo.caption == "Dari berita"
        Photo.objects.update(uploaded_by=people.redaktur)
        again = article_form(
            region=tree.payakumbuh, section=section, lead_photo=photo, photo_caption="Bukan milik saya"
        )
        refused = newsroom(people.reporter).post("/news/article/add/", again)
        assert "Bukan milik saya" in str(refused.context["adminform"].form.errors["photo_caption"])

    def test_words_typed_in_an_article_form_are_seen_wherever_the_photo_is(
        self, tree, photo, people, newsroom, section, reader
    ):
        Photo.objects.update(is_shared=True)
        elsewhere = builders.make_live(tree.ambon, lead_photo=photo)
        before = Generation.objects.get(region_id=tree.ambon.pk).number
        form = article_form(region=tree.payakumbuh, section=section, lead_photo=photo, photo_caption="Dari berita")
        assert newsroom(people.redaktur).post("/news/article/add/", form).status_code == 302
        assert Generation.objects.get(region_id=tree.ambon.pk).number > before
        assert "Dari berita" in reader(tree.ambon).get(elsewhere.get_absolute_url()).text

    def test_a_photo_article_shows_its_gallery_in_order_and_lists_its_first_photo(
        self, tree, people, newsroom, reader, section
    ):
        photos = [
            uploads.store(photo_file(colour=colour), region=tree.payakumbuh, user=None, alt=f"Foto {colour}")
            for colour in ("red", "green", "blue")
        ]
        author = builders.make_author("Linda Sari", tree.payakumbuh)
        form = article_form(
            region=tree.payakumbuh, section=section, kind="photos", gallery=photos, bylines=[author], act="publish"
        )
        form |= {"gallery-0-position": 3, "gallery-1-position": 1, "gallery-2-position": 2}
        assert newsroom(people.redaktur).post("/news/article/add/", form).status_code == 302
        article = Article.objects.get()
        assert article.lead_photo == photos[1]
        page = reader(tree.payakumbuh).get(article.get_absolute_url()).text
        places = [page.index(f'alt="Foto {colour}"') for colour in ("green", "blue", "red")]
        assert places == sorted(places)
        assert page.count("<figure") == 3


def test_the_article_form_shows_its_lead_photo(tree, people, newsroom, photo):
    article = builders.make_article(tree.payakumbuh, lead_photo=photo, created_by=people.reporter)
    page = newsroom(people.reporter).get(f"/news/article/{article.pk}/change/")
    assert f'src="{photo.thumbnail_url}" alt="Orang di pasar"' in page.text
