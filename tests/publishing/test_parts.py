"""The rows that are stored with an article: what is given replaces them, what is None keeps them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.demo import builders
from news.images.models import Photo
from news.models import Article, Byline, GalleryPhoto, Share, TaggedArticle
from news.publishing import workflow
from news.publishing.parts import ArticleWithParts, Parts

pytestmark = pytest.mark.databases


@pytest.fixture
def article(tree):
    """An article with one row of each part, and another one with the same, which nothing may touch."""
    other, article = (
        builders.make_article(
            tree.payakumbuh,
            tags=["Pilkada", "KPU"],
            shares={tree.ambon: None, tree.maluku: None},
            lead_photo=builders.make_photo(tree.payakumbuh),
        )
        for _article in range(2)
    )
    for owner in (other, article):
        owner.gallery.create(photo=other.lead_photo, position=3)
        owner.gallery.create(photo=article.lead_photo, position=1)
    return article


@pytest.fixture
def store(article, people):
    """`store(bylines=…)`: the article is stored with these parts. What belongs to other articles stays."""

    def rows_of_others():
        owners = Article.objects.exclude(pk=article.pk).values("pk")
        tags = TaggedArticle.objects.filter(content_object__in=owners)
        rows = [model.objects.filter(article__in=owners) for model in (Byline, GalleryPhoto, Share)]
        return [row for found in (*rows, tags) for row in found.order_by("pk").values()]

    def run(**parts):
        before = rows_of_others()
        with CaptureQueriesContext(connection) as queries:
            workflow.save(Article.objects.get(pk=article.pk), actor=people.admin, parts=Parts(**parts))
        assert rows_of_others() == before
        return [query["sql"] for query in queries]

    return run


def test_what_is_not_given_is_kept(article, store):
    store()
    assert article.bylines.count() == 1
    assert article.shares.count() == article.gallery.count() == article.tags.count() == 2


def test_an_empty_list_removes_every_row(article, store):
    store(bylines=[], gallery=[], shares=[], tags=[])
    for part in (article.bylines, article.gallery, article.shares, article.tags):
        assert not part.exists()


def test_rows_are_added_changed_and_removed_and_the_others_are_not_written(tree, article, store):
    changed, gone = article.shares.order_by("pk")
    new = Share(region=tree.makassar)
    changed.region = tree.sulsel
    store(shares=[changed, new])
    assert {*article.shares.values_list("pk", "region")} == {
        (changed.pk, tree.sulsel.pk),
        (new.pk, tree.makassar.pk),
    }
    assert gone.pk not in (changed.pk, new.pk)
    written = [sql for sql in store(shares=[changed, new]) if '"news_share"' in sql and not sql.startswith("SELECT")]
    assert written == []


def test_a_gallery_is_stored_in_the_order_of_its_positions_with_new_photos_at_the_end(tree, article, store):
    third, first = article.gallery.order_by("pk")
    new = [GalleryPhoto(photo=builders.make_photo(tree.payakumbuh), position=0) for _photo in range(2)]
    store(gallery=[new[0], third, new[1], first])
    assert [*article.gallery.values_list("photo", "position")] == [
        (first.photo_id, 1),
        (third.photo_id, 3),
        (new[0].photo_id, 4),
        (new[1].photo_id, 5),
    ]


def test_the_first_photos_of_a_gallery_are_counted_from_one(tree, article, store):
    new = [GalleryPhoto(photo=builders.make_photo(tree.payakumbuh), position=0) for _photo in range(2)]
    store(gallery=new)
    assert [*article.gallery.values_list("photo", "position")] == [(new[0].photo_id, 1), (new[1].photo_id, 2)]


def test_tags_that_stay_keep_their_rows(article, store):
    kept = TaggedArticle.objects.get(content_object=article, tag__name="KPU")
    queries = store(tags=["KPU", "Banjir"])
    assert {*article.tags.values_list("name", flat=True)} == {"KPU", "Banjir"}
    assert TaggedArticle.objects.filter(pk=kept.pk).exists()
    assert len([sql for sql in queries if sql.startswith('INSERT INTO "news_taggedarticle"')]) == 1
    assert not [sql for sql in store(tags=["KPU", "Banjir"]) if sql.startswith('DELETE FROM "news_tagged')]


def test_the_lead_photos_words_are_stored_with_the_photo_and_nothing_else_of_it(article, people):
    Photo.objects.filter(pk=article.lead_photo_id).update(caption="Lama", credit="Lama", place="Ibuh")
    article = Article.objects.get(pk=article.pk)
    article.lead_photo.place = "Tidak disimpan"
    workflow.save(article, actor=people.admin, parts=Parts(photo_words={"caption": "Baru", "is_decorative": True}))
    photo = Photo.objects.get(pk=article.lead_photo_id)
    assert (photo.caption, photo.is_decorative, photo.credit, photo.place) == ("Baru", True, "Lama", "Ibuh")


def test_words_without_a_photo_are_no_error(article, store):
    Article.objects.filter(pk=article.pk).update(lead_photo=None)
    store(photo_words={"caption": "Tanpa foto"})
    assert not Photo.objects.filter(caption="Tanpa foto").exists()


def test_the_photos_of_an_article_are_its_lead_photo_and_its_gallery_each_once(
    tree, article, django_assert_num_queries
):
    other = article.gallery.exclude(photo=article.lead_photo_id).get().photo
    with django_assert_num_queries(1):
        photos = ArticleWithParts(article, Parts()).photos
        assert [photo.alt for photo in photos] == ["Jembatan kayu"] * 2
    assert photos == [article.lead_photo, other]
    article.lead_photo = None
    assert ArticleWithParts(article, Parts(gallery=[])).photos == []
