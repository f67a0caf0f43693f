"""The review of a story in one screen, and the queue of stories that wait for it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.models import Article, Event, LastSeen, Presence, Status
from news.models.querysets import State
from news.newsroom import review_queue
from news.publishing import comments, workflow
from tests.newsroom.forms import article_form

pytestmark = pytest.mark.databases

START = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
NOTE = "Tolong hubungi kepala dinas."
FIRST = "/news/article/tinjau/"
DESK = "/"


def page(story: Article) -> str:
    return f"/news/article/{story.pk}/tinjau/"


def stored(story: Article) -> Article:
    return Article.objects.with_state().get(pk=story.pk)


def words(response) -> str:
    """The page's text, without marks and with single spaces."""
    text = re.sub(r"<(script|style).*?</\1>", " ", response.text, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def section(response, element: str) -> str:
    """What stands in the element with this id, to the end of its kind of element."""
    found = re.search(rf'<(\w+)[^>]* id="{element}".*?</\1>', response.text, re.S)
    return found[0] if found else ""


def decide(client, story: Article, act: str, **typed):
    return client.post(page(story), {"act": act, "version": stored(story).version} | typed)


def mend(story: Article, person, **changes) -> Article:
    """Save the story with changed fields."""
    article = stored(story)
    for name, value in changes.items():
        setattr(article, name, value)
    return workflow.save(article, actor=person).article


@pytest.fixture
def author(tree, people):
    return builders.make_author("Linda Sari", tree.payakumbuh, user=people.reporter)


@pytest.fixture
def submit(tree, people, author):
    """`submit(title)`: a story of the reporter's that waits for review."""

    def made(title="Warga memperbaiki jembatan", region=None, note="", **fields) -> Article:
        own = {"created_by": people.reporter, "writers": [author], "title": title} | fields
        article = builders.make_article(region or tree.payakumbuh, **own)
        return workflow.submit(article, actor=people.admin if region else people.reporter, note=note)

    return made


@pytest.fixture
def two_roles(tree):
    """Somebody who edits in one region and only writes in another."""
    person = builders.make_user("dua", "editor", tree.payakumbuh)
    person.assignments.create(region=tree.limapuluhkota, role="reporter")
    return person


# --- Who -----------------------------------------------------------------------------------------------------------


def test_it_is_for_people_who_may_publish_there(tree, people, submit, newsroom, two_roles):
    story = submit()
    own_elsewhere = submit(region=tree.limapuluhkota, created_by=two_roles)
    answers = {
        "writer": newsroom(people.reporter).get(page(story)).status_code,
        "another writer": newsroom(people.kontributor).get(page(story)).status_code,
        "editor": newsroom(people.redaktur).get(page(story)).status_code,
        "sister": newsroom(people.sister).get(page(story)).status_code,
        "two roles, as editor": newsroom(two_roles).get(page(story)).status_code,
        "two roles, as writer": newsroom(two_roles).get(page(own_elsewhere)).status_code,
    }
    assert answers == {
        "writer": 403,
        "another writer": 404,
        "editor": 200,
        "sister": 404,
        "two roles, as editor": 200,
        "two roles, as writer": 403,
    }
    for person, code in [(people.reporter, 403), (people.sister, 404)]:
        assert decide(newsroom(person), story, "publish").status_code == code
    assert decide(newsroom(two_roles), own_elsewhere, "publish").status_code == 403
    assert {stored(story).status, stored(own_elsewhere).status} == {Status.SUBMITTED}


# --- The queue -----------------------------------------------------------------------------------------------------


def test_the_queue_is_of_ones_regions_in_the_order_of_submission(tree, people, submit, two_roles):
    stories = []
    for minute in range(3):
        with time_machine.travel(START + timedelta(minutes=minute), tick=False):
            stories.append(submit(f"Berita ke-{minute}"))
    with time_machine.travel(START + timedelta(minutes=5), tick=False):
        elsewhere = submit("Berita tetangga", region=tree.limapuluhkota, created_by=two_roles)
        mend(stories[0], people.redaktur, kicker="Pilkada")  # keeps its place
    one, two, three = stories
    keys = [story.pk for story in stories]
    for person in (people.redaktur, two_roles):
        assert list(review_queue.waiting(person).values_list("pk", flat=True)) == keys
    assert not review_queue.waiting(people.reporter).exists()
    assert review_queue.next_in_queue(people.sister) == elsewhere.pk
    assert review_queue.place(people.sister, elsewhere) == review_queue.Place(None, None, 0)
    assert review_queue.place(people.redaktur, two) == review_queue.Place(one.pk, three.pk, 2)
    assert review_queue.place(people.redaktur, one) == review_queue.Place(three.pk, two.pk, 2)
    assert review_queue.next_in_queue(people.redaktur) == one.pk
    assert review_queue.next_in_queue(people.redaktur, three) == one.pk
    decided = workflow.publish(two, actor=people.redaktur)
    assert review_queue.place(people.redaktur, decided) == review_queue.Place(one.pk, three.pk, 2)
    assert review_queue.place(people.admin, three) == review_queue.Place(one.pk, elsewhere.pk, 2)


def test_after_each_decision_comes_the_next_story_and_in_the_end_the_desk(people, submit, newsroom):
    one, two, three = [submit(f"Berita ke-{number}") for number in range(3)]
    client = newsroom(people.redaktur)
    assert client.get(FIRST).headers["Location"] == page(one)
    shown = client.get(page(two))
    assert "2 lagi menunggu" in words(shown)
    assert f'id="review-next" href="{page(three)}"' in shown.text
    assert f'id="review-previous" href="{page(one)}"' in shown.text
    assert decide(client, two, "publish").headers["Location"] == page(three)
    later = timezone.now() + timedelta(days=1)
    typed = three.region.local(later).strftime("%Y-%m-%dT%H:%M")
    answer = decide(client, three, "schedule", at=typed)
    assert answer.headers["Location"] == page(one)
    assert "Berita ke-2" in words(client.get(page(one)))  # what was done to which story
    answer = client.post(page(one), {"act": "return", "version": one.version, "note": NOTE}, follow=True)
    assert answer.redirect_chain[0][0] == DESK
    assert "Tidak ada lagi yang menunggu tinjauan" in words(answer)
    assert [stored(story).state for story in (one, two, three)] == [State.RETURNED, State.LIVE, State.SCHEDULED]
    assert client.get(FIRST).headers["Location"] == DESK


def test_times_are_the_regions(tree, people, submit, newsroom):
    story = submit(region=tree.ambon)  # WIT, nine hours ahead
    client = newsroom(people.admin)
    assert "WIT" in section(client.get(page(story)), "review-acts")
    decide(client, story, "schedule", at="2099-01-02T03:04")
    assert stored(story).published_at == datetime(2099, 1, 1, 18, 4, tzinfo=UTC)


# --- Refusals ------------------------------------------------------------------------------------------------------


def test_a_refusal_stands_in_place_and_loses_nothing(people, submit, newsroom):
    bare = submit(embargo_until=timezone.now() + timedelta(days=2))
    client = newsroom(people.redaktur)
    answer = decide(client, bare, "publish", note=NOTE, at="2099-01-02T03:04")
    assert answer.status_code == 400
    acts = section(answer, "review-acts")
    assert "embargo" in acts.lower()
    assert NOTE in acts
    assert 'value="2099-01-02T03:04"' in acts
    for at in ("", "besok", "2001-01-02T03:04"):
        answer = decide(client, bare, "schedule", at=at, note=NOTE)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert NOTE in section(answer, "review-acts")
    answer = decide(client, bare, "return")
    assert (answer.status_code, "errornote" in answer.text) == (400, True)
    assert stored(bare).status == Status.SUBMITTED
    comments.write(bare, actor=people.redaktur, text="Siapa kepala dinasnya?")
    assert decide(client, bare, "return").status_code == 302


def test_a_photo_without_a_description_is_named(tree, people, submit, newsroom):
    photo = builders.make_photo(tree.payakumbuh, alt="", caption="Jembatan gantung")
    story = submit(lead_photo=photo)
    client = newsroom(people.redaktur)
    assert "Tanpa deskripsi" in words(client.get(page(story)))
    answer = decide(client, story, "publish")
    assert answer.status_code == 400
    assert "tunanetra" in section(answer, "review-acts")


def test_what_somebody_else_stored_meanwhile_is_shown_before_one_decides(people, submit, newsroom):
    story = submit()
    client, seen = newsroom(people.redaktur), story.version
    client.get(page(story))
    mend(story, people.pemred, title="Judul dari pemred")
    answer = client.post(page(story), {"act": "return", "version": seen, "note": NOTE})
    assert answer.status_code == 409
    assert "pemred" in section(answer, "conflict")
    assert NOTE in section(answer, "review-acts")
    assert stored(story).status == Status.SUBMITTED
    assert f'name="version" value="{stored(story).version}"' in answer.text
    assert decide(client, story, "return", note=NOTE).status_code == 302


def test_nothing_is_decided_twice_or_without_a_version(people, submit, newsroom):
    story, other = submit(), submit("Berita lain")
    client = newsroom(people.redaktur)
    assert client.post(page(story), {"act": "publish"}).status_code == 409
    for act in ("", "withdraw", "submit", "throw_away"):
        assert decide(client, story, act).status_code == 404
    form = {"act": "publish", "version": story.version, "_form_key": "kunci"}
    for _press in range(2):
        assert client.post(page(story), form).headers["Location"] == page(other)
    assert story.events.filter(verb=Event.Verb.PUBLISHED).count() == 1
    assert client.post(page(story), form | {"_form_key": "lain"}).status_code == 409


# --- What is shown -------------------------------------------------------------------------------------------------


def test_all_that_an_editor_decides_by_is_there(tree, people, submit, newsroom):
    photo = builders.make_photo(tree.payakumbuh, alt="Jembatan kayu", credit="Antara", caption="Jembatan")
    story = submit(
        kicker="Pilkada 2024",
        kind=Article.Kind.RELEASE,
        summary="Ringkasan singkat.",
        lead_photo=photo,
        tags=["Jembatan"],
        shares={tree.limapuluhkota: None},
        embargo_until=datetime(2024, 11, 23, 13, 25, tzinfo=UTC),
        expires_at=datetime(2098, 11, 23, 13, 25, tzinfo=UTC),
        published_at=datetime(2097, 11, 23, 13, 25, tzinfo=UTC),
        is_unverified=True,
        note="Sumber kedua belum menjawab.",
    )
    comments.write(story, actor=people.pemred, text="Apakah ini sudah dicek?")
    shown = words(newsroom(people.redaktur).get(page(story)))
    wanted = [
        story.title,
        "Warga memperbaiki jembatan kayu yang rusak.",
        "Pilkada 2024",
        "Ringkasan singkat.",
        "Jembatan kayu",
        "Antara",
        "Limapuluh Kota",
        "23 Nov 2024 20:25 WIB",
        "23 Nov 2098 20:25 WIB",
        "23 Nov 2097 20:25 WIB",
        "belum terverifikasi",
        "Linda Sari",
        "Politik",
        "Rilis",
        "Sumber kedua belum menjawab.",
        "Apakah ini sudah dicek?",
    ]
    assert [text for text in wanted if text not in shown] == []


def test_the_writers_note_stands_beside_the_editors(people, submit, newsroom):
    story = submit(note="Tinggal menunggu foto.")
    workflow.return_to_writer(story, actor=people.pemred, note=NOTE)
    data = article_form(stored(story), act="submit", note="Sudah saya hubungi.")
    assert newsroom(people.reporter).post(f"/news/article/{story.pk}/change/", data).status_code == 302
    shown = words(newsroom(people.redaktur).get(page(story)))
    assert "Sudah saya hubungi." in shown
    assert NOTE in shown
    assert "Tinggal menunggu foto." not in shown  # of the submission before
    assert Event.objects.filter(article=story, verb=Event.Verb.SUBMITTED).first().note == "Sudah saya hubungi."


def test_submitting_needs_no_note(people, submit, newsroom):
    story = submit()
    assert "Tanpa catatan" in words(newsroom(people.redaktur).get(page(story)))


# --- What is new ---------------------------------------------------------------------------------------------------


def changes(response) -> str:
    return section(response, "changes")


def test_nothing_is_called_new_to_somebody_who_knows_no_version(people, submit, newsroom):
    assert not changes(newsroom(people.redaktur).get(page(submit())))


def test_what_is_new_is_counted_from_what_the_person_had_open(people, submit, newsroom):
    story = submit(title="Judul pertama")
    client = newsroom(people.redaktur)
    client.get(page(story))
    mend(story, people.pemred, title="Judul kedua")
    shown = changes(client.get(page(story)))
    assert ("pertama" in shown, "kedua" in shown) == (True, True)
    assert " open>" in shown
    again = changes(client.get(page(story)))  # loaded anew: folded, and still there
    assert ("pertama" in again, " open>" in again) == (True, False)
    mend(story, people.pemred, title="Judul ketiga")
    shown = changes(client.get(page(story)))
    assert ("pertama" in shown, "kedua" in shown, "ketiga" in shown) == (False, True, True)
    # Nobody else has seen what this person has.
    assert not changes(newsroom(people.admin).get(page(story)))
    assert LastSeen.objects.filter(article=story, person=people.redaktur).count() == 1


def test_what_is_new_is_counted_from_what_the_person_stored_or_decided(people, submit, newsroom):
    story = submit(title="Judul pertama")
    mend(story, people.redaktur, title="Judul kedua")
    mend(story, people.pemred, title="Judul ketiga")
    shown = changes(newsroom(people.redaktur).get(page(story)))
    assert ("pertama" in shown, "kedua" in shown, "ketiga" in shown) == (False, True, True)
    returned = workflow.return_to_writer(stored(story), actor=people.pemred, note=NOTE)
    mend(returned, people.reporter, title="Judul keempat")
    workflow.submit(stored(story), actor=people.reporter)
    shown = changes(newsroom(people.pemred).get(page(story)))
    assert ("ketiga" in shown, "keempat" in shown) == (True, True)
    assert "status" not in shown.lower()


def test_whoever_knows_no_version_sees_what_changed_since_the_return(people, submit, newsroom):
    story = submit(title="Judul pertama")
    workflow.return_to_writer(story, actor=people.pemred, note=NOTE)
    mend(story, people.reporter, title="Judul kedua")
    workflow.submit(stored(story), actor=people.reporter)
    shown = changes(newsroom(people.redaktur).get(page(story)))
    assert ("pertama" in shown, "kedua" in shown) == (True, True)
    assert "dikembalikan" in shown


def test_what_was_open_long_ago_is_forgotten(people, submit, newsroom, settings):
    story = submit()
    newsroom(people.redaktur).get(page(story))
    call_command("prune_working_copies")
    assert LastSeen.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=settings.WORKING_COPY_DAYS, minutes=1), tick=False):
        call_command("prune_working_copies")
    assert not LastSeen.objects.exists()


# --- Two editors ---------------------------------------------------------------------------------------------------


def test_others_are_named_with_what_they_do(people, submit, newsroom):
    story = submit()
    people.pemred.first_name = "Rina"
    people.pemred.save()
    chief, address = newsroom(people.pemred), f"/news/article/{story.pk}/presence/"
    chief.post(address, {"page": "review:1"})
    editor = newsroom(people.redaktur)
    assert "Rina sedang meninjau berita ini." in words(editor.get(page(story)))
    state = editor.post(address, {"page": "review:2"}).json()
    assert [person["words"] for person in state["people"] if not person["me"]] == ["Rina sedang meninjau berita ini."]
    chief.post(address, {"page": "3", "do": "write"})
    assert "Rina sedang menulis di berita ini." in words(editor.get(page(story)))
    chief.post(address, {"page": "3", "do": "leave"})
    assert "Rina" not in section(editor.get(page(story)), "review-people")
    chief.post(address, {"page": "4"})
    Presence.objects.update(seen_at=timezone.now() - Presence.GONE_AFTER)
    assert "Rina" not in section(editor.get(page(story)), "review-people")


def test_a_comment_without_a_script_leads_back_to_the_review(people, submit, newsroom):
    story = submit()
    client, address = newsroom(people.redaktur), f"/news/article/{story.pk}/comments/"
    shown = client.get(page(story))
    assert 'name="page" value="review"' in section(shown, "comments")
    for sent, leads in [("review", "tinjau"), ("change", "change"), ("https://example.com/", "change"), ("", "change")]:
        answer = client.post(address, {"do": "add", "text": f"Komentar {sent}", "page": sent})
        assert re.fullmatch(rf"/news/article/{story.pk}/{leads}/#comment-\d+", answer.headers["Location"])


# --- Cost ----------------------------------------------------------------------------------------------------------


def test_it_costs_the_same_for_three_stories_as_for_thirty(tree, people, submit, newsroom):
    story = submit(tags=["Jembatan"])
    client = newsroom(people.redaktur)
    client.get(page(story))
    mend(story, people.pemred, title="Judul kedua")
    counts = []
    for size in (2, 28):
        for number in range(size):
            submit(f"Berita {size} {number}")
            comments.write(story, actor=people.pemred, text=f"Komentar {number}")
        client.get(page(story))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(story))
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
    assert counts[0] <= 36, counts
