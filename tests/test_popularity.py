"""Reads are counted once a reader, story and hour; by whom is forgotten; and who leads follows."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from news import workflow
from news.demo import builders
from news.models import Status
from news.popularity import charts, counter
from news.popularity.models import HourlyReads, Leader, Salt, Seen
from tests.conftest import HostClient

PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def empty_queue():
    counter._waiting.clear()
    counter._salt.cache_clear()
    yield
    counter._waiting.clear()
    counter._salt.cache_clear()


def beacon(story, address="203.0.113.1", browser=PHONE, **headers):
    client = HostClient(story.region.host, REMOTE_ADDR=address, HTTP_USER_AGENT=browser)
    response = client.post(f"/dibaca/{story.pk}/", headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert not response.cookies
    return response


def flush():
    while counter.flush():
        pass


def counted(story):
    return sum(row.reads for row in HourlyReads.objects.filter(article=story))


def test_readers_count_once_an_hour(tree):
    story, other = builders.make_live(tree.payakumbuh), builders.make_live(tree.payakumbuh)
    for number in range(10_000):
        counter._waiting.append(counter.Read(story.pk, f"203.0.113.{number % 50}", PHONE, timezone.now()))
    beacon(other)
    beacon(other, browser=PHONE.replace("130", "131"))
    flush()
    assert (counted(story), counted(other)) == (50, 2)
    beacon(other)
    flush()
    assert counted(other) == 2
    Seen.objects.all().delete()  # as an hour later
    beacon(other)
    flush()
    assert counted(other) == 3


@pytest.mark.parametrize(
    ("browser", "headers"),
    [
        ("", {}),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", {}),
        ("WhatsApp/2.23.20.0", {}),
        ("curl/8.5.0", {}),
        (PHONE + " HeadlessChrome/130", {}),
        (PHONE, {"Sec-Purpose": "prefetch;prerender"}),
        (PHONE, {"Purpose": "prefetch"}),
        (PHONE, {"Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_robots_prefetches_and_strangers_do_not_count(tree, browser, headers):
    story = builders.make_live(tree.payakumbuh)
    beacon(story, browser=browser, **headers)
    assert not counter._waiting


def test_hidden_and_unknown_stories_do_not_count(tree):
    hidden = builders.make_article(tree.payakumbuh)
    workflow.bring_in(hidden, status=Status.APPROVED, published_at=timezone.now() + timedelta(hours=1))
    beacon(hidden)
    hidden.pk = 987654321
    beacon(hidden)
    flush()
    assert not HourlyReads.objects.exists()


def test_nothing_stored_says_who(tree):
    story = builders.make_live(tree.payakumbuh)
    beacon(story)
    flush()
    stored = str([*Seen.objects.values(), *HourlyReads.objects.values(), *Salt.objects.values()])
    assert "203.0.113" not in stored
    assert "Android" not in stored
    counter.forget(timezone.now() + timedelta(days=2))
    assert not Seen.objects.exists()
    assert not Salt.objects.exists()


def test_what_could_not_be_written_waits(tree, monkeypatch):
    story = builders.make_live(tree.payakumbuh)

    def down(*args):
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(counter, "_write", down)
        beacon(story)
        with pytest.raises(DatabaseError):
            counter.flush()
    flush()
    assert counted(story) == 1


def test_more_than_the_queue_holds_is_lost_and_nobody_waits():
    assert counter._waiting.maxlen == counter.MOST_WAITING


def test_leaders_of_each_region_and_span(tree):
    now = timezone.now()
    stories = [builders.make_live(tree.payakumbuh) for _number in range(3)]
    away = builders.make_live(tree.ambon)
    for story, reads, age in ((stories[0], 5, 1), (stories[1], 9, 2), (stories[2], 90, 48), (away, 7, 3)):
        HourlyReads.objects.create(article=story, hour=now - timedelta(hours=age), reads=reads)
    assert charts.most_read(tree.payakumbuh) == []
    assert charts.work_out_if_due()
    assert not charts.work_out_if_due()
    assert charts.most_read(tree.payakumbuh) == [stories[1].pk, stories[0].pk]
    assert charts.most_read(tree.network, limit=2) == [stories[1].pk, away.pk]
    assert charts.most_read(tree.payakumbuh, charts.WEEK)[0] == stories[2].pk
    page = HostClient(tree.payakumbuh.host).get("/terpopuler/?hari=7").content.decode()
    assert page.index(stories[2].slug) < page.index(stories[1].slug)


def test_a_withdrawn_leader_leads_no_more(tree, people):
    story = builders.make_live(tree.payakumbuh)
    HourlyReads.objects.create(article=story, hour=timezone.now(), reads=5)
    charts.work_out(timezone.now())
    assert Leader.objects.count() == 6  # city, province, network; a day, a week
    workflow.withdraw(story, actor=people.admin, reason="Keliru.")
    assert charts.most_read(tree.network) == []


def test_only_live_stories_carry_the_counter(tree, newsroom, people):
    story = builders.make_live(tree.payakumbuh)
    assert b"data-story=" in HostClient(tree.payakumbuh.host).get(story.get_absolute_url()).content
    draft = builders.make_article(tree.payakumbuh)
    preview = newsroom(people.redaktur).get(f"/news/article/{draft.pk}/preview/")
    assert preview.status_code == 200
    assert b"data-story=" not in preview.content
