"""Each button of the article form writes each table once."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.demo import builders
from news.images import uploads
from news.models import Article, Event
from news.search.models import SearchDocument
from regions.models import Generation
from tests.conftest import photo_file
from tests.newsroom.forms import article_form

pytestmark = pytest.mark.databases

WRITE = re.compile(r'(INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM) "(\w+)"')


def writes(queries) -> Counter[tuple[str, str]]:
    """(verb, table) → how many statements of that kind there were."""
    found = (WRITE.match(query["sql"]) for query in queries)
    return Counter((match[1].split()[0], match[2]) for match in found if match)


@pytest.fixture
def press(tree, people, newsroom):
    """`press(act, article)`: an administrator presses a button on a form with everything on it; the statements that
    wrote."""
    section = builders.make_section()
    photo = uploads.store(photo_file(), region=tree.payakumbuh, user=people.redaktur, alt="Jembatan")
    author = builders.make_author("Linda Sari", tree.payakumbuh)

    def run(act: str, article: Article | None = None, **fields):
        form = {"region": tree.payakumbuh, "section": section, "lead_photo": photo, "bylines": [author]}
        form |= {"shares": {tree.makassar: ""}, "tags": "Pilkada, KPU", "act": act} | fields
        data = article_form(article, **form) if article else article_form(**form)
        address = f"/news/article/{article.pk}/change/" if article else "/news/article/add/"
        with CaptureQueriesContext(connection) as queries:
            response = newsroom(people.admin).post(address, data)
        assert response.status_code == 302, response.text
        return writes(queries)

    return run


@pytest.mark.parametrize("is_new", [True, False])
def test_approve_and_publish_writes_each_table_once(tree, people, press, is_new):
    article = None if is_new else builders.make_article(tree.payakumbuh, created_by=people.reporter)
    written = press("publish", article)
    stored = Article.objects.get()
    assert (stored.status, stored.version) == ("approved", 1 if is_new else 2)
    assert [event.verb for event in Event.objects.filter(article=stored)] == ["published"]
    assert SearchDocument.objects.count() == 1
    assert written["INSERT" if is_new else "UPDATE", "news_article"] == 1
    assert written["UPDATE" if is_new else "INSERT", "news_article"] == 0
    rows = "byline", "share", "taggedarticle", "placement", "taggedplacement", "event"
    once = (*(f"news_{name}" for name in rows), "search_searchdocument")
    assert {table: written["INSERT", table] for table in once} == dict.fromkeys(once, 1)
    versions = 1 if is_new else 2  # the text that was there before versions were kept is kept too
    for table in ("reversion_revision", "reversion_version", "news_articleversion"):
        assert written["INSERT", table] == versions
    assert {table: count for (verb, table), count in written.items() if verb == "DELETE" and count > 1} == {}
    by_moment = len(set(Generation.objects.values_list("next_change_at", flat=True)))
    assert written["UPDATE", "regions_generation"] <= by_moment


def test_saving_without_a_change_writes_nothing(tree, people, press):
    press("", None)
    article = Article.objects.get()
    written = press("", article, bylines=[], shares={})
    assert {
        table for _verb, table in written if table.startswith(("news_", "reversion_", "regions_generation"))
    } == set()
    assert Article.objects.get().version == 1


def test_saving_a_changed_text_writes_no_row_of_the_parts(tree, people, press):
    press("", None)
    article = Article.objects.get()
    written = press("", article, bylines=[], shares={}, title="Judul yang baru")
    parts = {"news_byline", "news_share", "news_taggedarticle", "news_galleryphoto"}
    assert {key: count for key, count in written.items() if key[1] in parts} == {}
    assert written["UPDATE", "news_article"] == written["INSERT", "news_event"] == 1


def test_a_refused_act_still_stores_the_text_once(tree, people, press):
    article = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    written = press("publish", article, body="<p> </p>", title="Judul yang baru")
    stored = Article.objects.get()
    assert (stored.status, stored.title, stored.version) == ("draft", "Judul yang baru", 2)
    assert [event.verb for event in Event.objects.filter(article=stored)] == ["edited"]
    assert written["UPDATE", "news_article"] == 1


def test_reading_the_newsroom_opens_no_transaction(tree, people, newsroom):
    article = builders.make_article(tree.payakumbuh)
    client = newsroom(people.redaktur)
    client.get("/")  # a session's first request notes its device
    for address in ("/", "/news/article/", "/news/article/add/", f"/news/article/{article.pk}/change/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        statements = [query["sql"] for query in queries]
        assert not [sql for sql in statements if sql.startswith(("BEGIN", "SAVEPOINT")) or "FOR UPDATE" in sql], address
