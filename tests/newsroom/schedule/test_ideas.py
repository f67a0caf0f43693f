"""Planned ideas: who plans them, how they become stories, and what is shown of them."""

from datetime import date, datetime

import pytest
import time_machine
from django.contrib import admin
from django.core.exceptions import PermissionDenied

from news.demo import builders
from news.models import Article, Comment, PlannedIdea, Status
from news.publishing import ideas, workflow
from regions.models import Assignment
from tests.newsroom import world

from .test_schedule import NOW, at, page, shown

pytestmark = pytest.mark.databases


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def idea(region, person, **overrides) -> PlannedIdea:
    given = {"title": "Harga cabai naik", "day": date(2027, 3, 11), "section": builders.make_section()}
    if "planned_at" in overrides:
        del given["day"]
    return PlannedIdea.objects.create(region=region, created_by=person, **(given | overrides))


def add(client, region, **overrides):
    data = {"title": "Harga cabai naik", "section": builders.make_section().pk, "region": region.pk}
    return client.post("/news/plannedidea/add/", data | {"on": "2027-03-11", "time": "", "note": ""} | overrides)


def make(client, planned):
    return client.post(f"/news/plannedidea/{planned.pk}/make_story/")


@pytest.mark.parametrize(
    ("place", "on", "time", "moment"),
    [
        ("payakumbuh", "2027-03-31", "23:59", "2027-03-31T16:59:00+00:00"),
        ("makassar", "2027-03-01", "00:00", "2027-02-28T16:00:00+00:00"),
        ("ambon", "2028-02-29", "00:00", "2028-02-28T15:00:00+00:00"),
        ("ambon", "2027-03-11", "", None),
    ],
)
def test_an_idea_is_planned_by_its_regions_clock(tree, newsroom, place, on, time, moment):
    region = getattr(tree, place)
    client = newsroom(builders.make_user("penulis", "contributor", region))
    response = add(client, region, on=on, time=time)
    planned = PlannedIdea.objects.get()
    assert response.headers["Location"] == f"/jadwal/?wilayah={place}&hari={on}#idea-{planned.pk}"
    assert planned.planned_at == (moment and datetime.fromisoformat(moment))
    assert str(planned.local_day) == on
    assert shown(page(client, region, hari=on)) == {on: [f"{time or '--'} Harga cabai naik"]}
    form = client.get(f"/news/plannedidea/{planned.pk}/change/").text
    assert f'value="{on}"' in form
    assert not time or f'value="{time}"' in form
    for _time in range(3):  # saving what is shown moves nothing
        response = client.post(f"/news/plannedidea/{planned.pk}/change/", _fields(planned, on, time))
        assert response.status_code == 302
        assert PlannedIdea.objects.get().planned_at == planned.planned_at
        assert PlannedIdea.objects.get().day == planned.day


def _fields(planned, on, time):
    fields = {"title": planned.title, "section": planned.section_id, "region": planned.region_id, "note": ""}
    return fields | {"on": on, "time": time}


def test_the_schedule_leads_to_the_form_with_region_and_day(tree, people, newsroom):
    text = newsroom(people.reporter).get("/news/plannedidea/add/?wilayah=payakumbuh&hari=2027-03-12").text
    assert 'value="2027-03-12"' in text
    assert f'value="{tree.payakumbuh.pk}" selected' in text
    assert newsroom(people.reporter).get("/news/plannedidea/add/?wilayah=limapuluhkota&hari=x").status_code == 200


def test_an_idea_needs_a_title_and_a_day_of_our_time(tree, people, newsroom):
    client = newsroom(people.reporter)
    for wrong in ({"title": "x"}, {"title": " \u200b "}, {"on": ""}, {"on": "1900-01-01"}, {"time": "25:00"}):
        assert add(client, tree.payakumbuh, **wrong).status_code == 200, wrong
    assert not PlannedIdea.objects.exists()


def test_an_idea_is_planned_only_where_one_writes_and_for_authors_of_ones_own(tree, people, newsroom):
    client = newsroom(people.reporter)
    assert add(client, tree.limapuluhkota).status_code == 200
    stranger = builders.make_author("Orang Jauh", tree.ambon)
    assert add(client, tree.payakumbuh, author=stranger.pk).status_code == 200
    assert not PlannedIdea.objects.exists()


def test_all_who_write_in_a_region_see_its_ideas_and_nobody_else(tree, people, newsroom):
    idea(tree.payakumbuh, people.pemred, title="Gagasan Payakumbuh")
    idea(tree.limapuluhkota, people.sister, title="Gagasan tetangga")
    idea(tree.sumbar, people.admin, title="Gagasan provinsi")
    two = world.of_two_regions(tree)
    for person, region, seen in (
        (people.kontributor, tree.payakumbuh, {"Gagasan Payakumbuh"}),
        (people.sister, tree.limapuluhkota, {"Gagasan tetangga"}),
        (two.editor_and_reporter, tree.limapuluhkota, {"Gagasan tetangga"}),
    ):
        lines = shown(page(newsroom(person), region)).get("2027-03-11", [])
        assert {line.removeprefix("-- ") for line in lines} == seen
    below = shown(page(newsroom(two.chief_and_contributor), tree.sumbar, di_bawah="1"))["2027-03-11"]
    assert len(below) == 3


def test_one_press_makes_the_story_with_title_region_writer_and_note(tree, people, newsroom):
    author = builders.make_author("Rina Reporter", tree.payakumbuh, user=people.reporter)
    planned = idea(tree.payakumbuh, people.redaktur, author=author, note="Tanya pedagang di Pasar Ibuh.")
    response = make(newsroom(people.redaktur), planned)
    article = Article.objects.get()
    assert response.headers["Location"] == f"/news/article/{article.pk}/change/"
    assert (article.title, article.region, article.section) == (planned.title, tree.payakumbuh, planned.section)
    assert (article.status, article.created_by, article.writers) == (Status.DRAFT, people.redaktur, [author])
    assert article.dateline == "Payakumbuh"
    assert article.sign_off == author.sign_off
    assert Comment.objects.get().text == planned.note
    planned.refresh_from_db()
    assert planned.became == article
    assert newsroom(people.reporter).get(f"/news/article/{article.pk}/change/").status_code == 200


def test_without_a_writer_it_is_the_story_of_who_pressed(tree, people):
    mine = builders.make_author("Rina Reporter", tree.payakumbuh, user=people.reporter)
    planned = idea(tree.payakumbuh, people.redaktur)
    assert ideas.make_story(planned, actor=people.reporter).writers == [mine]
    other = idea(tree.payakumbuh, people.redaktur)
    assert ideas.make_story(other, actor=people.kontributor).writers == []
    assert not Comment.objects.exists()


def test_an_idea_becomes_one_story_however_often_it_is_pressed(tree, people, newsroom):
    planned = idea(tree.payakumbuh, people.redaktur)
    first = make(newsroom(people.kontributor), planned)
    again = make(newsroom(people.redaktur), planned)
    assert again.headers["Location"] == first.headers["Location"]
    elsewhere = make(newsroom(people.reporter), planned)
    assert elsewhere.headers["Location"] == "/jadwal/"
    assert Article.objects.count() == 1
    workflow.throw_away(Article.objects.get(), actor=people.kontributor)
    ideas.make_story(planned, actor=people.redaktur)
    assert Article.objects.count() == 2


def test_an_idea_that_became_a_story_is_linked_until_the_story_has_its_time(tree, people, newsroom):
    planned = idea(tree.payakumbuh, people.redaktur)
    article = ideas.make_story(planned, actor=people.kontributor)
    link = f'href="/news/article/{article.pk}/change/"'
    editors, writers = (page(newsroom(each), tree.payakumbuh) for each in (people.redaktur, people.reporter))
    assert link in editors.text
    assert "sedang ditulis" in editors.text
    assert link not in writers.text
    assert planned.title in writers.text
    assert "make_story" not in editors.text
    form = newsroom(people.redaktur).get(f"/news/plannedidea/{planned.pk}/change/")
    assert 'name="title"' not in form.text
    assert newsroom(people.redaktur).post(f"/news/plannedidea/{planned.pk}/delete/", {"post": "yes"}).status_code == 403
    workflow.import_as(article, status=Status.APPROVED, published_at=at("2027-03-12T08:00", tree.payakumbuh))
    assert shown(page(newsroom(people.redaktur), tree.payakumbuh)) == {"2027-03-12": [f"08:00 {planned.title}"]}


def test_only_who_writes_there_makes_the_story(tree, people, newsroom):
    planned = idea(tree.payakumbuh, people.redaktur)
    with pytest.raises(PermissionDenied):
        ideas.make_story(planned, actor=people.sister)
    assert make(newsroom(people.sister), planned).status_code == 404
    begun = idea(tree.payakumbuh, people.redaktur)
    ideas.make_story(begun, actor=people.redaktur)
    with pytest.raises(PermissionDenied):  # nor is the story that there is already theirs
        ideas.make_story(begun, actor=people.sister)
    Assignment.objects.filter(user=people.reporter).delete()
    assert make(newsroom(people.reporter), planned).status_code == 404
    assert Article.objects.count() == 1


def test_an_idea_is_deleted_by_who_writes_there(tree, people, newsroom):
    planned = idea(tree.payakumbuh, people.redaktur)
    assert newsroom(people.sister).post(f"/news/plannedidea/{planned.pk}/delete/", {"post": "yes"}).status_code == 302
    assert PlannedIdea.objects.exists()
    assert newsroom(people.reporter).post(f"/news/plannedidea/{planned.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not PlannedIdea.objects.exists()


def test_the_list_of_ideas_says_when(tree, people, newsroom):
    idea(tree.payakumbuh, people.redaktur, planned_at=at("2027-03-11T08:00", tree.payakumbuh))
    idea(tree.payakumbuh, people.redaktur)
    text = newsroom(people.reporter).get("/news/plannedidea/").text
    assert "11 Mar 2027 08:00 WIB" in text
    assert "11 Mar 2027</td>" in text
    assert admin.site.is_registered(PlannedIdea)
