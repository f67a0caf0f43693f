"""Proposed changes to live and scheduled stories."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from news.demo import builders
from news.models import Article, Event, Proposal, WorkingCopy
from news.publishing import workflow
from tests.newsroom.forms import article_form

BODY = "<p>Kalimat yang tayang.</p>"
LEFT_OUT = ("published_at", "expires_at", "embargo_until", "shares-")


@pytest.fixture
def live(tree, people):
    return builders.make_live(
        tree.payakumbuh, created_by=people.reporter, title="Judul yang tayang", body=BODY, is_unverified=True
    )


def writers_form(article, **typed):
    """What the form for proposals posts: without what only publishers decide."""
    data = article_form(article, **typed)
    return {name: value for name, value in data.items() if not name.startswith(LEFT_OUT)}


def propose(client, article, **typed):
    return client.post(f"/news/article/{article.pk}/propose/", writers_form(article, **typed))


def answer(client, article, do, **more):
    number = Proposal.objects.get().pk
    return client.post(f"/news/article/{article.pk}/proposal/", {"proposal": number, "do": do} | more)


def test_a_writer_proposes_and_an_editor_applies_with_one_press(tree, people, newsroom, live):
    writer, editor = newsroom(people.reporter), newsroom(people.redaktur)
    author = builders.make_author("Ani Putri", tree.payakumbuh)
    page = writer.get(f"/news/article/{live.pk}/propose/").text
    assert "Usulkan perubahan" in page
    assert 'value="publish"' not in page
    sent = propose(writer, live, title="Judul yang diusulkan", tags="Baru", note="Nama salah.", bylines=[author])
    assert sent.headers["Location"] == f"/news/article/{live.pk}/change/"
    assert (Article.objects.get().title, Article.objects.get().version) == ("Judul yang tayang", live.version)

    assert "Judul yang tayang" in re.search(r"Usulan perubahan.*?</section>", editor.get("/").text, re.DOTALL)[0]
    shown = editor.get(f"/news/article/{live.pk}/change/").text
    for words in ("Nama salah.", "<del>Judul yang tayang</del>", "<ins>Judul yang diusulkan</ins>"):
        assert words in shown, words
    assert answer(editor, live, "apply").headers["Location"] == f"/news/article/{live.pk}/change/"
    stored = Article.objects.get()
    assert (stored.title, stored.version) == ("Judul yang diusulkan", live.version + 1)
    assert (stored.published_at, stored.is_unverified, stored.body) == (live.published_at, True, BODY)
    assert "Ani Putri" in [author.name for author in stored.writers]
    assert [tag.name for tag in stored.tags.all()] == ["Baru"]
    assert not Proposal.objects.exists()
    last, before = Event.objects.filter(article=live).order_by("-pk")[:2]
    assert (last.verb, last.actor, last.note) == ("applied", people.redaktur, "reporter")
    assert (before.verb, before.actor, before.note) == ("proposed", people.reporter, "Nama salah.")


def test_a_scheduled_story_keeps_its_time(tree, people, newsroom):
    at = timezone.now().replace(microsecond=0) + timedelta(days=1)
    story = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    story = workflow.schedule(story, actor=people.redaktur, at=at)
    propose(newsroom(people.reporter), story, title="Judul yang diusulkan")
    answer(newsroom(people.redaktur), story, "apply")
    stored = Article.objects.get()
    assert (stored.title, stored.published_at, stored.status) == ("Judul yang diusulkan", at, "approved")


def test_a_declined_proposal_comes_back_with_the_editors_note(people, newsroom, live):
    writer, editor = newsroom(people.reporter), newsroom(people.redaktur)
    propose(writer, live, title="Judul yang diusulkan")
    answer(editor, live, "decline", answer=" ")
    assert Proposal.objects.get().declined_at is None
    answer(editor, live, "decline", answer="Sudah benar.")
    assert "Sudah benar." in writer.get(f"/news/article/{live.pk}/change/").text
    assert "Judul yang diusulkan" not in editor.get(f"/news/article/{live.pk}/change/").text
    again = writer.get(f"/news/article/{live.pk}/propose/?proposal={Proposal.objects.get().pk}").text
    assert "Judul yang diusulkan" in again
    propose(writer, live, title="Judul yang lain")
    assert (Proposal.objects.get().title, Proposal.objects.get().declined_at) == ("Judul yang lain", None)
    assert Event.objects.filter(verb="declined").get().note == "reporter: Sudah benar."


def test_what_changed_meanwhile_is_not_overwritten(people, newsroom, live):
    editor = newsroom(people.redaktur)
    propose(newsroom(people.reporter), live, summary="Ringkasan dari penulis.")
    mended = article_form(live, title="Judul yang diperbaiki redaktur")
    assert editor.post(f"/news/article/{live.pk}/change/", mended).status_code == 302
    to = answer(editor, live, "apply").headers["Location"]
    assert to == f"/news/article/{live.pk}/change/?proposal={Proposal.objects.get().pk}"
    assert Article.objects.get().title == "Judul yang diperbaiki redaktur"
    page = editor.get(to).text
    assert "Ringkasan dari penulis." in page
    assert f'name="_proposal" value="{Proposal.objects.get().pk}"' in page


def test_saving_the_opened_proposal_applies_it(people, newsroom, live):
    editor = newsroom(people.redaktur)
    propose(newsroom(people.reporter), live, title="Judul yang diusulkan")
    data = article_form(live, title="Judul yang diusulkan, dirapikan", _proposal=Proposal.objects.get().pk)
    assert editor.post(f"/news/article/{live.pk}/change/", data).status_code == 302
    assert not Proposal.objects.exists()
    assert Event.objects.latest("pk").verb == "applied"


def test_who_may_propose_and_who_may_answer(tree, people, newsroom, live):
    editor, colleague = newsroom(people.redaktur), newsroom(people.kontributor)
    for client in (colleague, newsroom(people.sister), editor):
        propose(client, live, title="Judul yang dipalsukan")
        assert not Proposal.objects.exists()
        assert Article.objects.get().title == "Judul yang tayang"
    draft = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    propose(newsroom(people.reporter), draft)  # a draft is simply edited
    assert not Proposal.objects.exists()
    propose(newsroom(people.reporter), live, title="Judul yang diusulkan")
    for do in ("apply", "decline"):
        assert answer(newsroom(people.reporter), live, do, answer="Ya.").status_code == 403
    assert answer(editor, live, "take_back").status_code == 403
    for client in (colleague, newsroom(people.sister)):
        assert answer(client, live, "apply").status_code == 404
    other = builders.make_live(tree.payakumbuh, created_by=people.reporter)
    number = {"proposal": Proposal.objects.get().pk, "do": "apply"}
    assert editor.post(f"/news/article/{other.pk}/proposal/", number).status_code == 404
    assert Article.objects.get(pk=live.pk).title == "Judul yang tayang"
    assert answer(newsroom(people.reporter), live, "take_back").status_code == 302
    assert not Proposal.objects.exists()


def test_a_writer_cannot_decide_what_publishers_decide_by_proposing(people, newsroom, live):
    forged = article_form(live, title="Judul yang diusulkan", published_at="2001-01-01T00:00", is_unverified="")
    newsroom(people.reporter).post(f"/news/article/{live.pk}/propose/", forged)
    answer(newsroom(people.redaktur), live, "apply")
    stored = Article.objects.get()
    assert (stored.title, stored.published_at) == ("Judul yang diusulkan", live.published_at)
    assert stored.is_unverified


def test_the_working_copy_of_a_proposal_goes_on_in_its_form(people, newsroom, live):
    writer, key = newsroom(people.reporter), str(uuid.uuid4())
    content = {name: [str(value)] for name, value in writers_form(live, title="Sedang diketik").items()}
    WorkingCopy.objects.create(person=people.reporter, article=live, key=key, number=1, content=content)
    assert f"/propose/?copy={key}" in writer.get(f"/news/article/{live.pk}/change/").text
    assert "Sedang diketik" in writer.get(f"/news/article/{live.pk}/propose/?copy={key}").text
    propose(writer, live, title="Sedang diketik", _copy_key=key, _copy_number="1")
    assert not WorkingCopy.objects.exists()
