"""What is public: every verb against an article in every state, by a given moment and by the database's clock."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from news.demo import builders
from news.models import Article, Placement, Status, Withdrawal
from news.models.querysets import State
from news.publishing import workflow

pytestmark = pytest.mark.databases

AT = datetime(2024, 11, 23, 13, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)

STATES = {
    "draft": State.DRAFT,
    "draft with a past time": State.DRAFT,
    "draft with a time to come": State.DRAFT,
    "submitted": State.SUBMITTED,
    "returned": State.RETURNED,
    "scheduled": State.SCHEDULED,
    "live": State.LIVE,
    "live with an end": State.LIVE,
    "expired": State.EXPIRED,
    "withdrawn": State.WITHDRAWN,
    "withdrawn before it was live": State.WITHDRAWN,
    "withdrawn while it was scheduled": State.WITHDRAWN,
    "thrown away": State.BINNED,
    "live in a closed region": State.LIVE,
    "expired in a closed region": State.EXPIRED,
}
DRAFTS = {name for name, state in STATES.items() if state == State.DRAFT}
APPROVED = {name for name, state in STATES.items() if state in (State.SCHEDULED, State.LIVE, State.EXPIRED)}
WITHDRAWN = {name for name, state in STATES.items() if state == State.WITHDRAWN}
VERBS = {
    "live": (lambda rows, at: rows.live(at), {"live", "live with an end"}),
    "gone": (lambda rows, at: rows.gone(at), {"expired", "withdrawn"}),
    "scheduled": (lambda rows, at: rows.scheduled(at), {"scheduled"}),
    "in_review": (lambda rows, at: rows.in_review(), {"submitted"}),
    "drafts": (lambda rows, at: rows.drafts(), DRAFTS),
    "returned": (lambda rows, at: rows.returned(), {"returned"}),
    "unpublished": (lambda rows, at: rows.unpublished(at), {*DRAFTS, "submitted", "returned", "scheduled"}),
    "approved": (lambda rows, at: rows.approved(), APPROVED),
    "addressed": (lambda rows, at: rows.addressed(), APPROVED | WITHDRAWN),
    "with_editors": (lambda rows, at: rows.with_editors(), {*STATES} - {*DRAFTS, "returned", "thrown away"}),
    "in_bin": (lambda rows, at: rows.in_bin(timezone.now() - HOUR), {"thrown away"}),
    "to_be_emptied": (lambda rows, at: rows.to_be_emptied(timezone.now()), {"thrown away"}),
    "outside_bin": (lambda rows, at: rows.outside_bin(), {*STATES} - {"thrown away"}),
}


def make(region, status, begins=None, ends=None, withdrawn_at=None, **overrides) -> Article:
    article = builders.make_article(region, expires_at=ends, **overrides)
    record = Withdrawal(reason="Keliru.", withdrawn_at=withdrawn_at) if withdrawn_at else None
    return workflow.import_as(article, status=status, published_at=begins, withdrawal=record)


@pytest.fixture(params=["a given moment", "the database's clock"])
def clock(request) -> SimpleNamespace:
    """`moment`, and `at` as the verbs take it for that moment."""
    if request.param == "a given moment":
        return SimpleNamespace(moment=AT, at=AT)
    return SimpleNamespace(moment=timezone.now(), at=None)


@pytest.fixture
def articles(tree, clock) -> dict[int, str]:
    """An article in each state as of the clock's moment, by primary key."""
    now, home, closed = clock.moment, tree.payakumbuh, tree.limapuluhkota
    type(closed).objects.filter(pk=closed.pk).update(is_open=False)
    made = {
        "draft": make(home, Status.DRAFT),
        "draft with a past time": make(home, Status.DRAFT, now - HOUR),
        "draft with a time to come": make(home, Status.DRAFT, now + HOUR),
        "submitted": make(home, Status.SUBMITTED, now - HOUR),
        "returned": make(home, Status.RETURNED, now - HOUR),
        "scheduled": make(home, Status.APPROVED, now + HOUR),
        "live": make(home, Status.APPROVED, now - HOUR),
        "live with an end": make(home, Status.APPROVED, now - HOUR, now + HOUR),
        "expired": make(home, Status.APPROVED, now - 2 * HOUR, now - HOUR),
        "withdrawn": make(home, Status.WITHDRAWN, now - 2 * HOUR, withdrawn_at=now - HOUR),
        "withdrawn before it was live": make(home, Status.WITHDRAWN, now - HOUR, withdrawn_at=now - 2 * HOUR),
        "withdrawn while it was scheduled": make(home, Status.WITHDRAWN, now + HOUR, withdrawn_at=now - HOUR),
        "thrown away": make(home, Status.BINNED, now - HOUR),
        "live in a closed region": make(closed, Status.APPROVED, now - HOUR),
        "expired in a closed region": make(closed, Status.APPROVED, now - 2 * HOUR, now - HOUR),
    }
    return {article.pk: name for name, article in made.items()}


def test_each_verb_finds_the_articles_in_its_states_and_no_other(articles, clock):
    for verb, (find, expected) in VERBS.items():
        found = [articles[pk] for pk in find(Article.objects, clock.at).values_list("pk", flat=True)]
        assert sorted(found) == sorted(expected), verb


def test_every_article_has_its_state(articles, clock):
    states = {articles[article.pk]: article.state for article in Article.objects.with_state(clock.at)}
    assert states == STATES


def test_lists_hold_live_articles_of_open_regions_once_for_each_region(articles, tree, clock):
    rows = Placement.objects.live(clock.at)
    for region in (tree.payakumbuh, tree.sumbar, tree.network):
        listed = [articles[row.article_id] for row in rows.in_region(region)]
        assert sorted(listed) == ["live", "live with an end"]
    assert not rows.in_region(tree.limapuluhkota).exists()
    assert not rows.in_region(tree.makassar).exists()


def test_an_article_is_live_from_the_very_moment_of_its_time(tree):
    article = make(tree.payakumbuh, Status.APPROVED, AT)
    for rows in (Article.objects.all(), Placement.objects.in_region(tree.payakumbuh)):
        assert rows.live(AT).exists()
        assert not rows.live(AT - TICK).exists()
    assert list(Article.objects.scheduled(AT - TICK)) == [article]
    assert not Article.objects.scheduled(AT).exists()


def test_an_article_is_gone_from_the_very_moment_of_its_end(tree):
    make(tree.payakumbuh, Status.APPROVED, AT - HOUR, AT)
    for rows in (Article.objects.all(), Placement.objects.in_region(tree.payakumbuh)):
        assert rows.live(AT - TICK).exists()
        assert not rows.live(AT).exists()
    assert not Article.objects.gone(AT - TICK).exists()
    assert Article.objects.gone(AT).exists()


@pytest.mark.parametrize(("after", "seen"), [(timedelta(0), True), (-TICK, False)])
def test_a_withdrawn_article_is_gone_only_if_readers_had_it(tree, after, seen):
    make(tree.payakumbuh, Status.WITHDRAWN, AT, withdrawn_at=AT + after)
    assert Article.objects.gone(AT + HOUR).exists() is seen
    assert not Article.objects.gone(AT - TICK).exists()


def test_an_article_withdrawn_while_scheduled_stays_unknown_when_its_time_comes(tree):
    make(tree.payakumbuh, Status.WITHDRAWN, AT, withdrawn_at=AT - HOUR)
    assert not Article.objects.gone(AT - HOUR).exists()
    assert not Article.objects.gone(AT + HOUR).exists()


def test_a_shared_article_is_listed_by_the_other_region_while_its_home_is_open(tree):
    shared = make(tree.payakumbuh, Status.APPROVED, AT - HOUR)
    builders.share(shared, tree.makassar)
    rows = Placement.objects.live(AT).in_region(tree.makassar)
    assert rows.exists()
    type(tree.payakumbuh).objects.filter(pk=tree.payakumbuh.pk).update(is_open=False)
    assert not rows.all().exists()


def test_a_persons_own_articles_are_those_they_made_and_those_with_their_byline_each_once(tree, people):
    author = builders.make_author("Dodi Piliang", tree.payakumbuh, user=people.reporter)
    made = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    signed = builders.make_article(tree.payakumbuh, created_by=people.redaktur, writers=[author])
    both = builders.make_article(tree.payakumbuh, created_by=people.reporter, writers=[author])
    builders.make_article(tree.payakumbuh, created_by=people.redaktur)
    assert sorted(article.pk for article in Article.objects.by(people.reporter)) == [made.pk, signed.pk, both.pk]


def test_what_follows_a_row_is_the_rest_of_the_list_also_among_ties(tree):
    for moment in [AT, AT + TICK, AT, AT - TICK, AT, AT]:
        make(tree.payakumbuh, Status.APPROVED, moment)
    rows = list(Placement.objects.in_region(tree.payakumbuh).newest_first())
    assert [row.published_at for row in rows] == [AT + TICK, AT, AT, AT, AT, AT - TICK]
    assert [row.article_id for row in rows[1:5]] == sorted((row.article_id for row in rows[1:5]), reverse=True)
    for place, row in enumerate(rows, 1):
        after = Placement.objects.in_region(tree.payakumbuh).before(row.published_at, row.article_id).newest_first()
        assert list(after) == rows[place:]


def test_a_placement_that_outlived_its_article_shows_nothing(tree):
    article = make(tree.payakumbuh, Status.APPROVED, AT)
    Article.objects.filter(pk=article.pk).update(status=Status.WITHDRAWN)
    assert Placement.objects.filter(article=article).exists()
    assert not Placement.objects.live(AT).exists()


def test_a_photo_is_shown_by_the_articles_that_it_leads_and_those_with_it_in_their_gallery(tree):
    photo, other = builders.make_photo(tree.payakumbuh), builders.make_photo(tree.payakumbuh)
    led = builders.make_article(tree.payakumbuh, lead_photo=photo)
    in_gallery = builders.make_article(tree.payakumbuh, lead_photo=other)
    in_gallery.gallery.create(photo=photo, position=1)
    builders.make_article(tree.payakumbuh)
    assert {*Article.objects.showing(photo)} == {led, in_gallery}
    assert {*Article.objects.showing(other)} == {in_gallery}


@pytest.mark.parametrize(("verb", "queries"), [("for_cards", 1), ("for_page", 3)])
def test_what_is_shown_of_articles_is_loaded_with_them(tree, django_assert_num_queries, verb, queries):
    photo = builders.make_photo(tree.payakumbuh)
    for _article in range(2):
        builders.make_live(tree.payakumbuh, lead_photo=photo, tags=["Pilkada"])
    with django_assert_num_queries(queries):
        for article in getattr(Article.objects.all(), verb)():
            shown = [article.region.short_name, article.section.name, article.lead_photo.width, article.title]
            if verb == "for_page":
                shown += [article.region.parent.parent.path, article.body]
                shown += [*article.bylines.all(), *article.tags.all()]
            assert all(shown)
            assert (article.get_deferred_fields() == {"body"}) is (verb == "for_cards")
