"""Who may do what with a story, when, and what it leaves behind."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from news import workflow
from news.demo import builders
from news.models import Article, Byline, Event, Share, Status, Withdrawal
from news.querysets import State
from news.workflow import Act
from regions.models import Region

HOUR = timedelta(hours=1)
NOTE = "Tolong lengkapi sumbernya."

ENTITLED = {
    "reporter": {Act.SUBMIT},
    "coauthor": {Act.SUBMIT},
    "kontributor": set(),
    "redaktur": {Act.SUBMIT, Act.RETURN, Act.PUBLISH, Act.SCHEDULE, Act.CORRECT},
    "pemred": set(Act),
    "admin": set(Act),
    "sister": set(),
    "foreign_coauthor": set(),
    "former_pemred": set(),
}
"""Who may do which act with a story of Payakumbuh that the reporter made, whatever its state."""
POSSIBLE = {
    State.DRAFT: {Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE},
    State.RETURNED: {Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE},
    State.SUBMITTED: {Act.RETURN, Act.PUBLISH, Act.SCHEDULE},
    State.SCHEDULED: {Act.RETURN, Act.PUBLISH, Act.SCHEDULE},
    State.LIVE: {Act.CORRECT, Act.WITHDRAW},
    State.EXPIRED: {Act.CORRECT, Act.WITHDRAW},
    State.WITHDRAWN: set(),
}
"""Which acts are possible in which state, whoever asks."""
RESULTS = {
    Act.SUBMIT: Status.SUBMITTED,
    Act.RETURN: Status.RETURNED,
    Act.PUBLISH: Status.APPROVED,
    Act.SCHEDULE: Status.APPROVED,
    Act.WITHDRAW: Status.WITHDRAWN,
    Act.CORRECT: Status.APPROVED,
}
EDITS = {
    "reporter": {State.DRAFT, State.RETURNED},
    "coauthor": {State.DRAFT, State.RETURNED},
    "kontributor": set(),
    "redaktur": set(State) - {State.WITHDRAWN},
    "pemred": set(State) - {State.WITHDRAWN},
    "admin": set(State) - {State.WITHDRAWN},
    "sister": set(),
    "foreign_coauthor": set(),
    "former_pemred": set(),
}
"""In which states who may change the text."""


def now_by_the_database() -> datetime:
    return Region.objects.annotate(now=Now()).values_list("now", flat=True)[0]


@pytest.fixture
def staff(tree, people) -> SimpleNamespace:
    """`people`, two with a byline on the story, one of them without a role in its region, and one who has left."""
    people.coauthor = builders.make_user("coauthor", "kontributor", tree.payakumbuh)
    people.foreign_coauthor = builders.make_user("foreign", "redaktur", tree.makassar)
    people.former_pemred = builders.make_user("former", "pemred", tree.payakumbuh, is_active=False)
    return people


@pytest.fixture
def story_in(tree, staff):
    """`story_in(state)`: the reporter's story in that state, with two coauthors."""

    def make(state: State = State.DRAFT, **overrides) -> Article:
        now = timezone.now()
        begins = {State.SCHEDULED: now + HOUR, State.LIVE: now - HOUR, State.EXPIRED: now - 2 * HOUR}
        status = Status.APPROVED if state in begins else Status(state)
        writers = [
            builders.make_author("Linda Sari", tree.payakumbuh),
            builders.make_author("Dodi Piliang", tree.payakumbuh, user=staff.coauthor),
            builders.make_author("Andi Tenri", tree.makassar, user=staff.foreign_coauthor),
        ]
        ends = now - HOUR if state == State.EXPIRED else None
        fields = {"created_by": staff.reporter, "writers": writers, "expires_at": ends} | overrides
        record = Withdrawal(reason="Keliru.", withdrawn_at=now) if state == State.WITHDRAWN else None
        return workflow.bring_in(
            builders.make_article(tree.payakumbuh, **fields),
            status=status,
            published_at=now - HOUR if record else begins.get(state),
            withdrawal=record,
        )

    return make


def perform(act: Act, article: Article, actor) -> Article:
    """The act, with everything that it asks for."""
    match act:
        case Act.SUBMIT:
            return workflow.submit(article, actor=actor)
        case Act.RETURN:
            return workflow.return_to_writer(article, actor=actor, note=NOTE)
        case Act.PUBLISH:
            return workflow.publish(article, actor=actor)
        case Act.SCHEDULE:
            return workflow.schedule(article, actor=actor, at=timezone.now() + 2 * HOUR)
        case Act.WITHDRAW:
            return workflow.withdraw(article, actor=actor, reason=NOTE)
        case Act.CORRECT:
            return workflow.correct(article, actor=actor, kind="koreksi", text=NOTE)


# --- Who, in which state --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ENTITLED)
@pytest.mark.parametrize("state", POSSIBLE)
def test_a_person_is_offered_and_allowed_the_acts_of_their_role_and_the_storys_state(story_in, staff, who, state):
    article, actor = story_in(state), getattr(staff, who)
    assert set(workflow.offered(article, actor)) == ENTITLED[who] & POSSIBLE[state]
    for act in Act:
        with transaction.atomic():
            if act not in ENTITLED[who]:
                with pytest.raises(PermissionDenied):
                    perform(act, article, actor)
            elif act not in POSSIBLE[state]:
                with pytest.raises(workflow.Refused, match=r"\w+ \w+"):
                    perform(act, article, actor)
            else:
                assert perform(act, article, actor).status == RESULTS[act]
            transaction.set_rollback(True)


@pytest.mark.parametrize("who", EDITS)
@pytest.mark.parametrize("state", POSSIBLE)
def test_editors_edit_always_and_writers_their_own_story_while_it_is_with_them(story_in, staff, who, state):
    article, actor = story_in(state), getattr(staff, who)
    article.title = "Judul yang baru sama sekali"
    if state in EDITS[who]:
        workflow.store(article, actor=actor)
    else:
        with pytest.raises(PermissionDenied):
            workflow.store(article, actor=actor)
    stored = Article.objects.with_state().get(pk=article.pk)
    assert (stored.title == article.title) is (state in EDITS[who])
    assert stored.state == state


def test_a_new_story_is_its_makers_draft(tree, people):
    article = Article(region=tree.payakumbuh, section=builders.make_section(), title="Banjir di Kota Payakumbuh!")
    article.status = Status.APPROVED
    workflow.store(article, actor=people.kontributor)
    stored = Article.objects.get(pk=article.pk)
    assert (stored.status, stored.version, stored.created_by) == (Status.DRAFT, 1, people.kontributor)
    assert stored.slug == "banjir-di-kota-payakumbuh"
    assert not stored.placements.exists()


@pytest.mark.parametrize("who", ["reporter", "sister"])
def test_nobody_makes_a_story_in_a_region_that_they_do_not_write_for(tree, people, who):
    article = Article(region=tree.makassar, section=builders.make_section(), title="Berita dari Makassar")
    with pytest.raises(PermissionDenied):
        workflow.store(article, actor=getattr(people, who))
    assert not Article.objects.exists()


def test_nobody_moves_a_story_into_a_region_that_they_do_not_write_for(tree, people, story_in):
    article = story_in()
    article.region = tree.limapuluhkota
    with pytest.raises(PermissionDenied):
        workflow.store(article, actor=people.redaktur)
    workflow.store(article, actor=people.admin)
    assert Article.objects.get(pk=article.pk).region == tree.limapuluhkota


# --- What an act asks for -------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE])
@pytest.mark.parametrize("lacking", ["text", "writer"])
def test_a_story_goes_forward_with_a_text_and_a_writer_only(tree, people, act, lacking):
    article = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    if lacking == "text":
        Article.objects.filter(pk=article.pk).update(body="<p> </p>")
    else:
        article.bylines.update(role=Byline.Role.EDITOR)
    with pytest.raises(workflow.Refused):
        perform(act, article, people.redaktur)
    Article.objects.filter(pk=article.pk).update(body="<p>Ada isinya.</p>")
    article.bylines.update(role=Byline.Role.WRITER)
    perform(act, article, people.redaktur)


def test_a_press_release_needs_no_writer(tree, people):
    release = builders.make_article(tree.payakumbuh, writers=[], kind=Article.Kind.RELEASE)
    assert workflow.publish(release, actor=people.redaktur).status == Status.APPROVED


@pytest.mark.parametrize("empty", ["", " \n "])
def test_a_return_needs_a_note_and_a_withdrawal_a_reason(story_in, people, empty):
    waiting, live = story_in(State.SUBMITTED), builders.make_live(people.pemred.assignments.get().region)
    with pytest.raises(workflow.Refused):
        workflow.return_to_writer(waiting, actor=people.redaktur, note=empty)
    with pytest.raises(workflow.Refused):
        workflow.withdraw(live, actor=people.pemred, reason=empty)
    assert not Event.objects.exists()
    assert not Withdrawal.objects.exists()


@pytest.mark.parametrize("early", [timedelta(0), HOUR])
def test_a_schedule_needs_a_time_to_come(story_in, people, early):
    article = story_in(State.SUBMITTED)
    with pytest.raises(workflow.Refused):
        workflow.schedule(article, actor=people.redaktur, at=now_by_the_database() - early)
    assert Article.objects.get(pk=article.pk).status == Status.SUBMITTED


def test_publishing_takes_the_databases_time_and_no_other_clocks(story_in, people):
    article = story_in(State.SUBMITTED)
    before = now_by_the_database()
    with time_machine.travel("2001-01-01"):
        published = workflow.publish(article, actor=people.redaktur)
    assert before <= published.published_at <= now_by_the_database()
    assert Article.objects.live().filter(pk=article.pk).exists()


def test_publishing_a_scheduled_story_brings_it_forward(story_in, people):
    article = story_in(State.SCHEDULED)
    assert workflow.publish(article, actor=people.redaktur).published_at < article.published_at
    assert list(article.placements.live().values_list("region__subdomain", flat=True).order_by("region__path")) == [
        "",
        "sumaterabarat",
        "payakumbuh",
    ]


@pytest.mark.parametrize("act", [Act.PUBLISH, Act.SCHEDULE])
def test_a_story_cannot_end_before_it_begins(story_in, people, act):
    article = story_in(State.SUBMITTED, expires_at=timezone.now() - HOUR)
    with pytest.raises(workflow.Refused):
        perform(act, article, people.redaktur)
    assert Article.objects.get(pk=article.pk).published_at is None


def test_a_scheduled_story_can_be_called_back_and_timed_anew(story_in, people):
    article = story_in(State.SCHEDULED)
    later = timezone.now() + 3 * HOUR
    workflow.schedule(article, actor=people.redaktur, at=later)
    assert set(article.placements.values_list("published_at", flat=True)) == {later}
    workflow.return_to_writer(article, actor=people.redaktur, note=NOTE)
    assert not article.placements.exists()
    assert Article.objects.returned().filter(pk=article.pk).exists()


def test_a_withdrawal_is_on_record_and_takes_the_story_off_every_list(story_in, people):
    article = story_in(State.LIVE)
    before = now_by_the_database()
    workflow.withdraw(article, actor=people.pemred, reason=f" {NOTE} ")
    record = Withdrawal.objects.get(article=article)
    assert (record.reason, record.actor) == (NOTE, people.pemred)
    assert before <= record.withdrawn_at <= now_by_the_database()
    assert not article.placements.exists()
    assert Article.objects.gone().filter(pk=article.pk).exists()


def test_an_act_takes_the_stored_story_and_not_what_the_caller_changed(story_in, people):
    article = story_in(State.SUBMITTED)
    title, article.title = article.title, "Judul yang tidak pernah disimpan"
    workflow.publish(article, actor=people.redaktur)
    assert Article.objects.get(pk=article.pk).title == title


# --- The journal ----------------------------------------------------------------------------------------------


def test_every_act_is_in_the_journal_with_its_actor_and_note(tree, people):
    article = Article(region=tree.payakumbuh, section=builders.make_section(), title="Pasar Ibuh ramai lagi")
    article.body = "<p>Pasar Ibuh ramai lagi.</p>"
    at = timezone.now() + HOUR
    workflow.store(article, actor=people.reporter)
    Byline.objects.create(article=article, author=builders.make_author("Linda Sari", tree.payakumbuh))
    workflow.submit(article, actor=people.reporter)
    workflow.return_to_writer(article, actor=people.redaktur, note=NOTE)
    workflow.store(Article.objects.get(pk=article.pk), actor=people.reporter)
    workflow.submit(article, actor=people.reporter)
    workflow.schedule(article, actor=people.redaktur, at=at)
    workflow.publish(article, actor=people.redaktur)
    workflow.withdraw(article, actor=people.pemred, reason="Keliru.")
    assert list(article.events.order_by("pk").values_list("verb", "actor__username", "note")) == [
        ("created", "reporter", ""),
        ("submitted", "reporter", ""),
        ("returned", "redaktur", NOTE),
        ("edited", "reporter", ""),
        ("submitted", "reporter", ""),
        ("scheduled", "redaktur", tree.payakumbuh.clock(at)),
        ("published", "redaktur", ""),
        ("withdrawn", "pemred", "Keliru."),
    ]
    assert Article.objects.get(pk=article.pk).version == 8


def test_a_refused_act_leaves_no_trace(story_in, people):
    article = story_in(State.LIVE)
    with pytest.raises(PermissionDenied):
        workflow.withdraw(article, actor=people.redaktur, reason=NOTE)
    with pytest.raises(workflow.Refused):
        workflow.return_to_writer(article, actor=people.redaktur, note=NOTE)
    assert not Event.objects.exists()
    assert Article.objects.get(pk=article.pk).version == article.version


# --- Storing a text -------------------------------------------------------------------------------------------


def test_a_text_typed_over_an_older_version_is_not_stored(story_in, people):
    first = story_in()
    second = Article.objects.get(pk=first.pk)
    second.title = "Judul dari orang kedua"
    workflow.store(second, actor=people.redaktur, seen_version=first.version)
    first.title = "Judul dari orang pertama"
    with pytest.raises(workflow.Stale):
        workflow.store(first, actor=people.reporter, seen_version=1)
    stored = Article.objects.get(pk=first.pk)
    assert (stored.title, stored.version) == ("Judul dari orang kedua", 2)
    assert Event.objects.count() == 1
    workflow.store(first, actor=people.reporter, seen_version=2)
    stored.refresh_from_db()
    assert (stored.title, stored.version) == ("Judul dari orang pertama", 3)


def test_an_act_makes_an_open_form_stale(story_in, people):
    article = story_in()
    workflow.submit(article, actor=people.reporter)
    with pytest.raises(workflow.Stale):
        workflow.store(article, actor=people.redaktur, seen_version=article.version)


@pytest.mark.parametrize("state", [State.SCHEDULED, State.LIVE, State.EXPIRED])
def test_an_approved_story_is_mended_without_losing_its_time(story_in, people, state):
    article = story_in(state)
    time = article.published_at
    article.title, article.published_at, article.status = "Judul yang sudah diperbaiki", None, Status.DRAFT
    workflow.store(article, actor=people.redaktur)
    workflow.settle(article)
    stored = Article.objects.with_state().get(pk=article.pk)
    assert (stored.title, stored.published_at, stored.state) == ("Judul yang sudah diperbaiki", time, state)
    assert set(stored.placements.values_list("published_at", flat=True)) == {time}


@pytest.mark.parametrize(
    ("state", "slug"),
    [
        (State.DRAFT, "judul-yang-baru"),
        (State.SUBMITTED, "judul-yang-baru"),
        (State.SCHEDULED, "judul-yang-baru"),
        (State.LIVE, "judul-lama"),
        (State.EXPIRED, "judul-lama"),
    ],
)
def test_the_address_follows_the_title_until_readers_have_it(story_in, people, state, slug):
    article = story_in(state, title="Judul Lama")
    article.title, article.slug = "Judul yang Baru", "dari-luar"
    workflow.store(article, actor=people.redaktur)
    assert Article.objects.get(pk=article.pk).slug == slug


@pytest.mark.parametrize(("state", "moves"), [(State.SCHEDULED, True), (State.LIVE, False), (State.EXPIRED, False)])
def test_the_home_region_is_frozen_once_readers_have_the_story(tree, story_in, people, state, moves):
    article = story_in(state)
    article.region = tree.limapuluhkota
    workflow.store(article, actor=people.admin)
    workflow.settle(article)
    home = tree.limapuluhkota if moves else tree.payakumbuh
    assert Article.objects.get(pk=article.pk).region == home
    assert article.placements.filter(region=home).exists()


def test_dateline_and_sign_off_typed_into_the_text_are_not_stored_twice(story_in, people):
    article = story_in()
    article.dateline, article.body = "Payakumbuh", "<p>Payakumbuh - Hujan deras. (**)</p><script>alert(1)</script>"
    workflow.store(article, actor=people.reporter)
    assert Article.objects.get(pk=article.pk).body == "<p>Hujan deras.</p>"


def test_an_edited_share_moves_the_storys_place_with_settle(tree, story_in, people):
    article = story_in(State.LIVE)
    workflow.store(article, actor=people.redaktur)
    Share.objects.create(article=article, region=tree.makassar)
    workflow.settle(article)
    assert article.placements.filter(region=tree.makassar).exists()
