"""What is public: every verb against a story in every state, by a given moment and by the database's clock."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from news import workflow
from news.demo import builders
from news.models import Article, Placement, Status, Withdrawal
from news.querysets import State

AT = datetime(2024, 11, 23, 13, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)

STATES = {
    "draft": State.DRAFT,
    "draft with a past time": State.DRAFT,
    "submitted": State.SUBMITTED,
    "returned": State.RETURNED,
    "scheduled": State.SCHEDULED,
    "live": State.LIVE,
    "live with an end": State.LIVE,
    "expired": State.EXPIRED,
    "withdrawn": State.WITHDRAWN,
    "withdrawn before it was live": State.WITHDRAWN,
    "live in a closed region": State.LIVE,
    "expired in a closed region": State.EXPIRED,
}
VERBS = {
    "live": (lambda rows, at: rows.live(at), {"live", "live with an end"}),
    "gone": (lambda rows, at: rows.gone(at), {"expired", "withdrawn"}),
    "scheduled": (lambda rows, at: rows.scheduled(at), {"scheduled"}),
    "published": (
        lambda rows, at: rows.published(at),
        {"live", "live with an end", "expired", "live in a closed region", "expired in a closed region"},
    ),
    "in_review": (lambda rows, at: rows.in_review(), {"submitted"}),
    "drafts": (lambda rows, at: rows.drafts(), {"draft", "draft with a past time"}),
    "returned": (lambda rows, at: rows.returned(), {"returned"}),
}


def story(region, status, begins=None, ends=None, withdrawn_at=None, **overrides) -> Article:
    article = builders.make_article(region, expires_at=ends, **overrides)
    record = Withdrawal(reason="Keliru.", withdrawn_at=withdrawn_at) if withdrawn_at else None
    return workflow.bring_in(article, status=status, published_at=begins, withdrawal=record)


@pytest.fixture(params=["a given moment", "the database's clock"])
def clock(request) -> SimpleNamespace:
    """`moment`, and `at` as the verbs take it for that moment."""
    if request.param == "a given moment":
        return SimpleNamespace(moment=AT, at=AT)
    return SimpleNamespace(moment=timezone.now(), at=None)


@pytest.fixture
def stories(tree, clock) -> dict[int, str]:
    """A story in each state as of the clock's moment, by primary key."""
    now, home, closed = clock.moment, tree.payakumbuh, tree.limapuluhkota
    type(closed).objects.filter(pk=closed.pk).update(is_open=False)
    made = {
        "draft": story(home, Status.DRAFT),
        "draft with a past time": story(home, Status.DRAFT, now - HOUR),
        "submitted": story(home, Status.SUBMITTED, now - HOUR),
        "returned": story(home, Status.RETURNED, now - HOUR),
        "scheduled": story(home, Status.APPROVED, now + HOUR),
        "live": story(home, Status.APPROVED, now - HOUR),
        "live with an end": story(home, Status.APPROVED, now - HOUR, now + HOUR),
        "expired": story(home, Status.APPROVED, now - 2 * HOUR, now - HOUR),
        "withdrawn": story(home, Status.WITHDRAWN, now - 2 * HOUR, withdrawn_at=now - HOUR),
        "withdrawn before it was live": story(home, Status.WITHDRAWN, now - HOUR, withdrawn_at=now - 2 * HOUR),
        "live in a closed region": story(closed, Status.APPROVED, now - HOUR),
        "expired in a closed region": story(closed, Status.APPROVED, now - 2 * HOUR, now - HOUR),
    }
    return {article.pk: name for name, article in made.items()}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_finds_the_stories_in_its_states_and_no_other(stories, clock, verb):
    find, expected = VERBS[verb]
    found = [stories[pk] for pk in find(Article.objects, clock.at).values_list("pk", flat=True)]
    assert sorted(found) == sorted(expected)


def test_every_story_has_its_state(stories, clock):
    states = {stories[article.pk]: article.state for article in Article.objects.with_state(clock.at)}
    assert states == STATES


def test_lists_hold_live_stories_of_open_regions_once_for_each_region(stories, tree, clock):
    rows = Placement.objects.live(clock.at)
    for region in (tree.payakumbuh, tree.sumbar, tree.network):
        listed = [stories[row.article_id] for row in rows.in_region(region)]
        assert sorted(listed) == ["live", "live with an end"]
    assert not rows.in_region(tree.limapuluhkota).exists()
    assert not rows.in_region(tree.makassar).exists()


def test_a_story_is_live_from_the_very_moment_of_its_time(tree):
    article = story(tree.payakumbuh, Status.APPROVED, AT)
    for rows in (Article.objects.all(), Placement.objects.in_region(tree.payakumbuh)):
        assert rows.live(AT).exists()
        assert not rows.live(AT - TICK).exists()
    assert list(Article.objects.scheduled(AT - TICK)) == [article]
    assert not Article.objects.scheduled(AT).exists()


def test_a_story_is_gone_from_the_very_moment_of_its_end(tree):
    story(tree.payakumbuh, Status.APPROVED, AT - HOUR, AT)
    for rows in (Article.objects.all(), Placement.objects.in_region(tree.payakumbuh)):
        assert rows.live(AT - TICK).exists()
        assert not rows.live(AT).exists()
    assert not Article.objects.gone(AT - TICK).exists()
    assert Article.objects.gone(AT).exists()


@pytest.mark.parametrize(("after", "seen"), [(timedelta(0), True), (-TICK, False)])
def test_a_withdrawn_story_is_gone_only_if_readers_had_it(tree, after, seen):
    story(tree.payakumbuh, Status.WITHDRAWN, AT, withdrawn_at=AT + after)
    assert Article.objects.gone(AT + HOUR).exists() is seen


def test_a_story_withdrawn_while_scheduled_stays_unknown_when_its_time_comes(tree):
    story(tree.payakumbuh, Status.WITHDRAWN, AT, withdrawn_at=AT - HOUR)
    assert not Article.objects.gone(AT - HOUR).exists()
    assert not Article.objects.gone(AT + HOUR).exists()


def test_a_shared_story_is_listed_by_the_other_region_while_its_home_is_open(tree):
    shared = story(tree.payakumbuh, Status.APPROVED, AT - HOUR)
    builders.share(shared, tree.makassar)
    rows = Placement.objects.live(AT).in_region(tree.makassar)
    assert rows.exists()
    type(tree.payakumbuh).objects.filter(pk=tree.payakumbuh.pk).update(is_open=False)
    assert not rows.all().exists()


def test_a_persons_own_stories_are_those_they_made_and_those_with_their_byline_each_once(tree, people):
    author = builders.make_author("Dodi Piliang", tree.payakumbuh, user=people.reporter)
    made = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    signed = builders.make_article(tree.payakumbuh, created_by=people.redaktur, writers=[author])
    both = builders.make_article(tree.payakumbuh, created_by=people.reporter, writers=[author])
    builders.make_article(tree.payakumbuh, created_by=people.redaktur)
    assert sorted(article.pk for article in Article.objects.by(people.reporter)) == [made.pk, signed.pk, both.pk]


def test_what_follows_a_row_is_the_rest_of_the_list_also_among_ties(tree):
    for moment in [AT - TICK, AT, AT, AT, AT, AT + TICK]:
        story(tree.payakumbuh, Status.APPROVED, moment)
    rows = list(Placement.objects.in_region(tree.payakumbuh).newest_first())
    assert [row.published_at for row in rows] == [AT + TICK, AT, AT, AT, AT, AT - TICK]
    for place, row in enumerate(rows, 1):
        after = Placement.objects.in_region(tree.payakumbuh).before(row.published_at, row.article_id).newest_first()
        assert list(after) == rows[place:]
