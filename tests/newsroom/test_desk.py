"""The newsroom's first page: what waits for this person."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.utils import timezone

from news.demo import builders
from news.models import Article, Duty, Status
from news.newsroom.desk import LENGTH
from news.popularity.models import HourlyReads
from news.publishing import comments, workflow

pytestmark = pytest.mark.databases

HOUR = timedelta(hours=1)
MOST_QUERIES = 15
PILE = re.compile(r'<section class="card pile" id="pile-([\w-]+)"(.*?)</section>', re.DOTALL)
TITLE = re.compile(r'class="pile-title" href="([^"]+)">([^<]+)</a>')
QUIET = 'class="quiet"'


def piles(response) -> dict[str, list[str]]:
    """The titles in each list, from the top down."""
    found = PILE.findall(response.text)
    return {key: [unescape(title) for _address, title in TITLE.findall(pile)] for key, pile in found}


def article(region, status: str, title: str, by, hours: int = 0) -> Article:
    """An article with that status; `hours` from now is its time."""
    moment = timezone.now() + hours * HOUR if status == Status.APPROVED else None
    article = builders.make_article(region, title=title, created_by=by)
    return workflow.import_as(article, status=status, published_at=moment)


@pytest.fixture
def articles(tree, people) -> None:
    """One article in each state of the reporter, of a colleague in the same region, and of a sister region's editor."""
    makers = {"milik saya": people.reporter, "rekan": people.kontributor, "tetangga": people.sister}
    for name, maker in makers.items():
        region = tree.limapuluhkota if name == "tetangga" else tree.payakumbuh
        article(region, "draft", f"draf {name}", maker)
        article(region, "submitted", f"diajukan {name}", maker)
        article(region, "returned", f"dikembalikan {name}", maker)
        article(region, "approved", f"terjadwal {name}", maker, hours=1)
        article(region, "approved", f"tayang {name}", maker, hours=-1)


HOME, NEIGHBOUR = ["milik saya", "rekan"], ["tetangga"]


def editors_desk(names: list[str]) -> dict[str, list[str]]:
    return {
        "review": [f"diajukan {name}" for name in names],
        "drafts": [],
        "due": [f"terjadwal {name}" for name in names],
        "live": [f"tayang {name}" for name in names[::-1]],
    }


def writers_desk(name: str) -> dict[str, list[str]]:
    return {
        "returned": [f"dikembalikan {name}"],
        "drafts": [f"draf {name}"],
        "with-editors": [f"diajukan {name}"],
        "due": [f"terjadwal {name}"],
        "live": [f"tayang {name}"],
    }


EXPECTED = {
    "reporter": writers_desk("milik saya"),
    "kontributor": writers_desk("rekan"),
    "redaktur": editors_desk(HOME),
    "pemred": editors_desk(HOME),
    "sister": {
        "review": ["diajukan tetangga"],
        "returned": ["dikembalikan tetangga"],
        "drafts": ["draf tetangga"],
        "due": ["terjadwal tetangga"],
        "live": ["tayang tetangga"],
    },
    "admin": editors_desk(HOME + NEIGHBOUR),
    "nobody": {},
}


@pytest.mark.parametrize("who", EXPECTED)
def test_each_role_finds_what_waits_for_it_and_nothing_of_other_regions(people, articles, newsroom, who):
    people.nobody = builders.make_user("nobody")
    response = newsroom(getattr(people, who)).get("/")
    assert piles(response) == EXPECTED[who]
    assert response.text.count(QUIET) == list(EXPECTED[who].values()).count([])


@pytest.mark.parametrize("who", ["reporter", "redaktur"])
def test_an_empty_desk_says_so_in_every_list(people, newsroom, who):
    response = newsroom(getattr(people, who)).get("/")
    assert piles(response) == {key: [] for key in EXPECTED[who]}
    assert response.text.count(QUIET) == len(EXPECTED[who])
    assert 'href="/news/article/add/"' in response.text


def test_articles_with_ones_byline_are_ones_own(tree, people, newsroom):
    author = builders.make_author("Dodi Piliang", tree.payakumbuh, user=people.kontributor)
    builders.make_article(tree.payakumbuh, title="draf bersama", created_by=people.reporter, writers=[author])
    assert piles(newsroom(people.kontributor).get("/"))["drafts"] == ["draf bersama"]


def test_an_article_leads_to_its_form(people, articles, newsroom):
    client = newsroom(people.reporter)
    links = TITLE.findall(client.get("/").text)
    assert len(links) == 5
    for address, title in links:
        assert title in client.get(address).text


def test_a_long_list_is_cut_and_leads_to_all_of_it(tree, people, newsroom):
    client = newsroom(people.reporter)
    for number in range(LENGTH):
        article(tree.payakumbuh, "draft", f"draf nomor {number}", people.reporter)
    assert "?state=draft" not in client.get("/").text
    article(tree.payakumbuh, "draft", "draf terakhir", people.reporter)
    response = client.get("/")
    assert piles(response)["drafts"] == [
        "draf terakhir",
        *(f"draf nomor {number}" for number in range(LENGTH - 1, 0, -1)),
    ]
    [more] = re.findall(r'href="([^"]+\?state=draft)"', response.text)
    assert client.get(more).context["cl"].result_count == LENGTH + 1


def test_what_waits_longest_and_what_comes_next_stand_first(tree, people, newsroom):
    for title in ("lebih dulu", "kemudian"):
        article(tree.payakumbuh, "submitted", f"diajukan {title}", people.reporter)
    for hours in (3, 1, 2, -3, -1, -2):
        article(tree.payakumbuh, "approved", f"pukul {hours}", people.reporter, hours)
    shown = piles(newsroom(people.redaktur).get("/"))
    assert shown["review"] == ["diajukan lebih dulu", "diajukan kemudian"]
    assert shown["due"] == ["pukul 1", "pukul 2", "pukul 3"]
    assert shown["live"] == ["pukul -1", "pukul -2", "pukul -3"]


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(people, articles, newsroom):
    client = newsroom(people.redaktur)
    assert any(piles(client.get("/")).values())
    people.redaktur.assignments.all().delete()
    assert piles(client.get("/")) == {}


def test_the_desk_is_for_those_who_logged_in(people, articles, newsroom):
    client = newsroom(people.redaktur)
    assert client.get("/").status_code == 200
    client.logout()
    response = client.get("/")
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_what_came_back_says_why_and_its_editor_sees_it_too(tree, people, newsroom):
    story = article(tree.payakumbuh, "submitted", "Jembatan baru", people.reporter)
    colleagues = article(tree.payakumbuh, "submitted", "Pasar lama", people.reporter)
    workflow.return_to_writer(story, actor=people.redaktur, note="Angka di alinea kedua?")
    workflow.return_to_writer(colleagues, actor=people.pemred, note="Terlalu panjang.")
    reporters, editors = newsroom(people.reporter).get("/"), newsroom(people.redaktur).get("/")
    assert "Angka di alinea kedua?" in reporters.text
    assert piles(reporters)["returned"] == ["Pasar lama", "Jembatan baru"]
    assert piles(editors)["sent-back"] == ["Jembatan baru"]
    assert "Angka di alinea kedua?" in editors.text
    assert "Terlalu panjang." not in editors.text
    workflow.submit(Article.objects.get(pk=story.pk), actor=people.reporter)
    assert "sent-back" not in piles(newsroom(people.redaktur).get("/"))


def test_live_stories_show_the_reads_of_the_last_day(tree, people, newsroom):
    live = article(tree.payakumbuh, "approved", "Dibaca", people.reporter, hours=-40)
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for hours, reads in ((1, 30), (3, 12), (30, 500)):
        HourlyReads.objects.create(article=live, hour=hour - hours * HOUR, reads=reads)
    assert "42 kali dibaca" in newsroom(people.reporter).get("/").text


def duty(region, person, starts: int, ends: int, **values) -> Duty:
    now = timezone.now()
    return Duty.objects.create(
        region=region, person=person, starts_at=now + starts * HOUR, ends_at=now + ends * HOUR, **values
    )


def test_the_roster_is_that_of_ones_regions_and_those_above(tree, people, newsroom):
    duty(tree.payakumbuh, people.redaktur, -1, 3, task="piket kota")
    duty(tree.sumbar, people.pemred, -1, 3, task="piket provinsi")
    duty(tree.limapuluhkota, people.sister, -1, 3, task="piket tetangga")
    duty(tree.payakumbuh, people.redaktur, -9, -1, task="piket kemarin")
    duty(tree.payakumbuh, people.redaktur, 20, 28, task="piket besok")
    text = newsroom(people.reporter).get("/").text
    shown = {task for task in ("kota", "provinsi", "tetangga", "kemarin", "besok") if f"piket {task}" in text}
    assert shown == {"kota", "provinsi"}


@pytest.mark.parametrize(("hour", "silent"), [(8, set()), (9, {"Payakumbuh", "Limapuluh Kota"})])
def test_from_nine_on_an_edition_without_a_story_of_today_is_named_to_its_chief(tree, people, newsroom, hour, silent):
    """In the region's own time: Ambon's nine o'clock is seven in Payakumbuh."""
    today = timezone.now().astimezone(tree.payakumbuh.zone).replace(hour=hour, minute=30)
    with time_machine.travel(today, tick=False):
        article(tree.sumbar, "approved", "Hari ini", people.admin, hours=-3)
        article(tree.payakumbuh, "approved", "Kemarin", people.admin, hours=-20)
    chief = builders.make_user("ketua", "chief_editor", tree.sumbar)
    with time_machine.travel(today, tick=False):
        assert {edition.name for edition in newsroom(chief).get("/").context["desk"].silent} == silent
        assert newsroom(people.redaktur).get("/").context["desk"].silent == []


def test_a_lead_that_stands_for_a_day_is_pointed_out_to_its_chief(tree, people, newsroom):
    yesterday = timezone.now() - 24 * HOUR
    now = yesterday.astimezone(tree.payakumbuh.zone).replace(hour=20, minute=0)
    with time_machine.travel(now - 25 * HOUR, tick=False):
        builders.place(article(tree.payakumbuh, "approved", "Lama", people.admin, hours=-1), tree.payakumbuh)
    with time_machine.travel(now, tick=False):
        article(tree.payakumbuh, "approved", "Baru", people.admin, hours=-1)
        shown = newsroom(people.pemred).get("/").context["desk"]
        assert ([edition.name for edition in shown.stale], shown.silent) == (["Payakumbuh"], [])
        assert newsroom(people.redaktur).get("/").context["desk"].stale == []
    with time_machine.travel(now - 2 * HOUR, tick=False):
        assert newsroom(people.pemred).get("/").context["desk"].stale == []


def test_the_pulse_changes_with_what_one_may_see(tree, people, newsroom):
    client = newsroom(people.redaktur)
    story = article(tree.payakumbuh, "submitted", "Jembatan baru", people.reporter)
    asked = [client.get("/denyut/").json()["pulse"]]
    article(tree.limapuluhkota, "submitted", "Tetangga", people.sister)
    asked.append(client.get("/denyut/").json()["pulse"])
    workflow.return_to_writer(story, actor=people.pemred, note="Angka?")
    asked.append(client.get("/denyut/").json()["pulse"])
    comments.write(story, actor=people.reporter, text="Sudah saya cek.")
    asked.append(client.get("/denyut/").json()["pulse"])
    assert asked[0] == asked[1]
    assert len({*asked}) == 3


@pytest.mark.parametrize("who", ["reporter", "redaktur", "pemred", "admin"])
def test_the_desk_costs_the_same_however_many_stories_there_are(
    tree, people, newsroom, django_assert_max_num_queries, who
):
    client = newsroom(getattr(people, who))
    client.get("/")  # the first request of a session notes where it comes from
    for _round in range(2):
        for name in ("draft", "submitted", "returned"):
            for number in range(6):
                article(tree.payakumbuh, name, f"{name} {number}", people.reporter)
        for hours in (-3, -2, -1, 1, 2, 3):
            article(tree.payakumbuh, "approved", f"pukul {hours}", people.reporter, hours)
        with django_assert_max_num_queries(MOST_QUERIES):
            client.get("/")
