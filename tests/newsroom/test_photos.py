"""The photo library, uploads in pieces, and what a story asks of its photos."""

import os
import time
from base64 import b64encode
from datetime import timedelta

import pytest
from django.utils import timezone

from news import workflow
from news.demo import builders
from news.images import spool, upkeep, uploads
from news.images.models import Photo
from news.models import Article
from news.newsroom import photo_uploads
from tests.conftest import photo_file
from tests.newsroom.forms import story_form

CREATE = "/images/photo/uploads/"
LIBRARY = "/images/photo/"
DAY = timedelta(days=1)


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

    def test_a_photo_arrives_in_pieces_and_where_it_stopped_is_said(self, tree, people, client, address, content):
        builders.make_author("Linda Sari", tree.payakumbuh, user=people.reporter)
        half = len(content) // 2
        assert client.head(address)["Upload-Offset"] == "0"
        assert self.patch(client, address, content[:half], 0)["Upload-Offset"] == str(half)
        assert client.head(address)["Upload-Offset"] == str(half)
        assert client.post(address).status_code == 409
        assert self.patch(client, address, content[:half], 0).status_code == 409  # sent again, taken once
        last = self.patch(client, address, content[half:], half)
        assert (last.status_code, last["Upload-Offset"]) == (204, str(len(content)))
        shown = client.post(address).json()
        photo = Photo.objects.get()
        assert (shown["id"], shown["known"], shown["credit"]) == (photo.pk, False, "Linda Sari")
        assert client.get(shown["thumbnail_url"]).status_code == 200
        assert (photo.region, photo.uploaded_by, photo.size) == (tree.payakumbuh, people.reporter, (300, 200))
        # Asked again because the answer was lost: the same photo.
        assert client.post(address).json()["id"] == photo.pk
        assert client.head(address)["Upload-Offset"] == str(len(content))
        # The same file again: the existing photo is offered.
        again = self.create(client, tree.payakumbuh, len(content))["Location"]
        self.patch(client, again, content, 0)
        assert client.post(again).json() | {"id": 0} == shown | {"id": 0, "known": True}
        assert Photo.objects.count() == 1

    def test_what_is_no_photo_is_refused_with_the_reason_and_nothing_stays(self, tree, client):
        content = b"%PDF-1.7"
        address = self.create(client, tree.payakumbuh, len(content))["Location"]
        before = set(spool.folder().iterdir())
        self.patch(client, address, content, 0)
        refused = client.post(address)
        assert refused.status_code == 422
        assert "PDF" in refused.json()["error"]
        assert len(set(spool.folder().iterdir())) == len(before) - 1
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

    def test_parts_that_nobody_went_on_with_are_swept_away(self, client, address, content):
        self.patch(client, address, content[:9], 0)
        upkeep.sweep_spool()
        assert client.head(address)["Upload-Offset"] == "9"
        for path in spool.folder().glob("*.part"):
            os.utime(path, (0, time.time() - spool.KEEP_PARTS - 1))
        assert upkeep.sweep_spool() >= 1
        assert client.head(address).status_code == 404


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
        form = story_form(region=tree.limapuluhkota, section=section, lead_photo=photo)
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
        gallery = builders.make_article(tree.limapuluhkota, title="Galeri tetangga", kind="foto")
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
        Photo.objects.filter(pk=photo.pk).update(rendition_key="e" * 32, made={"free": [1]})
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


class TestInAStory:
    def test_published_photos_are_described_or_marked_as_decorative(self, tree, photo, people, newsroom):
        Photo.objects.update(alt="")
        story = builders.make_article(tree.payakumbuh, lead_photo=photo)
        with pytest.raises(workflow.Refused, match="tunanetra"):
            workflow.publish(story, actor=people.redaktur)
        with pytest.raises(workflow.Refused, match="tunanetra"):
            workflow.schedule(story, actor=people.redaktur, at=timezone.now() + DAY)
        workflow.submit(story, actor=people.redaktur)  # a writer may leave it to the desk
        Photo.objects.update(is_decorative=True)
        assert workflow.publish(story, actor=people.redaktur).status == "approved"
        # And a published story's photo stays described.
        client = newsroom(people.redaktur)
        refused = client.post(change(photo), typed(photo, alt=""))
        assert "alt" in refused.context["adminform"].form.errors

    def test_a_live_storys_new_photo_is_described(self, tree, photo, people, newsroom):
        other = uploads.store(photo_file(colour="navy"), region=tree.payakumbuh, user=None)
        story = builders.make_live(tree.payakumbuh, lead_photo=photo)
        client, address = newsroom(people.redaktur), f"/news/article/{story.pk}/change/"
        refused = client.post(address, story_form(story, lead_photo=other))
        assert "lead_photo" in refused.context["adminform"].form.errors
        story.refresh_from_db()
        assert story.lead_photo == photo
        form = story_form(story, lead_photo=other, photo_alt="Warga di pasar")
        assert client.post(address, form).status_code == 302
        story.refresh_from_db()
        other.refresh_from_db()
        assert (story.lead_photo, other.alt) == (other, "Warga di pasar")

    def test_after_the_end_of_its_rights_a_photo_is_refused_for_new_use_alone(
        self, tree, photo, people, newsroom, section
    ):
        day = today(tree.payakumbuh)
        used = builders.make_article(tree.payakumbuh, lead_photo=photo, created_by=people.reporter)
        Photo.objects.update(usable_until=day - DAY)
        client = newsroom(people.redaktur)
        new = story_form(region=tree.payakumbuh, section=section, lead_photo=photo)
        assert "lead_photo" in client.post("/news/article/add/", new).context["adminform"].form.errors
        again = story_form(used, title="Judul yang baru")
        assert client.post(f"/news/article/{used.pk}/change/", again).status_code == 302  # chosen before
        with pytest.raises(workflow.Refused, match="hanya boleh dipakai sampai"):
            workflow.publish(used, actor=people.redaktur)
        Photo.objects.update(usable_until=day)
        with pytest.raises(workflow.Refused, match="hanya boleh dipakai sampai"):
            workflow.schedule(used, actor=people.redaktur, at=timezone.now() + 2 * DAY)
        assert client.post("/news/article/add/", new).status_code == 302
        assert workflow.publish(used, actor=people.redaktur).status == "approved"

    def test_caption_and_credit_are_the_uses_own_or_the_photos_or_the_title(self, tree, photo, reader):
        Photo.objects.update(caption="Milik foto", credit="Linda")
        own = builders.make_live(tree.payakumbuh, lead_photo=photo, lead_caption="Milik berita", lead_credit="Dodi")
        plain = builders.make_live(tree.payakumbuh, lead_photo=photo)
        client = reader(tree.payakumbuh)
        assert "<figcaption>Milik berita <" in client.get(own.get_absolute_url()).text
        assert "Dodi" in client.get(own.get_absolute_url()).text
        assert "<figcaption>Milik foto <" in client.get(plain.get_absolute_url()).text
        Photo.objects.update(caption="", credit="")
        assert f"<figcaption>{plain.title}</figcaption>" in client.get(plain.get_absolute_url()).text

    def test_words_typed_in_the_story_form_are_the_chosen_photos(self, tree, photo, people, newsroom, section):
        form = story_form(region=tree.payakumbuh, section=section, lead_photo=photo, photo_caption="Dari berita")
        assert newsroom(people.reporter).post("/news/article/add/", form).status_code == 302
        photo.refresh_from_db()
        assert photo.caption == "Dari berita"
        Photo.objects.update(uploaded_by=people.redaktur)
        assert (
            "new_photo"
            in newsroom(people.reporter)
            .post("/news/article/add/", form | {"photo_caption": "Bukan milik saya"})
            .context["adminform"]
            .form.errors
        )

    def test_a_photo_story_shows_its_gallery_in_order_and_lists_its_first_photo(
        self, tree, people, newsroom, reader, section
    ):
        photos = [
            uploads.store(photo_file(colour=colour), region=tree.payakumbuh, user=None, alt=f"Foto {colour}")
            for colour in ("red", "green", "blue")
        ]
        author = builders.make_author("Linda Sari", tree.payakumbuh)
        form = story_form(
            region=tree.payakumbuh, section=section, kind="foto", gallery=photos, bylines=[author], act="publish"
        )
        form |= {"gallery-0-position": 3, "gallery-1-position": 1, "gallery-2-position": 2}
        assert newsroom(people.redaktur).post("/news/article/add/", form).status_code == 302
        story = Article.objects.get()
        assert story.lead_photo == photos[1]
        page = reader(tree.payakumbuh).get(story.get_absolute_url()).text
        places = [page.index(f'alt="Foto {colour}"') for colour in ("green", "blue", "red")]
        assert places == sorted(places)
        assert page.count("<figure") == 3


def test_the_story_form_shows_its_lead_photo(tree, people, newsroom, photo):
    story = builders.make_article(tree.payakumbuh, lead_photo=photo, created_by=people.reporter)
    page = newsroom(people.reporter).get(f"/news/article/{story.pk}/change/")
    assert f'src="{photo.thumbnail_url}" alt="Orang di pasar"' in page.text
