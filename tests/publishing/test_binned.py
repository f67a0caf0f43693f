"""Stories that are thrown away: brought back for a while, then without content; and stories taken back from review."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone
from reversion.models import Revision

from news.demo import builders
from news.models import Article, Comment, Event, WorkingCopy
from news.publishing import restoring, workflow
from news.publishing.workflow import TransitionError, VersionConflict

pytestmark = pytest.mark.databases

DAY = timedelta(days=1)


@pytest.fixture
def draft(tree, people) -> Article:
    article = builders.make_article(tree.payakumbuh, created_by=people.reporter, tags=["Jembatan"])
    article.title = "Jembatan yang Belum Selesai Ditulis"
    return workflow.save(article, actor=people.reporter).article


def thrown_away(article: Article, days_ago: int = 0) -> Article:
    """The article in the bin since so many days."""
    gone = workflow.throw_away(article, actor=article.created_by)
    Article.objects.filter(pk=gone.pk).update(updated_at=timezone.now() - days_ago * DAY)
    return Article.objects.get(pk=gone.pk)


def page(client, article: Article) -> str:
    return client.get(f"/news/article/{article.pk}/change/").text


def move(client, article: Article, act: str):
    data = {"act": act, "version": Article.objects.get(pk=article.pk).version}
    return client.post(f"/news/article/{article.pk}/move/", data, follow=True)


def test_a_draft_is_thrown_away_and_brought_back_as_it_was(people, newsroom, draft):
    client = newsroom(people.reporter)
    assert 'value="throw_away"' in page(client, draft)
    desk = move(client, draft, "throw_away")
    assert "ada di keranjang" in desk.text
    assert draft.title not in client.get("/news/article/").text
    assert draft.title in client.get("/news/article/?state=binned").text
    binned = page(client, draft)
    assert 'name="_save"' not in binned
    assert "Dapat dikembalikan sampai" in binned
    move(client, draft, "bring_back")
    again = Article.objects.get(pk=draft.pk)
    assert (again.status, again.body, again.title) == ("draft", draft.body, draft.title)
    assert list(again.tags.names()) == ["Jembatan"]
    assert list(Event.objects.values_list("verb", flat=True)[:2]) == ["brought_back", "thrown_away"]


def test_a_submitted_story_is_taken_back_by_its_writer_alone(people, newsroom, draft):
    workflow.submit(draft, actor=people.reporter)
    assert 'value="recall"' not in page(newsroom(people.redaktur), draft)
    forged = {"act": "recall", "version": Article.objects.get().version}
    assert newsroom(people.redaktur).post(f"/news/article/{draft.pk}/move/", forged).status_code == 403
    client = newsroom(people.reporter)
    assert 'value="recall"' in page(client, draft)
    assert "milik Anda lagi" in move(client, draft, "recall").text
    assert Article.objects.get().status == "draft"


def test_who_looked_at_an_older_version_moves_nothing(people, newsroom, draft):
    with pytest.raises(VersionConflict):
        workflow.perform(workflow.Act.THROW_AWAY, draft, actor=people.reporter, seen_version=draft.version - 1)
    client = newsroom(people.reporter)
    for seen in ("", "x", str(draft.version - 1)):
        client.post(f"/news/article/{draft.pk}/move/", {"act": "throw_away", "version": seen})
    for act in ("publish", "withdraw", "", "x"):
        posted = {"act": act, "version": draft.version}
        assert client.post(f"/news/article/{draft.pk}/move/", posted).status_code == 404
    assert Article.objects.get().status == "draft"


def test_nothing_changes_a_story_in_the_bin(people, draft):
    version = draft.versions.stored().with_content().last()
    gone = thrown_away(draft)
    with pytest.raises(PermissionDenied):
        restoring.restore(version, actor=people.redaktur, seen_version=gone.version)
    with pytest.raises(TransitionError):
        workflow.publish(gone, actor=people.redaktur)


def test_what_was_thrown_away_long_ago_loses_its_content_and_keeps_its_journal(people, newsroom, draft):
    other = builders.make_article(draft.region, created_by=people.reporter)
    new, old = thrown_away(other, settings.BIN_DAYS - 1), thrown_away(draft, settings.BIN_DAYS)
    for days, number in ((settings.BIN_DAYS + 1, 1), (0, 2)):
        WorkingCopy.objects.create(
            person=people.reporter, article=old, key=f"{number:032x}", number=1, updated_at=timezone.now() - days * DAY
        )
    with pytest.raises(TransitionError):
        workflow.bring_back(old, actor=people.reporter)
    thread = Comment.objects.create(article=old, person=people.redaktur, text="Siapa panitianya?")
    Comment.objects.create(article=old, person=people.reporter, thread=thread, text="Karang taruna.")
    assert 'value="bring_back"' not in page(newsroom(people.reporter), old)
    events = Event.objects.count()
    call_command("empty_bin")
    emptied = Article.objects.get(pk=old.pk)
    assert (emptied.title, emptied.body, emptied.status) == (draft.title, "", "binned")
    assert not emptied.versions.exists()
    assert not Revision.objects.filter(version__object_id=str(old.pk)).exists()
    assert not emptied.bylines.exists()
    assert not emptied.comments.exists()
    assert not emptied.tags.exists()
    assert emptied.working_copies.count() == 1
    assert Event.objects.count() == events
    assert workflow.bring_back(new, actor=people.reporter).body == other.body
    assert draft.title not in newsroom(people.reporter).get("/news/article/?state=binned").text
