"""The schedule's page: what it shows of whose stories, and moving one."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.models import Article, ArticleVersion, Event, PlannedIdea, Status
from news.newsroom import region_labels
from news.publishing import rules, workflow
from regions.models import Assignment
from tests.newsroom import world

pytestmark = pytest.mark.databases

NOW = datetime.fromisoformat("2027-03-10T09:00:00+07:00")
"""A Wednesday. The database's clock is the real one, earlier than this, so what comes later is scheduled for both."""
PAGE = "/jadwal/"


def at(text: str, region) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=region.zone)


def scheduled(region, text: str, **overrides) -> Article:
    article = builders.make_article(region, **overrides)
    return workflow.import_as(article, status=Status.APPROVED, published_at=at(text, region))


def page(client, region, **asked):
    return client.get(PAGE, {"wilayah": region_labels.label_of(region), **asked})


def shown(response) -> dict[str, list[str]]:
    """Day → the lines of its stories and ideas: `09:00 Title`."""
    found: dict[str, list[str]] = {}
    for day in response.context["days"]:
        for item in day.items:
            if row := item.story or item.idea:
                clock = f"{item.at:%H:%M}" if item.at else "--"
                found.setdefault(str(day.date), []).append(f"{clock} {row.title}")
    return found


def gaps(response) -> list[str]:
    found = [item.gap for day in response.context["days"] for item in day.items if item.gap]
    return [f"{gap.start:%d %H:%M}-{gap.end:%H:%M}" for gap in found]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def move(client, article, date: str, time: str, *, region=None, **overrides):
    region = region or article.region
    data = {
        "wilayah": region_labels.label_of(region),
        "tampilan": "minggu",
        "hari": "2027-03-10",
        "date": date,
        "time": time,
    }
    return client.post(f"/jadwal/{article.pk}/pindah/", data | {"version": article.version} | overrides)


# --- What is shown ----------------------------------------------------------------------------------------------


def test_a_week_shows_scheduled_and_live_stories_by_the_regions_clock(tree, people, newsroom):
    scheduled(tree.payakumbuh, "2027-03-08T00:00", title="Senin tengah malam")
    scheduled(tree.payakumbuh, "2027-03-14T23:59", title="Ahad paling akhir")
    scheduled(tree.payakumbuh, "2027-03-15T00:00", title="Pekan depan")
    scheduled(tree.payakumbuh, "2027-03-07T23:59", title="Pekan lalu")
    builders.make_article(tree.payakumbuh, title="Hanya draf")
    response = page(newsroom(people.redaktur), tree.payakumbuh)
    assert shown(response) == {
        "2027-03-08": ["00:00 Senin tengah malam"],
        "2027-03-14": ["23:59 Ahad paling akhir"],
    }
    assert "23:59 WIB" in response.text
    assert response.context["what"].region == tree.payakumbuh


def test_states_are_told_apart_in_words(tree, people, newsroom):
    story = scheduled(tree.payakumbuh, "2027-03-11T08:00", embargo_until=at("2027-03-11T07:00", tree.payakumbuh))
    Article.objects.filter(pk=story.pk).update(expires_at=at("2027-03-20T00:00", tree.payakumbuh))
    builders.make_live(tree.payakumbuh, published_at=at("2024-11-23T20:25", tree.payakumbuh))
    text = page(newsroom(people.redaktur), tree.payakumbuh).text
    assert "terjadwal</span>" in text
    assert "11 Mar 2027 07:00 WIB" in text
    assert "20 Mar 2027 00:00 WIB" in text
    assert "tayang</span>" in page(newsroom(people.redaktur), tree.payakumbuh, hari="2024-11-23").text


def test_a_region_shows_its_own_stories_and_on_demand_those_below(tree, people, newsroom):
    editor = builders.make_user("provinsi", "editor", tree.sumbar)
    for region in (tree.sumbar, tree.payakumbuh, tree.limapuluhkota, tree.makassar):
        scheduled(region, "2027-03-11T08:00", title=f"Cerita {region}")
    shared = scheduled(tree.makassar, "2027-03-12T08:00", title="Cerita bagi", shares={tree.sumbar: None})
    assert shared.placements.filter(region=tree.sumbar).exists()
    client = newsroom(editor)
    assert shown(page(client, tree.sumbar)) == {"2027-03-11": ["08:00 Cerita Sumatera Barat"]}
    below = shown(page(client, tree.sumbar, di_bawah="1"))
    assert below == {
        "2027-03-11": ["08:00 Cerita Sumatera Barat", "08:00 Cerita Payakumbuh", "08:00 Cerita Limapuluh Kota"]
    }
    assert "di_bawah" not in page(newsroom(people.redaktur), tree.payakumbuh).text


def test_the_network_shows_its_own_clock_and_that_of_a_storys_region(tree, people, newsroom):
    scheduled(tree.ambon, "2027-03-11T01:30", title="Kabar Ambon")
    response = page(newsroom(people.admin), tree.network, di_bawah="1")
    assert shown(response) == {"2027-03-10": ["23:30 Kabar Ambon"]}
    assert "23:30 WIB" in response.text
    assert "Ambon · 01:30 WIT" in response.text


def test_only_regions_of_ones_own_can_be_chosen(tree, people, newsroom):
    client = newsroom(people.redaktur)
    for region in (tree.limapuluhkota, tree.sumbar, tree.network):
        assert page(client, region).status_code == 404
    assert client.get(PAGE, {"wilayah": "tidak-ada"}).status_code == 404
    assert [each["value"] for each in client.get(PAGE).context["choices"]] == ["payakumbuh"]
    assert newsroom(builders.make_user("siapa")).get(PAGE).status_code == 403


def test_what_cannot_be_read_is_this_week(tree, people, newsroom):
    client = newsroom(people.redaktur)
    for hari, tampilan in (("besok", "x"), ("9999-12-31", ""), ("2027-13-01", "minggu")):
        what = page(client, tree.payakumbuh, hari=hari, tampilan=tampilan).context["what"]
        assert (str(what.day), what.view) == ("2027-03-10", "minggu")
    for day in ("1945-01-01", "2100-12-31"):
        for view in ("hari", "minggu", "bulan"):
            assert page(client, tree.payakumbuh, hari=day, tampilan=view).status_code == 200


def titles(client, region, **asked) -> set[str]:
    return {line.split(" ", 1)[1] for lines in shown(page(client, region, **asked)).values() for line in lines}


@pytest.fixture
def stories(tree, people):
    """Scheduled stories of the reporter, a colleague and both neighbours."""
    author = builders.make_author("Rina Reporter", tree.payakumbuh, user=people.reporter)
    week = "2027-03-11T08:00"
    return [
        scheduled(tree.payakumbuh, week, title="Milik saya", created_by=people.reporter),
        scheduled(tree.payakumbuh, week, title="Nama saya", writers=[author]),
        scheduled(tree.payakumbuh, week, title="Milik rekan", created_by=people.kontributor),
        scheduled(tree.limapuluhkota, week, title="Milik tetangga", created_by=people.sister),
        scheduled(tree.sumbar, week, title="Milik provinsi"),
    ]


def test_writers_see_their_own_stories_and_no_gaps_editors_all(tree, people, newsroom, stories):
    own = {"Milik saya", "Nama saya"}
    for person, seen in (
        (people.reporter, own),
        (people.kontributor, {"Milik rekan"}),
        (people.redaktur, own | {"Milik rekan"}),
        (people.pemred, own | {"Milik rekan"}),
    ):
        client = newsroom(person)
        assert titles(client, tree.payakumbuh) == seen, person
        assert bool(gaps(page(client, tree.payakumbuh))) is (person in (people.redaktur, people.pemred)), person


def test_a_role_here_shows_nothing_where_one_only_writes(tree, people, newsroom, stories):
    two = world.of_two_regions(tree)
    assert titles(newsroom(two.editor_and_reporter), tree.limapuluhkota) == set()
    assert titles(newsroom(two.editor_and_reporter), tree.payakumbuh) == {"Milik saya", "Nama saya", "Milik rekan"}
    chief = newsroom(two.chief_and_contributor)
    assert titles(chief, tree.sumbar, di_bawah="1") == {"Milik saya", "Nama saya", "Milik rekan"}
    assert gaps(page(chief, tree.sumbar, di_bawah="1")) == []


def test_readable_by_agrees_with_may_read(tree, people, stories):
    two = world.of_two_regions(tree)
    for person in (*vars(people).values(), *vars(two).values()):
        seen = set(Article.objects.filter(rules.readable_by(person)).values_list("title", flat=True))
        assert seen == {story.title for story in stories if rules.may_read(story, person)}, person


def test_without_the_second_factor_an_editor_sees_as_a_writer(tree, people, newsroom, stories, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    response = page(newsroom(people.redaktur), tree.payakumbuh)
    assert shown(response) == {}
    assert gaps(response) == []
    assert "pindah" not in response.text


# --- Gaps, the present moment, crowded days ------------------------------------------------------------------------


def test_gaps_that_can_still_be_filled_are_named(tree, people, newsroom):
    for text in ("2027-03-10T12:00", "2027-03-10T16:00", "2027-03-11T07:00", "2027-03-11T12:00"):
        scheduled(tree.payakumbuh, text)
    response = page(newsroom(people.redaktur), tree.payakumbuh)
    assert gaps(response) == [
        "10 16:00-22:00",
        "11 07:00-12:00",
        "11 12:00-22:00",
        "12 06:00-22:00",
        "13 06:00-22:00",
        "14 06:00-22:00",
    ]
    assert "Celah 07:00–12:00 WIB: 5 jam" in response.text


def test_a_gap_stands_behind_the_story_with_which_it_begins(tree, people, newsroom):
    scheduled(tree.payakumbuh, "2027-03-11T12:00")
    day = page(newsroom(people.redaktur), tree.payakumbuh, hari="2027-03-11").context["days"][3]
    kinds = ["gap" if item.gap else "story" for item in day.items]
    assert kinds == ["gap", "story", "gap"]


def test_days_that_only_fill_a_months_weeks_name_no_gaps(tree, people, newsroom):
    found = gaps(page(newsroom(people.redaktur), tree.payakumbuh, tampilan="bulan"))
    assert found[-1] == "31 06:00-22:00"


def test_the_length_of_a_gap_is_a_setting(tree, people, newsroom, settings):
    scheduled(tree.payakumbuh, "2027-03-11T12:00")
    settings.SCHEDULE_GAP_HOURS = 9
    response = page(newsroom(people.redaktur), tree.payakumbuh, hari="2027-03-11", tampilan="hari")
    assert gaps(response) == ["11 12:00-22:00"]


def test_the_day_view_marks_the_present_moment_today(tree, people, newsroom):
    client = newsroom(people.redaktur)
    today = page(client, tree.payakumbuh, tampilan="hari").text
    assert "Sekarang: 09:00 WIB" in today
    assert 'data-hour="23"' in today
    assert "Sekarang:" not in page(client, tree.payakumbuh, tampilan="hari", hari="2027-03-11").text
    assert page(newsroom(people.admin), tree.ambon, tampilan="hari").text.count("Sekarang: 11:00 WIT") == 1


def test_of_a_crowded_day_some_are_shown_and_the_rest_is_counted(tree, people, newsroom):
    moment = at("2027-03-11T01:00", tree.payakumbuh)
    builders.make_many(tree.payakumbuh, 8, published_at=moment)
    scheduled(tree.payakumbuh, "2027-03-12T08:00")
    month = page(newsroom(people.redaktur), tree.payakumbuh, tampilan="bulan")
    counts = {str(day.date): (len([i for i in day.items if i.story]), day.more) for day in month.context["days"]}
    assert counts["2027-03-11"] == (5, 3)
    assert counts["2027-03-12"] == (1, 0)
    assert not [gap for gap in gaps(month) if gap.startswith("11 ")]
    week = page(newsroom(people.redaktur), tree.payakumbuh)
    assert len(shown(week)["2027-03-11"]) == 8


@pytest.mark.parametrize("view", ["hari", "minggu", "bulan"])
@pytest.mark.parametrize("name", ["redaktur", "reporter", "admin"])
def test_queries_are_at_most_eight_and_do_not_grow(tree, people, newsroom, settings, view, name):
    settings.REQUIRE_SECOND_FACTOR = False
    person = getattr(people, name)
    region = tree.network if name == "admin" else tree.payakumbuh
    client = newsroom(person)
    asked = {"tampilan": view, "di_bawah": "1", "hari": "2027-03-11"}
    page(client, region, **asked)  # notes the session's use

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert page(client, region, **asked).status_code == 200
        return len(queries)

    add(tree, people, 1)
    few = count()
    add(tree, people, 12)
    for number in range(20):
        builders.make_region(f"kota{number}", tree.sumbar)
    assert count() == few <= 8


def add(tree, people, number: int) -> None:
    section = builders.make_section()
    for index in range(number):
        story = scheduled(tree.payakumbuh, f"2027-03-11T{index:02d}:00", created_by=people.reporter)
        own = {"region": tree.payakumbuh, "section": section, "title": f"Gagasan {index}", "created_by": people.admin}
        PlannedIdea.objects.create(day=datetime(2027, 3, 11).date(), **own)
        draft = builders.make_article(tree.payakumbuh, created_by=people.reporter)
        PlannedIdea.objects.create(planned_at=story.published_at, became=draft, **own)


# --- Moving -----------------------------------------------------------------------------------------------------------


def test_an_editor_moves_a_scheduled_story(tree, people, newsroom):
    story = scheduled(tree.payakumbuh, "2027-03-11T08:15")
    client = newsroom(people.redaktur)
    response = move(client, story, "2027-03-31", "23:59")
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"hari=2027-03-31#story-{story.pk}")
    moved = Article.objects.get(pk=story.pk)
    assert moved.published_at == at("2027-03-31T23:59", tree.payakumbuh)
    assert moved.version == story.version + 1
    assert set(moved.placements.values_list("published_at", flat=True)) == {moved.published_at}
    event = Event.objects.filter(article=story).latest("pk")
    assert (event.verb, event.actor, event.note) == (Event.Verb.SCHEDULED, people.redaktur, "31 Mar 2027 23:59 WIB")
    assert "31 Mar 2027 23:59 WIB" in unescape(client.get(response.headers["Location"]).text)


def refusal(response) -> str:
    assert response.status_code == 409
    return unescape(re.sub(r"<[^>]+>", "", response.context["refusal"].reason))


def test_a_refused_move_is_said_beside_the_story_and_changes_nothing(tree, people, newsroom):
    here = tree.payakumbuh
    story = scheduled(here, "2027-03-11T08:15", embargo_until=at("2027-03-11T06:00", here))
    Article.objects.filter(pk=story.pk).update(expires_at=at("2027-03-20T00:00", here))
    before = Article.objects.filter(pk=story.pk).values().get()
    client = newsroom(people.redaktur)
    for date, time, said in (
        ("2027-03-11", "05:59", "embargo"),
        ("2027-03-20", "00:00", "turun tayang"),
        ("2027-02-30", "10:00", "Pilih hari dan jam"),
        ("2027-03-12", "24:00", "Pilih hari dan jam"),
        ("2027-03-12", "", "Pilih hari dan jam"),
        ("", "10:00", "Pilih hari dan jam"),
    ):
        response = move(client, story, date, time)
        assert said in refusal(response), (date, time)
        assert response.context["refusal"].is_shown
        form = response.text.split(f'id="story-{story.pk}"')[1].split("</details>")[0]
        assert "open" in form.split('class="schedule-move"')[1][:10]
        assert response.context["refusal"].reason in unescape(form)
        assert f'value="{date}"' in form
        assert f'value="{time}"' in form
        assert Article.objects.filter(pk=story.pk).values().get() == before


def test_a_past_time_and_a_story_that_is_live_are_refused(tree, people, newsroom):
    story = scheduled(tree.payakumbuh, "2027-03-11T08:15")
    client = newsroom(people.redaktur)
    assert "sudah lewat" in refusal(move(client, story, "2024-01-01", "10:00"))
    live = builders.make_live(tree.payakumbuh, published_at=at("2024-11-23T20:25", tree.payakumbuh))
    draft = builders.make_article(tree.payakumbuh)
    for article in (live, draft):
        moment = article.published_at
        assert "Hanya berita terjadwal" in refusal(move(client, article, "2027-03-12", "10:00"))
        assert Article.objects.get(pk=article.pk).published_at == moment


def test_somebody_elses_version_is_never_overwritten(tree, people, newsroom):
    story = scheduled(tree.payakumbuh, "2027-03-11T08:15")
    client = newsroom(people.redaktur)
    workflow.schedule(story, actor=people.pemred, at=at("2027-03-12T09:00", tree.payakumbuh))
    stale = move(client, story, "2027-03-13", "10:00")
    assert "Orang lain sudah menyimpan" in refusal(stale)
    assert shown(stale) == {"2027-03-12": [f"09:00 {story.title}"]}
    for version in ("", "x", "0"):
        assert move(client, story, "2027-03-13", "10:00", version=version).status_code == 409
    assert Article.objects.get(pk=story.pk).published_at == at("2027-03-12T09:00", tree.payakumbuh)


def test_who_does_not_publish_there_moves_nothing(tree, people, newsroom):
    story = scheduled(tree.payakumbuh, "2027-03-11T08:15", created_by=people.reporter)
    client = newsroom(people.reporter)
    assert "pindah" not in page(client, tree.payakumbuh).text
    assert "Hanya redaktur" in refusal(move(client, story, "2027-03-12", "10:00"))
    assert move(newsroom(people.kontributor), story, "2027-03-12", "10:00").status_code == 404
    two = world.of_two_regions(tree)
    assert move(newsroom(people.sister), story, "2027-03-12", "10:00", region=tree.limapuluhkota).status_code == 404
    assert move(newsroom(people.sister), story, "2027-03-12", "10:00").status_code == 404
    there = scheduled(tree.limapuluhkota, "2027-03-11T08:15", created_by=two.editor_and_reporter)
    both = newsroom(two.editor_and_reporter)
    assert "pindah" not in page(both, tree.limapuluhkota).text
    assert move(both, there, "2027-03-12", "10:00").status_code == 409
    assert set(Article.objects.values_list("published_at", flat=True)) == {at("2027-03-11T08:15", tree.payakumbuh)}


def test_a_move_that_moves_nothing_stores_nothing(tree, people, newsroom):
    moment = at("2027-03-11T08:15", tree.payakumbuh) + timedelta(seconds=7, microseconds=123456)
    story = workflow.import_as(builders.make_article(tree.payakumbuh), status=Status.APPROVED, published_at=moment)
    assert move(newsroom(people.redaktur), story, "2027-03-11", "08:15:07").status_code == 302
    assert Article.objects.get(pk=story.pk).version == story.version
    assert Article.objects.get(pk=story.pk).published_at == moment


def test_a_form_pressed_twice_moves_once(tree, people, newsroom):
    story = scheduled(tree.payakumbuh, "2027-03-11T08:15")
    client = newsroom(people.redaktur)
    answers = [move(client, story, "2027-03-12", "10:00", _form_key="satu") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert ArticleVersion.objects.filter(article=story).count() == 2  # the one that was replaced, and the new one
    assert Article.objects.get(pk=story.pk).version == story.version + 1


def test_a_role_that_was_taken_away_moves_nothing(tree, people, newsroom):
    story = scheduled(tree.payakumbuh, "2027-03-11T08:15")
    client = newsroom(people.redaktur)
    assert page(client, tree.payakumbuh).status_code == 200
    Assignment.objects.filter(user=people.redaktur).delete()
    assert move(client, story, "2027-03-12", "10:00").status_code == 403
    assert Article.objects.get(pk=story.pk).version == story.version
    assert timezone.now() == NOW
