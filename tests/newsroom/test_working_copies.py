"""Working copies: what is typed is kept at the server, offered again, and never seen by anybody else."""

import json
import os
import re
import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.models import Article, Event, WorkingCopy
from news.newsroom import devices, working_copies
from regions.models import Generation
from tests.newsroom.forms import article_form

AUTOSAVES = int(os.environ.get("AUTOSAVES", "50"))
COPIES = "/news/article/working_copies/"
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"


def content_of(data) -> dict[str, list[str]]:
    return {name: [str(value)] for name, value in data.items() if not name.startswith("_")}


def send(client, article=None, *, key=None, number=1, content=None, **typed):
    sent = {"key": str(key or uuid.uuid4()), "number": number, "article": article and article.pk}
    sent["content"] = content if content is not None else content_of(article_form(article, **typed))
    return client.post(COPIES, json.dumps(sent), "application/json", headers={"User-Agent": PHONE})


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


@pytest.fixture
def draft(tree, people):
    return builders.make_article(tree.payakumbuh, created_by=people.reporter, title="Judul yang tersimpan")


# --- Keeping ------------------------------------------------------------------------------------------------------


def test_a_copy_writes_nothing_that_anybody_else_sees(tree, people, newsroom, draft):
    """Each replaces the one before. `make check-versions` sends a thousand."""
    client, key = newsroom(people.reporter), uuid.uuid4()
    client.get("/")  # a session's first request notes its device
    before = list(Generation.objects.values_list("pk", "number")), Event.objects.count(), draft.updated_at
    written = set()

    def note(execute, sql, params, many, context):
        if table := re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql):
            written.add(table[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        for number in range(1, AUTOSAVES + 1):
            assert send(client, draft, key=key, number=number, title=f"Judul ke-{number}").json() == {"number": number}
    assert written == {"news_workingcopy"}
    stored = Article.objects.get()
    assert (list(Generation.objects.values_list("pk", "number")), Event.objects.count(), stored.updated_at) == before
    assert (stored.version, stored.title) == (draft.version, "Judul yang tersimpan")
    assert WorkingCopy.objects.get().title == f"Judul ke-{AUTOSAVES}"


def test_a_copy_costs_two_queries_besides_the_session(people, draft, settings):
    client, key = Client(HTTP_HOST=f"redaksi.{settings.DOMAIN}"), uuid.uuid4()
    client.force_login(people.reporter)
    content = content_of(article_form(draft))
    send(client, draft, key=key, number=1, content=content)
    with CaptureQueriesContext(connection) as queries:
        send(client, draft, key=key, number=2, content=content)
    about = [query["sql"] for query in queries if "news_" in query["sql"]]
    assert (len(about), len(queries)) == (2, 5), [query["sql"] for query in queries]


def test_a_late_request_changes_nothing(people, newsroom, draft):
    client, key = newsroom(people.reporter), uuid.uuid4()
    send(client, draft, key=key, number=7, title="Yang terbaru")
    assert send(client, draft, key=key, number=6, title="Yang lama").json() == {"number": 7}
    assert send(client, draft, key=key, number=7, title="Yang sama").json() == {"number": 7}
    assert WorkingCopy.objects.get().title == "Yang terbaru"


def test_two_forms_of_one_person_keep_both_texts(people, newsroom, draft):
    client = newsroom(people.reporter)
    for title in ("Dari ponsel", "Dari laptop"):
        send(client, draft, title=title)
    page = client.get(f"/news/article/{draft.pk}/change/").text
    assert "Dari ponsel" in page
    assert "Dari laptop" in page


def test_copies_are_kept_for_those_who_see_the_story(tree, people, newsroom, draft):
    assert send(newsroom(people.redaktur), draft).status_code == 200
    assert send(newsroom(people.sister), draft).status_code == 404
    assert send(newsroom(people.kontributor), draft).status_code == 404
    assert send(newsroom(builders.make_user("nobody"))).status_code == 403
    draft.status = "submitted"  # somebody else has moved it on: the words are kept all the same
    draft.save()
    assert send(newsroom(people.reporter), draft).status_code == 200
    assert WorkingCopy.objects.count() == 2


def test_what_is_no_form_is_refused_in_words(people, newsroom, draft, monkeypatch):
    client = newsroom(people.reporter)
    key = str(uuid.uuid4())
    whole = {"key": key, "number": 1, "article": None, "content": {}}
    wrong = [{"key": "x"}, {"number": 0}, {"number": True}, {"number": 2**40}, {"article": "1"}, {"content": []}]
    wrong += [{"content": {"title": "x"}}, {"content": {"title": [1]}}]
    for bad in wrong:
        answer = client.post(COPIES, json.dumps(whole | bad), "application/json")
        assert (answer.status_code, bool(answer.json()["error"])) == (400, True), bad
    for text in ("", "[]", "null", "{", "[" * 100_000):
        assert client.post(COPIES, text, "application/json").status_code == 400, text[:9]
    assert send(client, content={"body": ["x" * working_copies.MAX_BYTES]}).status_code == 413
    monkeypatch.setattr(working_copies, "MAX_COPIES", 1)
    assert [send(client).status_code for _form in range(2)] == [200, 429]
    assert send(client, key=WorkingCopy.objects.get().key, number=2).status_code == 200


@pytest.mark.databases
def test_what_no_database_stores_is_left_out(people, newsroom):
    client = newsroom(people.reporter)
    assert send(client, content={"title": ["Ju\0dul \ud800 📰"]}).status_code == 200
    assert WorkingCopy.objects.get().content == {"title": ["Judul ? 📰"]}


def test_a_script_is_told_that_the_session_is_over(client, people, newsroom, settings):
    host = {"HTTP_HOST": f"redaksi.{settings.DOMAIN}", "HTTP_ACCEPT": "application/json"}
    for method, address in (("get", COPIES), ("post", COPIES), ("post", "/news/article/add/")):
        answer = getattr(client, method)(address, **host)
        assert (answer.status_code, bool(answer.json()["error"])) == (401, True), address
    fresh = newsroom(people.reporter).get(COPIES).json()
    assert fresh["person"] == people.reporter.pk
    assert len(fresh["csrf"]) > 30


# --- Getting it back ----------------------------------------------------------------------------------------------


def test_the_form_offers_what_was_typed_and_shows_it(tree, people, newsroom, draft):
    client = newsroom(people.reporter)
    author = builders.make_author("Linda Sari", tree.payakumbuh)
    body = "<p>Kalimat pertama.</p><p>Kalimat yang belum disimpan.</p>"
    send(client, draft, title="Judul baru", body=body, tags="Jembatan", bylines=[author])
    key = WorkingCopy.objects.get().key
    address = f"/news/article/{draft.pk}/change/"
    offered = client.get(address).text
    assert f"?copy={key}" in offered
    assert "Chrome, Android" in offered
    recovery = offered[: offered.index('id="content-main"')]
    assert re.findall(r"<dt>(.*?)</dt>", recovery) == ["Judul", "Isi", "Tag", "Nama penulis"]
    assert "<ins>Kalimat yang belum disimpan.</ins>" in offered
    assert 'value="Judul baru"' not in offered
    shown = client.get(f"{address}?copy={key}").text
    assert ">Judul baru</textarea>" in shown.replace("\n", "")
    assert 'value="Jembatan"' in shown
    assert "Linda Sari" in shown
    assert "errornote" not in shown
    assert hidden(shown, "_copy_key") == str(key)
    assert hidden(shown, "_copy_number") == "1"
    assert Article.objects.get().title == "Judul yang tersimpan"
    for other in (people.redaktur, people.admin):
        theirs = newsroom(other).get(f"{address}?copy={key}").text
        assert "Judul baru" not in theirs
        assert hidden(theirs, "_copy_key") != str(key)


def test_a_story_that_was_never_saved_is_offered_where_one_writes_a_new_one(tree, people, newsroom):
    client = newsroom(people.reporter)
    send(client, region=tree.payakumbuh, section=builders.make_section(), title="Belum pernah disimpan")
    key = WorkingCopy.objects.get().key
    page = client.get("/news/article/add/").text
    assert "Belum pernah disimpan" in page
    assert ">Belum pernah disimpan</textarea>" in client.get(f"/news/article/add/?copy={key}").text.replace("\n", "")
    assert "Belum pernah" not in newsroom(people.redaktur).get("/news/article/add/").text


def test_what_says_the_same_as_the_stored_story_is_not_offered(people, newsroom, draft):
    client = newsroom(people.reporter)
    send(client, draft)
    page = client.get(f"/news/article/{draft.pk}/change/").text
    assert "?copy=" not in page


def test_what_is_typed_is_given_back_when_the_story_moved_on(tree, people, newsroom, draft):
    client = newsroom(people.reporter)
    send(client, draft, body="<p>Kalimat yang terlambat.</p>")
    Article.objects.update(status="submitted")
    page = client.get(f"/news/article/{draft.pk}/change/").text
    assert "<ins>Kalimat yang terlambat.</ins>" in page
    assert client.get(f"/news/article/{draft.pk}/change/?copy={WorkingCopy.objects.get().key}").status_code == 200


def test_throwing_away_can_be_taken_back(people, newsroom, draft):
    client, other = newsroom(people.reporter), newsroom(people.redaktur)
    send(client, draft, title="Judul baru")
    key = str(WorkingCopy.objects.get().key)
    assert other.post(f"{COPIES}discard/", {"key": key}).status_code == 404
    gone = client.post(f"{COPIES}discard/", {"key": key})
    address = f"/news/article/{draft.pk}/change/"
    assert gone.headers["Location"] == f"{address}?discarded={key}"
    assert 'name="undo"' in client.get(gone.headers["Location"]).text
    assert "Judul baru" not in client.get(address).text
    back = client.post(f"{COPIES}discard/", {"key": key, "undo": "1"})
    assert back.headers["Location"] == f"{address}?copy={key}"
    assert "Judul baru" in client.get(address).text


# --- Saving -------------------------------------------------------------------------------------------------------


def test_saving_a_form_deletes_its_copy_and_no_other(people, newsroom, draft):
    client = newsroom(people.reporter)
    key = uuid.uuid4()
    send(client, draft, key=key, number=3, title="Judul baru")
    send(client, draft, title="Dari perangkat lain")
    data = article_form(draft, title="Judul baru", _copy_key=str(key), _copy_number="3")
    assert client.post(f"/news/article/{draft.pk}/change/", data).status_code == 302
    assert [copy.title for copy in WorkingCopy.objects.all()] == ["Dari perangkat lain"]


def test_what_was_sent_after_the_form_was_pressed_stays(people, newsroom, draft):
    client, key = newsroom(people.reporter), uuid.uuid4()
    send(client, draft, key=key, number=4, title="Diketik sesudahnya")
    data = article_form(draft, title="Judul baru", _copy_key=str(key), _copy_number="3")
    client.post(f"/news/article/{draft.pk}/change/", data)
    assert WorkingCopy.objects.get().title == "Diketik sesudahnya"


def test_a_form_that_is_refused_keeps_its_copy_and_its_name(people, newsroom, draft):
    client, key = newsroom(people.reporter), uuid.uuid4()
    send(client, draft, key=key, number=3, title="")
    data = article_form(draft, title="", _copy_key=str(key), _copy_number="3")
    page = client.post(f"/news/article/{draft.pk}/change/", data).text
    assert (hidden(page, "_copy_key"), hidden(page, "_copy_number")) == (str(key), "3")
    assert WorkingCopy.objects.count() == 1


def test_a_script_is_told_where_the_answer_leads(people, newsroom, draft):
    client = newsroom(people.reporter)
    address = f"/news/article/{draft.pk}/change/"
    answer = client.post(address, article_form(draft), headers={"Accept": "application/json"})
    assert answer.json() == {"location": address}
    refused = client.post(address, article_form(draft, title=""), headers={"Accept": "application/json"})
    assert refused["Content-Type"].startswith("text/html")


def test_one_form_makes_one_story_whatever_was_typed_between_the_presses(tree, people, newsroom):
    """As after Back, and after an answer that was lost."""
    client, key = newsroom(people.reporter), str(uuid.uuid4())
    form = {"region": tree.payakumbuh, "section": builders.make_section(), "_copy_key": key}
    first = client.post("/news/article/add/", article_form(**form, _copy_number="1"))
    assert first.status_code == 302
    typed = article_form(**form, _copy_number="2", title="Judul yang diubah sesudahnya")
    again = client.post("/news/article/add/", typed)
    article = Article.objects.get()
    assert again.headers["Location"] == f"/news/article/{article.pk}/change/?copy={key}"
    page = client.get(again.headers["Location"]).text
    assert "Judul yang diubah sesudahnya" in page
    assert article.title != "Judul yang diubah sesudahnya"
    other = newsroom(people.redaktur).post("/news/article/add/", article_form(**form, _copy_number="1"))
    assert other.status_code == 302  # the key is each person's own
    assert Article.objects.count() == 2


def test_the_texts_of_a_form_that_came_too_late_are_given_back_as_text(settings, client, people, draft):
    data = article_form(draft, body="<p>Baris <strong>satu</strong>.</p><ul><li>Dua</li></ul>")
    page = client.post(f"/news/article/{draft.pk}/change/", data, HTTP_HOST=f"redaksi.{settings.DOMAIN}").text
    assert "Baris satu.\n\nDua</textarea>" in page
    assert "&lt;p&gt;" not in page


# --- Previews -----------------------------------------------------------------------------------------------------


def test_a_preview_shows_what_is_typed_before_it_is_stored(tree, people, newsroom):
    client = newsroom(people.redaktur)
    live = builders.make_live(tree.payakumbuh, title="Judul yang tayang")
    author = builders.make_author("Ani Putri", tree.payakumbuh)
    typed = article_form(live, title="Judul yang diketik", tags="Tag Baru", _copy_key=str(uuid.uuid4()))
    typed |= {"_copy_number": "1", "_copy_article": live.pk, "bylines-0-author": author.pk, "body": "<p>Baru.</p>"}
    frame = client.post(f"{COPIES}preview/", typed)
    assert frame.status_code == 302
    shown = client.get(frame.headers["Location"])
    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]
    page_address = re.search(r'src="(/news/article/working_copies/[^"]+/page/)"', shown.text)[1]
    page = client.get(page_address)
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    for word in ("Judul yang diketik", "Tag Baru", "Ani Putri", "Baru."):
        assert word in page.text, word
    assert Article.objects.get().title == "Judul yang tayang"
    assert newsroom(people.admin).get(page_address).status_code == 404
    assert newsroom(people.admin).get(frame.headers["Location"]).status_code == 404


def test_a_story_without_anything_has_a_preview(tree, people, newsroom):
    client = newsroom(people.reporter)
    data = {"title": "", "body": "", "_copy_key": str(uuid.uuid4()), "_copy_article": ""}
    frame = client.post(f"{COPIES}preview/", data)
    key = WorkingCopy.objects.get().key
    assert frame.headers["Location"] == f"{COPIES}{key}/preview/"
    assert client.get(f"{COPIES}{key}/page/").status_code == 200


# --- Pruning ------------------------------------------------------------------------------------------------------


def test_pruning_deletes_nothing_that_is_newer_than_the_stored_story(people, newsroom, draft, settings):
    now = timezone.now()
    old = now - timedelta(days=settings.WORKING_COPY_DAYS + 1)

    def copy(title, article=draft, **values):
        WorkingCopy.objects.create(
            person=people.reporter, article=article, key=uuid.uuid4(), number=1, content={"title": [title]}, **values
        )

    copy("older than the stored story", updated_at=old)
    copy("older, but not long", updated_at=now - timedelta(days=1))
    copy("never saved", article=None, updated_at=old)
    copy("thrown away", discarded_at=old)
    copy("thrown away just now", discarded_at=now)
    newer = builders.make_article(draft.region, created_by=people.reporter)
    Article.objects.filter(pk=newer.pk).update(updated_at=old - timedelta(days=1))
    copy("newer than the stored story", article=newer, updated_at=old)
    call_command("prune_working_copies")
    assert {row.title for row in WorkingCopy.objects.all()} == {
        "older, but not long",
        "never saved",
        "thrown away just now",
        "newer than the stored story",
    }


def test_devices_have_names_that_their_owners_know():
    named = {
        PHONE: "Chrome, Android",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1": "Safari, iPhone",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:120.0) Gecko/20100101 Firefox/120.0": "Firefox, Windows",
        "curl/8": "",
    }
    assert {agent: devices.in_words(agent) for agent in named} == named
