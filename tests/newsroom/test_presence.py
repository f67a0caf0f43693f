"""Who has a story open, and whose turn it is to write in its body."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from news.demo import builders
from news.models import Presence
from news.newsroom import presence

pytestmark = pytest.mark.databases
START = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def story(tree, people):
    people.pemred.first_name, people.pemred.last_name = "Linda", "Sari Dewi"
    people.pemred.save()
    return builders.make_article(tree.payakumbuh, created_by=people.reporter)


@pytest.fixture
def at(newsroom, story):
    """`at(person, do)`: what that person's form is told."""
    clients = {}

    def tell(person, do="", page=""):
        if person not in clients:
            clients[person] = newsroom(person)
        answer = clients[person].post(f"/news/article/{story.pk}/presence/", {"do": do, "page": page})
        assert answer.status_code == 200
        return answer.json()

    return tell


def names(state):
    return [person["name"] for person in state["people"]]


def test_people_come_and_leave_within_a_minute(clock, people, at):
    at(people.reporter)
    clock.shift(timedelta(seconds=20))
    state = at(people.pemred)
    assert names(state) == ["reporter", "Linda Sari Dewi"]
    assert [person["initials"] for person in state["people"]] == ["R", "LD"]
    assert [person["me"] for person in state["people"]] == [False, True]
    assert datetime.fromisoformat(state["people"][0]["since"]) == START
    clock.shift(timedelta(seconds=40))
    assert names(at(people.pemred)) == ["Linda Sari Dewi"]
    at(people.reporter)
    at(people.pemred, "leave")
    assert names(at(people.reporter)) == ["reporter"]
    clock.shift(Presence.GONE_AFTER)
    at(people.reporter)
    assert Presence.objects.count() == 1


def test_a_page_that_is_loaded_anew_keeps_its_turn(clock, people, at):
    """Whether what the page sends when it is left comes before the new page asks, or after it."""
    at(people.reporter, "write", page="1")
    at(people.reporter, "leave", page="1")
    clock.shift(timedelta(seconds=1))
    assert at(people.reporter, page="2")["mine"]
    at(people.reporter, "leave", page="1")
    assert at(people.redaktur, "write")["writer"] == "reporter"


def test_whoever_has_left_holds_nobody_up(people, at):
    at(people.reporter, "write", page="1")
    at(people.reporter, "leave", page="1")
    assert at(people.redaktur)["writer"] is None
    assert at(people.redaktur, "write")["mine"]
    assert at(people.reporter, page="2")["writer"] == "redaktur"


def test_the_turn_is_taken_asked_for_and_given(clock, people, at):
    assert not at(people.reporter)["mine"]
    assert at(people.reporter, "write")["mine"]
    state = at(people.redaktur, "write")
    assert (state["mine"], state["writer"]) == (False, "reporter")
    assert at(people.redaktur, "ask")["asking"]
    assert at(people.reporter)["asked_by"] == "redaktur"
    assert at(people.reporter, "keep")["asked_by"] is None
    assert not at(people.redaktur)["asking"]
    at(people.redaktur, "ask")
    assert not at(people.reporter, "give")["mine"]
    assert at(people.redaktur)["mine"]


def test_a_turn_without_an_answer_is_given(clock, people, at):
    at(people.reporter, "write")
    at(people.redaktur, "ask")
    clock.shift(timedelta(seconds=presence.ANSWER_SECONDS - 1))
    assert not at(people.redaktur)["mine"]
    clock.shift(timedelta(seconds=1))
    assert at(people.redaktur)["mine"]
    state = at(people.reporter)
    assert (state["mine"], state["writer"]) == (False, "redaktur")


def test_whoever_left_has_no_turn(clock, people, at):
    at(people.reporter, "write")
    clock.shift(timedelta(seconds=51))
    assert at(people.redaktur, "write")["mine"]
    at(people.redaktur, "leave")
    assert at(people.reporter, "ask")["mine"]


def test_nobody_learns_of_stories_that_they_may_not_see(people, newsroom, story):
    for outsider in (people.sister, people.kontributor):
        assert newsroom(outsider).post(f"/news/article/{story.pk}/presence/").status_code == 404
    assert newsroom(people.reporter).get(f"/news/article/{story.pk}/presence/").status_code == 405
    assert not Presence.objects.exists()


def test_asking_is_cheap(people, story):
    client = Client(HTTP_HOST=f"redaksi.{settings.DOMAIN}")
    client.force_login(people.redaktur)
    address = f"/news/article/{story.pk}/presence/"
    client.post(address)
    with CaptureQueriesContext(connection) as queries:
        client.post(address)
    about = [query["sql"] for query in queries if '"news_' in query["sql"]]
    assert len(about) <= 4, about


def test_saving_is_never_stopped(clock, people, newsroom, at, story):
    from tests.newsroom.forms import article_form

    at(people.redaktur, "write")
    data = article_form(story, title="Judul dari penulis")
    assert newsroom(people.reporter).post(f"/news/article/{story.pk}/change/", data).status_code == 302
    assert at(people.redaktur)["version"] == story.version + 1
