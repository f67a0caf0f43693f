"""Faults that a review found, each with the case that showed it."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.content import body
from news.demo import builders
from news.images import uploads
from news.models import Article, Status, Tag
from news.publishing import placements, workflow
from tests.conftest import photo_file
from tests.newsroom.forms import article_form


def test_no_short_address_reveals_a_hidden_articles_slug(tree, people, newsroom):
    article = builders.make_article(tree.makassar)
    kind = ContentType.objects.get_for_model(Article).pk
    assert newsroom(people.kontributor).get(f"/r/{kind}/{article.pk}/").status_code == 404


def test_a_writer_cannot_change_the_caption_of_an_article_that_editors_have(tree, people, newsroom):
    photo = uploads.store(photo_file(), region=tree.payakumbuh, user=people.reporter, caption="Semula")
    address, client = f"/images/photo/{photo.pk}/change/", newsroom(people.reporter)
    typed = {"caption": "Diubah", "credit": "", "alt": "Pasar", "focus_x": 50, "focus_y": 40}
    assert newsroom(people.kontributor).post(address, typed).status_code == 403
    assert client.post(address, typed).status_code == 302
    builders.make_live(tree.payakumbuh, lead_photo=photo)
    assert client.post(address, typed | {"caption": "Diam-diam"}).status_code == 403
    photo.refresh_from_db()
    assert photo.caption == "Diubah"
    assert newsroom(people.redaktur).post(address, typed | {"caption": "Oleh redaktur"}).status_code == 302


def test_uploading_the_same_file_to_the_library_again_leaves_the_photo_as_it_is(tree, people, newsroom):
    photo = uploads.store(photo_file(), region=tree.payakumbuh, user=None, caption="Semula", credit="Linda")
    client = newsroom(people.reporter)
    posted = {"upload": photo_file(), "region": tree.payakumbuh.pk, "caption": "", "credit": "", "alt": ""}
    response = client.post("/images/photo/add/", posted)
    assert f"/images/photo/{photo.pk}/change/" in response.text
    photo.refresh_from_db()
    assert (photo.caption, photo.credit) == ("Semula", "Linda")


def test_an_article_cannot_be_published_by_moving_it_to_where_one_only_writes(tree, people, newsroom):
    builders.make_user("rangkap", "editor", tree.payakumbuh)
    user = type(people.redaktur).objects.get(username="rangkap")
    user.assignments.create(region=tree.limapuluhkota, role="reporter")
    article = workflow.import_as(
        builders.make_article(tree.payakumbuh),
        status=Status.APPROVED,
        published_at=timezone.now() + timedelta(hours=1),
    )
    response = newsroom(user).post(
        f"/news/article/{article.pk}/change/", article_form(article, region=tree.limapuluhkota)
    )
    assert response.status_code == 403
    assert article.title in response.text
    assert set(article.placements.values_list("region__subdomain", flat=True)) == {"payakumbuh", "sumaterabarat", ""}


def test_a_new_article_for_a_region_where_one_only_writes_is_kept_when_publish_is_pressed(tree, people, newsroom):
    people.redaktur.assignments.create(region=tree.limapuluhkota, role="reporter")
    author = builders.make_author("Penulis", tree.limapuluhkota)
    form = article_form(region=tree.limapuluhkota, section=builders.make_section(), bylines=[author], act="publish")
    response = newsroom(people.redaktur).post("/news/article/add/", form)
    assert response.status_code == 302
    assert Article.objects.with_state().get().state == "draft"


@pytest.mark.parametrize("name", ["lead_photo", "region", "section", "bylines-0-author"])
@pytest.mark.parametrize("value", ["abc", "9" * 30, "\x00"])
def test_a_reference_that_is_no_number_is_a_bad_request(people, newsroom, name, value):
    assert newsroom(people.reporter).post("/news/article/add/", {name: value}).status_code == 400


def test_nul_in_the_address_is_a_bad_request(people, newsroom, reader, tree):
    assert newsroom(people.redaktur).get("/news/article/?state=%00").status_code == 400
    assert reader(tree.payakumbuh).get("/indeks/?sebelum=%00").status_code == 400


def test_a_tag_renamed_by_an_administrator_is_still_the_same_tag(people, newsroom, db):
    (tag,) = Tag.for_names(["Pilkada 2024"])
    assert newsroom(people.admin).post(f"/news/tag/{tag.pk}/change/", {"name": "Pilkada serentak"}).status_code == 302
    assert Tag.for_names(["pilkada 2024"]) == [tag]
    made = Tag.objects.create(name="Jum'at Berkah")
    assert Tag.for_names(["jumat berkah"]) == [made]


@pytest.mark.parametrize("run", ["&nbsp;", " ", "<br>", "<p></p>", "<p>&nbsp;</p>", "x (**) "])
def test_long_runs_take_linear_time(run):
    """100,000 repetitions: patterns that read a run from each of its places would not come back."""
    text = "<p>Payakumbuh" + run * 100_000 + "x</p>"
    tidied = body.tidy(text, dateline="Payakumbuh", sign_off="(**).")
    assert tidied.replace("</p>", "").endswith("x")


def test_a_refused_form_makes_no_tags(tree, people, newsroom):
    form = article_form(region=tree.payakumbuh, section=builders.make_section(), title="x", tags="tag hantu")
    assert newsroom(people.reporter).post("/news/article/add/", form).status_code == 200
    assert not Tag.objects.exists()


def test_the_year_of_a_time_is_bounded(tree, people, newsroom):
    section = builders.make_section()
    for year in ("0001", "9999"):
        form = article_form(region=tree.payakumbuh, section=section, published_at=f"{year}-01-01T00:00")
        response = newsroom(people.redaktur).post("/news/article/add/", form)
        assert "published_at" in response.context["adminform"].form.errors


def test_rebuilding_reads_the_lineage_under_the_regions_lock(tree):
    article = builders.make_live(tree.payakumbuh)
    with CaptureQueriesContext(connection) as queries:
        placements.rebuild(article.pk)
    of_regions = [query["sql"] for query in queries if 'FROM "regions_region"' in query["sql"]]
    assert "news_article" in of_regions[0]  # the lock on the article's region
    assert '"regions_region"."path" IN' in of_regions[1]


def test_a_read_only_article_is_shown_as_readers_would_read_it(tree, people, newsroom):
    article = builders.make_article(tree.payakumbuh, created_by=people.reporter, tags=["Hujan"])
    workflow.submit(article, actor=people.reporter)
    page = newsroom(people.reporter).get(f"/news/article/{article.pk}/change/").text
    assert '<p><span class="dateline">Payakumbuh</span> - Warga' in page
    assert "&lt;p&gt;" not in page
    assert "Hujan" in page
