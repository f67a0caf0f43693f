import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from news.content.slugs import TAG_KEY_LENGTH, tag_key
from news.demo import builders
from news.demo.builders import make_article
from news.models import Event, Tag, TagAlias, TaggedArticle
from news.publishing import tags
from tests.conftest import HostClient

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def names(tags):
    return [tag.name for tag in tags]


def test_a_word_is_one_tag_however_it_is_written():
    first = Tag.for_names(["Pilkada 2024"])
    for written in ("pilkada 2024", "  PILKADA   2024 ", "Pilkada-2024", "Pilkáda 2024!", "pilkada\t2024"):
        assert Tag.for_names([written]) == first
    assert names(Tag.objects.all()) == ["Pilkada 2024"]


def test_other_words_are_other_tags():
    assert Tag.for_names(["Pilkada"]) != Tag.for_names(["Pilkada 2024"])


def test_doubles_in_one_list_are_one_tag_as_it_was_first_written():
    assert names(Tag.for_names(["Banjir", "banjir", "BANJIR "])) == ["Banjir"]


def test_the_order_is_kept():
    Tag.for_names(["UMKM"])
    assert names(Tag.for_names(["Pilkada", "UMKM", "Banjir", "umkm"])) == ["Pilkada", "UMKM", "Banjir"]


@pytest.mark.parametrize("name", ["", "  ", "!!!", "#", "\u200b\ufeff", "—"])
def test_a_name_of_punctuation_only_is_dropped(name):
    assert names(Tag.for_names([name, "Banjir"])) == ["Banjir"]
    assert Tag.objects.count() == 1


def test_a_name_is_stored_tidy_and_within_its_column():
    (tag,) = Tag.for_names(["  Rendang   Payakumbuh " + "x" * 200])
    assert tag.name.startswith("Rendang Payakumbuh x")
    assert len(tag.name) == 100
    assert len(tag.slug) <= 100
    assert Tag.for_names(["Rendang Payakumbuh " + "x" * 200]) == [tag]


def test_known_tags_are_only_read(django_assert_num_queries):
    Tag.for_names(["Banjir", "Pilkada"])
    with django_assert_num_queries(1):
        Tag.for_names(["pilkada", "banjir"])


def test_two_tags_cannot_have_one_slug():
    Tag.for_names(["Banjir"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.bulk_create([Tag(name="BANJIR!", slug="banjir")])


def test_an_article_has_a_tag_once(tree):
    article = make_article(tree.payakumbuh, tags=["Banjir"])
    with pytest.raises(IntegrityError), transaction.atomic():
        TaggedArticle.objects.bulk_create([TaggedArticle(tag=Tag.objects.get(), content_object=article)])
    assert article.tagged_articles.count() == 1


def test_a_tags_address_is_its_slug():
    assert Tag.for_names(["Pilkada 2024"])[0].get_absolute_url() == "/tag/pilkada-2024/"


def test_symbols_and_other_scripts_tell_tags_apart():
    written = ["C", "C++", "C#", "🔥", "❤️", "日本", "日", "مسجد", "が", "か"]
    made = Tag.for_names(written)
    assert names(made) == written
    assert [tag.slug for tag in made][:4] == ["c", "c-plus-plus", "c-sharp", "fire"]
    assert len({tag.slug for tag in made}) == len(written)
    assert Tag.for_names(["c++", "#C", "c#", "❤", "日本\u200b"]) == [made[1], made[0], made[2], made[4], made[5]]


@pytest.mark.parametrize(
    "written", ["Covid\u201119", "Covid\u201019", "co\u00advid-19", "COVID–19", "covid_19", "#covid 19"]
)
def test_hyphens_and_format_characters_do_not_count(written):
    (tag,) = Tag.for_names(["covid-19"])
    assert Tag.for_names([written]) == [tag]
    assert tag.slug == "covid-19"


@given(st.text(max_size=120))
def test_any_text_has_a_key_that_stays(text):
    key = tag_key(text)
    assert len(key) <= TAG_KEY_LENGTH
    assert tag_key(text + "\u200b") == key
    assert tag_key(f" {text} ") == key


def test_a_new_tag_gets_no_address_that_led_elsewhere(people):
    (old,) = Tag.for_names(["C"])
    tags.rename(old, "Bahasa C", actor=people.admin)
    TagAlias.objects.filter(slug="c").update(key="another")
    assert Tag.for_names(["C."])[0].slug == "c-2"


@pytest.fixture
def tagged(tree):
    return [builders.make_live(tree.payakumbuh, title=f"Pasar {name}", tags=[name]) for name in ("Pasra", "Pasar")]


class TestRenaming:
    def test_old_addresses_and_names_lead_to_the_tag(self, tree, people, tagged):
        (tag,) = Tag.for_names(["Pasra"])
        tags.rename(tag, "Pasar  Ibuh\u200b", actor=people.admin)
        tag.refresh_from_db()
        assert (tag.name, tag.slug) == ("Pasar Ibuh", "pasar-ibuh")
        assert Tag.for_names(["pasra", "PASAR IBUH"]) == [tag]
        client = HostClient(tree.payakumbuh.host)
        for old in ("pasra", "Pasra", "PASAR-IBUH", "Pasar%20Ibuh"):
            assert client.get(f"/tag/{old}/").headers["Location"] == "/tag/pasar-ibuh/"
            assert client.get(f"/tag/{old}/rss.xml").headers["Location"] == "/tag/pasar-ibuh/rss.xml"
        assert client.get("/tag/pasar-ibuh/").status_code == 200
        event = Event.objects.get(verb=Event.Verb.TAG_RENAMED)
        assert (event.note, event.actor, event.region) == ("Pasra → Pasar Ibuh", people.admin, tree.network)

    def test_back_again(self, people, tagged):
        (tag,) = Tag.for_names(["Pasra"])
        tags.rename(tag, "Pekan", actor=people.admin)
        tags.rename(tag, "Pasra", actor=people.admin)
        tag.refresh_from_db()
        assert (tag.slug, names(tag.aliases.all())) == ("pasra", ["Pekan"])

    def test_another_spelling_keeps_the_address(self, people, tagged):
        (tag,) = Tag.for_names(["Pasra"])
        assert tags.rename(tag, "PASRA", actor=people.admin).slug == "pasra"
        assert not TagAlias.objects.exists()

    @pytest.mark.parametrize("name", ["", "!!!", "\u200b", "pasar"])
    def test_refused(self, people, tagged, name):
        (tag,) = Tag.for_names(["Pasra"])
        with pytest.raises(ValidationError):
            tags.rename(tag, name, actor=people.admin)


class TestMerging:
    def test_articles_names_and_addresses_go_over(self, tree, people, tagged):
        wrong, right = Tag.for_names(["Pasra", "Pasar"])
        both = builders.make_live(tree.ambon, tags=["Pasra", "Pasar"])
        hidden = make_article(tree.payakumbuh, tags=["Pasra"])
        tags.merge(wrong, right, actor=people.admin)
        assert {article.pk for article in [*tagged, both, hidden]} == {
            row.content_object_id for row in TaggedArticle.objects.filter(tag=right)
        }
        assert Tag.for_names(["pasra"]) == [right]
        assert HostClient(tree.payakumbuh.host).get("/tag/pasra/").headers["Location"] == "/tag/pasar/"
        assert HostClient(tree.makassar.host).get("/tag/pasra/").status_code == 404
        assert Event.objects.get(verb=Event.Verb.TAG_MERGED).note == "Pasra → Pasar"

    def test_of_merged_ones_too(self, people, tagged):
        first, second, third = Tag.for_names(["Pasra", "Pasar", "Pekan"])
        tags.merge(first, second, actor=people.admin)
        tags.merge(second, third, actor=people.admin)
        assert Tag.for_names(["Pasra", "Pasar", "Pekan"]) == [third]

    def test_of_a_tag_with_itself(self, people, tagged):
        (tag,) = Tag.for_names(["Pasra"])
        with pytest.raises(ValidationError):
            tags.merge(tag, tag, actor=people.admin)


def test_editors_of_the_whole_network_alone_may(tree, people, tagged):
    wrong, right = Tag.for_names(["Pasra", "Pasar"])
    for actor in (people.redaktur, people.pemred, people.reporter):
        with pytest.raises(PermissionDenied):
            tags.rename(wrong, "Pekan", actor=actor)
        with pytest.raises(PermissionDenied):
            tags.merge(wrong, right, actor=actor)
    network_editor = builders.make_user("redaktur-jaringan", "editor", tree.network)
    assert tags.rename(wrong, "Pekan", actor=network_editor).name == "Pekan"


class TestInTheNewsroom:
    def test_a_taken_name_asks_before_it_merges(self, tree, people, newsroom, tagged):
        wrong, _right = Tag.for_names(["Pasra", "Pasar"])
        client, address = newsroom(people.admin), f"/news/tag/{wrong.pk}/change/"
        box = '<input type="checkbox" name="merge"'
        assert box not in client.get(address).text
        refused = client.post(address, {"name": "pasar"}).text
        assert "“Pasar”" in refused
        assert box in refused
        assert Tag.objects.count() == 2
        assert client.post(address, {"name": "pasar", "merge": "on"}).status_code == 302
        assert names(Tag.objects.all()) == ["Pasar"]
        assert not wrong.tagged_articles.exists()

    def test_the_networks_editor_renames(self, tree, people, newsroom, tagged):
        editor = builders.make_user("redaktur-jaringan", "editor", tree.network)
        (tag,) = Tag.for_names(["Pasra"])
        assert newsroom(editor).post(f"/news/tag/{tag.pk}/change/", {"name": "Pekan"}).status_code == 302
        assert newsroom(people.redaktur).get(f"/news/tag/{tag.pk}/change/").status_code == 403
        tag.refresh_from_db()
        assert tag.name == "Pekan"

    def test_a_second_tag_of_one_name_is_refused(self, people, newsroom, tagged):
        page = newsroom(people.admin).post("/news/tag/add/", {"name": "PASAR!"})
        assert "“Pasar”" in page.content.decode()
        assert newsroom(people.admin).post("/news/tag/add/", {"name": "\u200b"}).status_code == 200
        assert Tag.objects.count() == 2


def test_sections_and_authors_in_another_case_redirect(tree):
    author = builders.make_author("Rida Ananda", tree.payakumbuh)
    builders.make_live(tree.payakumbuh, writers=[author], section=builders.make_section("Hukum"))
    client = HostClient(tree.payakumbuh.host)
    assert client.get("/rubrik/HUKUM/").headers["Location"] == "/rubrik/hukum/"
    assert client.get("/penulis/Rida-Ananda/").headers["Location"] == "/penulis/rida-ananda/"
