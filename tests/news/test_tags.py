import pytest
from django.db import IntegrityError, transaction

from news.demo.builders import make_article
from news.models import Tag, TaggedArticle

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("name", ["", "  ", "!!!", "#", "🎉", "—"])
def test_a_name_of_symbols_only_is_dropped(name):
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
    with django_assert_num_queries(2):
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
