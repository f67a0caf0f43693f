"""Who may do what with an article, when, and what it leaves behind."""

from copy import copy
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from news.demo import builders
from news.models import Article, Byline, Event, GalleryPhoto, Share, Status, Withdrawal
from news.models.querysets import State
from news.publishing import rules, workflow
from news.publishing.parts import Parts
from news.publishing.workflow import Act, Details, TransitionError
from regions.models import Region

pytestmark = pytest.mark.databases

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
NOTE = "Tolong lengkapi sumbernya."

ENTITLED = {
    "reporter": {Act.SUBMIT, Act.RECALL, Act.THROW_AWAY, Act.BRING_BACK},
    "coauthor": {Act.SUBMIT, Act.RECALL, Act.THROW_AWAY, Act.BRING_BACK},
    "kontributor": set(),
    "redaktur": set(Act) - {Act.RECALL, Act.WITHDRAW},
    "pemred": set(Act) - {Act.RECALL},
    "admin": set(Act) - {Act.RECALL},
    "sister": set(),
    "foreign_coauthor": set(),
    "former_pemred": set(),
}
"""Who may do which act with an article of Payakumbuh that the reporter made, whatever its state."""
POSSIBLE = {
    State.DRAFT: {Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE, Act.THROW_AWAY},
    State.RETURNED: {Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE, Act.THROW_AWAY},
    State.SUBMITTED: {Act.RECALL, Act.RETURN, Act.PUBLISH, Act.SCHEDULE},
    State.SCHEDULED: {Act.RETURN, Act.PUBLISH, Act.SCHEDULE},
    State.LIVE: {Act.CORRECT, Act.WITHDRAW},
    State.EXPIRED: {Act.CORRECT, Act.WITHDRAW},
    State.WITHDRAWN: set(),
    State.BINNED: {Act.BRING_BACK},
}
"""Which acts are possible in which state, whoever asks."""
RESULTS = {
    Act.SUBMIT: Status.SUBMITTED,
    Act.RETURN: Status.RETURNED,
    Act.PUBLISH: Status.APPROVED,
    Act.SCHEDULE: Status.APPROVED,
    Act.WITHDRAW: Status.WITHDRAWN,
    Act.CORRECT: Status.APPROVED,
    Act.RECALL: Status.DRAFT,
    Act.THROW_AWAY: Status.BINNED,
    Act.BRING_BACK: Status.DRAFT,
}
FINAL = {State.WITHDRAWN, State.BINNED}
EDITS = {
    "reporter": {State.DRAFT, State.RETURNED},
    "coauthor": {State.DRAFT, State.RETURNED},
    "kontributor": set(),
    "redaktur": set(State) - FINAL,
    "pemred": set(State) - FINAL,
    "admin": set(State) - FINAL,
    "sister": set(),
    "foreign_coauthor": set(),
    "former_pemred": set(),
}
"""In which states who may change the text."""
READERS = {"reporter", "coauthor", "redaktur", "pemred", "admin"}
"""Who sees the article in the newsroom, in any state."""


def now_by_the_database() -> datetime:
    return Region.objects.annotate(now=Now()).values_list("now", flat=True)[0]


@pytest.fixture
def staff(tree, people) -> SimpleNamespace:
    """`people`, two with a byline on the article, one of them without a role in its region, and one who has left."""
    people.coauthor = builders.make_user("coauthor", "contributor", tree.payakumbuh)
    people.foreign_coauthor = builders.make_user("foreign", "editor", tree.makassar)
    people.former_pemred = builders.make_user("former", "chief_editor", tree.payakumbuh, is_active=False)
    return people


@pytest.fixture
def article_in(tree, staff):
    """`article_in(state)`: the reporter's article in that state, with two coauthors."""

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
        return workflow.import_as(
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
            return workflow.correct(article, actor=actor, kind="correction", text=NOTE)
        case Act.RECALL:
            return workflow.recall(article, actor=actor)
        case Act.THROW_AWAY:
            return workflow.throw_away(article, actor=actor)
        case Act.BRING_BACK:
            return workflow.bring_back(article, actor=actor)


# --- Who, in which state --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", POSSIBLE)
def test_a_person_is_offered_and_allowed_the_acts_that_fit_their_role_and_the_articles_state(article_in, staff, state):
    article = article_in(state)
    for who in ENTITLED:
        actor = getattr(staff, who)
        assert rules.may_read(article, actor) is (who in READERS), who
        offered = [act for act in Act if act in ENTITLED[who] & POSSIBLE[state]]
        assert rules.offered(article, actor) == offered, who
        for act in Act:
            with transaction.atomic():
                if act not in ENTITLED[who]:
                    with pytest.raises(PermissionDenied):
                        perform(act, copy(article), actor)
                elif act not in POSSIBLE[state]:
                    with pytest.raises(TransitionError, match=r"\w+ \w+"):
                        perform(act, copy(article), actor)
                else:
                    assert perform(act, copy(article), actor).status == RESULTS[act], who
                transaction.set_rollback(True)


@pytest.mark.parametrize("who", EDITS)
@pytest.mark.parametrize("state", POSSIBLE)
def test_editors_edit_always_and_writers_their_own_article_while_it_is_with_them(article_in, staff, who, state):
    article, actor = article_in(state), getattr(staff, who)
    article.title = "Judul yang baru sama sekali"
    if state in EDITS[who]:
        workflow.save(article, actor=actor)
    else:
        with pytest.raises(PermissionDenied):
            workflow.save(article, actor=actor)
    stored = Article.objects.with_state().get(pk=article.pk)
    assert (stored.title == article.title) is (state in EDITS[who])
    assert stored.state == state


def test_a_new_article_is_its_makers_draft(tree, people):
    article = Article(region=tree.payakumbuh, section=builders.make_section(), title="Banjir di Kota Payakumbuh!")
    article.status = Status.APPROVED
    workflow.save(article, actor=people.kontributor)
    stored = Article.objects.get(pk=article.pk)
    assert (stored.status, stored.version, stored.created_by) == (Status.DRAFT, 1, people.kontributor)
    assert stored.slug == "banjir-di-kota-payakumbuh"
    assert not stored.placements.exists()


@pytest.mark.parametrize("who", ["reporter", "sister"])
def test_nobody_makes_an_article_in_a_region_that_they_do_not_write_for(tree, people, who):
    article = Article(region=tree.makassar, section=builders.make_section(), title="Berita dari Makassar")
    with pytest.raises(PermissionDenied):
        workflow.save(article, actor=getattr(people, who))
    assert not Article.objects.exists()


def test_nobody_moves_an_article_into_a_region_that_they_do_not_write_for(tree, people, article_in):
    article = article_in()
    article.region = tree.limapuluhkota
    with pytest.raises(PermissionDenied):
        workflow.save(article, actor=people.redaktur)
    workflow.save(article, actor=people.admin)
    assert Article.objects.get(pk=article.pk).region == tree.limapuluhkota


# --- What an act asks for -------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE])
@pytest.mark.parametrize("lacking", ["text", "writer"])
def test_an_article_goes_forward_with_a_text_and_a_writer_only(tree, people, act, lacking):
    article = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    if lacking == "text":
        Article.objects.filter(pk=article.pk).update(body="<p> </p>")
    else:
        article.bylines.update(role=Byline.Role.EDITOR)
    with pytest.raises(TransitionError):
        perform(act, article, people.redaktur)
    Article.objects.filter(pk=article.pk).update(body="<p>Ada isinya.</p>")
    article.bylines.update(role=Byline.Role.WRITER)
    perform(act, article, people.redaktur)


def test_a_press_release_needs_no_writer(tree, people):
    release = builders.make_article(tree.payakumbuh, writers=[], kind=Article.Kind.RELEASE)
    assert workflow.publish(release, actor=people.redaktur).status == Status.APPROVED


@pytest.mark.parametrize("empty", ["", " \n "])
def test_a_return_needs_a_note_and_a_withdrawal_a_reason(article_in, people, empty):
    waiting, live = article_in(State.SUBMITTED), builders.make_live(people.pemred.assignments.get().region)
    with pytest.raises(TransitionError):
        workflow.return_to_writer(waiting, actor=people.redaktur, note=empty)
    with pytest.raises(TransitionError):
        workflow.withdraw(live, actor=people.pemred, reason=empty)
    assert not Event.objects.exists()
    assert not Withdrawal.objects.exists()


@pytest.mark.parametrize("early", [timedelta(0), HOUR])
def test_a_schedule_needs_a_time_to_come(article_in, people, early):
    article = article_in(State.SUBMITTED)
    with pytest.raises(TransitionError):
        workflow.schedule(article, actor=people.redaktur, at=now_by_the_database() - early)
    assert Article.objects.get(pk=article.pk).status == Status.SUBMITTED


def test_now_is_no_time_to_come(article_in, people, monkeypatch):
    article, now = article_in(State.SUBMITTED), now_by_the_database()
    monkeypatch.setattr(rules, "database_time", lambda: now)
    with pytest.raises(TransitionError):
        workflow.schedule(article, actor=people.redaktur, at=now)
    assert workflow.schedule(article, actor=people.redaktur, at=now + TICK).published_at == now + TICK


def test_publishing_takes_the_databases_time_and_no_other_clocks(article_in, people):
    article = article_in(State.SUBMITTED)
    before = now_by_the_database()
    with time_machine.travel("2001-01-01"):
        published = workflow.publish(article, actor=people.redaktur)
    assert before <= published.published_at <= now_by_the_database()
    assert Article.objects.live().filter(pk=article.pk).exists()


def test_publishing_a_scheduled_article_brings_it_forward(article_in, people):
    article = article_in(State.SCHEDULED)
    assert workflow.publish(article, actor=people.redaktur).published_at < article.published_at
    assert list(article.placements.live().values_list("region__subdomain", flat=True).order_by("region__path")) == [
        "",
        "sumaterabarat",
        "payakumbuh",
    ]


@pytest.mark.parametrize("act", [Act.PUBLISH, Act.SCHEDULE])
def test_an_article_cannot_end_before_it_begins(article_in, people, act):
    article = article_in(State.SUBMITTED, expires_at=timezone.now() - HOUR)
    with pytest.raises(TransitionError):
        perform(act, article, people.redaktur)
    assert Article.objects.get(pk=article.pk).published_at is None


def test_an_article_does_not_end_in_the_moment_of_its_beginning(article_in, people):
    end = timezone.now() + HOUR
    article = article_in(State.SUBMITTED, expires_at=end)
    with pytest.raises(TransitionError):
        workflow.schedule(article, actor=people.redaktur, at=end)
    assert workflow.schedule(article, actor=people.redaktur, at=end - TICK).status == Status.APPROVED


def test_a_scheduled_article_can_be_called_back_and_timed_anew(article_in, people):
    article = article_in(State.SCHEDULED)
    later = timezone.now() + 3 * HOUR
    workflow.schedule(article, actor=people.redaktur, at=later)
    assert set(article.placements.values_list("published_at", flat=True)) == {later}
    workflow.return_to_writer(article, actor=people.redaktur, note=NOTE)
    assert not article.placements.exists()
    assert Article.objects.returned().filter(pk=article.pk).exists()


def test_a_withdrawal_is_on_record_and_takes_the_article_off_every_list(article_in, people):
    article = article_in(State.LIVE)
    before = now_by_the_database()
    workflow.withdraw(article, actor=people.pemred, reason=f" {NOTE} ")
    record = Withdrawal.objects.get(article=article)
    assert (record.reason, record.actor) == (NOTE, people.pemred)
    assert before <= record.withdrawn_at <= now_by_the_database()
    assert not article.placements.exists()
    assert Article.objects.gone().filter(pk=article.pk).exists()


def test_an_act_takes_the_stored_article_and_not_what_the_caller_changed(article_in, people):
    article = article_in(State.SUBMITTED)
    title, article.title = article.title, "Judul yang tidak pernah disimpan"
    workflow.publish(article, actor=people.redaktur)
    assert Article.objects.get(pk=article.pk).title == title


def test_a_correction_is_public_with_its_kind_and_time(article_in, people):
    article, before = article_in(State.LIVE), now_by_the_database()
    with pytest.raises(TransitionError):
        workflow.correct(article, actor=people.redaktur, kind="correction", text=" \n")
    assert Article.objects.get(pk=article.pk).corrected_at is None
    corrected = workflow.correct(article, actor=people.redaktur, kind="correction", text=f" {NOTE} ")
    made = corrected.corrections.get()
    assert (made.kind, made.text, made.actor, made.made_at) == (
        "correction",
        NOTE,
        people.redaktur,
        corrected.corrected_at,
    )
    assert before <= Article.objects.get(pk=article.pk).corrected_at == made.made_at <= now_by_the_database()
    assert corrected.published_at == article.published_at
    assert corrected.events.get().note == NOTE


def test_a_long_reason_is_shortened_for_readers_and_whole_in_the_journal(article_in, people):
    article = article_in(State.LIVE)
    workflow.withdraw(article, actor=people.pemred, reason="x" * 600)
    assert Withdrawal.objects.get(article=article).reason == "x" * 500
    assert article.events.get().note == "x" * 600


def test_a_withdrawal_takes_the_photos_along_that_no_other_approved_article_shows(tree, article_in, people):
    lead, alone, shared = (builders.make_photo(tree.payakumbuh, rendition_manifest={"free": [320]}) for _n in range(3))
    article = article_in(State.LIVE, lead_photo=lead)
    for photo in (alone, shared):
        article.gallery.create(photo=photo)
    builders.make_live(tree.ambon, lead_photo=shared)
    builders.make_article(tree.ambon, lead_photo=alone)  # a draft, which no reader has
    keys = [photo.rendition_key for photo in (lead, alone, shared)]
    workflow.withdraw(article, actor=people.pemred, reason=NOTE)
    for photo in (lead, alone, shared):
        photo.refresh_from_db()
    assert [photo.rendition_key == key for photo, key in zip((lead, alone, shared), keys, strict=True)] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("act", [Act.PUBLISH, Act.SCHEDULE])
def test_an_article_is_approved_with_photos_that_are_described_and_may_be_used(tree, article_in, people, act):
    """A photo may be used until the end of its last day where the article is read: Ambon is two hours ahead."""
    at = timezone.now() + 2 * HOUR if act == Act.SCHEDULE else now_by_the_database()
    day = tree.payakumbuh.local(at).date()
    photo = builders.make_photo(tree.payakumbuh, alt="", usable_until=day - timedelta(days=1))
    article = article_in(State.SUBMITTED)
    article.gallery.create(photo=photo)
    for words in ({}, {"is_decorative": True}):
        type(photo).objects.filter(pk=photo.pk).update(**words)
        with pytest.raises(TransitionError):
            perform(act, article, people.redaktur)
    type(photo).objects.filter(pk=photo.pk).update(usable_until=day + timedelta(days=1))
    assert perform(act, article, people.redaktur).status == Status.APPROVED


def test_a_photos_last_day_is_the_days_of_the_articles_region(tree, people):
    at = datetime(2099, 11, 23, 16, tzinfo=UTC)  # 23.00 in Payakumbuh, 01.00 of the next day in Ambon
    here, there = (
        builders.make_article(region, lead_photo=builders.make_photo(region, usable_until=at.date()))
        for region in (tree.payakumbuh, tree.ambon)
    )
    assert workflow.schedule(here, actor=people.admin, at=at).status == Status.APPROVED
    with pytest.raises(TransitionError):
        workflow.schedule(there, actor=people.admin, at=at)


# --- The journal ----------------------------------------------------------------------------------------------


def test_every_act_is_in_the_journal_with_its_actor_and_note(tree, people):
    article = Article(region=tree.payakumbuh, section=builders.make_section(), title="Pasar Ibuh ramai lagi")
    article.body = "<p>Pasar Ibuh ramai lagi.</p>"
    at = timezone.now() + HOUR
    workflow.save(article, actor=people.reporter)
    Byline.objects.create(article=article, author=builders.make_author("Linda Sari", tree.payakumbuh))
    workflow.submit(article, actor=people.reporter)
    workflow.return_to_writer(article, actor=people.redaktur, note=NOTE)
    mended = Article.objects.get(pk=article.pk)
    mended.kicker = "Pasar"
    workflow.save(mended, actor=people.reporter)
    workflow.save(mended, actor=people.reporter)  # nothing was changed
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


def test_a_refused_act_leaves_no_trace(article_in, people):
    article = article_in(State.LIVE)
    with pytest.raises(PermissionDenied):
        workflow.withdraw(article, actor=people.redaktur, reason=NOTE)
    with pytest.raises(TransitionError):
        workflow.return_to_writer(article, actor=people.redaktur, note=NOTE)
    assert not Event.objects.exists()
    assert Article.objects.get(pk=article.pk).version == article.version


# --- Storing a text -------------------------------------------------------------------------------------------


def test_a_text_typed_over_an_older_version_is_not_stored(article_in, people):
    first = article_in()
    second = Article.objects.get(pk=first.pk)
    second.title = "Judul dari orang kedua"
    workflow.save(second, actor=people.redaktur, seen_version=first.version)
    first.title = "Judul dari orang pertama"
    with pytest.raises(workflow.VersionConflict):
        workflow.save(first, actor=people.reporter, seen_version=1)
    stored = Article.objects.get(pk=first.pk)
    assert (stored.title, stored.version) == ("Judul dari orang kedua", 2)
    assert Event.objects.count() == 1
    workflow.save(first, actor=people.reporter, seen_version=2)
    stored.refresh_from_db()
    assert (stored.title, stored.version) == ("Judul dari orang pertama", 3)


def test_an_act_makes_an_open_form_stale(article_in, people):
    article = article_in()
    workflow.submit(article, actor=people.reporter)
    with pytest.raises(workflow.VersionConflict):
        workflow.save(article, actor=people.redaktur, seen_version=article.version)


def test_what_no_form_may_change_stays(article_in, people):
    article = workflow.correct(article_in(State.LIVE), actor=people.redaktur, kind="erratum", text=NOTE)
    kept = ("status", "published_at", "corrected_at", "created_by", "region", "slug")
    before = [getattr(article, name) for name in kept]
    article.status, article.published_at, article.corrected_at = Status.DRAFT, None, None
    article.created_by, article.slug, article.version = people.admin, "dari-luar", 77
    article.title = "Judul yang diubah"
    workflow.save(article, actor=people.admin)
    stored = Article.objects.get(pk=article.pk)
    assert [getattr(stored, name) for name in kept] == before
    assert stored.version == 3


def test_a_photo_storys_first_photo_stands_for_it_in_lists_unless_another_is_chosen(tree, people):
    first, second = builders.make_photo(tree.payakumbuh), builders.make_photo(tree.payakumbuh)
    gallery = [GalleryPhoto(photo=second, position=2), GalleryPhoto(photo=first, position=1)]
    for kind, lead, expected in (("photos", None, first), ("photos", second, second), ("news", None, None)):
        article = builders.make_article(tree.payakumbuh, kind=kind, lead_photo=lead)
        rows = [GalleryPhoto(photo=row.photo, position=row.position) for row in gallery]
        workflow.save(article, actor=people.redaktur, parts=Parts(gallery=rows))
        assert Article.objects.get(pk=article.pk).lead_photo == expected, (kind, lead)
    new = Article(region=tree.payakumbuh, section=builders.make_section(), title="Foto baru", kind="photos")
    assert workflow.save(new, actor=people.redaktur).article.lead_photo is None


def test_an_act_that_is_not_possible_stores_the_text_and_leaves_the_state(article_in, people):
    article = article_in(State.SUBMITTED, expires_at=timezone.now() + HOUR)
    article.title = "Judul yang tetap disimpan"
    for details in (None, Details(at=timezone.now() - HOUR), Details(at=timezone.now() + 2 * HOUR)):
        saved = workflow.save(article, actor=people.redaktur, act=Act.SCHEDULE, details=details)
        assert isinstance(saved.refusal, TransitionError)
        assert saved.act is None
        stored = Article.objects.get(pk=article.pk)
        assert (stored.title, stored.status, stored.published_at) == (article.title, Status.SUBMITTED, None)
    assert {*article.events.values_list("verb", flat=True)} == {"edited"}
    saved = workflow.save(article, actor=people.redaktur, act=Act.PUBLISH)
    assert (saved.article, saved.act, saved.refusal) == (article, Act.PUBLISH, None)


def test_a_forbidden_act_stores_a_new_article_and_nothing_of_a_stored_one(tree, article_in, people):
    new = Article(region=tree.payakumbuh, section=builders.make_section(), title="Berita baru")
    saved = workflow.save(new, actor=people.reporter, act=Act.PUBLISH)
    assert (saved.act, type(saved.refusal)) == (None, PermissionDenied)
    assert Article.objects.get(pk=new.pk).status == Status.DRAFT
    without_byline = Article(
        region=tree.payakumbuh, section=builders.make_section(), title="Berita lain", body="<p>a</p>"
    )
    assert isinstance(workflow.save(without_byline, actor=people.reporter, act=Act.SUBMIT).refusal, TransitionError)
    article = article_in()
    title, article.title = article.title, "Judul yang tidak disimpan"
    with pytest.raises(PermissionDenied):
        workflow.save(article, actor=people.reporter, act=Act.PUBLISH)
    assert Article.objects.get(pk=article.pk).title == title


@pytest.mark.parametrize("verb", [workflow.publish, workflow.import_as])
def test_an_article_that_is_not_stored_has_no_state_to_change(tree, people, verb):
    given = {"actor": people.admin} if verb is workflow.publish else {"status": Status.APPROVED}
    with pytest.raises(Article.DoesNotExist):
        verb(Article(region=tree.payakumbuh), **given)


@pytest.mark.parametrize("state", [State.SCHEDULED, State.LIVE, State.EXPIRED])
def test_an_approved_article_is_mended_without_losing_its_time(article_in, people, state):
    article = article_in(state)
    time = article.published_at
    article.title, article.published_at, article.status = "Judul yang sudah diperbaiki", None, Status.DRAFT
    workflow.save(article, actor=people.redaktur)
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
def test_the_address_follows_the_title_until_readers_have_it(article_in, people, state, slug):
    article = article_in(state, title="Judul Lama")
    article.title, article.slug = "Judul yang Baru", "dari-luar"
    workflow.save(article, actor=people.redaktur)
    assert Article.objects.get(pk=article.pk).slug == slug


@pytest.mark.parametrize(("state", "moves"), [(State.SCHEDULED, True), (State.LIVE, False), (State.EXPIRED, False)])
def test_the_home_region_is_frozen_once_readers_have_the_article(tree, article_in, people, state, moves):
    article = article_in(state)
    article.region = tree.limapuluhkota
    workflow.save(article, actor=people.admin if moves else people.redaktur)  # whose roles do not matter there
    home = tree.limapuluhkota if moves else tree.payakumbuh
    assert Article.objects.get(pk=article.pk).region == home
    assert article.placements.filter(region=home).exists()


def test_dateline_and_sign_off_typed_into_the_text_are_not_stored_twice(article_in, people):
    article = article_in()
    article.dateline, article.body = "Payakumbuh", "<p>Payakumbuh - Hujan deras. (**)</p><script>alert(1)</script>"
    workflow.save(article, actor=people.reporter)
    assert Article.objects.get(pk=article.pk).body == "<p>Hujan deras.</p>"


def test_a_writer_keeps_the_shares_that_editors_made_and_changes_none(tree, article_in, people):
    article = article_in(shares={tree.makassar: None})
    [share] = article.shares.all()
    workflow.save(article, actor=people.reporter, parts=Parts(shares=[share]))
    for shares in ([], [share, Share(region=tree.ambon)], [Share(region=tree.ambon)]):
        with pytest.raises(PermissionDenied):
            workflow.save(article, actor=people.reporter, parts=Parts(shares=shares))
    assert [*article.shares.all()] == [share]


def test_a_share_that_is_stored_with_the_article_lists_it_there(tree, article_in, people):
    article = article_in(State.LIVE)
    workflow.save(article, actor=people.redaktur, parts=Parts(shares=[Share(region=tree.makassar)]))
    assert article.placements.filter(region=tree.makassar).exists()
