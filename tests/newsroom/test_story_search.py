"""Searching the stories that one may see, in every state; the list's filters, counts and saved searches."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.models import Article, Event, SavedSearch, Status
from news.newsroom import article_list
from news.newsroom.finding import find
from news.newsroom.readable import readable
from news.publishing import rules, workflow
from news.search import engine, newsroom, synonyms, tasks
from news.search.models import NewsroomDocument, NewsroomWord, SearchDocument
from tests.newsroom import world

pytestmark = pytest.mark.databases
LIST = "/news/article/"
SEARCHES = "/news/article/searches/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def fresh_lexicon():
    synonyms.forget()
    yield
    synonyms.forget()


def titles(response) -> list[str]:
    return [unescape(title) for title in re.findall(r'field-title"><a href="[^"]+">([^<]+)</a>', response.text)]


def found(client, text: str, **filters: str) -> list[str]:
    return titles(client.get(LIST, {"q": text, **filters}))


# --- What finds a story -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "walikota",
        "wako",
        "sarasah",
        "Jalan Santai",
        "bergembira",
        "Harau",
        "Dodi Piliang",
        "pesta rakyat",
        "gembira",
        "sarsah",
    ],
)
@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "approved", "withdrawn"])
def test_any_of_its_words_finds_a_story_in_any_status(tree, people, newsroom, text, status):
    author = builders.make_author("Dodi Piliang", tree.payakumbuh)
    article = builders.make_article(
        tree.payakumbuh,
        title="Wali Kota membuka jalan santai",
        kicker="Pesta Rakyat",
        body="<p>Ribuan warga bergembira di Sarasah.</p>",
        tags=["Harau"],
        writers=[author],
    )
    builders.make_article(tree.payakumbuh, title="Harga beras turun")
    workflow.import_as(article, status=Status(status), published_at=timezone.now() - HOUR)
    assert found(newsroom(people.redaktur), text) == [article.title]


def test_its_number_finds_a_story(tree, people, newsroom):
    article = builders.make_article(tree.payakumbuh, title="Nomor saja")
    other = builders.make_article(tree.payakumbuh, title=f"Ada {article.pk} orang")
    client = newsroom(people.redaktur)
    assert found(client, f"#{article.pk}") == [article.title]
    assert found(client, str(article.pk)) == [article.title, other.title]
    assert found(newsroom(people.sister), f"#{article.pk}") == []
    assert found(newsroom(people.sister), str(article.pk)) == []
    assert find(people.sister, f"#{article.pk}", 5) == []


def test_the_story_that_fits_best_is_first_unless_the_list_is_sorted(tree, people, newsroom):
    best = builders.make_article(tree.payakumbuh, title="Banjir bandang")
    other = builders.make_article(tree.payakumbuh, title="Rapat", body="<p>Soal banjir bandang dan lain-lain.</p>")
    client = newsroom(people.redaktur)
    assert found(client, "banjir bandang") == [best.title, other.title]
    assert found(client, "banjir bandang", o="-7") == [other.title, best.title]


def test_a_save_changes_what_finds_a_story_and_writes_its_document_once(tree, people, newsroom, monkeypatch):
    article = builders.make_article(tree.payakumbuh, title="Banjir bandang", created_by=people.reporter)
    written = []
    refresh = tasks.newsroom_documents.write
    monkeypatch.setattr(tasks.newsroom_documents, "write", lambda *args: written.append(1) or refresh(*args))
    article.title = "Gempa mengguncang"
    workflow.save(article, actor=people.reporter)
    assert len(written) == 1
    client = newsroom(people.reporter)
    assert (found(client, "banjir"), found(client, "gempa")) == ([], [article.title])
    assert not SearchDocument.objects.exists()


def test_a_renamed_author_is_found_and_a_linked_account_sees_its_stories(tree, people, newsroom):
    author = builders.make_author("Dodi Piliang", tree.payakumbuh)
    article = builders.make_article(tree.payakumbuh, title="Bersama", writers=[author])
    author.name, author.user = "Dedi Koto", people.kontributor
    author.save()
    tasks.refresh_author.func(author.pk)
    assert found(newsroom(people.kontributor), "dedi") == [article.title]
    assert found(newsroom(people.redaktur), "dodi") == []


def test_documents_are_rebuilt_for_every_story(tree, people, newsroom):
    builders.make_article(tree.payakumbuh, title="Draf lama")
    builders.make_live(tree.payakumbuh, title="Tayang lama")
    NewsroomDocument.objects.all().delete()
    assert found(newsroom(people.redaktur), "lama") == []
    call_command("rebuild_search")
    assert sorted(found(newsroom(people.redaktur), "lama")) == ["Draf lama", "Tayang lama"]


def test_an_emptied_story_leaves_no_words(tree, people, settings):
    article = builders.make_article(tree.payakumbuh, title="Dibuang", body="<p>rahasia sekali</p>")
    workflow.throw_away(article, actor=people.redaktur)
    Article.objects.filter(pk=article.pk).update(updated_at=timezone.now() - timedelta(days=settings.BIN_DAYS + 1))
    call_command("empty_bin")
    assert not NewsroomDocument.objects.filter(article=article).exists()


@pytest.mark.parametrize(
    "text", ['"', "'", "a & b | !c", "NEAR(a b)", "*", "%_%", "\\", "-" * 500, "a " * 300, "#", "#x", "1" * 30]
)
def test_any_text_is_answered(tree, people, newsroom, text):
    builders.make_article(tree.payakumbuh)
    assert newsroom(people.redaktur).get(LIST, {"q": text}).status_code == 200
    find(people.redaktur, text, 5)


def test_in_a_large_archive_recent_stories_are_searched_first_and_old_ones_too(tree, people, newsroom, monkeypatch):
    monkeypatch.setattr(engine, "is_large", lambda: True)
    monkeypatch.setattr("news.search.newsroom.MAX_CANDIDATES", 2)
    old = builders.make_article(tree.payakumbuh, title="Banjir lama")
    workflow.import_as(old, status=Status.DRAFT, updated_at=timezone.now() - timedelta(days=400))
    new = builders.make_article(tree.payakumbuh, title="Banjir baru")
    assert found(newsroom(people.redaktur), "banjir") == [new.title, old.title]
    assert find(people.redaktur, "banj", 5) == [new, old]
    builders.make_article(tree.payakumbuh, title="Rapat", body="<p>banjir</p>")
    assert len(found(newsroom(people.redaktur), "banjir")) == 3  # by its title also the old one


# --- Who finds it -----------------------------------------------------------------------------------------------


def test_nobody_finds_more_than_they_may_read(tree, people, newsroom):
    """In every role, and in two at once: the search, the palette's search and `rules.may_read` agree."""
    both = world.of_two_regions(tree)
    makers = [people.reporter, people.kontributor, people.sister, both.editor_and_reporter, both.chief_and_contributor]
    author = builders.make_author("Dodi Piliang", tree.makassar, user=people.kontributor)
    for region in (tree.network, tree.sumbar, tree.payakumbuh, tree.limapuluhkota, tree.makassar):
        for maker in makers:
            builders.make_article(region, title=f"Kenari {region} {maker}", created_by=maker)
        builders.make_article(region, title=f"Kenari {region} ditandai", writers=[author])
    stories = list(Article.objects.select_related("region").prefetch_related("bylines"))
    province = builders.make_user("province", "editor", tree.sumbar)
    for person in (*makers, people.redaktur, people.pemred, people.admin, province, builders.make_user("nobody")):
        may_read = {article.title for article in stories if rules.may_read(article, person)}
        assert {article.title for article in find(person, "kenari", 100)} == may_read, person
        assert set(Article.objects.filter(readable(person).condition).values_list("title", flat=True)) == may_read
        if person.username != "nobody":
            assert set(found(newsroom(person), "kenari")) == may_read, person
            assert set(found(newsroom(person), "knari")) == may_read, person


def test_what_may_be_seen_is_asked_of_the_story_and_not_of_its_document(tree, people, newsroom):
    """A document that is out of date in favour of somebody shows them nothing."""
    article = builders.make_article(tree.makassar, title="Rahasia Makassar")
    NewsroomDocument.objects.update(tokens=f"rahasia makassar h_rahasia r_{tree.payakumbuh.pk} u_{people.redaktur.pk}")
    assert found(newsroom(people.redaktur), "rahasia") == []
    assert find(people.redaktur, "rahasia", 5) == []
    assert found(newsroom(people.admin), "rahasia") == [article.title]


def test_no_word_of_a_hidden_story_is_suggested(tree, people, newsroom):
    builders.make_article(tree.makassar, title="Korupsi bendungan Pamukkulu", body="<p>Pembunuhan.</p>")
    builders.make_article(tree.payakumbuh, title="Korban bunuh diri")
    assert NewsroomWord.objects.filter(word="pamukkulu").exists()
    for typed in ("pamukulu", "bendugan", "korban pamukulu", "korban bendungn"):
        page = newsroom(people.redaktur).get(LIST, {"q": typed}).text
        assert "pamukkulu" not in page.casefold()
        assert "bendungan" not in page.casefold()
    # Its stem is in a story that one may see, the word itself is not.
    assert NewsroomWord.objects.filter(word="pembunuhan").exists()
    assert "pembunuhan" not in newsroom(people.redaktur).get(LIST, {"q": "pembunuhn"}).text
    assert "pamukkulu" in newsroom(people.admin).get(LIST, {"q": "pamukulu"}).text


def test_readers_never_find_what_only_the_newsroom_does(tree):
    builders.make_article(tree.payakumbuh, title="Draf rahasia")
    assert engine.search(tree.network, "rahasia").ids == ()
    assert engine.search(tree.network, "rahsia").suggestion == ""


def test_a_better_word_is_suggested_with_the_filters_that_were_set(tree, people, newsroom):
    for title in ("Pelabuhan satu", "Pelabuhan dua", "Palabuhan tiga"):
        builders.make_article(tree.payakumbuh, title=title)
    client = newsroom(people.redaktur)
    some = client.get(LIST, {"q": "dua tiga", "state": "draft"})
    assert some.context["results"].partial
    assert set(titles(some)) == {"Pelabuhan dua", "Palabuhan tiga"}
    other = client.get(LIST, {"q": "pelabuan", "state": "draft"})
    assert other.context["results"].corrected == "pelabuhan"
    assert set(titles(other)) == {"Pelabuhan satu", "Pelabuhan dua"}


# --- While somebody types -----------------------------------------------------------------------------------------


def test_the_palette_finds_beginnings_and_titles_first(tree, people):
    text = builders.make_article(tree.payakumbuh, title="Rapat", body="<p>jembatan</p>")
    title = builders.make_article(tree.payakumbuh, title="Jembatan ambruk")
    binned = builders.make_article(tree.payakumbuh, title="Jembatan dibuang")
    workflow.throw_away(binned, actor=people.redaktur)
    assert find(people.redaktur, "jem", 5) == [title, text]
    assert find(people.redaktur, "jem", 1) == [title]
    assert find(people.redaktur, "ambruk jem", 5) == [title]
    assert find(people.redaktur, "", 5) == []


@pytest.mark.parametrize("large", [False, True])
def test_the_palette_asks_twice(tree, people, monkeypatch, large):
    monkeypatch.setattr(engine, "is_large", lambda: large)
    builders.make_many(tree.payakumbuh, 20)
    call_command("rebuild_search")
    may_read = readable(people.redaktur)
    synonyms.current()
    for text in ("warga", "warga jem", "#3"):
        with CaptureQueriesContext(connection) as queries:
            newsroom.find(text, Article.objects.filter(may_read.condition).select_related("region"), limit=8)
        assert len(queries) <= 2


# --- The list ----------------------------------------------------------------------------------------------------


def test_filters(tree, people, newsroom):
    law = builders.make_section("Hukum")
    now = timezone.now()
    builders.make_article(tree.payakumbuh, title="Punya saya", created_by=people.redaktur)
    builders.make_article(tree.payakumbuh, title="Opini hukum", kind="opinion", section=law)
    old = builders.make_article(tree.payakumbuh, title="Terbit lama")
    workflow.import_as(
        old, status=Status.APPROVED, published_at=now - timedelta(days=40), updated_at=now - timedelta(days=20)
    )
    later = builders.make_article(tree.payakumbuh, title="Terbit nanti")
    workflow.import_as(later, status=Status.APPROVED, published_at=now + HOUR)
    everything = {"Punya saya", "Opini hukum", "Terbit lama", "Terbit nanti"}
    day = (now - timedelta(days=40)).date()
    client = newsroom(people.redaktur)
    for query, expected in {
        "": everything,
        "mine=1": {"Punya saya"},
        "kind__exact=opinion": {"Opini hukum"},
        f"section__id__exact={law.pk}": {"Opini hukum"},
        "state=scheduled": {"Terbit nanti"},
        "state=live": {"Terbit lama"},
        "state=draft": {"Punya saya", "Opini hukum"},
        "state=tidak": set(),
        "period=week": everything - {"Terbit lama"},
        "period=month": everything,
        "of=published&period=month": set(),
        f"of=published&from={day - timedelta(days=1)}&to={day + timedelta(days=1)}": {"Terbit lama"},
        f"of=published&from={day + timedelta(days=2)}": {"Terbit nanti"},
        f"to={day}": set(),
    }.items():
        assert set(titles(client.get(f"{LIST}?{query}"))) == expected, query
        words = {title for title in expected if "terbit" in title.casefold()}
        assert set(titles(client.get(f"{LIST}?{query}&q=terbit"))) == words, query
    empty = "mine=&region=&state=&section__id__exact=&kind__exact=&waiting=&of=&period=&from=&to="
    assert titles(client.get(f"{LIST}?q=opini&{empty}")) == ["Opini hukum"]
    for wrong in ("from=kemarin", "to=2024-02-30", "from=0001-01-01", "to=9999-12-31"):
        assert client.get(f"{LIST}?{wrong}").status_code == 302


def test_the_filter_by_waiting_asks_when_a_story_was_submitted_last(tree, people, newsroom):
    client = newsroom(people.redaktur)
    for hours in (1, 3, 30, 100):
        article = builders.make_article(tree.payakumbuh, title=f"Menunggu {hours}")
        workflow.import_as(article, status=Status.SUBMITTED)
        for since in (hours, 200):
            Event.objects.create(verb="submitted", article=article, happened_at=timezone.now() - since * HOUR)
    builders.make_article(tree.payakumbuh, title="Draf")
    for asked, expected in {"2": {3, 30, 100}, "24": {30, 100}, "72": {100}, "9": set()}.items():
        assert set(titles(client.get(LIST, {"waiting": asked}))) == {f"Menunggu {hours}" for hours in expected}


def test_counting_stops(tree, people, newsroom, monkeypatch):
    monkeypatch.setattr(article_list, "MOST", 3)
    builders.make_many(tree.payakumbuh, 3)
    client = newsroom(people.redaktur)
    assert "3 berita" in client.get(LIST).text
    builders.make_article(tree.payakumbuh)
    response = client.get(LIST)
    assert "Lebih dari 3 berita" in response.text
    assert response.context["cl"].result_count == 3


def test_an_empty_list_says_what_to_do(people, newsroom):
    client = newsroom(people.reporter)
    assert 'href="/news/article/add/"' in client.get(LIST).text
    assert 'class="button" href="?"' in client.get(LIST, {"q": "tidak ada"}).text


def test_no_column_without_an_index_sorts(tree, people, newsroom):
    for title in ("Beta alfa", "Alfa beta", "Gama gama"):
        builders.make_article(tree.payakumbuh, title=title)
    assert titles(newsroom(people.redaktur).get(LIST, {"o": "1"})) == ["Gama gama", "Alfa beta", "Beta alfa"]


@pytest.mark.parametrize(
    ("query", "most"),
    [("", 12), ("state=live", 12), ("mine=1", 12), ("q=warga", 12), ("region=payakumbuh&state=live", 12)],
)
def test_the_list_asks_as_often_at_ten_stories_as_at_a_hundred(tree, people, newsroom, query, most):
    synonyms.current()
    for person in (people.redaktur, people.reporter, people.admin):
        client = newsroom(person)
        counts = []
        for number in (10, 90):
            builders.make_many(tree.payakumbuh, number, offset=number)
            call_command("rebuild_search")
            client.get(LIST)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{LIST}?{query}").status_code == 200
            counts.append(len(queries))
            assert not any("DISTINCT" in each["sql"] for each in queries)
        assert counts[0] == counts[1] <= most, (person, counts, [each["sql"][:150] for each in queries])


def test_a_list_reads_no_bodies(tree, people, newsroom):
    builders.make_article(tree.payakumbuh)
    with CaptureQueriesContext(connection) as queries:
        newsroom(people.redaktur).get(LIST)
    assert not any('"news_article"."body"' in each["sql"] for each in queries)


# --- Saved searches ----------------------------------------------------------------------------------------------


def test_a_search_is_saved_shown_and_deleted(tree, people, newsroom):
    client = newsroom(people.redaktur)
    response = client.post(SEARCHES, {"name": "  Banjir\u200b  kita ", "query": "state=draft&q=banjir&p=3&csrf=x&e=1"})
    assert response["Location"] == f"{LIST}?q=banjir&state=draft"
    saved = SavedSearch.objects.get()
    assert (saved.name, saved.query, saved.user) == ("Banjir kita", "q=banjir&state=draft", people.redaktur)
    page = client.get(response["Location"]).text
    assert 'href="?q=banjir&amp;state=draft" aria-current="true">Banjir kita</a>' in page
    assert 'name="query"' not in page
    assert "Banjir kita" not in newsroom(people.pemred).get(LIST).text
    newsroom(people.pemred).post(SEARCHES, {"forget": saved.pk})
    assert SavedSearch.objects.exists()
    client.post(SEARCHES, {"forget": saved.pk})
    assert not SavedSearch.objects.exists()


def test_what_cannot_be_saved_is_told(tree, people, newsroom):
    client = newsroom(people.redaktur)
    for form in (
        {"name": "", "query": "q=a"},
        {"name": "x", "query": ""},
        {"name": "x", "query": "p=2"},
        {"name": "x" * 41, "query": "q=a"},
    ):
        assert 'class="error"' in client.post(SEARCHES, form, follow=True).text
    assert not SavedSearch.objects.exists()
    client.post(SEARCHES, {"name": "x", "query": "q=a"})
    assert 'class="error"' in client.post(SEARCHES, {"name": "x", "query": "q=b"}, follow=True).text
    for number in range(SavedSearch.MOST):
        client.post(SEARCHES, {"name": f"n{number}", "query": "q=a"})
    assert SavedSearch.objects.count() == SavedSearch.MOST
    assert newsroom(builders.make_user("nobody")).post(SEARCHES, {"name": "x", "query": "q=a"}).status_code == 403
