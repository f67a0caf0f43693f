"""The newsroom's first page: what waits for this person."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from news.demo import builders
from news.models import Article, Status
from news.newsroom.desk import LENGTH
from news.publishing import workflow

pytestmark = pytest.mark.databases

HOUR = timedelta(hours=1)
PILE = re.compile(r'<section class="pile">(.*?)</section>', re.DOTALL)
TITLE = re.compile(r'class="pile-title" href="([^"]+)">([^<]+)</a>')
QUIET = 'class="quiet"'


def piles(response) -> list[list[str]]:
    """The titles in each list, from the top down."""
    return [[unescape(title) for _address, title in TITLE.findall(pile)] for pile in PILE.findall(response.text)]


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
EXPECTED = {
    "reporter": [
        ["diajukan milik saya"],
        ["dikembalikan milik saya"],
        ["draf milik saya"],
        ["terjadwal milik saya"],
        ["tayang milik saya"],
    ],
    "kontributor": [["diajukan rekan"], ["dikembalikan rekan"], ["draf rekan"], ["terjadwal rekan"], ["tayang rekan"]],
    "redaktur": [
        [f"diajukan {name}" for name in HOME],
        [],
        [],
        [f"terjadwal {name}" for name in HOME],
        [f"tayang {name}" for name in HOME[::-1]],
    ],
    "sister": [
        ["diajukan tetangga"],
        ["dikembalikan tetangga"],
        ["draf tetangga"],
        ["terjadwal tetangga"],
        ["tayang tetangga"],
    ],
    "admin": [
        [f"diajukan {name}" for name in HOME + NEIGHBOUR],
        [],
        [],
        [f"terjadwal {name}" for name in HOME + NEIGHBOUR],
        [f"tayang {name}" for name in (HOME + NEIGHBOUR)[::-1]],
    ],
    "nobody": [],
}
EXPECTED["pemred"] = EXPECTED["redaktur"]


@pytest.mark.parametrize("who", EXPECTED)
def test_each_role_finds_what_waits_for_it_and_nothing_of_other_regions(people, articles, newsroom, who):
    people.nobody = builders.make_user("nobody")
    response = newsroom(getattr(people, who)).get("/")
    assert piles(response) == EXPECTED[who]
    assert response.text.count(QUIET) == EXPECTED[who].count([])


@pytest.mark.parametrize(("who", "lists"), [("reporter", 5), ("redaktur", 5)])
def test_an_empty_desk_says_so_in_every_list(people, newsroom, who, lists):
    response = newsroom(getattr(people, who)).get("/")
    assert piles(response) == [[]] * lists
    assert response.text.count(QUIET) == lists
    assert 'href="/news/article/add/"' in response.text


def test_articles_with_ones_byline_are_ones_own(tree, people, newsroom):
    author = builders.make_author("Dodi Piliang", tree.payakumbuh, user=people.kontributor)
    builders.make_article(tree.payakumbuh, title="draf bersama", created_by=people.reporter, writers=[author])
    assert piles(newsroom(people.kontributor).get("/"))[2] == ["draf bersama"]


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
    assert piles(response)[2] == ["draf terakhir", *(f"draf nomor {number}" for number in range(LENGTH - 1, 0, -1))]
    [more] = re.findall(r'href="([^"]+\?state=draft)"', response.text)
    assert client.get(more).context["cl"].result_count == LENGTH + 1


def test_what_waits_longest_and_what_comes_next_stand_first(tree, people, newsroom):
    for title in ("lebih dulu", "kemudian"):
        article(tree.payakumbuh, "submitted", f"diajukan {title}", people.reporter)
    for hours in (3, 1, 2, -3, -1, -2):
        article(tree.payakumbuh, "approved", f"pukul {hours}", people.reporter, hours)
    waiting, _returned, _drafts, scheduled, live = piles(newsroom(people.redaktur).get("/"))
    assert waiting == ["diajukan lebih dulu", "diajukan kemudian"]
    assert scheduled == ["pukul 1", "pukul 2", "pukul 3"]
    assert live == ["pukul -1", "pukul -2", "pukul -3"]


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(people, articles, newsroom):
    client = newsroom(people.redaktur)
    assert any(piles(client.get("/")))
    people.redaktur.assignments.all().delete()
    assert piles(client.get("/")) == []


def test_the_desk_is_for_those_who_logged_in(people, articles, newsroom):
    client = newsroom(people.redaktur)
    assert client.get("/").status_code == 200
    client.logout()
    response = client.get("/")
    assert response.status_code == 302
    assert "/login/" in response["Location"]
