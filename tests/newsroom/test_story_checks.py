"""The panel of checks beside the story form, the address that it asks, the embargo's field, and house rules."""

import json
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.models import Article, ArticleVersion, Event, HouseRule, WorkingCopy
from news.publishing import workflow
from regions.models import Generation
from tests.newsroom.forms import article_form

CHECKS = "/news/article/checks/"
ACCUSED = "<p>Warga menuding pabrik membuang limbah.</p>"
HOUR = timedelta(hours=1)


@pytest.fixture
def story(tree, people):
    return builders.make_article(tree.payakumbuh, created_by=people.reporter, body=ACCUSED)


def change(article) -> str:
    return f"/news/article/{article.pk}/change/"


def ask(client, article=None, **typed):
    """What a form is told that holds `typed` (name → value)."""
    content = {name: [value] if isinstance(value, str) else value for name, value in typed.items()}
    sent = {"key": str(uuid.uuid4()), "number": 1, "article": article.pk if article else None, "content": content}
    return client.post(CHECKS, json.dumps(sent), "application/json")


def local(region, moment) -> str:
    return region.local(moment).strftime("%Y-%m-%dT%H:%M:%S")


# --- The address --------------------------------------------------------------------------------------------------


def test_what_is_typed_is_checked_and_not_what_is_stored(people, newsroom, story):
    client = newsroom(people.reporter)
    assert ask(client, story, body="<p>Warga panen padi.</p>").json()["count"] == 0
    answer = ask(client, story, body=ACCUSED + "<p>Hujan turun di Lima puluh Kota.</p>").json()
    assert answer["count"] == 1
    assert 'data-words="menuding"' in answer["html"]
    assert 'data-field="body"' in answer["html"]
    assert ask(client, None, body=ACCUSED).json()["count"] == 1
    assert ask(client, story).json()["count"] == 1  # what the form does not have is as it is stored


def test_nothing_is_written(tree, people, newsroom, story):
    client = newsroom(people.redaktur)
    client.get(change(story))

    def state():
        models = (ArticleVersion, Event, Generation, WorkingCopy)
        return [list(model.objects.order_by("pk").values()) for model in models], Article.objects.values().get()

    before = state()
    assert ask(client, story, title="Judul yang baru sekali", body=ACCUSED, tags="Tag Baru").status_code == 200
    assert state() == before
    with CaptureQueriesContext(connection) as queries:
        client.get(change(story))
        ask(client, story, body=ACCUSED)
    about = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in about if '"news_' in sql], about


def test_nobody_asks_about_a_story_that_they_may_not_see(people, newsroom, story):
    for outsider in (people.sister, people.kontributor):
        assert ask(newsroom(outsider), story).status_code == 404
    assert ask(newsroom(builders.make_user("nobody"))).status_code == 403
    assert newsroom(people.reporter).get(CHECKS).status_code == 405
    assert newsroom(people.reporter).post(CHECKS, "[]", "application/json").status_code == 400
    host = f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}"
    assert Client(HTTP_HOST=host).post(CHECKS, "{}", "application/json").status_code == 302


def test_a_region_that_is_not_the_persons_is_not_asked_about(tree, people, newsroom):
    HouseRule.objects.create(region=tree.limapuluhkota, pattern="jembatan", advice="Kata rahasia")
    answer = ask(newsroom(people.reporter), region=str(tree.limapuluhkota.pk), body="<p>Jembatan.</p>")
    assert "rahasia" not in answer.text
    assert "rahasia" in ask(newsroom(people.sister), body="<p>Jembatan.</p>").text


def test_what_no_database_reads_is_no_error(people, newsroom, story):
    odd = "<p>Ju\0dul \ud800 <a href='/tag/\0\ud800/'>x</a></p>"
    assert ask(newsroom(people.reporter), story, body=odd, published_at="besok", lead_photo="9" * 30).status_code == 200


def test_what_is_found_is_written_as_text(people, newsroom, story):
    HouseRule.objects.create(region=story.region, pattern="<b>", advice="<script>alert(1)</script>")
    html = ask(newsroom(people.reporter), story, title="Judul <b> tebal").json()["html"]
    assert "<script" not in html
    assert "<b>" not in html


def test_asking_takes_few_queries(people, story):
    client = Client(HTTP_HOST=f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}")
    client.force_login(people.redaktur)
    typed = {"title": "Jembatan Ratapan Ibu Ditutup Dua Pekan", "body": ACCUSED}
    ask(client, story, **typed)
    with CaptureQueriesContext(connection) as queries:
        ask(client, story, **typed)
    assert len(queries) <= 16, len(queries)


# --- The panel ----------------------------------------------------------------------------------------------------


def test_the_panel_is_filled_when_the_form_is_opened(people, newsroom, story):
    page = newsroom(people.reporter).get(change(story)).text
    assert 'data-words="menuding"' in page
    assert f'data-checks="{CHECKS}"' in page
    assert "Temuan: 1" in page
    new = newsroom(people.reporter).get("/news/article/add/").text
    assert "Tidak ada temuan" in new


def test_editors_see_it_on_a_story_in_review_and_its_writer_too(people, newsroom, story):
    workflow.submit(story, actor=people.reporter)
    assert 'data-words="menuding"' in newsroom(people.redaktur).get(change(story)).text
    reading = newsroom(people.reporter).get(change(story)).text
    assert 'data-words="menuding"' in reading
    assert "data-checks=" not in reading


def test_a_form_that_comes_back_shows_what_was_typed(people, newsroom, story):
    data = article_form(story, title="x", body="<p>Panitia difitnah lewat pesan.</p>")
    page = newsroom(people.redaktur).post(change(story), data).text
    assert 'data-words="difitnah"' in page
    assert 'data-words="menuding"' not in page


def test_saving_is_never_stopped(people, newsroom, story):
    data = article_form(story, title="Tersangka bernama Budi Santoso dituduh")
    assert newsroom(people.reporter).post(change(story), data).status_code == 302
    story.refresh_from_db()
    assert story.title == "Tersangka bernama Budi Santoso dituduh"


def test_near_doubles_lead_to_the_form_of_who_may_share_and_else_to_the_page(tree, people, newsroom):
    title, first = "Jembatan Ratapan Ibu Ditutup Dua Pekan", "<p>Dinas menutup jembatan itu mulai Senin pagi nanti.</p>"
    twin = builders.make_live(tree.makassar, title=title, body=first)
    answer = ask(newsroom(people.redaktur), title=title, body=first).json()["html"]
    assert twin.canonical_url in answer
    assert change(twin) not in answer
    region = str(tree.payakumbuh.pk)
    assert change(twin) in ask(newsroom(people.admin), title=title, body=first, region=region).json()["html"]


# --- The embargo --------------------------------------------------------------------------------------------------


def test_publishers_set_an_embargo_and_writers_are_not_asked(people, newsroom, story):
    end = (timezone.now() + 5 * HOUR).replace(microsecond=0)
    typed = article_form(story, embargo_until=local(story.region, end))
    page = newsroom(people.redaktur).post(change(story), typed)
    assert page.status_code == 302
    story.refresh_from_db()
    assert story.embargo_until == end
    assert 'name="embargo_until"' in newsroom(people.redaktur).get(change(story)).text
    writers = newsroom(people.reporter)
    assert 'name="embargo_until"' not in writers.get(change(story)).text
    forged = article_form(story, title="Judul yang baru", embargo_until="")
    writers.post(change(story), forged)
    story.refresh_from_db()
    assert (story.title, story.embargo_until) == ("Judul yang baru", end)


def test_buttons_that_come_too_early_store_the_text_and_say_so(people, newsroom, story):
    end = (timezone.now() + 5 * HOUR).replace(microsecond=0)
    Article.objects.filter(pk=story.pk).update(embargo_until=end)
    client = newsroom(people.redaktur)
    early = {"publish": {}, "schedule": {"published_at": local(story.region, end - HOUR)}}
    for act, typed in early.items():
        story.refresh_from_db()
        page = client.post(change(story), article_form(story, act=act, title=f"Judul {act}", **typed), follow=True)
        assert "diembargo sampai" in page.text
        story.refresh_from_db()
        assert (story.title, story.status) == (f"Judul {act}", "draft")
    in_time = article_form(story, act="schedule", published_at=local(story.region, end))
    client.post(change(story), in_time)
    story.refresh_from_db()
    assert (story.status, story.published_at) == ("approved", end)


def test_the_form_of_a_scheduled_story_refuses_times_that_do_not_fit(people, newsroom, story):
    end = (timezone.now() + 5 * HOUR).replace(microsecond=0)
    Article.objects.filter(pk=story.pk).update(embargo_until=end)
    workflow.schedule(story, actor=people.redaktur, at=end)
    client = newsroom(people.redaktur)
    for typed in ({"embargo_until": end + HOUR}, {"published_at": end - HOUR}):
        story.refresh_from_db()
        data = article_form(story, **{name: local(story.region, moment) for name, moment in typed.items()})
        page = client.post(change(story), data)
        assert page.status_code == 200
        assert "sebelum embargonya berakhir" in page.text
        story.refresh_from_db()
        assert (story.embargo_until, story.published_at) == (end, end)
    both = {"embargo_until": end + HOUR, "published_at": end + HOUR}
    data = article_form(story, **{name: local(story.region, moment) for name, moment in both.items()})
    assert client.post(change(story), data).status_code == 302
    story.refresh_from_db()
    assert story.embargo_until == story.published_at == end + HOUR


def test_a_live_story_is_past_its_embargo(tree, people, newsroom):
    live = builders.make_live(tree.payakumbuh)
    client = newsroom(people.redaktur)
    late = article_form(live, embargo_until=local(live.region, timezone.now() + HOUR))
    late.pop("published_at")
    page = client.post(change(live), late)
    assert "Embargo sudah terlambat" in page.text
    live.refresh_from_db()
    assert live.embargo_until is None


def test_the_checks_know_a_typed_embargo(people, newsroom, story):
    end = timezone.now() + 5 * HOUR
    typed = {"body": "<p>Isi.</p>", "embargo_until": local(story.region, end)}
    client = newsroom(people.redaktur)
    answers = [
        ask(client, story, **typed, **more).text for more in ({}, {"published_at": local(story.region, end - HOUR)})
    ]
    assert "Diembargo sampai" in answers[0]
    assert "mendahului akhir embargo" in answers[1]


# --- House rules --------------------------------------------------------------------------------------------------


def test_editors_keep_rules_of_their_regions(tree, people, newsroom, story):
    client = newsroom(people.redaktur)
    add = "/news/houserule/add/"
    rule = {"pattern": "limbah", "advice": "Tulis: air buangan.", "region": tree.payakumbuh.pk, "is_active": "on"}
    assert client.post(add, rule | {"region": tree.sumbar.pk}).status_code == 200
    bad = client.post(add, rule | {"pattern": "(limbah", "is_regular_expression": "on"})
    assert "tidak bisa dibaca" in bad.text
    assert not HouseRule.objects.exists()
    assert client.post(add, rule).status_code == 302
    assert "Tulis: air buangan." in newsroom(people.reporter).get(change(story)).text
