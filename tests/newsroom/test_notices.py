"""Notices: who is told of what, that nobody sees one of a story that they may not read, and what the pages cost."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.models import Byline, Comment, Notice, Status
from news.newsroom.notices import LENGTH
from news.publishing import binned, comments, notice_reading, proposals, rules, workflow
from tests.newsroom.world import of_two_regions

pytestmark = pytest.mark.databases
HOUR = timedelta(hours=1)


@pytest.fixture
def named(tree, people):
    """The people, more of them with roles in several regions, and names that colleagues know."""
    more = of_two_regions(tree)
    people.both, people.chief_here = more.editor_and_reporter, more.chief_and_contributor
    people.province = builders.make_user("province", "chief_editor", tree.sumbar)
    people.network = builders.make_user("network", "chief_editor", tree.network)
    people.makassar = builders.make_user("makassar", "editor", tree.makassar)
    people.makassar.assignments.create(region=tree.payakumbuh, role="reporter")
    names = {"reporter": "Linda Sari", "redaktur": "Budi Piliang", "both": "Rudi Dua", "makassar": "Daeng Ali"}
    for who, name in names.items():
        person = getattr(people, who)
        person.first_name, _space, person.last_name = name.partition(" ")
        person.save()
    return people


EDITORS_HERE = {"redaktur", "pemred", "editor_and_reporter", "chief_and_contributor"}
"""Who has a role in Payakumbuh that publishes."""


@pytest.fixture
def story(tree, named):
    """The reporter's, with a byline of a colleague who edits elsewhere."""
    writers = [builders.make_author("Daeng Ali", tree.payakumbuh, user=named.makassar)]
    return builders.make_article(
        tree.payakumbuh, created_by=named.reporter, writers=writers, title="Jembatan Rahasia Dibangun"
    )


def told():
    """Who was told of what since the last time: {(kind, user name)}."""
    rows = Notice.objects.all()
    seen = {(row.kind, row.person.username) for row in rows.select_related("person")}
    assert len(seen) == rows.count(), "somebody was told twice"
    rows.delete()
    return seen


# --- Who is told ------------------------------------------------------------------------------------------------


def test_a_submitted_story_is_told_to_the_editors_of_its_own_region(named, story):
    workflow.submit(story, actor=named.reporter)
    assert told() == {("submitted", name) for name in EDITORS_HERE}


def test_an_editor_is_not_told_of_what_they_submit_themselves(named, story):
    workflow.submit(story, actor=named.redaktur)
    assert told() == {("submitted", name) for name in EDITORS_HERE - {"redaktur"}}


def test_without_editors_in_its_region_the_nearest_above_are_told_and_nobody_further_up(tree, named):
    def submitted(region):
        workflow.submit(builders.make_article(region, created_by=named.admin), actor=named.admin)
        return told()

    assert submitted(tree.limapuluhkota) == {("submitted", "sister")}  # both and chief_here only write there
    named.sister.is_active = False
    named.sister.save()
    assert submitted(tree.limapuluhkota) == {("submitted", "province")}
    named.province.assignments.all().delete()
    assert submitted(tree.limapuluhkota) == {("submitted", "network")}
    named.network.assignments.all().delete()
    assert submitted(tree.limapuluhkota) == set()  # the administrator submitted it
    builders.make_user("second", is_superuser=True)
    assert submitted(tree.limapuluhkota) == {("submitted", "second")}


def test_the_only_editor_of_a_region_who_submits_is_answered_from_above(tree, named):
    workflow.submit(builders.make_article(tree.limapuluhkota, created_by=named.sister), actor=named.sister)
    assert told() == {("submitted", "province")}


def test_an_editor_without_the_second_factor_that_the_role_needs_is_not_told(settings, named, story):
    settings.REQUIRE_SECOND_FACTOR = True
    workflow.submit(story, actor=named.reporter)
    assert told() == set()


def test_what_becomes_of_a_story_is_told_to_its_writers(named, story):
    workflow.submit(story, actor=named.reporter)
    told()
    workflow.return_to_writer(story, actor=named.redaktur, note="Tambah sumber kedua.")
    assert set(Notice.objects.values_list("note", flat=True)) == {"Tambah sumber kedua."}
    assert told() == {("returned", "reporter"), ("returned", "makassar")}
    at = timezone.now() + HOUR
    workflow.schedule(story, actor=named.redaktur, at=at)
    assert set(Notice.objects.values_list("due_at", flat=True)) == {at}
    assert told() == {("approved", "reporter"), ("approved", "makassar")}
    workflow.publish(story, actor=named.pemred)
    assert told() == {("published", "reporter"), ("published", "makassar")}


def test_a_writer_who_may_not_read_the_story_is_told_nothing(tree, named, story):
    named.makassar.assignments.filter(region=tree.payakumbuh).delete()
    comments.write(story, actor=named.redaktur, text="Sejak kapan?")
    workflow.publish(story, actor=named.redaktur)
    assert told() == {("commented", "reporter"), ("published", "reporter")}


def test_a_writer_with_two_bylines_is_told_once_and_never_of_their_own_act(named, story):
    author = named.makassar.author
    Byline.objects.create(article=story, author=author, role="photographer", position=2)
    workflow.publish(story, actor=named.redaktur)
    assert told() == {("published", "reporter"), ("published", "makassar")}


def test_an_editor_who_publishes_their_own_story_is_not_told(tree, named):
    workflow.publish(builders.make_article(tree.payakumbuh, created_by=named.redaktur), actor=named.redaktur)
    assert told() == set()


def test_a_proposal_is_told_to_the_editors_near_the_story(named, story):
    story = workflow.publish(story, actor=named.redaktur)
    told()
    proposals.propose(story, actor=named.reporter, content={"title": ["Jembatan"]}, note="Salah nama")
    assert set(Notice.objects.values_list("note", flat=True)) == {"Salah nama"}
    assert told() == {("proposed", name) for name in EDITORS_HERE}


def test_other_acts_are_told_to_nobody(named, story):
    workflow.save(story, actor=named.reporter)
    workflow.throw_away(story, actor=named.reporter)
    workflow.bring_back(story, actor=named.reporter)
    assert told() == set()
    workflow.submit(story, actor=named.reporter)
    told()
    workflow.recall(story, actor=named.reporter)
    assert told() == set()


def test_a_comment_is_told_to_those_for_whom_its_thread_waits(named, story):
    """As the desk has it (`waiting_for`): the story's writers, who began the thread, and whom it mentions."""
    first = comments.write(story, actor=named.redaktur, text="Sejak kapan?")
    assert told() == {("commented", "reporter"), ("commented", "makassar")}
    comments.write(story, actor=named.reporter, text="Sejak pagi.", thread=first)
    assert told() == {("commented", "makassar"), ("commented", "redaktur")}
    comments.write(story, actor=named.reporter, text="@Rudi Dua tahu.", thread=first)
    assert told() == {("mentioned", "editor_and_reporter"), ("commented", "makassar"), ("commented", "redaktur")}
    comments.write(story, actor=named.pemred, text="Baik.", thread=first)
    both = {("commented", name) for name in ("makassar", "redaktur", "reporter", "editor_and_reporter")}
    assert told() == both


def test_the_told_and_the_desk_agree(named, story, newsroom):
    first = comments.write(story, actor=named.redaktur, text="@Linda Sari, sejak kapan?")
    comments.write(story, actor=named.pemred, text="@Rudi Dua, tahu?", thread=first)
    last = comments.write(story, actor=named.reporter, text="Sejak pagi.", thread=first)
    everybody = [person for person in vars(named).values() if person != named.reporter]
    desks = {person.username: newsroom(person).get("/").context["desk"] for person in everybody}
    waits = {name for name, desk in desks.items() if last in desk.comments}
    assert waits == {row.person.username for row in Notice.objects.filter(comment=last).select_related("person")}


def test_whom_a_mended_comment_mentions_anew_is_told_and_nobody_twice(named, story):
    comment = comments.write(story, actor=named.redaktur, text="@Linda Sari, sejak kapan?")
    assert told() == {("mentioned", "reporter"), ("commented", "makassar")}
    comment = comments.write(story, actor=named.redaktur, text="@Linda Sari, sejak kapan?")
    comments.mend(Comment.objects.get(pk=comment.pk), actor=named.redaktur, text="@Linda Sari dan @Rudi Dua?")
    anew = {("mentioned", "editor_and_reporter")}
    assert told() == anew | {("mentioned", "reporter"), ("commented", "makassar")}


def test_what_is_refused_tells_nobody(named, story):
    with pytest.raises(workflow.TransitionError):
        workflow.return_to_writer(story, actor=named.redaktur, note="Draf.")
    assert told() == set()


def test_what_is_deleted_from_the_bin_takes_its_notices_along(named, story):
    comments.write(story, actor=named.redaktur, text="Sejak kapan?")
    workflow.throw_away(story, actor=named.reporter)
    assert Notice.objects.count() == 2
    assert binned.empty(timezone.now() + HOUR) == 1
    assert Notice.objects.count() == 0


# --- The page ---------------------------------------------------------------------------------------------------


def shown(client, path="/kabar/"):
    return unescape(client.get(path).text)


def bell(client):
    """The number on the bell, as any page has it; 0 where it has none."""
    [hidden, number] = re.search(r'class="top-count"( hidden)?>([^<]*)<', client.get("/").text).groups()
    return 0 if hidden else number


def count(client):
    response = client.get("/kabar/jumlah/")
    assert "no-store" in response["Cache-Control"]
    return response.json()


def test_the_page_says_what_happened_where_and_when_and_leads_there(tree, named, newsroom, story):
    thread = comments.write(story, actor=named.redaktur, text="Sejak <b>kapan</b>?")
    at = timezone.now() + 3 * HOUR
    workflow.schedule(story, actor=named.redaktur, at=at)
    client = newsroom(named.reporter)
    page = client.get("/kabar/")
    text = unescape(page.text)
    assert "Budi Piliang" in text
    assert story.title in text
    assert f"{story.region.clock(at)}" in text
    assert "WIB" in text
    assert "Sejak &lt;b&gt;kapan&lt;/b&gt;?" in page.text
    assert "state-scheduled" in text
    assert text.index(story.region.clock(at)) < text.index("Sejak")  # the newest first
    assert client.get("/kabar/9999/").status_code == 404
    row = Notice.objects.get(person=named.reporter, comment=thread)
    response = client.get(f"/kabar/{row.pk}/")
    assert response["Location"] == f"/news/article/{story.pk}/change/#comment-{thread.pk}"
    assert bell(client) == 0  # what was told of the story is read with it
    assert Notice.objects.filter(person=named.makassar, read_at=None).count() == 2


def test_a_scheduled_story_that_has_gone_live_since_is_shown_as_live(named, newsroom, story):
    workflow.schedule(story, actor=named.redaktur, at=timezone.now() + HOUR)
    client = newsroom(named.reporter)
    assert "state-scheduled" in shown(client)
    workflow.import_as(story, status=Status.APPROVED, published_at=timezone.now() - HOUR)
    assert "state-live" in shown(client)
    assert "state-scheduled" not in shown(client)


def test_the_bell_counts_what_is_unread(named, newsroom, story):
    client = newsroom(named.reporter)
    assert (bell(client), count(client)) == (0, 0)
    for _turn in range(3):
        comments.write(story, actor=named.redaktur, text="Sejak kapan?")
    assert (bell(client), count(client)) == ("3", 3)
    assert (bell(newsroom(named.redaktur)), count(newsroom(named.redaktur))) == (0, 0)
    copies = [Notice(person=named.reporter, kind="published", article=story) for _turn in range(150)]
    Notice.objects.bulk_create(copies)
    assert (bell(client), count(client)) == ("99+", 100)


def test_all_is_marked_as_read_up_to_the_newest_on_the_page(named, newsroom, story):
    comments.write(story, actor=named.redaktur, text="Sejak kapan?")
    client = newsroom(named.reporter)
    newest = client.get("/kabar/").context["newest"]
    comments.write(story, actor=named.redaktur, text="Yang terlambat.")
    other = Notice.objects.filter(person=named.makassar, read_at=None).count()
    assert client.post("/kabar/dibaca/", {"newest": newest}).status_code == 302
    assert count(client) == 1
    assert Notice.objects.filter(person=named.makassar, read_at=None).count() == other
    assert "notice-unread" in shown(client)
    client.post("/kabar/dibaca/", {"newest": client.get("/kabar/").context["newest"]})
    assert count(client) == 0
    assert "/kabar/dibaca/" not in shown(client)
    assert "Jembatan Rahasia" in shown(client)


def test_an_empty_page_says_what_comes_here(named, newsroom):
    assert 'class="card empty"' in shown(newsroom(named.reporter))


def test_older_notices_are_on_further_pages(named, newsroom, story):
    rows = [
        Notice(person=named.reporter, kind="returned", article=story, actor=named.redaktur, note=f"catatan {number}.")
        for number in range(LENGTH + 1)
    ]
    Notice.objects.bulk_create(rows)
    client = newsroom(named.reporter)
    first = shown(client)
    assert "catatan 0." not in first
    assert f"catatan {LENGTH}." in first
    [older] = re.findall(r'href="(\?before=\d+)"', first)
    second = shown(client, f"/kabar/{older}")
    assert re.findall(r"catatan \d+\.", second) == ["catatan 0."]
    assert 'href="?before=' not in second


# --- Who has lost the right sees neither title nor count ----------------------------------------------------------


def losing():
    """How a right ends → what does it, given the tree and the person."""
    return {
        "role taken away": lambda tree, person, story: person.assignments.all().delete(),
        "byline taken away": lambda tree, person, story: Byline.objects.filter(author__user=person).delete(),
        "story moved": lambda tree, person, story: type(story).objects.filter(pk=story.pk).update(region=tree.ambon),
    }


@pytest.mark.parametrize("way", losing())
def test_who_may_not_read_the_story_any_more_sees_neither_title_nor_count(tree, named, newsroom, story, way):
    comments.write(story, actor=named.redaktur, text="Sejak kapan?")
    client = newsroom(named.makassar)
    assert (count(client), bell(client)) == (1, "1")
    assert "Jembatan Rahasia" in shown(client)
    losing()[way](tree, named.makassar, story)
    assert (count(client), bell(client)) == (0, 0)
    assert "Jembatan Rahasia" not in shown(client)
    row = Notice.objects.get(person=named.makassar)
    assert client.get(f"/kabar/{row.pk}/").status_code == 404
    client.post("/kabar/dibaca/", {"newest": row.pk})
    row.refresh_from_db()
    assert row.read_at is None


def test_nobody_opens_or_reads_another_persons_notice(named, newsroom, story):
    comments.write(story, actor=named.redaktur, text="Sejak kapan?")
    row = Notice.objects.get(person=named.reporter)
    assert newsroom(named.pemred).get(f"/kabar/{row.pk}/").status_code == 404
    newsroom(named.pemred).post("/kabar/dibaca/", {"newest": row.pk})
    row.refresh_from_db()
    assert row.read_at is None


def test_an_editor_needs_the_second_factor_to_see_what_only_the_role_shows(settings, named, newsroom, story):
    workflow.submit(story, actor=named.reporter)
    client = newsroom(named.redaktur)
    assert count(client) == 1
    settings.REQUIRE_SECOND_FACTOR = True
    assert count(newsroom(named.redaktur)) == 0
    assert "Jembatan Rahasia" not in shown(newsroom(named.redaktur))


def test_shown_is_what_rules_say_each_may_read(tree, named, story):
    """The one query agrees with `rules.may_read` for everybody and stories in several regions."""
    stories = [story, *(builders.make_article(region, created_by=named.both) for region in vars(tree).values())]
    for person in vars(named).values():
        Notice.objects.bulk_create(Notice(person=person, kind="published", article=one) for one in stories)
        seen = set(notice_reading.shown_to(person).values_list("article", flat=True))
        assert seen == {one.pk for one in stories if rules.may_read(one, person)}, person.username


# --- What it costs ----------------------------------------------------------------------------------------------


def test_pages_cost_the_same_at_ten_and_at_a_thousand_notices(tree, named, newsroom, story):
    stories = [story, *(builders.make_article(tree.payakumbuh, created_by=named.reporter) for _turn in range(9))]
    client = newsroom(named.reporter)
    client.get("/")

    def queries(path):
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        return len(seen)

    def add(number):
        Notice.objects.bulk_create(
            Notice(person=named.reporter, kind="returned", article=stories[turn % 10], actor=named.redaktur)
            for turn in range(number)
        )

    add(10)
    few = [queries(path) for path in ("/kabar/", "/kabar/jumlah/", "/")]
    add(990)
    assert few == [queries(path) for path in ("/kabar/", "/kabar/jumlah/", "/")]
    with CaptureQueriesContext(connection) as seen:
        assert notice_reading.unread(type(named.reporter).objects.get(pk=named.reporter.pk)) == 100
    assert len(seen) == 3  # the person's, their roles, the count
    assert few[1] <= 5  # session, person, roles, count


def test_telling_many_costs_what_telling_one_costs(tree, named, story):
    def queries():
        one = builders.make_article(tree.payakumbuh, created_by=named.reporter)
        with CaptureQueriesContext(connection) as seen:
            workflow.submit(one, actor=named.reporter)
        return len(seen)

    queries()  # the first one asks for more, such as content types
    few = queries()
    for number in range(20):
        builders.make_user(f"redaktur-{number}", "editor", tree.payakumbuh)
    assert queries() == few
