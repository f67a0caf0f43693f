"""A story's versions on screen: listed, compared, restored; linked from the journal, which tells people's names."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.demo import builders
from news.models import Article, Event
from news.publishing import versions, workflow
from news.publishing.parts import Parts

from .forms import article_form


def address(article: Article, page: str) -> str:
    return f"/news/article/{article.pk}/{page}/"


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def article(tree, people) -> Article:
    """A draft by a reporter who has a name, mended twice by an editor who has none but a log-in name."""
    people.reporter.first_name, people.reporter.last_name = "Linda", "Sari"
    people.reporter.save()
    new = Article(region=tree.payakumbuh, section=builders.make_section(), title="Judul semula", body="<p>Satu.</p>")
    workflow.save(new, actor=people.reporter, parts=Parts(tags=["Hujan"]))
    for title, body in (("Judul kedua", "<p>Satu <i>ribu</i>.</p>"), ("Judul <b>ketiga</b>", "<p>Dua ribu.</p>")):
        new.title, new.body = title, body
        workflow.save(new, actor=people.redaktur, parts=Parts(tags=["Hujan", title[:11]]))
    return new


def test_the_form_and_the_journal_tell_names_acts_and_what_changed(people, newsroom, article):
    page = newsroom(people.redaktur).get(address(article, "change")).text
    panel = text(page[page.index('id="versions-title"') :])
    assert "redaktur menyunting judul, isi, 1 tag apa yang diubah" in panel
    assert "Linda Sari menulis" in panel
    journal = text(page[page.index('class="journal') :])
    assert "Linda Sari menulis versi 1" in journal
    assert not re.search(r"\breporter\b", journal)
    newest = article.versions.first()
    assert f'href="{address(article, "compare")}?after={newest.pk}"' in page


def test_an_act_is_one_line_of_the_journal(people, newsroom, article):
    data = article_form(Article.objects.get(pk=article.pk), act="publish", title="Judul keempat")
    builders.make_author("Linda Sari", article.region, user=people.reporter)
    author = article.region.authors.get()
    newsroom(people.redaktur).post(address(article, "change"), data | article_bylines(author))
    assert list(article.events.values_list("verb", flat=True)[:2]) == ["published", "edited"]
    assert Event.objects.filter(article=article).count() == article.versions.count() == 4


def article_bylines(author) -> dict:
    return {
        "bylines-TOTAL_FORMS": 1,
        "bylines-0-author": author.pk,
        "bylines-0-role": "writer",
        "bylines-0-position": 1,
    }


def test_two_versions_stand_beside_each_other_and_no_markup_of_theirs_is_markup_here(people, newsroom, article):
    client = newsroom(people.redaktur)
    third, second, first = article.versions.all()
    listed = client.get(address(article, "versions")).text
    assert len(re.findall('name="before"', listed)) == 3
    page = client.get(address(article, "compare"), {"before": first.pk, "after": third.pk}).text
    assert "<mark>semula</mark>" in page
    assert "<mark>&lt;b&gt;ketiga&lt;/b&gt;</mark>" in page
    assert "<b>ketiga</b>" not in page
    swapped = client.get(address(article, "compare"), {"before": third.pk, "after": first.pk}).text
    assert swapped.count("<mark>") == page.count("<mark>")
    alone = client.get(address(article, "compare"), {"after": second.pk}).text
    assert "<mark>kedua</mark>" in alone
    assert "ketiga" not in re.sub(r"<a href.*?</a>|<title>.*?</title>", "", alone)
    unasked = client.get(address(article, "compare")).text
    assert "<mark>kedua</mark>" in unasked
    for pk in ("0", "x", "9" * 30, str(third.pk + 1)):
        assert client.get(address(article, "compare"), {"after": pk}).status_code == 404
        assert client.post(address(article, "restore"), {"version": pk, "seen": 3}).status_code == 404


def test_another_storys_versions_are_not_shown_or_restored_here(tree, people, newsroom, article):
    other = builders.make_article(tree.makassar)
    other.title = "Judul rahasia"
    workflow.save(other, actor=people.admin)
    foreign = other.versions.first().pk
    client = newsroom(people.redaktur)
    assert client.get(address(article, "compare"), {"after": foreign}).status_code == 404
    assert client.post(address(article, "restore"), {"version": foreign, "seen": 3}).status_code == 404


def test_a_version_is_restored_unless_the_story_has_moved_on(people, newsroom, article):
    client = newsroom(people.redaktur)
    first = article.versions.last()
    page = client.get(address(article, "compare"), {"before": first.pk}).text
    assert f'name="version" value="{first.pk}"' in re.sub(r"\s+", " ", page)
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    late = client.post(address(article, "restore"), {"version": first.pk, "seen": int(seen) - 1}, follow=True)
    assert "error" in late.text
    assert Article.objects.get(pk=article.pk).title == "Judul <b>ketiga</b>"
    response = client.post(address(article, "restore"), {"version": first.pk, "seen": seen})
    assert response["Location"] == address(article, "change")
    assert Article.objects.get(pk=article.pk).title == "Judul semula"
    assert [tag.name for tag in article.tags.all()] == ["Hujan"]
    newest = article.versions.first()
    assert (newest.number, newest.event.verb, newest.event.note) == (4, "restored", "1")


def test_who_may_read_a_story_reads_its_versions_and_restores_none(people, newsroom, article):
    workflow.save(article, actor=people.redaktur, parts=Parts(bylines=[]))
    Article.objects.filter(pk=article.pk).update(status="submitted")
    client = newsroom(people.reporter)
    first = article.versions.last()
    page = client.get(address(article, "compare"), {"before": first.pk})
    assert page.status_code == 200
    assert 'name="version"' not in page.text
    assert client.post(address(article, "restore"), {"version": first.pk, "seen": 3}).status_code == 403
    assert Article.objects.get(pk=article.pk).title == "Judul <b>ketiga</b>"


def test_versions_cost_the_form_one_query_and_the_list_one(people, newsroom, article):
    client = newsroom(people.redaktur)
    client.get("/")

    def asked(page: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(article, page)).status_code == 200
        return [each["sql"] for each in queries]

    assert len([sql for sql in asked("change") if 'FROM "news_articleversion"' in sql]) == 1
    few, form = len(asked("versions")), len(asked("change"))
    for number in range(12):
        article.summary = f"Ringkasan nomor {number}"  # not the title, by which the checks look for near-doubles
        workflow.save(article, actor=people.redaktur)
    assert len(asked("versions")) == few
    assert len(asked("change")) <= form  # the checks may ask less of another title


def test_the_command_says_how_many_versions_it_forgot(people, article, capsys, settings):
    settings.VERSION_DAYS = -1
    call_command("prune_versions")
    assert capsys.readouterr().out == "2 versions forgotten\n"
    assert versions.content_of(article.versions.with_content().get())["title"] == "Judul <b>ketiga</b>"
