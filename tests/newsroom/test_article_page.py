"""The story form's page: its bar, its groups, its photo and its times. What it stores is tested in test_articles."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.images import uploads
from news.images.models import Photo
from news.models import Article, Author, Byline, GalleryPhoto, Status
from news.publishing import workflow
from regions.models import Region
from tests.conftest import photo_file

from .forms import article_form
from .world import canary

ADD = "/news/article/add/"
TAGS = "/news/article/tags/"
LATER = "2099-01-02T03:04"


def change(article: Article) -> str:
    return f"/news/article/{article.pk}/change/"


def errors(response) -> dict[str, list[str]]:
    return {} if response.status_code == 302 else response.context["adminform"].form.errors


def said(response) -> list[tuple[str, str]]:
    """The messages of the page that follows, as (level, text)."""
    return re.findall(r'<li class="(\w+)">(.*?)</li>', response.text, re.DOTALL)


def attribute(response, name: str, field: str) -> str:
    """An attribute of a field, as the page has it."""
    element = re.search(rf'<[^>]* name="{field}"[^>]*>', response.text)
    found = element and re.search(rf'{name}="([^"]*)"', element[0])
    return found[1] if found else ""


@pytest.fixture
def section(db):
    return builders.make_section()


@pytest.fixture
def photos(tree, people) -> list[Photo]:
    """Two photos of the reporter's, with words."""
    return [
        uploads.store(
            photo_file(colour=colour), region=tree.payakumbuh, user=people.reporter, caption=colour, alt=colour
        )
        for colour in ("red", "green")
    ]


@pytest.fixture
def article(tree, people, photos) -> Article:
    author = builders.make_author("Linda Sari", tree.payakumbuh, user=people.reporter)
    return builders.make_article(
        tree.payakumbuh, created_by=people.reporter, writers=[author], lead_photo=photos[0], title="Judul semula"
    )


# --- The photo's words belong to the photo ------------------------------------------------------------------------


def test_the_form_shows_the_words_of_its_photo_and_says_whose_they_are(people, newsroom, article, photos):
    response = newsroom(people.reporter).get(change(article))
    assert attribute(response, "value", "photo_words_of") == str(photos[0].pk)
    assert attribute(response, "value", "initial-photo_caption") == "red"
    assert re.search(r'name="photo_caption"[^>]*>\s*red</textarea>', response.text)


def test_words_typed_for_one_photo_are_never_stored_into_another(people, newsroom, article, photos):
    """Stale and forged forms: another photo is chosen, and the words are still those of the first one, or of none."""
    _first, second = photos
    typed = article_form(article, photo_caption="Kata yang diketik", photo_alt="Deskripsi yang diketik")
    elsewhere = {"photo_words_of": second.pk}
    client = newsroom(people.reporter)
    for case, data in {
        "another is chosen": typed | {"lead_photo": second.pk},
        "none is chosen": typed | {"lead_photo": ""},
        "said to be another's": typed | elsewhere,
        "shown for none": typed | {"lead_photo": second.pk, "photo_words_of": ""},
        "nobody says whose": {name: value for name, value in typed.items() if name != "photo_words_of"},
        "another is sent": typed | {"new_photo": photo_file(colour="navy")},
    }.items():
        response = client.post(change(article), data)
        assert "Kata yang diketik" in str(errors(response).get("photo_caption")), case
        assert not Photo.objects.filter(caption="Kata yang diketik").exists(), case
        assert not Photo.objects.filter(alt="Deskripsi yang diketik").exists(), case
    assert set(Photo.objects.exclude(caption="").values_list("caption", flat=True)) == {"red", "green"}


def test_after_the_refusal_the_form_shows_the_words_of_the_chosen_photo(people, newsroom, article, photos):
    data = article_form(article, photo_caption="Kata yang diketik", lead_photo=photos[0])
    response = newsroom(people.reporter).post(change(article), data | {"lead_photo": photos[1].pk})
    assert attribute(response, "value", "photo_words_of") == str(photos[1].pk)
    assert attribute(response, "value", "initial-photo_caption") == "green"
    assert re.search(r'name="photo_caption"[^>]*>\s*green</textarea>', response.text)


def test_another_photo_without_typed_words_keeps_its_own(people, newsroom, article, photos):
    """Without script the words on screen stay those of the photo before."""
    data = article_form(article) | {"lead_photo": photos[1].pk}
    assert newsroom(people.reporter).post(change(article), data).status_code == 302
    article.refresh_from_db()
    assert article.lead_photo == photos[1]
    assert list(Photo.objects.order_by("pk").values_list("caption", "alt")) == [("red", "red"), ("green", "green")]


def test_words_are_changed_and_deleted_and_the_box_is_ticked_and_unticked(people, newsroom, article, photos):
    client = newsroom(people.reporter)

    def stored() -> tuple[str, bool]:
        photos[0].refresh_from_db()
        article.refresh_from_db()
        return photos[0].caption, photos[0].is_decorative

    client.post(change(article), article_form(article, photo_caption="", photo_decorative="on"))
    assert stored() == ("", True)
    data = article_form(article, photo_caption="Baru")
    del data["photo_decorative"]
    client.post(change(article), data)
    assert stored() == ("Baru", False)


def test_words_that_somebody_changed_meanwhile_are_not_overwritten_unseen(people, newsroom, article, photos):
    data = article_form(article, photo_caption="Milik saya")
    Photo.objects.filter(pk=photos[0].pk).update(caption="Milik redaktur")
    client = newsroom(people.reporter)
    refused = client.post(change(article), data)
    assert "Milik redaktur" in str(errors(refused)["photo_caption"])
    again = {"initial-photo_caption": attribute(refused, "value", "initial-photo_caption")}
    assert client.post(change(article), data | again).status_code == 302
    photos[0].refresh_from_db()
    assert photos[0].caption == "Milik saya"


def test_an_old_form_does_not_put_the_words_back_that_it_showed(people, newsroom, article, photos):
    data = article_form(article, title="Judul yang baru")
    Photo.objects.filter(pk=photos[0].pk).update(caption="Milik redaktur")
    assert newsroom(people.reporter).post(change(article), data).status_code == 302
    photos[0].refresh_from_db()
    assert photos[0].caption == "Milik redaktur"


def test_words_of_a_photo_that_is_not_ones_own_are_read_and_not_typed(tree, people, newsroom, article, photos):
    shared = uploads.store(
        photo_file(colour="blue"), region=tree.sumbar, user=None, caption="Milik jaringan", alt="Laut"
    )
    Photo.objects.filter(pk=shared.pk).update(is_shared=True)
    Article.objects.filter(pk=article.pk).update(lead_photo=shared)
    article.refresh_from_db()
    client = newsroom(people.reporter)
    assert re.search(r"<fieldset[^>]* disabled[^>]*>.*?Milik jaringan", client.get(change(article)).text, re.DOTALL)
    refused = client.post(change(article), article_form(article, photo_caption="Milik saya"))
    assert "Milik saya" in str(errors(refused)["photo_caption"])
    silent = {name: value for name, value in article_form(article).items() if "photo_" not in name}
    assert client.post(change(article), silent | {"lead_photo": shared.pk}).status_code == 302  # as a browser sends it


def test_a_photos_words_are_asked_for_by_its_key(tree, people, newsroom, photos):
    client = newsroom(people.reporter)
    answer = client.get(f"/images/photo/{photos[0].pk}/words/").json()
    shown = {name: answer[name] for name in ("id", "caption", "alt", "is_decorative", "may_change")}
    assert shown == {"id": photos[0].pk, "caption": "red", "alt": "red", "is_decorative": False, "may_change": True}
    Photo.objects.filter(pk=photos[0].pk).update(uploaded_by=people.redaktur)
    assert not client.get(f"/images/photo/{photos[0].pk}/words/").json()["may_change"]
    assert newsroom(people.sister).get(f"/images/photo/{photos[0].pk}/words/").status_code == 404


# --- Who hands a story on describes its photos --------------------------------------------------------------------


@pytest.mark.parametrize(("who", "act"), [("reporter", "submit"), ("redaktur", "publish"), ("redaktur", "schedule")])
def test_who_hands_a_story_on_is_asked_to_describe_its_photo(people, newsroom, article, photos, who, act):
    Photo.objects.update(alt="")
    article.refresh_from_db()
    client = newsroom(getattr(people, who))
    assert "photo_alt" in errors(client.post(change(article), article_form(article, act=act, published_at=LATER)))
    assert client.post(change(article), article_form(article)).status_code == 302  # saving is free
    article.refresh_from_db()
    described = article_form(article, act=act, published_at=LATER, asked_about=LATER, photo_decorative="on")
    assert client.post(change(article), described).status_code == 302


def test_the_photos_of_a_gallery_are_asked_for_too(people, newsroom, article, photos):
    GalleryPhoto.objects.create(article=article, photo=photos[1], position=1)
    Photo.objects.filter(pk=photos[1].pk).update(alt="")
    response = newsroom(people.reporter).post(change(article), article_form(article, act="submit"))
    assert f'href="/images/photo/{photos[1].pk}/change/"' in response.text
    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_a_photo_that_one_may_not_describe_stops_nobody_from_submitting(tree, people, newsroom, article, photos):
    Photo.objects.update(alt="", uploaded_by=people.redaktur)
    article.refresh_from_db()
    data = {name: value for name, value in article_form(article, act="submit").items() if "photo_" not in name}
    assert newsroom(people.reporter).post(change(article), data | {"lead_photo": photos[0].pk}).status_code == 302


# --- Times ----------------------------------------------------------------------------------------------------------


def test_publishing_with_a_time_asks_first_and_the_same_button_again_means_now(people, newsroom, article):
    workflow.submit(article, actor=people.reporter)
    article.refresh_from_db()
    client, data = newsroom(people.redaktur), article_form(article, act="publish", published_at=LATER)
    question = client.post(change(article), data)
    assert "Jadwalkan untuk 2 Jan 2099 03:04 WIB" in question.text
    assert question.text.count('class="errornote"') == 0
    article.refresh_from_db()
    assert article.status == Status.SUBMITTED
    asked = {"asked_about": re.search(r'name="asked_about" value="([^"]+)"', question.text)[1]}
    other_time = data | asked | {"published_at": "2098-01-01T00:00"}
    assert client.post(change(article), other_time).status_code == 200  # asked about another time
    assert client.post(change(article), data | asked).status_code == 302
    article.refresh_from_db()
    assert article.published_at <= timezone.now()


def test_the_questions_other_answer_schedules(people, newsroom, article):
    client = newsroom(people.redaktur)
    client.post(change(article), article_form(article, act="publish", published_at=LATER))
    assert client.post(change(article), article_form(article, act="schedule", published_at=LATER)).status_code == 302
    article.refresh_from_db()
    assert (article.status, article.published_at.year) == (Status.APPROVED, 2099)


def test_a_scheduled_story_is_published_at_once_without_a_question(people, newsroom, article):
    workflow.schedule(article, actor=people.redaktur, at=timezone.now() + timedelta(hours=1))
    article.refresh_from_db()
    data = article_form(article, act="publish")
    assert newsroom(people.redaktur).post(change(article), data).status_code == 302


def test_a_time_that_is_only_saved_is_said_and_shown_to_be_no_schedule(people, newsroom, article):
    client = newsroom(people.redaktur)
    response = client.post(change(article), article_form(article, published_at=LATER), follow=True)
    [(level, text)] = said(response)
    assert level == "warning"
    assert "2 Jan 2099 03:04 WIB" in text
    assert "belum dijadwalkan" in text
    for address in ("/", "/news/article/"):
        assert "2 Jan 2099" not in client.get(address).text
    # The writer, who sees no times, is not bothered with it.
    article.refresh_from_db()
    [(level, text)] = said(newsroom(people.reporter).post(change(article), article_form(article), follow=True))
    assert (level, text) == ("success", "Tersimpan.")


def test_what_was_done_and_what_was_not_is_one_message(people, newsroom, article):
    past = article_form(article, act="schedule", published_at="2001-01-02T03:04", title="Judul yang baru")
    response = newsroom(people.redaktur).post(change(article), past, follow=True)
    [(level, text)] = said(response)
    assert level == "warning"
    assert "Teks tersimpan" in text
    assert "sudah lewat" in text


# --- What is proposed and said --------------------------------------------------------------------------------------


def test_the_sign_off_is_proposed_from_the_writers_initials(tree, people, newsroom, section):
    builders.make_author("Linda Sari", tree.payakumbuh, user=people.reporter)
    assert attribute(newsroom(people.reporter).get(ADD), "value", "sign_off") == "(ls)."
    assert attribute(newsroom(people.redaktur).get(ADD), "value", "sign_off") == "(**)."  # no author
    assert Author(name="123").sign_off == "(**)."


def test_the_byline_says_whose_name_an_empty_one_gets(tree, people, newsroom):
    assert "belum punya halaman penulis" in newsroom(people.reporter).get(ADD).text
    builders.make_author("Linda Sari", tree.payakumbuh, user=people.reporter)
    assert "Kosong: nama Anda, Linda Sari." in newsroom(people.reporter).get(ADD).text


def test_new_bylines_are_last_and_rows_keep_the_order_that_was_sent(tree, people, newsroom, article):
    others = [builders.make_author(name, tree.payakumbuh) for name in ("Dodi Piliang", "Ani")]
    data = article_form(article, bylines=others) | {"bylines-1-position": 0, "bylines-2-position": 0}
    newsroom(people.redaktur).post(change(article), data)
    article.refresh_from_db()
    names = Byline.objects.filter(article=article).values_list("author__name", flat=True)
    assert list(names) == ["Linda Sari", "Dodi Piliang", "Ani"]
    data = article_form(article) | {"bylines-0-position": 3, "bylines-1-position": 1, "bylines-2-position": 2}
    newsroom(people.redaktur).post(change(article), data)
    assert list(names.all()) == ["Dodi Piliang", "Ani", "Linda Sari"]


def test_mistakes_are_listed_with_the_way_to_their_fields(people, newsroom, article, section):
    data = article_form(article, title="Abc", act="submit", photo_alt="") | {"section": ""}
    response = newsroom(people.reporter).post(change(article), data)
    listed = re.search(r'class="errornote".*?</section>', response.text, re.DOTALL)[0]
    linked = re.findall(r'href="#([\w-]+)"', listed)
    assert set(linked) == {"id_title", "id_section", "id_photo_alt"}
    for field in linked:
        assert f'id="{field}"' in response.text


OPEN = re.compile(r"<details\s+class=\"story-group\"([^>]*)>\s*<summary[^>]*>\s*([^<]+?)\s*<")


def test_groups_open_by_kind_and_when_they_hold_something(people, newsroom, article):
    client = newsroom(people.redaktur)

    def opened() -> set[str]:
        return {name for said, name in OPEN.findall(client.get(change(article)).text) if "open" in said.split()}

    assert "Galeri" not in opened()
    Article.objects.update(kind="photos", kicker="Pilkada", expires_at=timezone.now() + timedelta(days=9))
    assert {"Galeri", "Kicker dan ringkasan", "Di mana tayang, dan sampai kapan"} <= opened()


MAIN = re.compile(r'<div class="acts">\s*<button[^>]* name="(\w+)" value="(\w+)"')


def test_one_button_comes_first(people, newsroom, article):
    def first(person, address: str) -> tuple[str, str]:
        return MAIN.search(newsroom(person).get(address).text).groups()

    submit, publish, save = ("_act", "submit"), ("_act", "publish"), ("_save", "1")
    assert (first(people.reporter, ADD), first(people.redaktur, ADD)) == (submit, publish)
    assert first(people.reporter, change(article)) == submit
    workflow.submit(article, actor=people.reporter)
    assert first(people.redaktur, change(article)) == publish
    workflow.schedule(article, actor=people.redaktur, at=timezone.now() + timedelta(hours=1))
    assert first(people.redaktur, change(article)) == save
    workflow.publish(article, actor=people.redaktur)
    assert first(people.redaktur, change(article)) == save


def test_enter_presses_a_button_that_does_nothing(people, newsroom, article):
    """A form's first button is the one that Enter presses."""
    form = newsroom(people.redaktur).get(change(article)).text.partition('id="article_form"')[2]
    assert re.search(r"<button[^>]*>", form)[0] == "<button disabled hidden>"


# --- Tags -----------------------------------------------------------------------------------------------------------


def test_tags_are_suggested_while_typing_and_new_ones_are_said_to_be_new(tree, people, newsroom):
    builders.make_live(tree.makassar, tags=["Pilkada 2024", "Calon Pilkada", "Hujan"])
    asked = {"q": "pilk", "tags": "PILKADA-2024, Jembatan Gantung ,"}
    answer = newsroom(people.reporter).get(TAGS, asked).json()
    assert answer == {"suggestions": ["Pilkada 2024", "Calon Pilkada"], "new": ["Jembatan Gantung"]}
    assert newsroom(people.reporter).get(TAGS).json() == {"suggestions": [], "new": []}


def test_tags_of_drafts_elsewhere_are_not_known(tree, people, newsroom):
    word = canary("sister", "article")
    builders.make_article(tree.limapuluhkota, tags=[word], created_by=people.sister)
    asked = {"q": word[:8], "tags": word}
    assert newsroom(people.reporter).get(TAGS, asked).json() == {"suggestions": [], "new": [word]}
    assert newsroom(people.sister).get(TAGS, asked).json() == {"suggestions": [word], "new": []}


# --- A large network ------------------------------------------------------------------------------------------------

MOST_QUERIES = 25
REGIONS = 552


def test_the_form_stays_quick_in_a_network_of_552_regions(tree, people, newsroom, article):
    provinces = [
        builders.new_region(f"p{number}", tree.network, kind="province", path=f"/p{number}/") for number in range(32)
    ]
    Region.objects.bulk_create(provinces)
    Region.objects.bulk_create(
        builders.new_region(f"k{number}", provinces[number % 32], path=f"{provinces[number % 32].path}k{number}/")
        for number in range(REGIONS - 32)
    )
    for person in (people.admin, people.redaktur, people.reporter):
        client = newsroom(person)
        for address in (ADD, change(article)):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            assert len(queries) <= MOST_QUERIES, (person, address, len(queries))
            assert response.text.count("<option") < 100, (person, address)
    client = newsroom(people.admin)
    asked = {"app_label": "news", "model_name": "article", "field_name": "region", "term": "k51"}
    found = json.loads(client.get("/autocomplete/", asked).content)["results"]
    assert found


def test_a_share_is_searched_among_regions_that_one_publishes_for(tree, newsroom):
    editor = builders.make_user("editor_and_reporter", "editor", tree.payakumbuh)
    editor.assignments.create(region=tree.limapuluhkota, role="reporter")

    def found(model: str) -> set[str]:
        asked = {"app_label": "news", "model_name": model, "field_name": "region", "term": ""}
        return {row["text"] for row in json.loads(newsroom(editor).get("/autocomplete/", asked).content)["results"]}

    assert found("share") == {"Payakumbuh"}
    assert found("article") == {"Payakumbuh", "Limapuluh Kota"}
