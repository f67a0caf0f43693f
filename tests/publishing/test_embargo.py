"""An embargo holds on every way in which a story could become live before its end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from news.demo import builders
from news.models import Article, Status
from news.publishing import merging, restoring, workflow
from news.publishing.readiness import TransitionError
from news.publishing.workflow import Act, Details

HOUR = timedelta(hours=1)


@pytest.fixture
def end():
    return timezone.now().replace(microsecond=0) + 5 * HOUR


@pytest.fixture
def story(tree, people, end):
    return builders.make_article(
        tree.payakumbuh, status=Status.SUBMITTED, created_by=people.reporter, embargo_until=end
    )


def stored(story) -> Article:
    return Article.objects.get(pk=story.pk)


def test_it_cannot_be_published_or_scheduled_before_the_end(people, story, end):
    early = end - timedelta(seconds=1)
    for act, details in ((Act.PUBLISH, Details()), (Act.SCHEDULE, Details(at=early))):
        with pytest.raises(TransitionError, match="diembargo sampai"):
            workflow.perform(act, story, actor=people.redaktur, details=details)
        saved = workflow.save(stored(story), actor=people.redaktur, act=act, details=details)
        assert (saved.act, type(saved.refusal)) == (None, TransitionError)
        assert (stored(story).status, stored(story).published_at) == (Status.SUBMITTED, None)
    assert workflow.schedule(story, actor=people.redaktur, at=end).published_at == end


def test_the_message_names_the_time_by_the_regions_clock(people, story, end):
    with pytest.raises(TransitionError) as refusal:
        workflow.publish(story, actor=people.redaktur)
    assert story.region.clock(end) in str(refusal.value)


def test_it_can_be_published_from_its_end_on(people, story):
    Article.objects.update(embargo_until=timezone.now() - timedelta(seconds=1))
    assert workflow.publish(story, actor=people.redaktur).status == Status.APPROVED


def test_a_scheduled_story_is_not_moved_before_the_end(people, story, end):
    workflow.schedule(story, actor=people.redaktur, at=end + HOUR)
    with pytest.raises(TransitionError):
        workflow.schedule(story, actor=people.redaktur, at=end - HOUR)
    with pytest.raises(TransitionError):
        workflow.publish(story, actor=people.redaktur)
    saved = workflow.save(stored(story), actor=people.redaktur, act=Act.SCHEDULE, details=Details(at=end - HOUR))
    assert isinstance(saved.refusal, TransitionError)
    assert stored(story).published_at == end + HOUR


def test_the_embargo_of_a_scheduled_story_is_not_moved_behind_its_time(people, story, end):
    workflow.schedule(story, actor=people.redaktur, at=end)
    edited = stored(story)
    edited.embargo_until, edited.title = end + HOUR, "Judul yang baru"
    with pytest.raises(TransitionError):
        workflow.save(edited, actor=people.redaktur)
    assert stored(story).embargo_until == end
    edited = stored(story)
    edited.embargo_until = end - HOUR
    assert workflow.save(edited, actor=people.redaktur).article.embargo_until == end - HOUR
    edited.embargo_until = None
    assert workflow.save(edited, actor=people.redaktur).article.embargo_until is None


def test_an_act_that_is_refused_leaves_the_embargo_as_it_was(people, story, end):
    """The text is stored, and not an embargo that would not fit to the time that stays."""
    workflow.schedule(story, actor=people.redaktur, at=end)
    edited = stored(story)
    edited.embargo_until, edited.title = end + HOUR, "Judul yang baru"
    saved = workflow.save(edited, actor=people.redaktur, act=Act.SCHEDULE, details=Details(at=timezone.now() - HOUR))
    assert saved.refusal
    after = stored(story)
    assert (after.title, after.embargo_until, after.published_at) == ("Judul yang baru", end, end)


def test_a_live_story_gets_no_embargo_that_ends_later(tree, people, end):
    live = builders.make_live(tree.payakumbuh)
    live.embargo_until = end
    for act, details in ((None, None), (Act.CORRECT, Details(correction="Yang benar tiga."))):
        with pytest.raises(TransitionError):
            workflow.save(live, actor=people.redaktur, act=act, details=details)
    assert stored(live).embargo_until is None
    workflow.withdraw(live, actor=people.pemred, reason="Keliru.")


def test_a_share_cannot_be_earlier(tree, people, story, end):
    builders.Share.objects.create(article=story, region=tree.makassar, published_at=end - HOUR)
    workflow.schedule(story, actor=people.redaktur, at=end)
    assert set(story.placements.values_list("published_at", flat=True)) == {end}


def test_a_restored_version_keeps_the_embargo_of_today(people, story, end):
    workflow.save(story, actor=people.redaktur)  # its version has the embargo
    edited = stored(story)
    edited.embargo_until, edited.title = None, "Judul yang baru"
    workflow.save(edited, actor=people.redaktur)
    first = story.versions.order_by("pk").first()
    workflow.publish(stored(story), actor=people.redaktur)
    restoring.restore(first, actor=people.redaktur, seen_version=stored(story).version)
    assert (stored(story).title, stored(story).embargo_until) == (story.title, None)


def test_nobody_but_publishers_changes_it(people, story, end):
    story.status = Status.DRAFT
    story.save()
    edited = stored(story)
    edited.embargo_until = None
    with pytest.raises(builders.workflow.PermissionDenied):
        workflow.save(edited, actor=people.reporter)
    assert stored(story).embargo_until == end


def test_the_embargo_and_the_time_are_one_decision_of_two_people():
    base = {"published_at": "a", "expires_at": None, "embargo_until": None}
    merged = merging.merge(base, base | {"published_at": "b"}, base | {"embargo_until": "c"})
    assert [sorted(conflict.names) for conflict in merged.conflicts] == [sorted(base)]


@pytest.mark.databases
def test_an_import_keeps_what_was_decided_elsewhere(tree, end):
    story = builders.make_article(tree.payakumbuh, embargo_until=end)
    workflow.import_as(story, status=Status.APPROVED, published_at=end)
    with pytest.raises(IntegrityError), transaction.atomic():
        workflow.import_as(story, status=Status.APPROVED, published_at=end - HOUR)
