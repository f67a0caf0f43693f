"""One act with many stories of the list: what is done, what is refused and why, and what it costs."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.models import Article, Event, FrontSlot, Placement, Status
from news.models.querysets import State
from news.newsroom import bulk
from news.publishing import comments, fronts, workflow

pytestmark = pytest.mark.databases

LIST = "/news/article/"
BULK = "/news/article/bulk/"
RESULT = "/news/article/bulk/result/"
NOTE = "Tolong lengkapi sumbernya."
REASON = "Keterangan narasumber keliru."


def stored(story: Article) -> Article:
    return Article.objects.with_state().get(pk=story.pk)


def states(*stories: Article) -> list[str]:
    return [stored(story).state for story in stories]


def words(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def picked(*stories: Article) -> dict:
    """What the list posts of these stories, as it shows them now."""
    seen = {f"seen-{story.pk}": stored(story).version for story in stories}
    return {"_selected_action": [story.pk for story in stories]} | seen


def ask(client, act: str, *stories: Article, query: str = "", **data):
    return client.post(LIST + query, {"action": act, "index": 0} | picked(*stories) | data)


def do(client, act: str, *stories: Article, **data):
    """The page of results."""
    return client.post(BULK, {"act": act} | picked(*stories) | data, follow=True)


def refused(response) -> dict[str, str]:
    """Title → reason, of the stories that were refused."""
    found = re.findall(r'/change/">([^<]+)</a>\s*<p class="bulk-reason">([^<]+)</p>', response.text)
    return {unescape(title): unescape(reason) for title, reason in found}


@pytest.fixture
def author(tree, people):
    return builders.make_author("Linda Sari", tree.payakumbuh, user=people.reporter)


@pytest.fixture
def story(tree, people, author):
    """`story(title, region)`: a draft of the reporter's."""

    def made(title: str, region=None, **fields) -> Article:
        own = {"created_by": people.reporter, "writers": [author], "title": title} | fields
        return builders.make_article(region or tree.payakumbuh, **own)

    return made


@pytest.fixture
def submitted(people, story):
    def made(title: str, region=None, **fields) -> Article:
        return workflow.submit(story(title, region, **fields), actor=people.admin)

    return made


@pytest.fixture
def two_roles(tree):
    """Somebody who edits in one region and only writes in another."""
    person = builders.make_user("dua", "editor", tree.payakumbuh)
    person.assignments.create(region=tree.limapuluhkota, role="reporter")
    return person


# --- What is offered, to whom -----------------------------------------------------------------------------------------


def test_the_list_offers_what_a_role_allows(people, story, newsroom):
    story("Berita satu")

    def offered(person):
        acts = re.search(r'<select name="action".*?</select>', newsroom(person).get(LIST).text, re.DOTALL)[0]
        return re.findall(r'<option value="(\w+)"', acts)

    writers = ["throw_away", "bring_back"]
    editors = ["publish", "return", "section", "place", *writers]
    assert offered(people.reporter) == writers
    assert offered(people.redaktur) == editors
    assert offered(people.pemred) == [*editors, "withdraw"]
    assert newsroom(people.reporter).post(BULK, {"act": "publish"}).status_code == 403
    assert newsroom(people.redaktur).post(BULK, {"act": "withdraw", "reason": REASON}).status_code == 403
    assert newsroom(people.redaktur).post(BULK, {"act": "delete"}).status_code == 404
    assert newsroom(people.redaktur).get(BULK).headers["Location"] == LIST


def test_a_story_that_waits_leads_to_its_review_if_the_person_may_review_it(
    tree, people, submitted, newsroom, two_roles
):
    here = submitted("Berita di sini")
    submitted("Berita di sana", tree.limapuluhkota, created_by=two_roles)
    links = re.compile(r'class="review-link" href="([^"]+)"')
    address = f"{LIST}{here.pk}/tinjau/"
    assert links.findall(newsroom(two_roles).get(LIST).text) == [address]
    assert links.findall(newsroom(people.redaktur).get(LIST).text) == [address]
    assert not links.findall(newsroom(people.reporter).get(LIST).text)
    workflow.publish(here, actor=people.redaktur)
    assert not links.findall(newsroom(people.redaktur).get(LIST).text)


# --- Asking ---------------------------------------------------------------------------------------------------------


def test_nothing_is_done_before_it_was_asked(tree, people, submitted, newsroom):
    one, two = submitted("Berita satu"), submitted("Berita dua")
    for act in bulk.ACTS:
        shown = ask(newsroom(people.pemred), act, one, two, query="?state=submitted")
        assert shown.status_code == 200
        text = words(shown)
        assert [part for part in (one.title, two.title, "menunggu tinjauan", "Payakumbuh") if part not in text] == []
        assert f'name="seen-{one.pk}" value="{one.version}"' in shown.text
        assert f'href="{LIST}?state=submitted"' in shown.text
    assert states(one, two) == [State.SUBMITTED] * 2


def test_what_changed_since_the_list_is_not_dropped_by_its_filter(people, submitted, newsroom):
    story = submitted("Berita satu")
    chosen = picked(story)
    workflow.return_to_writer(story, actor=people.pemred, note=NOTE)
    shown = newsroom(people.redaktur).post(f"{LIST}?state=submitted", {"action": "publish", "index": 0, **chosen})
    assert "Berita satu" in words(shown)
    assert "bulk-reason" in shown.text


def test_a_hundred_at_once_and_numbers_only(tree, people, story, newsroom):
    client, first = newsroom(people.redaktur), story("Berita satu")
    many = [first.pk, *range(10_000, 10_000 + bulk.MOST - 1)]
    assert client.post(LIST, {"action": "publish", "index": 0, "_selected_action": many}).status_code == 200
    for address, data in [(LIST, {"action": "publish", "index": 0}), (BULK, {"act": "publish"})]:
        answer = client.post(address, data | picked(first) | {"_selected_action": [*many, 99_999]}, follow=True)
        assert answer.redirect_chain[-1][0] == LIST
        assert "100" in words(answer)
    for key in ("x", "-1", "1; DROP", "9" * 40):
        assert client.post(LIST, {"action": "publish", "index": 0, "_selected_action": [key]}).status_code == 400
    assert client.post(LIST, {"action": "publish", "index": 0, "_selected_action": [99_999]}).status_code == 302
    # Rows of other pages are never taken along.
    other = story("Berita dua")
    shown = ask(client, "publish", first, select_across="1")
    assert other.title not in shown.text
    assert states(first, other) == [State.DRAFT] * 2


def test_what_is_missing_is_asked_for_and_nothing_is_done(tree, people, submitted, newsroom):
    story = submitted("Berita satu")
    workflow.publish(story, actor=people.redaktur)
    client = newsroom(people.pemred)
    wrong = {
        "withdraw": [{}, {"reason": " "}, {"reason": "x" * 501}],
        "section": [{}, {"section": 99_999}],
        "place": [{}, {"region": tree.limapuluhkota.pk, "slot": "lead"}, {"region": tree.payakumbuh.pk, "slot": "x"}],
    }
    for act, forms in wrong.items():
        for data in forms:
            answer = client.post(BULK, {"act": act} | picked(story) | data)
            assert (answer.status_code, "errorlist" in answer.text) == (400, True), (act, data)
            assert "Berita satu" in words(answer)
    assert states(story) == [State.LIVE]
    assert not FrontSlot.objects.exists()


# --- Doing ----------------------------------------------------------------------------------------------------------


def test_each_is_done_by_itself_and_each_refusal_has_its_reason(tree, people, story, submitted, newsroom, two_roles):
    photo = builders.make_photo(tree.payakumbuh, alt="", caption="Jembatan gantung")
    good = submitted("Berita baik")
    embargo = submitted("Berita diembargo", embargo_until=timezone.now() + timedelta(days=1))
    blind = submitted("Foto tanpa deskripsi", lead_photo=photo)
    empty = story("Berita kosong", body="")
    live = workflow.publish(submitted("Sudah tayang"), actor=people.redaktur)
    elsewhere = submitted("Berita tetangga", tree.limapuluhkota, created_by=two_roles)
    hidden = submitted("Rahasia tetangga", tree.limapuluhkota)
    stale = submitted("Berita berubah")
    last = submitted("Berita terakhir")
    all_of_them = [good, embargo, blind, empty, live, elsewhere, hidden, stale, last]
    chosen = picked(*all_of_them)
    stale.title = "Berita berubah lagi"
    workflow.save(stale, actor=people.pemred)
    answer = newsroom(two_roles).post(BULK, {"act": "publish", **chosen}, follow=True)
    assert answer.redirect_chain == [(RESULT, 302)]
    reasons = refused(answer)
    assert list(reasons) == [
        "Berita diembargo",
        "Foto tanpa deskripsi",
        "Berita kosong",
        "Sudah tayang",
        "Berita tetangga",
        "Berita berubah lagi",
    ]
    for title, word in [
        ("Berita diembargo", "embargo"),
        ("Foto tanpa deskripsi", "tunanetra"),
        ("Berita kosong", "isi"),
        ("Sudah tayang", "tayang"),
        ("Berita tetangga", "Limapuluh Kota"),
        ("Berita berubah lagi", "menyimpan"),
    ]:
        assert word in reasons[title], title
    text = words(answer)
    assert "Selesai untuk 2 berita" in text
    assert "Ditolak untuk 6 berita" in text
    assert "Rahasia" not in answer.text
    assert states(good, last) == [State.LIVE] * 2
    assert states(embargo, blind, elsewhere, hidden, stale) == [State.SUBMITTED] * 5
    assert good.events.filter(verb=Event.Verb.PUBLISHED, actor=two_roles).count() == 1


def test_every_act_does_what_it_says(tree, people, story, submitted, newsroom):
    client, section = newsroom(people.pemred), builders.make_section("Hukum")
    one, two = story("Berita satu"), story("Berita dua")
    do(client, "throw_away", one, two)
    assert states(one, two) == [State.BINNED] * 2
    do(client, "bring_back", one, two)
    assert states(one, two) == [State.DRAFT] * 2
    before, kept = stored(one), one.versions.count()
    do(client, "section", one, two, section=section.pk)
    after = stored(one)
    assert (after.section, after.version) == (section, before.version + 1)
    assert after.versions.count() == kept + 1
    assert after.events.first().verb == Event.Verb.EDITED
    assert after.tags.count() == before.tags.count()
    assert after.writers == before.writers
    do(client, "publish", one, two)
    do(client, "withdraw", one, two, reason=REASON)
    assert [stored(each).withdrawal.reason for each in (one, two)] == [REASON] * 2
    assert set(refused(do(client, "section", one, section=builders.make_section().pk))) == {"Berita satu"}
    back = [submitted("Berita tiga"), submitted("Berita empat")]
    do(client, "return", *back, note=NOTE)
    assert [each.events.first().note for each in back] == [NOTE] * 2


def test_returning_takes_a_note_or_own_comments(people, submitted, newsroom):
    said, silent = submitted("Berita satu"), submitted("Berita dua")
    comments.write(said, actor=people.redaktur, text="Siapa?")
    assert list(refused(do(newsroom(people.redaktur), "return", said, silent))) == ["Berita dua"]
    assert states(said, silent) == [State.RETURNED, State.SUBMITTED]


def test_writers_act_on_their_own_drafts_alone(people, story, newsroom, tree):
    mine, foreign = story("Berita saya"), builders.make_article(tree.payakumbuh, title="Berita orang")
    sent = workflow.submit(story("Sudah diajukan"), actor=people.reporter)
    answer = do(newsroom(people.reporter), "throw_away", mine, foreign, sent)
    assert states(mine, foreign, sent) == [State.BINNED, State.DRAFT, State.SUBMITTED]
    assert "Berita orang" not in answer.text
    assert list(refused(answer)) == ["Sudah diajukan"]


def test_what_is_published_stands_in_the_order_of_the_list(tree, people, submitted, newsroom):
    stories = [submitted(f"Berita ke-{number}") for number in range(4)]
    answer = do(newsroom(people.redaktur), "publish", *stories)
    rows = Placement.objects.in_region(tree.payakumbuh).newest_first()
    assert list(rows.values_list("article", flat=True)) == [story.pk for story in stories]
    assert re.findall(r"Berita ke-\d", words(answer)) == [story.title for story in stories]


def test_what_is_placed_stands_in_the_order_of_the_list_before_what_was_there(tree, people, story, newsroom):
    live = [builders.make_live(tree.payakumbuh, title=f"Berita ke-{number}") for number in range(5)]
    draft = story("Belum tayang")
    for each in live[3:]:
        builders.place(each, tree.payakumbuh, slot="headline")
    answer = do(
        newsroom(people.redaktur),
        "place",
        live[2],
        draft,
        live[4],
        live[0],
        region=tree.payakumbuh.pk,
        slot="headline",
    )
    headlines = fronts.in_force(tree.payakumbuh).slots.filter(slot="headline").order_by("position")
    assert list(headlines.values_list("article", flat=True)) == [live[2].pk, live[4].pk, live[0].pk, live[3].pk]
    assert list(refused(answer)) == ["Belum tayang"]


def test_one_that_the_database_refuses_stops_no_other(people, submitted, newsroom, monkeypatch):
    one, two, three = [submitted(f"Berita ke-{number}") for number in range(3)]
    perform = workflow.perform

    def stumbling(act, article, **kwargs):
        if article.pk == two.pk:
            raise OperationalError("deadlock detected")
        return perform(act, article, **kwargs)

    monkeypatch.setattr(workflow, "perform", stumbling)
    answer = do(newsroom(people.redaktur), "publish", one, two, three)
    assert list(refused(answer)) == ["Berita ke-1"]
    assert states(one, two, three) == [State.LIVE, State.SUBMITTED, State.LIVE]


def test_what_is_done_stays_done_when_the_next_one_fails(people, submitted, newsroom, monkeypatch):
    """Each story has its own transaction: an error that nobody expects undoes nothing."""
    one, two = submitted("Berita satu"), submitted("Berita dua")
    perform = workflow.perform

    def failing(act, article, **kwargs):
        if article.pk == one.pk:  # the last: publishing begins at the end of the list
            raise RuntimeError("unexpected")
        return perform(act, article, **kwargs)

    monkeypatch.setattr(workflow, "perform", failing)
    with pytest.raises(RuntimeError):
        do(newsroom(people.redaktur), "publish", one, two)
    assert states(one, two) == [State.SUBMITTED, State.LIVE]


# --- Afterwards -----------------------------------------------------------------------------------------------------


def test_a_second_press_and_a_page_loaded_anew_do_nothing(people, story, newsroom):
    one = story("Berita satu")
    client, form = newsroom(people.redaktur), {"act": "throw_away", "_form_key": "kunci"} | picked(one)
    for _press in range(2):
        shown = client.post(BULK, form, follow=True)
        assert "Selesai untuk 1 berita" in words(shown)
    assert "Selesai untuk 1 berita" in words(client.get(RESULT))
    assert not refused(client.get(RESULT))
    assert one.events.filter(verb=Event.Verb.THROWN_AWAY).count() == 1


def test_without_a_result_there_is_nothing_to_tell(people, newsroom):
    assert newsroom(people.redaktur).get(RESULT).status_code == 200


def test_the_refused_ones_are_tried_again_with_what_was_typed(people, submitted, newsroom):
    one, two = submitted("Berita satu"), submitted("Berita dua")
    chosen = picked(one, two)
    two.title = "Berita dua baru"
    workflow.save(two, actor=people.pemred)
    client = newsroom(people.redaktur)
    answer = client.post(BULK, {"act": "return", "note": NOTE, **chosen}, follow=True)
    form = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text.split('class="bulk"')[1])
    )
    assert form["_selected_action"] == str(two.pk)
    asked = client.post(LIST, form | {"index": "0"})
    assert NOTE in asked.text
    assert "bulk-reason" not in asked.text
    assert not refused(do(client, "return", two, note=NOTE))
    assert stored(two).status == Status.RETURNED


def test_a_result_tells_nothing_that_one_may_not_see_any_more(people, story, newsroom):
    one = story("Berita satu")
    client = newsroom(people.redaktur)
    do(client, "throw_away", one)
    people.redaktur.assignments.all().delete()
    builders.make_user("lain")
    people.redaktur.assignments.create(region=people.sister.assignments.get().region, role="editor")
    shown = client.get(RESULT)
    assert (shown.status_code, "Berita satu" in shown.text) == (200, False)


# --- Cost -----------------------------------------------------------------------------------------------------------


def test_besides_each_storys_own_act_it_costs_the_same(people, story, newsroom):
    client = newsroom(people.redaktur)
    do(client, "throw_away", story("Berita awal"))  # the session is there

    def costs(size: int) -> tuple[int, int, int]:
        stories = [story(f"Berita {size} {number}") for number in range(size)]
        with CaptureQueriesContext(connection) as asked:
            ask(client, "throw_away", *stories)
        with CaptureQueriesContext(connection) as done:
            client.post(BULK, {"act": "throw_away"} | picked(*stories))
        with CaptureQueriesContext(connection) as told:
            client.get(RESULT)
        return len(asked) - size, len(done) - size, len(told)  # picked() reads each story again

    two, four, eight = costs(2), costs(4), costs(8)
    assert two[0] == four[0] == eight[0]
    assert two[2] == four[2] == eight[2]
    each = (four[1] - two[1]) // 2
    assert eight[1] - four[1] == 4 * each
    with CaptureQueriesContext(connection) as alone:
        workflow.throw_away(story("Berita sendiri"), actor=people.redaktur)
    assert each <= len(alone), (each, len(alone))


def test_the_list_costs_the_same_for_three_stories_as_for_thirty(people, submitted, newsroom):
    client, counts = newsroom(people.redaktur), []
    client.get(LIST)  # the session is there
    for size in (3, 27):
        for number in range(size):
            submitted(f"Berita {size} {number}")
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
    assert counts[0] <= 12, counts
