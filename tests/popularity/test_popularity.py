"""Reads are counted once a reader, article and hour; who read is forgotten; rankings follow from the counts."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from news.demo import builders
from news.models import Article, Status
from news.popularity import counter, rankings
from news.popularity.models import CountedDigest, HourlyReads, RankedArticle, Salt
from news.popularity.robots import MAX_NAME_LENGTH, is_robot
from news.publishing import placements, workflow
from news.readers.most_read import most_read
from tests.conftest import HostClient

pytestmark = pytest.mark.databases

PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def empty_queue():
    counter._waiting.clear()
    counter._salt.cache_clear()
    yield
    counter._waiting.clear()
    counter._salt.cache_clear()


def beacon(article, address="203.0.113.1", browser=PHONE, **headers):
    client = HostClient(article.region.host, REMOTE_ADDR=address, HTTP_USER_AGENT=browser)
    response = client.post(f"/dibaca/{article.pk}/", headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert not response.cookies
    return response


def flush():
    while counter.write_batch():
        pass


def counted(article):
    return sum(row.reads for row in HourlyReads.objects.filter(article=article))


def test_readers_count_once_an_hour(tree):
    article, other = builders.make_live(tree.payakumbuh), builders.make_live(tree.payakumbuh)
    for number in range(10_000):
        counter._waiting.append(counter.Read(article.pk, f"203.0.113.{number % 50}", PHONE, timezone.now()))
    beacon(other)
    beacon(other, browser=PHONE.replace("130", "131"))
    flush()
    assert (counted(article), counted(other)) == (50, 2)
    beacon(other)
    flush()
    assert counted(other) == 2
    CountedDigest.objects.all().delete()  # as an hour later
    beacon(other)
    flush()
    assert counted(other) == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_prefetches_and_strangers_do_not_count(tree, headers):
    article = builders.make_live(tree.payakumbuh)
    beacon(article, **headers)
    assert not counter._waiting


def test_a_robot_does_not_count(tree):
    article = builders.make_live(tree.payakumbuh)
    beacon(article, browser="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    assert not counter._waiting


IN_APP = "Mozilla/5.0 (Linux; Android 13; SM-A127F; wv) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    "browser",
    [
        PHONE,
        PHONE.replace("Android 10; K", "Android 11; CUBOT NOTE 20"),
        PHONE.replace("Android 10; K", "Android 9; CUBOT_X18 Build/O11019"),
        PHONE.replace("Android 10; K", "Android 9; B BOT 550 Build/PPR1"),
        f"{IN_APP} Telegram-Android/10.3.2 (Samsung SM-A127F; Android 13; SDK 33; AVERAGE)",
        f"{IN_APP} Instagram 309.0.0.40 Android",
        f"{IN_APP} [FB_IAB/FB4A;FBAV/441.0.0.0;]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;]",
    ],
)
def test_phones_and_browsers_within_apps_are_readers(browser):
    assert not is_robot(browser)


@pytest.mark.parametrize(
    "browser",
    [
        "",
        "   ",
        "GoogleOther",
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) Chrome/120.0.0.0 Mobile Safari/537.36 (compatible; GoogleOther)",
        "Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)",
        "Mozilla/5.0 (compatible; AhrefsSiteAudit/6.1; +http://ahrefs.com/robot/site-audit)",
        "ia_archiver",
        "Mediapartners-Google",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "TelegramBot (like TwitterBot)",
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1",
        "curl/8.5.0",
        "Java/17.0.1",
        "feedparser/6.0.10",
        "SomeCrawler/2",
        "Mozilla/5.0 (compatible; newbot/1.0; +http://example.com)",
        PHONE + " HeadlessChrome/130",
    ],
)
def test_robots_are_known_by_their_names(browser):
    assert is_robot(browser)


def test_only_the_beginning_of_a_name_is_looked_at():
    assert not is_robot(PHONE + " " * (MAX_NAME_LENGTH - len(PHONE)) + "Googlebot/2.1")
    assert is_robot("Googlebot/2.1 " + "x" * 100_000)


# --- Forged reads -----------------------------------------------------------------------------------------------


def test_an_address_counts_for_a_few_readers_an_hour_and_article(tree):
    article, other = builders.make_live(tree.payakumbuh), builders.make_live(tree.payakumbuh)
    for number in range(60):
        beacon(article, browser=PHONE.replace("130", str(number)))
        if number % 7 == 0:
            flush()  # by several batches, as by several processes
    beacon(other)
    beacon(article, address="203.0.113.2")
    flush()
    assert counted(article) == counter.READERS_OF_AN_ADDRESS + 1
    assert counted(other) == 1


def test_one_owner_of_many_ipv6_addresses_is_one_address(tree):
    article = builders.make_live(tree.payakumbuh)
    for number in range(60):
        beacon(article, address=f"2001:db8:1:{number:x}::{number:x}")
    beacon(article, address="2001:db8:2:1::1")
    flush()
    assert counted(article) == counter.READERS_OF_AN_ADDRESS + 1
    assert HourlyReads.objects.get(article=article).addresses == 2


def test_an_address_is_new_to_an_article_once_a_day(tree):
    article = builders.make_live(tree.payakumbuh)
    morning = timezone.now().replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=1)
    Article.objects.filter(pk=article.pk).update(published_at=morning - timedelta(days=9))
    for hours in (0, 1, 5, 22):
        counter._waiting.append(counter.Read(article.pk, "203.0.113.1", PHONE, morning + timedelta(hours=hours)))
        flush()
        counter.forget(morning + timedelta(hours=hours))
    assert counted(article) == 4
    assert sum(row.addresses for row in HourlyReads.objects.filter(article=article)) == 1
    counter._waiting.append(counter.Read(article.pk, "203.0.113.1", PHONE, morning + timedelta(hours=24)))
    flush()
    assert sum(row.addresses for row in HourlyReads.objects.filter(article=article)) == 2


def test_a_sudden_jump_from_few_addresses_does_not_lead_the_rankings(tree):
    read, forged = builders.make_live(tree.payakumbuh), builders.make_live(tree.payakumbuh)
    for address in range(6):
        beacon(read, address=f"198.51.100.{address}")
    for address in range(5):
        for browser in range(60):
            beacon(forged, address=f"203.0.113.{address}", browser=PHONE.replace("130", str(browser)))
    flush()
    assert counted(forged) > 3 * counted(read)
    rankings.update(timezone.now() + timedelta(minutes=1))
    assert most_read(tree.payakumbuh) == [read.pk, forged.pk]
    assert most_read(tree.network, rankings.WEEK) == [read.pk, forged.pk]


def test_hidden_and_unknown_articles_do_not_count(tree):
    hidden = builders.make_article(tree.payakumbuh)
    workflow.import_as(hidden, status=Status.APPROVED, published_at=timezone.now() + timedelta(hours=1))
    beacon(hidden)
    hidden.pk = 987654321
    beacon(hidden)
    flush()
    assert not HourlyReads.objects.exists()


def test_nothing_stored_says_who(tree):
    article = builders.make_live(tree.payakumbuh)
    beacon(article)
    flush()
    stored = str([*CountedDigest.objects.values(), *HourlyReads.objects.values(), *Salt.objects.values()])
    assert "203.0.113" not in stored
    assert "Android" not in stored
    counter.forget(timezone.now() + timedelta(days=2))
    assert not CountedDigest.objects.exists()
    assert not Salt.objects.exists()


def test_a_forgotten_salt_is_not_in_memory_either(tree):
    """Otherwise a process that has run since yesterday could still tell who read what."""
    day = timezone.now().date()
    before = counter._salt(day)
    counter.forget(timezone.now() + timedelta(days=2))
    assert counter._salt(day) != before


def test_what_could_not_be_written_waits(tree, monkeypatch):
    article = builders.make_live(tree.payakumbuh)

    def down(*args):
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(counter, "_write", down)
        beacon(article)
        with pytest.raises(DatabaseError):
            counter.write_batch()
    flush()
    assert counted(article) == 1


def test_more_than_the_queue_holds_is_lost_and_nobody_waits():
    assert counter._waiting.maxlen == counter.MAX_WAITING


def test_rankings_of_each_region_and_period(tree):
    now = timezone.now()
    articles = [builders.make_live(tree.payakumbuh) for _number in range(3)]
    away = builders.make_live(tree.ambon)
    for article, reads, age in ((articles[0], 5, 1), (articles[1], 9, 2), (articles[2], 90, 48), (away, 7, 3)):
        HourlyReads.objects.create(article=article, hour=now - timedelta(hours=age), reads=reads, addresses=reads)
    assert most_read(tree.payakumbuh) == []
    assert rankings.update_if_due()
    assert not rankings.update_if_due()
    assert most_read(tree.payakumbuh) == [articles[1].pk, articles[0].pk]
    assert most_read(tree.network, limit=2) == [articles[1].pk, away.pk]
    assert most_read(tree.payakumbuh, rankings.WEEK)[0] == articles[2].pk
    page = HostClient(tree.payakumbuh.host).get("/terpopuler/?hari=7").content.decode()
    assert page.index(articles[2].slug) < page.index(articles[1].slug)


def test_a_region_ranks_only_what_it_lists_now(tree):
    """The rankings are minutes old: meanwhile a share may have ended, or have been put off."""
    article = builders.make_live(tree.payakumbuh, shares={tree.ambon: None})
    HourlyReads.objects.create(article=article, hour=timezone.now(), reads=5, addresses=5)
    rankings.update(timezone.now())
    assert most_read(tree.ambon) == most_read(tree.payakumbuh) == [article.pk]
    for later in (timezone.now() + timedelta(hours=1), None):
        article.shares.update(published_at=later) if later else article.shares.all().delete()
        placements.rebuild(article.pk)
        assert most_read(tree.ambon) == []
        assert most_read(tree.payakumbuh) == [article.pk]


def test_a_withdrawn_article_leaves_the_rankings(tree, people):
    article = builders.make_live(tree.payakumbuh)
    HourlyReads.objects.create(article=article, hour=timezone.now(), reads=5)
    rankings.update(timezone.now())
    assert RankedArticle.objects.count() == 6  # city, province, network; a day, a week
    workflow.withdraw(article, actor=people.admin, reason="Keliru.")
    assert most_read(tree.network) == []


def test_only_live_articles_carry_the_counter(tree, newsroom, people):
    article = builders.make_live(tree.payakumbuh)
    assert b"data-story=" in HostClient(tree.payakumbuh.host).get(article.get_absolute_url()).content
    draft = builders.make_article(tree.payakumbuh)
    preview = newsroom(people.redaktur).get(f"/news/article/{draft.pk}/preview/")
    assert preview.status_code == 200
    assert b"data-story=" not in preview.content
