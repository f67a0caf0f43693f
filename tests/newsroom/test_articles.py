"""The article form and its list, through the newsroom's addresses."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from news.demo import builders
from news.images.models import Photo
from news.models import Article, Byline, Event, Share, Status
from news.models.querysets import State
from news.publishing import workflow
from tests.conftest import photo_file

from .forms import article_form, words_of

pytestmark = pytest.mark.databases

HOUR = timedelta(hours=1)
ADD = "/news/article/add/"
LIST = "/news/article/"
DESK = "/"
CANARY = "kenari-rahasia"
BUTTON = re.compile(r'name="_act" value="(\w+)"')
NOTE = "Tolong lengkapi sumbernya."
REASON = "Keterangan narasumber keliru."


def change(article: Article) -> str:
    return f"/news/article/{article.pk}/change/"


def stored(article: Article) -> Article:
    return Article.objects.with_state().get(pk=article.pk)


def only() -> Article:
    return Article.objects.with_state().get()


def field(response, name: str) -> str:
    """The form field's element, opening tag to its end."""
    found = re.search(
        rf'<(textarea|select)[^>]* name="{name}".*?</\1>|<input[^>]* name="{name}"[^>]*>', response.text, re.S
    )
    return found[0] if found else ""


def typed(response, name: str) -> str:
    """What stands in a text area."""
    return unescape(re.search(r">(.*)</textarea>", field(response, name), re.DOTALL)[1]).strip()


def has_error(response) -> bool:
    return "errornote" in response.text


def complaint(response) -> bool:
    """Whether the page that follows says that something was not done."""
    return bool(re.search(r'<li class="warning"', response.text))


@pytest.fixture
def section(db):
    return builders.make_section()


@pytest.fixture
def author(tree, people):
    return builders.make_author("Linda Sari", tree.payakumbuh, user=people.reporter)


@pytest.fixture
def article(tree, people, author) -> Article:
    """The reporter's draft."""
    return builders.make_article(tree.payakumbuh, created_by=people.reporter, writers=[author], title="Judul semula")


@pytest.fixture
def in_state(people, article):
    """`in_state(state)`: the reporter's article in that state, brought there by the acts that lead to it."""

    def bring(state: State) -> Article:
        now = timezone.now()
        match state:
            case State.SUBMITTED:
                return workflow.submit(article, actor=people.reporter)
            case State.RETURNED:
                workflow.submit(article, actor=people.reporter)
                return workflow.return_to_writer(article, actor=people.redaktur, note=NOTE)
            case State.SCHEDULED:
                return workflow.schedule(article, actor=people.redaktur, at=now + HOUR)
            case State.LIVE:
                return workflow.publish(article, actor=people.redaktur)
            case State.EXPIRED:
                Article.objects.filter(pk=article.pk).update(expires_at=now - HOUR)
                return workflow.import_as(article, status=Status.APPROVED, published_at=now - 2 * HOUR)
            case State.WITHDRAWN:
                workflow.publish(article, actor=people.redaktur)
                return workflow.withdraw(article, actor=people.pemred, reason=REASON)
            case State.BINNED:
                return workflow.throw_away(article, actor=people.reporter)
        return article

    return bring


# --- The list -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("reporter", {"milik reporter", "ditandai reporter"}),
        ("kontributor", set()),
        ("redaktur", {"milik reporter", "ditandai reporter", "milik redaktur"}),
        ("pemred", {"milik reporter", "ditandai reporter", "milik redaktur"}),
        ("sister", {"milik sister"}),
        ("admin", {"milik reporter", "ditandai reporter", "milik redaktur", "milik sister"}),
    ],
)
def test_writers_see_their_own_articles_and_editors_their_regions(tree, people, newsroom, author, who, seen):
    builders.make_article(tree.payakumbuh, title="milik reporter", created_by=people.reporter)
    builders.make_article(tree.payakumbuh, title="ditandai reporter", created_by=people.redaktur, writers=[author])
    builders.make_article(tree.payakumbuh, title="milik redaktur", created_by=people.redaktur)
    builders.make_article(tree.limapuluhkota, title="milik sister", created_by=people.sister)
    client = newsroom(getattr(people, who))
    for address in (LIST, f"{LIST}?q=milik", f"{LIST}?o=1"):
        shown = set(re.findall(r'field-title"><a href="[^"]+">([^<]+)</a>', client.get(address).text))
        assert shown == {title for title in seen if "?q=" not in address or "milik" in title}


@pytest.mark.parametrize("state", State)
def test_the_list_is_filtered_by_state(people, newsroom, in_state, state):
    in_state(state)
    client = newsroom(people.redaktur)
    for asked in State:
        response = client.get(LIST, {"state": asked})
        assert ("Judul semula" in response.text) is (asked == state)
    assert f'class="state state-{state}"' in client.get(LIST, {"state": state}).text
    assert ("Judul semula" in client.get(LIST).text) is (state != State.BINNED)


def test_the_region_filter_offers_a_persons_regions_alone(tree, people, newsroom):
    chief = builders.make_user("chief", "chief_editor", tree.network)
    builders.make_article(tree.payakumbuh)
    builders.make_article(tree.limapuluhkota)
    everywhere, at_home = newsroom(chief).get(LIST).text, newsroom(people.redaktur).get(LIST).text
    assert '<option value="limapuluhkota"' in everywhere
    assert '<option value="limapuluhkota"' not in at_home
    filtered = newsroom(chief).get(LIST, {"region": "payakumbuh"})
    assert filtered.context["cl"].result_count == 1
    assert newsroom(people.redaktur).get(LIST, {"region": "limapuluhkota"}).context["cl"].result_count == 0


# --- Writing --------------------------------------------------------------------------------------------------


def test_a_new_form_knows_the_persons_region_and_its_dateline(tree, people, newsroom):
    response = newsroom(people.reporter).get(ADD)
    assert f'<option value="{tree.payakumbuh.pk}" selected>' in field(response, "region")
    assert f'value="{tree.makassar.pk}"' not in field(response, "region")
    assert 'value="Payakumbuh"' in field(response, "dateline")
    assert 'value="(**)."' in field(response, "sign_off")
    chief = builders.make_user("chief", "chief_editor", tree.network)
    response = newsroom(chief).get(ADD)
    assert f'<option value="{tree.network.pk}" selected>' in field(response, "region")
    assert "value=" not in field(response, "dateline")


def test_a_draft_is_stored_with_everything_that_was_typed(tree, people, newsroom, section, author):
    fields = {
        "kicker": "Pilkada 2024",
        "dateline": "Payakumbuh",
        "summary": "Ringkasan.",
        "sign_off": "(rls).",
        "kind": "feature",
        "body": "<p>Hujan <strong>deras</strong>.</p>",
    }
    data = article_form(
        region=tree.payakumbuh, section=section, title="Hujan deras", tags="Hujan, cuaca ,HUJAN,", **fields
    )
    response = newsroom(people.reporter).post(ADD, data)
    article = only()
    assert (response.status_code, response["Location"]) == (302, change(article))
    assert (article.title, article.slug, article.state) == ("Hujan deras", "hujan-deras", State.DRAFT)
    assert {name: getattr(article, name) for name in fields} == fields
    assert (article.region, article.section, article.created_by) == (tree.payakumbuh, section, people.reporter)
    assert sorted(tag.name for tag in article.tags.all()) == ["Hujan", "cuaca"]
    assert list(article.events.values_list("verb", "actor__username")) == [("created", "reporter")]


def test_a_title_pasted_with_line_breaks_is_one_line(tree, people, newsroom, section):
    data = article_form(region=tree.payakumbuh, section=section, title=" Hujan\r\n deras \n sekali ")
    newsroom(people.reporter).post(ADD, data)
    assert only().title == "Hujan deras sekali"


def test_an_article_without_a_byline_gets_its_makers_own(tree, people, newsroom, section, author):
    colleague = builders.make_author("Dodi Piliang", tree.payakumbuh)
    client = newsroom(people.reporter)
    client.post(ADD, article_form(region=tree.payakumbuh, section=section, title="Tanpa nama"))
    client.post(ADD, article_form(region=tree.payakumbuh, section=section, title="Dengan nama", bylines=[colleague]))
    bylines = Byline.objects.values_list("article__title", "author__name", "role")
    assert sorted(bylines) == [("Dengan nama", "Dodi Piliang", "writer"), ("Tanpa nama", "Linda Sari", "writer")]


@pytest.mark.parametrize("title", ["", "Abc", "   Abc   ", "A" * 201])
def test_a_title_that_cannot_stand_is_refused_and_nothing_typed_is_lost(tree, people, newsroom, section, title):
    data = article_form(region=tree.payakumbuh, section=section, title=title, body=f"<p>{CANARY}</p>", tags="Hujan")
    response = newsroom(people.reporter).post(ADD, data)
    assert has_error(response)
    assert typed(response, "body") == f"<p>{CANARY}</p>"
    assert 'value="Hujan"' in field(response, "tags")
    assert not Article.objects.exists()


def test_what_the_body_may_not_hold_is_not_stored(tree, people, newsroom, section):
    body = '<p onclick="x()">Hujan.</p><script>alert(1)</script><p><a href="javascript:x()">di sini</a></p>'
    newsroom(people.reporter).post(ADD, article_form(region=tree.payakumbuh, section=section, body=body))
    assert not re.search("onclick|script|alert", only().body)
    assert "Hujan." in only().body


# --- Acts -----------------------------------------------------------------------------------------------------

OFFERED = {
    ("reporter", State.DRAFT): {"submit"},
    ("reporter", State.RETURNED): {"submit"},
    ("reporter", State.SUBMITTED): set(),
    ("reporter", State.SCHEDULED): set(),
    ("reporter", State.LIVE): set(),
    ("redaktur", State.DRAFT): {"submit", "publish", "schedule"},
    ("redaktur", State.RETURNED): {"submit", "publish", "schedule"},
    ("redaktur", State.SUBMITTED): {"return", "publish", "schedule"},
    ("redaktur", State.SCHEDULED): {"return", "publish", "schedule"},
    ("redaktur", State.LIVE): {"correct"},
    ("redaktur", State.WITHDRAWN): set(),
    ("pemred", State.SUBMITTED): {"return", "publish", "schedule"},
    ("pemred", State.LIVE): {"correct", "withdraw"},
    ("pemred", State.EXPIRED): {"correct", "withdraw"},
    ("pemred", State.WITHDRAWN): set(),
    ("admin", State.LIVE): {"correct", "withdraw"},
}


@pytest.mark.parametrize(("who", "state"), OFFERED)
def test_the_form_offers_what_the_person_can_do_now(people, newsroom, in_state, who, state):
    response = newsroom(getattr(people, who)).get(change(in_state(state)))
    assert response.status_code == 200
    assert set(BUTTON.findall(response.text)) == OFFERED[who, state]
    assert f'class="state state-{state}"' in response.text


@pytest.mark.parametrize(("who", "acts"), [("reporter", {"submit"}), ("redaktur", {"submit", "publish", "schedule"})])
def test_a_new_article_can_go_forward_at_once(people, newsroom, who, acts):
    assert set(BUTTON.findall(newsroom(getattr(people, who)).get(ADD).text)) == acts


@pytest.mark.parametrize(
    ("who", "before", "act", "extra", "after"),
    [
        ("reporter", State.DRAFT, "submit", {}, State.SUBMITTED),
        ("reporter", State.RETURNED, "submit", {}, State.SUBMITTED),
        ("redaktur", State.SUBMITTED, "return", {"note": NOTE}, State.RETURNED),
        ("redaktur", State.SUBMITTED, "publish", {}, State.LIVE),
        ("redaktur", State.DRAFT, "schedule", {"published_at": "2099-01-02T03:04"}, State.SCHEDULED),
        ("redaktur", State.SCHEDULED, "return", {"note": NOTE}, State.RETURNED),
        ("redaktur", State.SCHEDULED, "publish", {}, State.LIVE),
        ("redaktur", State.LIVE, "correct", {"correction": NOTE, "correction_kind": "correction"}, State.LIVE),
        ("pemred", State.LIVE, "withdraw", {"reason": REASON}, State.WITHDRAWN),
    ],
)
def test_a_button_stores_the_text_does_its_act_and_leads_to_the_desk(
    people, newsroom, in_state, who, before, act, extra, after
):
    article = in_state(before)
    data = article_form(article, act=act, title="Judul yang baru", **extra)
    response = newsroom(getattr(people, who)).post(change(article), data)
    assert (response.status_code, response["Location"]) == (302, DESK)
    assert (stored(article).title, stored(article).state) == ("Judul yang baru", after)
    assert article.events.latest("pk").note in (*extra.values(), "", "2 Jan 2099 03:04 WIB")
    assert article.events.latest("pk").actor == getattr(people, who)


def test_a_new_article_is_submitted_in_one_step(tree, people, newsroom, section, author):
    data = article_form(region=tree.payakumbuh, section=section, act="submit")
    assert newsroom(people.reporter).post(ADD, data)["Location"] == DESK
    assert only().state == State.SUBMITTED


def test_a_returned_article_shows_its_writer_the_note(people, newsroom, in_state):
    article = in_state(State.RETURNED)
    response = newsroom(people.reporter).get(change(article))
    assert NOTE in re.search(r'class="returned-note">(.*?)</div>', response.text, re.DOTALL)[1]


@pytest.mark.parametrize(
    ("who", "state", "act", "missing"),
    [
        ("redaktur", State.SUBMITTED, "return", "note"),
        ("redaktur", State.SUBMITTED, "schedule", "published_at"),
        ("pemred", State.LIVE, "withdraw", "reason"),
        ("redaktur", State.LIVE, "correct", "correction"),
    ],
)
def test_an_act_without_what_it_needs_is_refused_and_the_text_is_kept(
    people, newsroom, in_state, who, state, act, missing
):
    article = in_state(state)
    data = article_form(article, act=act, title="Judul yang baru", **{missing: ""})
    response = newsroom(getattr(people, who)).post(change(article), data)
    assert response.status_code == 200
    assert missing in response.context["adminform"].form.errors
    assert typed(response, "title") == "Judul yang baru"
    assert (stored(article).title, stored(article).state) == ("Judul semula", state)


def test_an_article_that_is_not_ready_is_stored_and_says_what_it_needs(tree, people, newsroom, section, author):
    data = article_form(region=tree.payakumbuh, section=section, act="submit", body="")
    response = newsroom(people.reporter).post(ADD, data, follow=True)
    assert response.redirect_chain[-1][0] == change(only())
    assert complaint(response)
    assert only().state == State.DRAFT


def test_a_time_that_has_passed_is_refused_and_the_text_is_stored(people, newsroom, in_state):
    article = in_state(State.SUBMITTED)
    data = article_form(article, act="schedule", published_at="2001-01-01T00:00", title="Judul yang baru")
    response = newsroom(people.redaktur).post(change(article), data, follow=True)
    assert complaint(response)
    assert (stored(article).title, stored(article).state) == ("Judul yang baru", State.SUBMITTED)


EXTRA = {"note": NOTE, "reason": REASON, "published_at": "2099-01-02T03:04"}


@pytest.mark.parametrize(
    ("who", "state", "act"),
    [
        *[("reporter", State.DRAFT, act) for act in ("return", "publish", "schedule", "withdraw")],
        ("redaktur", State.SUBMITTED, "withdraw"),
        ("redaktur", State.LIVE, "withdraw"),
    ],
)
def test_a_forged_button_of_a_higher_role_is_forbidden_and_changes_nothing(people, newsroom, in_state, who, state, act):
    article = in_state(state)
    events = Event.objects.count()
    data = article_form(article, act=act, title="Judul palsu") | EXTRA
    assert newsroom(getattr(people, who)).post(change(article), data).status_code == 403
    assert (stored(article).title, stored(article).state) == ("Judul semula", state)
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("who", "state", "act"),
    [
        ("redaktur", State.DRAFT, "return"),
        ("redaktur", State.LIVE, "return"),
        ("redaktur", State.LIVE, "publish"),
        ("redaktur", State.LIVE, "schedule"),
        ("redaktur", State.EXPIRED, "schedule"),
        ("redaktur", State.SCHEDULED, "submit"),
        ("pemred", State.DRAFT, "withdraw"),
        ("pemred", State.SCHEDULED, "withdraw"),
    ],
)
def test_a_button_from_before_the_state_changed_is_refused_with_a_reason(people, newsroom, in_state, who, state, act):
    article = in_state(state)
    before = article.published_at
    response = newsroom(getattr(people, who)).post(change(article), article_form(article, act=act) | EXTRA, follow=True)
    assert complaint(response)
    assert stored(article).state == state
    assert state == State.DRAFT or stored(article).published_at == before


def test_a_button_that_does_not_exist_only_saves(people, newsroom, article):
    response = newsroom(people.reporter).post(
        change(article), article_form(article, act="hapus", title="Judul yang baru")
    )
    assert (response.status_code, response["Location"]) == (302, change(article))
    assert (stored(article).title, stored(article).state) == ("Judul yang baru", State.DRAFT)


# --- Times ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "zone", "name"),
    [
        ("payakumbuh", "Asia/Jakarta", "WIB"),
        ("makassar", "Asia/Makassar", "WITA"),
        ("ambon", "Asia/Jayapura", "WIT"),
    ],
)
@pytest.mark.parametrize("from_above", [False, True])
def test_times_are_typed_and_shown_in_the_time_zone_of_the_articles_region(
    tree, newsroom, section, place, zone, name, from_above
):
    region, local = getattr(tree, place), ZoneInfo(zone)
    editor = builders.make_user("editor", "editor", tree.network if from_above else region)
    client, author = newsroom(editor), builders.make_author("Linda Sari", region)
    times = {"published_at": "2099-01-02T03:04", "expires_at": "2099-02-03T04:05"}
    shares = {tree.limapuluhkota: "2099-01-05T06:07"} if from_above else {}
    data = article_form(region=region, section=section, bylines=[author], shares=shares, act="schedule", **times)
    assert client.post(ADD, data).status_code == 302
    article = only()
    assert article.published_at == datetime(2099, 1, 2, 3, 4, tzinfo=local)
    assert article.expires_at == datetime(2099, 2, 3, 4, 5, tzinfo=local)
    for shared in article.shares.all():
        assert shared.published_at == datetime(2099, 1, 5, 6, 7, tzinfo=local)
    assert article.shares.count() == len(shares)
    response = client.get(change(article))
    assert 'value="2099-01-02T03:04"' in field(response, "published_at")
    assert 'value="2099-02-03T04:05"' in field(response, "expires_at")
    assert f'<span class="zone">{name}</span>' in response.text
    assert f"2 Jan 2099 03:04 {name}" in response.text
    assert f"2 Jan 2099 03:04 {name}" in client.get(LIST).text
    assert f"2 Jan 2099 03:04 {name}" in client.get(DESK).text


def test_a_scheduled_article_is_mended_without_losing_its_time_to_the_microsecond(people, newsroom, article):
    exactly = datetime(2099, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    scheduled = workflow.import_as(article, status=Status.APPROVED, published_at=exactly)
    response = newsroom(people.redaktur).post(change(scheduled), article_form(scheduled, title="Judul yang baru"))
    assert (response.status_code, response["Location"]) == (302, change(scheduled))
    assert (stored(scheduled).title, stored(scheduled).published_at) == ("Judul yang baru", exactly)
    assert list(scheduled.events.values_list("verb", flat=True)) == ["edited"]
    assert set(scheduled.placements.values_list("published_at", flat=True)) == {exactly}


def test_saving_an_approved_article_with_a_new_time_moves_its_schedule(people, newsroom, in_state):
    article = in_state(State.SCHEDULED)
    newsroom(people.redaktur).post(change(article), article_form(article, published_at="2099-01-02T03:04"))
    moment = datetime(2099, 1, 2, 3, 4, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert (stored(article).published_at, stored(article).state) == (moment, State.SCHEDULED)
    assert set(article.placements.values_list("published_at", flat=True)) == {moment}
    assert article.events.latest("pk").verb == "scheduled"


def test_an_approved_article_cannot_lose_its_time(people, newsroom, in_state):
    article = in_state(State.SCHEDULED)
    response = newsroom(people.redaktur).post(change(article), article_form(article, published_at=""))
    assert response.status_code == 200
    assert "published_at" in response.context["adminform"].form.errors
    assert stored(article).published_at == article.published_at


def test_once_readers_have_an_article_its_time_and_region_are_not_asked_for_and_not_taken(
    tree, people, newsroom, in_state
):
    article = in_state(State.LIVE)
    client = newsroom(people.admin)
    response = client.get(change(article))
    assert not field(response, "published_at")
    assert not field(response, "region")
    assert field(response, "expires_at")
    forged = article_form(article, published_at="2099-01-02T03:04", region=tree.makassar, title="Judul yang baru")
    assert client.post(change(article), forged).status_code == 302
    after = stored(article)
    assert (after.title, after.published_at, after.region) == ("Judul yang baru", article.published_at, tree.payakumbuh)


def test_a_live_articles_end_takes_it_off_the_lists(people, newsroom, in_state):
    article = in_state(State.LIVE)
    newsroom(people.redaktur).post(change(article), article_form(article, expires_at="2099-01-02T03:04"))
    end = datetime(2099, 1, 2, 3, 4, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert set(article.placements.values_list("expires_at", flat=True)) == {end}


# --- Two people at once ---------------------------------------------------------------------------------------


def test_a_second_persons_text_is_shown_beside_ones_own_and_nothing_is_overwritten(people, newsroom, article):
    mine = article_form(article, title="Judul saya", body="<p>Teks saya.</p>")
    theirs = article_form(article, title="Judul orang lain", body="<p>Teks lain.</p>")
    newsroom(people.redaktur).post(change(article), theirs)
    client = newsroom(people.reporter)
    response = client.post(change(article), mine)
    assert response.status_code == 200
    assert typed(response, "title") == "Judul saya"
    assert typed(response, "body") == "<p>Teks saya.</p>"
    conflict = re.search(r'class="conflict.*?</section>\n', response.text, re.DOTALL)[0]
    shown = re.sub("</?mark>", "", response.text[response.text.index(conflict) :])
    assert "Judul orang lain" in shown
    assert "Teks lain." in shown
    assert (stored(article).title, stored(article).version) == ("Judul orang lain", 2)

    shown = re.search(r'value="(\d+)"', field(response, "version"))[1]
    assert client.post(change(article), mine | {"version": shown}).status_code == 302
    assert (stored(article).title, stored(article).version) == ("Judul saya", 3)


@pytest.mark.parametrize("version", ["", "0", "99", "x"])
def test_a_form_without_the_stored_version_is_stale(people, newsroom, article, version):
    response = newsroom(people.reporter).post(
        change(article), article_form(article, title="Judul saya", version=version)
    )
    assert has_error(response)
    assert stored(article).title == "Judul semula"


def test_an_act_with_a_stale_form_is_not_done(people, newsroom, in_state):
    article = in_state(State.SUBMITTED)
    newsroom(people.redaktur).post(change(article), article_form(article, title="Judul orang lain"))
    assert has_error(newsroom(people.pemred).post(change(article), article_form(article, act="publish")))
    assert (stored(article).title, stored(article).state) == ("Judul orang lain", State.SUBMITTED)


# --- Photos ---------------------------------------------------------------------------------------------------


def test_an_uploaded_photo_leads_the_article(tree, people, newsroom, section):
    texts = {"photo_caption": "Warga bekerja", "photo_credit": "Linda Sari", "photo_alt": "Jembatan"}
    data = article_form(region=tree.payakumbuh, section=section, new_photo=photo_file(), **texts)
    newsroom(people.reporter).post(ADD, data)
    photo = Photo.objects.get()
    assert only().lead_photo == photo
    assert (photo.caption, photo.credit, photo.alt) == tuple(texts.values())
    assert (photo.region, photo.uploaded_by, photo.width) == (tree.payakumbuh, people.reporter, 900)


def test_a_new_photo_survives_a_mistake_in_another_field(tree, people, newsroom, section):
    client = newsroom(people.reporter)
    data = article_form(region=tree.payakumbuh, section=section, title="Abc", photo_caption="Warga bekerja")
    response = client.post(ADD, data | {"new_photo": photo_file()})
    photo = Photo.objects.get()
    assert has_error(response)
    assert typed(response, "title") == "Abc"
    assert typed(response, "body") == data["body"]
    assert f'<option value="{photo.pk}" selected>' in field(response, "lead_photo")
    again = data | {"title": "Judul yang cukup", "lead_photo": photo.pk}
    without = again | {"lead_photo": "", "photo_caption": "Warga bekerja"}
    assert has_error(client.post(ADD, without))  # a caption without a photo is refused and not dropped in silence
    client.post(ADD, again | words_of(photo) | {"photo_alt": "Orang di jembatan"})
    assert only().lead_photo == photo
    photo.refresh_from_db()
    assert (photo.caption, photo.alt) == ("Warga bekerja", "Orang di jembatan")


@pytest.mark.parametrize("content", [b"bukan gambar", b"", photo_file().read()[:500]])
def test_a_file_that_is_no_photo_is_refused_and_the_text_is_kept(tree, people, newsroom, section, content):
    data = article_form(region=tree.payakumbuh, section=section, body=f"<p>{CANARY}</p>")
    upload = SimpleUploadedFile("foto.jpg", content, "image/jpeg")
    response = newsroom(people.reporter).post(ADD, data | {"new_photo": upload})
    assert response.status_code == 200
    assert "new_photo" in response.context["adminform"].form.errors
    assert typed(response, "body") == f"<p>{CANARY}</p>"
    assert not Photo.objects.exists()
    assert not Article.objects.exists()


# --- What is not theirs ---------------------------------------------------------------------------------------


@pytest.fixture
def other(tree):
    """A region, author, photo and article of Makassar."""
    return {
        "region": tree.makassar,
        "further": tree.makassar,
        "author": builders.make_author("Andi Tenri", tree.makassar),
        "photo": Photo.objects.create(region=tree.makassar, width=9, height=9, rendition_key="b" * 32, alt="Pasar"),
    }


@pytest.fixture
def own(tree, people):
    """What belongs to the editor's two regions."""
    people.redaktur.assignments.create(region=tree.limapuluhkota, role="editor")
    return {
        "region": tree.payakumbuh,
        "further": tree.limapuluhkota,
        "author": builders.make_author("Dodi Piliang", tree.payakumbuh),
        "photo": Photo.objects.create(region=tree.payakumbuh, width=9, height=9, rendition_key="a" * 32, alt="Pasar"),
    }


@pytest.mark.parametrize("what", ["region", "author", "photo", "share"])
def test_a_foreign_region_author_photo_or_share_cannot_be_posted(people, newsroom, section, own, other, what):
    def data(chosen):
        fields = {"region": own["region"], "section": section, "act": "publish"}
        match what:
            case "region":
                return article_form(**fields | {"region": chosen["region"]}, bylines=[own["author"]])
            case "author":
                return article_form(**fields, bylines=[chosen["author"]])
            case "photo":
                return article_form(**fields, bylines=[own["author"]], lead_photo=chosen["photo"])
            case "share":
                return article_form(**fields, bylines=[own["author"]], shares={chosen["further"]: ""})

    client = newsroom(people.redaktur)
    assert has_error(client.post(ADD, data(other)))
    assert not Article.objects.exists()
    assert client.post(ADD, data(own)).status_code == 302
    assert only().state == State.LIVE


@pytest.mark.parametrize("what", ["author", "share", "photo"])
def test_an_editor_can_mend_an_article_that_names_what_a_wider_desk_gave_it(
    people, newsroom, article, own, other, what
):
    """A network photographer's byline, a share with another province, a photo of the region above."""
    match what:
        case "author":
            Byline.objects.create(article=article, author=other["author"], role="photographer")
        case "share":
            Share.objects.create(article=article, region=other["region"])
        case "photo":
            Article.objects.filter(pk=article.pk).update(lead_photo=other["photo"])
    before = stored(article)
    client = newsroom(people.redaktur)
    assert client.post(change(before), article_form(before, title="Judul yang baru")).status_code == 302
    after = stored(article)
    assert after.title == "Judul yang baru"
    kept = {"author": after.bylines.count() == 2, "share": after.shares.count() == 1, "photo": after.lead_photo_id}
    assert kept[what]


@pytest.mark.parametrize("address", ["change", "history", "delete"])
@pytest.mark.parametrize("who", ["reporter", "kontributor", "redaktur", "pemred"])
def test_a_sister_regions_article_is_not_there(tree, people, newsroom, who, address):
    foreign = builders.make_article(tree.limapuluhkota, title=f"Judul {CANARY}", body=f"<p>{CANARY}</p>")
    client = newsroom(getattr(people, who))
    response = client.get(f"/news/article/{foreign.pk}/{address}/")
    assert response.status_code in (302, 403, 404)
    assert CANARY not in response.text
    assert CANARY not in client.get(DESK).text
    refused = client.post(change(foreign), article_form(foreign, title="Judul palsu"))
    assert refused.status_code in (302, 403, 404)
    assert CANARY in stored(foreign).title


def test_a_reporter_sees_and_sets_neither_times_nor_shares(tree, people, newsroom, article):
    reporter, editor = newsroom(people.reporter), newsroom(people.redaktur)
    for name in ("published_at", "expires_at", "shares-TOTAL_FORMS"):
        assert field(editor.get(change(article)), name)
        assert not field(reporter.get(change(article)), name)
    times = {"published_at": "2099-01-02T03:04", "expires_at": "2099-02-03T04:05"}
    data = article_form(article, title="Judul yang baru", shares={tree.limapuluhkota: ""}, **times)
    assert reporter.post(change(article), data).status_code == 302
    after = stored(article)
    assert (after.title, after.published_at, after.expires_at) == ("Judul yang baru", None, None)
    assert not after.shares.exists()


def test_a_share_is_listed_from_its_own_time_on(tree, newsroom, article):
    chief = builders.make_user("chief", "editor", tree.network)
    data = article_form(article, act="publish", shares={tree.makassar: "", tree.ambon: "2099-01-02T03:04"})
    assert newsroom(chief).post(change(article), data).status_code == 302
    begins = dict(article.placements.values_list("region__subdomain", "published_at"))
    assert begins["makassar"] == begins["payakumbuh"] == stored(article).published_at
    assert begins["ambon"] == datetime(2099, 1, 2, 3, 4, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.mark.parametrize(
    ("who", "state"),
    [
        ("reporter", State.SUBMITTED),
        ("reporter", State.SCHEDULED),
        ("reporter", State.LIVE),
        ("reporter", State.WITHDRAWN),
        ("redaktur", State.WITHDRAWN),
        ("pemred", State.WITHDRAWN),
        ("admin", State.WITHDRAWN),
        ("reporter", State.BINNED),
        ("admin", State.BINNED),
    ],
)
def test_an_article_that_is_out_of_a_persons_hands_can_be_read_and_not_changed(people, newsroom, in_state, who, state):
    article = in_state(state)
    client = newsroom(getattr(people, who))
    response = client.get(change(article))
    assert response.status_code == 200
    assert "Judul semula" in response.text
    assert not field(response, "title")
    assert not field(response, "_save")
    assert client.post(change(article), article_form(article, title="Judul palsu")).status_code == 403
    assert stored(article).title == "Judul semula"


@pytest.mark.parametrize("who", ["reporter", "redaktur", "pemred", "admin"])
def test_nobody_deletes_an_article(people, newsroom, article, who):
    address = reverse("admin:news_article_delete", args=[article.pk], urlconf="pekon.urls.newsroom")
    assert newsroom(getattr(people, who)).post(address, {"post": "yes"}).status_code == 403
    assert Article.objects.filter(pk=article.pk).exists()


def test_the_way_to_the_site_is_offered_for_live_articles_alone(people, newsroom, article):
    client = newsroom(people.redaktur)
    assert article.canonical_url not in client.get(change(article)).text
    published = workflow.publish(article, actor=people.redaktur)
    assert f'href="{published.canonical_url}"' in client.get(change(article)).text
