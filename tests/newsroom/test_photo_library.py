"""The library as pictures: its filters, the quick look, and the words of several photos stored in one go."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.images import rendition_specs
from news.images.models import Photo
from news.models import BodyReference
from news.newsroom.months import Month
from news.newsroom.photo_rules import changeable, may_change
from news.publishing import workflow
from regions.models import Assignment, Generation
from regions.permissions import form_keys

LIBRARY, CAPTIONS = "/images/photo/", "/images/photo/captions/"
_numbers = count(1)


def make_photo(region, user=None, **fields) -> Photo:
    """A photo whose renditions are listed and are no files."""
    number, size = next(_numbers), (fields.pop("width", 900), fields.pop("height", 600))
    texts = {"caption": f"Foto {number}", "alt": f"Orang nomor {number}", "credit": "Linda"}
    return Photo.objects.create(
        region=region,
        uploaded_by=user,
        original=f"{number}.jpeg",
        sha256=f"{number:064x}",
        rendition_key=f"{number:032x}",
        width=size[0],
        height=size[1],
        rendition_manifest=json.loads(json.dumps(rendition_specs.full(size, rendition_specs.CENTRE))),
        **(texts | fields),
    )


@pytest.fixture
def photos(tree, people) -> list[Photo]:
    return [make_photo(tree.payakumbuh, people.reporter) for _turn in range(3)]


def shown(response) -> set[Photo]:
    return set(response.context["cl"].result_list)


def opened(client, photos) -> dict[str, str]:
    """The form as it is sent if nothing was typed."""
    response = client.get(CAPTIONS, {"photo": [photo.pk for photo in photos]})
    data = {"photo": [row.key for row in response.context["rows"]], **key_on_page(response)}
    for row in response.context["rows"]:
        for field in row.form:
            value = field.value()
            if value not in (False, None):
                data[field.html_name] = "on" if value is True else value
    return data


def key_on_page(response) -> dict[str, str]:
    return {form_keys.FIELD: response.text.partition(f'name="{form_keys.FIELD}" value="')[2].partition('"')[0]}


class TestPictures:
    def test_every_picture_is_a_link_with_words_and_a_box_with_a_name(self, tree, people, newsroom):
        described = make_photo(tree.payakumbuh, alt="Itik di sawah", caption="Pacu itik")
        captioned = make_photo(tree.payakumbuh, alt="", caption="Jembatan gantung")
        silent = make_photo(tree.payakumbuh, alt="", caption="")
        page = newsroom(people.redaktur).get(LIBRARY).text
        for words in ('alt="Itik di sawah"', 'alt="Jembatan gantung"', f'alt="foto {silent.pk}"'):
            assert words in page
        for photo in (described, captioned, silent):
            assert f'href="/images/photo/{photo.pk}/change/"' in page
            assert f'data-look="/images/photo/{photo.pk}/look/"' in page
            assert f">Pilih {photo}<" in page
        assert page.count("tanpa deskripsi</span>") == 2
        assert page.count('loading="lazy"') == 3

    def test_a_photo_whose_rights_ended_says_so_on_its_regions_day(self, tree, people, newsroom):
        today = tree.payakumbuh.local(timezone.now()).date()
        make_photo(tree.payakumbuh, usable_until=today)
        assert "hak pakai berakhir" not in newsroom(people.redaktur).get(LIBRARY).text
        make_photo(tree.payakumbuh, usable_until=today - timedelta(days=1))
        assert newsroom(people.redaktur).get(LIBRARY).text.count("hak pakai berakhir") == 1

    def test_a_photo_that_is_being_made_has_a_name(self, tree, people, newsroom):
        make_photo(tree.payakumbuh, caption="Baru datang")
        Photo.objects.update(rendition_manifest={})
        assert "Baru datang (sedang dibuat)" in " ".join(newsroom(people.redaktur).get(LIBRARY).text.split())

    def test_the_number_of_queries_does_not_grow(self, tree, people, newsroom):
        client = newsroom(people.redaktur)

        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(LIBRARY).status_code == 200
            return len(asked)

        make_photo(tree.payakumbuh)
        client.get(LIBRARY)  # the first page of a session writes it
        few = queries()
        for _turn in range(40):
            make_photo(tree.payakumbuh, people.reporter)
        assert queries() == few <= 12


class TestFilters:
    @pytest.fixture
    def found(self, people, newsroom):
        client = newsroom(people.reporter)
        return lambda **asked: shown(client.get(LIBRARY, asked))

    def test_by_me_and_without_description(self, tree, people, found):
        mine = make_photo(tree.payakumbuh, people.reporter)
        other = make_photo(tree.payakumbuh, people.redaktur, alt="")
        decorative = make_photo(tree.payakumbuh, people.redaktur, alt="", is_decorative=True)
        assert found() == {mine, other, decorative}
        assert found(oleh="saya") == {mine}
        assert found(deskripsi="tanpa") == {other}

    def test_unused_photos_are_in_no_story_and_no_advert(self, tree, found):
        lead, gallery, text, advert, unused = (make_photo(tree.payakumbuh) for _each in range(5))
        builders.make_article(tree.makassar, lead_photo=lead)
        builders.make_article(tree.payakumbuh, kind="photos").gallery.create(photo=gallery)
        BodyReference.objects.create(article=builders.make_article(tree.payakumbuh), photo=text)
        builders.make_advert(tree.payakumbuh, advert)
        assert found(pakai="tidak") == {unused}
        assert found(pakai="ya") == {lead, gallery, text, advert}

    def test_by_month_in_the_photos_region_and_by_shape(self, tree, people, newsroom):
        west, east = make_photo(tree.payakumbuh, width=600, height=900), make_photo(tree.ambon, width=500, height=500)
        this = Month.of(timezone.localdate())
        midnight_in_the_east = datetime(this.year, this.number, 1, tzinfo=UTC) - timedelta(hours=9)
        Photo.objects.update(created_at=midnight_in_the_east)
        client = newsroom(people.admin)
        assert shown(client.get(LIBRARY, {"bulan": str(this)})) == {east}
        assert shown(client.get(LIBRARY, {"bulan": str(this.previous)})) == {west}
        assert shown(client.get(LIBRARY, {"bentuk": "tinggi"})) == {west}
        assert shown(client.get(LIBRARY, {"bentuk": "persegi"})) == {east}
        assert shown(client.get(LIBRARY, {"bentuk": "lebar"})) == set()

    def test_a_filter_shows_no_photo_of_another_region(self, tree, people, found):
        make_photo(tree.makassar, alt="")
        shared = make_photo(tree.makassar, alt="", is_shared=True)
        for asked in ({}, {"deskripsi": "tanpa"}, {"pakai": "tidak"}, {"bentuk": "lebar"}, {"is_shared__exact": "1"}):
            assert found(**asked) == {shared}, asked

    def test_what_no_filter_offers_is_no_filter(self, tree, photos, found):
        for asked in ({"oleh": "redaktur"}, {"bulan": "1999-01"}, {"bentuk": "bulat"}):
            assert found(**asked) == set(photos), asked


class TestQuickLook:
    def test_it_shows_the_words_and_the_stories_that_the_person_may_see(self, tree, people, newsroom):
        photo = make_photo(tree.payakumbuh, people.reporter, is_shared=True, rights_note="Sekali pakai")
        builders.make_article(tree.payakumbuh, title="Rahasia Payakumbuh", lead_photo=photo)
        address = f"/images/photo/{photo.pk}/look/"
        own, sister = (newsroom(person).get(address).text for person in (people.redaktur, people.sister))
        for words in (photo.caption, photo.alt, "Sekali pakai", "900 × 600"):
            assert words in own
            assert words in sister
        assert ", reporter" in own
        assert "reporter" not in sister  # names are for those of the region
        assert "Rahasia Payakumbuh" in own
        assert "Rahasia Payakumbuh" not in sister
        assert "1 di daerah lain" in sister
        assert "Ubah foto ini" in own
        assert "Ubah foto ini" not in sister

    def test_a_photo_that_one_may_not_see_is_as_good_as_none(self, tree, people, newsroom):
        photo = make_photo(tree.payakumbuh)
        assert newsroom(people.sister).get(f"/images/photo/{photo.pk}/look/").status_code == 404


class TestWordsOfSeveral:
    def test_all_are_stored_in_one_go(self, photos, people, newsroom):
        client = newsroom(people.reporter)
        data = opened(client, photos)
        for photo in photos:
            data |= {f"photo-{photo.pk}-caption": f"Baru {photo.pk}", f"photo-{photo.pk}-credit": "Dodi"}
        answer = client.post(CAPTIONS, data)
        assert (answer.status_code, answer["Location"]) == (302, LIBRARY)
        for photo in photos:
            before = photo.alt
            photo.refresh_from_db()
            assert (photo.caption, photo.credit, photo.alt) == (f"Baru {photo.pk}", "Dodi", before)
        assert "3 foto" in client.get(LIBRARY).text

    def test_each_row_has_its_photo_in_the_order_of_choice(self, photos, people, newsroom):
        chosen = [photos[2].pk, photos[0].pk]
        page = newsroom(people.reporter).get(CAPTIONS, {"photo": [*chosen, chosen[0], "x", "9" * 30]})
        assert [row.key for row in page.context["rows"]] == chosen

    def test_what_somebody_else_changed_meanwhile_is_not_overwritten_until_it_was_seen(self, photos, people, newsroom):
        client, theirs = newsroom(people.reporter), photos[1]
        data = opened(client, photos)
        Photo.objects.filter(pk=theirs.pk).update(caption="Milik redaktur")
        for photo in photos:
            data[f"photo-{photo.pk}-caption"] = f"Baru {photo.pk}"
        answer = client.post(CAPTIONS, data)
        assert answer.status_code == 200
        [row] = answer.context["rows"]
        assert row.key == theirs.pk
        assert "Orang lain" in str(row.refusal)
        page = " ".join(answer.text.split())
        assert f'value="Baru {theirs.pk}"' in page
        assert "Milik redaktur" in page
        assert f"{theirs.caption}</a>:" not in page  # it is called what it is called now
        captions = dict(Photo.objects.values_list("pk", "caption"))
        expected = {photo.pk: f"Baru {photo.pk}" for photo in photos} | {theirs.pk: "Milik redaktur"}
        assert captions == expected
        # The page that tells of it stores over it.
        again = {"photo": [theirs.pk], **key_on_page(answer)}
        again |= {field.html_name: field.value() for field in row.form if field.value()}
        assert client.post(CAPTIONS, again).status_code == 302
        assert Photo.objects.get(pk=theirs.pk).caption == f"Baru {theirs.pk}"

    def test_the_same_words_by_two_people_are_no_conflict(self, photos, people, newsroom):
        client = newsroom(people.reporter)
        data = opened(client, photos[:1]) | {f"photo-{photos[0].pk}-caption": "Sama"}
        Photo.objects.update(caption="Sama")
        assert client.post(CAPTIONS, data).status_code == 302

    def test_photos_that_are_not_theirs_to_change_are_refused_by_name(self, tree, photos, people, newsroom):
        colleagues = make_photo(tree.payakumbuh, people.redaktur, caption="Milik rekan")
        submitted = make_photo(tree.payakumbuh, people.reporter, caption="Sudah diajukan")
        article = builders.make_article(tree.payakumbuh, lead_photo=submitted, created_by=people.reporter)
        workflow.submit(article, actor=people.reporter)
        shared = make_photo(tree.makassar, is_shared=True, caption="Milik jaringan")
        foreign = make_photo(tree.makassar, caption="Rahasia Makassar")
        client = newsroom(people.reporter)
        mixed = [photos[0], colleagues, submitted, shared, foreign]
        data = opened(client, mixed)
        assert data["photo"] == [photo.pk for photo in mixed[:-1]]
        for photo in mixed:
            words = dict.fromkeys(("caption", "credit", "alt"), "Kalimat baru")
            data |= {f"photo-{photo.pk}-{name}": value for name, value in words.items()}
        answer = client.post(CAPTIONS, data | {"photo": [photo.pk for photo in mixed]})
        refused = {row.key: row.name for row in answer.context["rows"]}
        assert refused == {
            colleagues.pk: "Milik rekan",
            submitted.pk: "Sudah diajukan",
            shared.pk: "Milik jaringan",
            foreign.pk: f"foto {foreign.pk}",
        }
        assert all(row.refusal for row in answer.context["rows"])
        assert answer.text.count('value="Kalimat baru"') == 3 * 4  # nothing typed is lost
        assert "Rahasia Makassar" not in answer.text
        assert set(Photo.objects.filter(caption="Kalimat baru")) == {photos[0]}

    def test_a_role_that_ended_meanwhile_ends_it_here_too(self, photos, people, newsroom):
        client = newsroom(people.redaktur)
        data = opened(client, photos) | {f"photo-{photos[0].pk}-caption": "Baru"}
        Assignment.objects.filter(user=people.redaktur).update(role="reporter")
        answer = client.post(CAPTIONS, data)
        assert len(answer.context["rows"]) == 3
        assert not Photo.objects.filter(caption="Baru").exists()

    def test_a_published_storys_photo_stays_described(self, tree, photos, people, newsroom):
        builders.make_live(tree.payakumbuh, lead_photo=photos[0])
        client = newsroom(people.redaktur)
        data = opened(client, photos) | {f"photo-{photo.pk}-alt": "" for photo in photos}
        answer = client.post(CAPTIONS, data)
        assert [row.key for row in answer.context["rows"]] == [photos[0].pk]
        assert "alt" in answer.context["rows"][0].form.errors
        assert set(Photo.objects.filter(alt="")) == set(photos[1:])

    def test_words_that_are_too_long_are_kept_and_told(self, photos, people, newsroom):
        client = newsroom(people.reporter)
        data = opened(client, photos[:1]) | {f"photo-{photos[0].pk}-caption": "x" * 301}
        answer = client.post(CAPTIONS, data)
        assert "caption" in answer.context["rows"][0].form.errors
        assert "x" * 301 in answer.text

    def test_pressed_twice_it_is_stored_once(self, photos, people, newsroom):
        client = newsroom(people.reporter)
        data = opened(client, photos) | {f"photo-{photos[0].pk}-caption": "Sekali"}
        answers = [client.post(CAPTIONS, data) for _press in "ab"]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert Photo.objects.get(pk=photos[0].pk).caption == "Sekali"

    def test_the_regions_that_show_a_photo_are_bumped_and_no_others(self, tree, photos, people, newsroom):
        builders.make_live(tree.ambon, lead_photo=photos[0])
        before = dict(Generation.objects.values_list("region_id", "number"))
        client = newsroom(people.redaktur)
        data = opened(client, photos) | {f"photo-{photos[0].pk}-caption": "Baru"}
        assert client.post(CAPTIONS, data).status_code == 302
        after = dict(Generation.objects.values_list("region_id", "number"))
        assert {key for key in after if after[key] != before.get(key)} == {
            tree.ambon.pk,
            tree.maluku.pk,
            tree.network.pk,
        }

    def test_its_history_tells_who_changed_it(self, photos, people, newsroom):
        client = newsroom(people.reporter)
        client.post(CAPTIONS, opened(client, photos[:1]) | {f"photo-{photos[0].pk}-credit": "Dodi"})
        assert "reporter" in client.get(f"/images/photo/{photos[0].pk}/history/").text

    def test_the_number_of_queries_does_not_grow(self, tree, people, newsroom):
        client = newsroom(people.reporter)

        def queries(chosen) -> int:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(CAPTIONS, {"photo": [photo.pk for photo in chosen]}).status_code == 200
            return len(asked)

        many = [make_photo(tree.payakumbuh, people.reporter) for _turn in range(30)]
        queries(many[:1])
        assert queries(many[:1]) == queries(many) <= 10


def test_both_forms_of_the_rule_who_may_change_a_photo_are_alike(tree, people):
    """`changeable` says of many photos in one query what `may_change` says of one."""
    Assignment.objects.create(user=people.reporter, region=tree.limapuluhkota, role="editor")
    Assignment.objects.create(user=people.reporter, region=tree.ambon, role="contributor")
    persons = [people.kontributor, people.reporter, people.redaktur, people.sister, people.admin]
    persons.append(builders.make_user("nobody"))
    found = []
    for region in (tree.payakumbuh, tree.limapuluhkota, tree.ambon, tree.makassar):
        for owner in (people.reporter, people.kontributor, None):
            found += [make_photo(region, owner) for _each in range(4)]
            lead, gallery, text, _unused = found[-4:]
            submitted, photos = builders.make_article(region, lead_photo=lead), builders.make_article(region)
            for article in (submitted, photos):
                workflow.submit(article, actor=people.admin)
            photos.gallery.create(photo=gallery)
            BodyReference.objects.create(article=photos, photo=text)
            builders.make_article(region, lead_photo=_unused)  # a draft holds nobody back
    for person in persons:
        by_one = {photo for photo in found if may_change(photo, person)}
        assert set(Photo.objects.filter(changeable(person))) == by_one, person
    assert any(may_change(photo, people.reporter) for photo in found)
