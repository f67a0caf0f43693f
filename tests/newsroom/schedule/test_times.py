"""One moment everywhere: typed, stored, in the form, the schedule, the list, a phone's calendar, the reader's page."""

import random
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone
from icalendar import Calendar

from news.demo import builders
from news.models import Article
from news.newsroom.article_form import LOCAL_TIMES
from news.newsroom.schedule.entries import Item
from news.newsroom.schedule.page import local_time
from news.publishing import workflow
from news.staff import calendar_addresses
from regions.models import Region
from tests.conftest import HostClient
from tests.newsroom.forms import article_form
from tests.thorough import THOROUGH

from .test_feed import fetch
from .test_schedule import move, page, shown

TYPED = (
    "2096-03-01T00:00",
    "2096-02-29T23:59",
    "2096-12-31T23:59",
    "2097-01-01T00:00",
    "2096-03-25T01:30",  # no such time in London
    "2096-03-11T02:30",  # none in New York
    "2096-10-28T01:30",  # twice in London
    "2096-11-04T01:30",  # twice in New York
)
OFFSETS = {"payakumbuh": 7, "makassar": 8, "ambon": 9}
ZONES = {"payakumbuh": "WIB", "makassar": "WITA", "ambon": "WIT"}


@pytest.mark.parametrize("place", OFFSETS)
def test_a_typed_time_is_one_moment_everywhere(tree, people, newsroom, monkeypatch, place):
    monkeypatch.setattr("news.newsroom.schedule.feed.SPAN", timedelta(days=365 * 120))
    region = getattr(tree, place)
    client, token = newsroom(people.admin), calendar_addresses.renew(people.admin)
    article = builders.make_article(region, title="Kabar tepat waktu")
    for typed in TYPED if THOROUGH else TYPED[list(OFFSETS).index(place) :: len(OFFSETS)]:
        stored = datetime.fromisoformat(typed).replace(tzinfo=UTC) - timedelta(hours=OFFSETS[place])
        article.refresh_from_db()
        form = article_form(article, act="schedule", published_at=typed)
        assert client.post(f"/news/article/{article.pk}/change/", form).status_code == 302
        agree(client, token, article.pk, typed, stored, place)
        day, clock = typed.split("T")
        elsewhere = stored + timedelta(days=40)
        other = workflow.schedule(Article.objects.get(pk=article.pk), actor=people.admin, at=elsewhere)
        assert move(client, other, day, clock, region=region).status_code == 302
        agree(client, token, article.pk, typed, stored, place)


def agree(client, token, key, typed, stored, place) -> None:
    day, clock = typed.split("T")
    article = Article.objects.get(pk=key)
    assert article.published_at == stored, typed
    assert f'value="{typed}"' in client.get(f"/news/article/{key}/change/").text, typed
    for view in ("hari", "minggu", "bulan"):
        response = page(client, article.region, hari=day, tampilan=view)
        assert shown(response) == {day: [f"{clock} Kabar tepat waktu"]}, (typed, view)
        assert f"{clock} {ZONES[place]}</time>" in response.text
        assert f'value="{day}"' in response.text
        assert f'value="{clock}"' in response.text
    listed = article.region.clock(stored)
    assert f"{clock} {ZONES[place]}" in listed
    assert listed in client.get("/news/article/").text
    [event] = Calendar.from_ical(fetch(token).content).walk("VEVENT")
    assert event["dtstart"].dt == stored
    assert f"{event['dtstart'].dt:%Y-%m-%dT%H:%M}" == typed
    preview = unescape(client.get(f"/news/article/{key}/preview/").text)
    assert f'datetime="{typed}:00+0{OFFSETS[place]}:00"' in preview, typed


@pytest.mark.parametrize("place", OFFSETS)
def test_the_readers_page_says_the_same(tree, place):
    region = getattr(tree, place)
    for typed in ("2024-11-30T23:59", "2024-12-01T00:00", "2024-02-29T00:00"):
        moment = datetime.fromisoformat(typed).replace(tzinfo=region.zone)
        live = builders.make_live(region, published_at=moment)
        text = HostClient(region.host).get(live.get_absolute_url()).text
        assert f'datetime="{typed}:00+0{OFFSETS[place]}:00"' in text


def moments(count: int):
    """Random moments of a century, some at midnight or at a month's end."""
    chance = random.Random(62)
    for number in range(count):
        region = Region(timezone=chance.choice(Region.Zone.values))
        moment = datetime(1950, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(150 * 365 * 86_400))
        if number % 3 == 0:
            moment = region.local(moment).replace(hour=0, minute=0, second=0)
        if number % 5 == 0:
            moment = region.local(moment).replace(day=1) - timedelta(minutes=1)
        yield region, moment


def test_a_thousand_saves_move_nothing():
    """What the forms show of a moment is read as that moment, a thousand times over, in every zone."""
    [options] = LOCAL_TIMES.values()
    field, widget = options["form_class"](), options["widget"]()
    for region, moment in moments(1_000):
        with timezone.override(region.zone):
            typed = widget.format_value(timezone.localtime(moment))
            assert field.clean(typed) == moment, typed
        item = Item(region.local(moment))
        assert local_time(item.typed_day, item.typed_time, region) == moment, item


def test_saving_again_and_again_moves_nothing(tree, people, newsroom):
    client = newsroom(people.admin)
    moment = datetime.fromisoformat("2096-12-31T23:59:58").replace(tzinfo=tree.ambon.zone)
    article = workflow.schedule(builders.make_article(tree.ambon), actor=people.admin, at=moment)
    for number in range(20):
        article.refresh_from_db()
        data = article_form(article, kicker=f"Simpan {number}")
        assert client.post(f"/news/article/{article.pk}/change/", data).status_code == 302
        article.refresh_from_db()
        assert move(client, article, "2096-12-31", "23:59:58", region=tree.ambon).status_code == 302
        assert Article.objects.get(pk=article.pk).published_at == moment
    assert Article.objects.get(pk=article.pk).version == 22  # scheduling, and the twenty changes of the kicker
