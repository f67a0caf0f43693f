"""Comments on a story and on its words: who writes and reads them, whom they mention, and what they never touch."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.models import Article, ArticleVersion, Byline, Comment, Event, Status
from news.newsroom.comments import ANCHORS
from news.publishing import comments, rules, workflow
from regions.models import Generation
from tests.newsroom.forms import article_form

pytestmark = pytest.mark.databases
BODY = "<p>Wali Kota membuka jembatan. Warga datang.</p><p>Jembatan itu <strong>baru</strong> dan panjang.</p>"
JSON = {"Accept": "application/json"}


@pytest.fixture
def named(people):
    """The people, with names that colleagues know."""
    names = {"reporter": "Linda Sari", "redaktur": "Budi Piliang", "pemred": "Ani Budi", "sister": "Siti Tetangga"}
    for who, name in {**names, "kontributor": "Dodi Kontributor", "admin": "Rina Jaringan"}.items():
        person = getattr(people, who)
        person.first_name, _space, person.last_name = name.partition(" ")
        person.save()
    return people


@pytest.fixture
def story(tree, named):
    return builders.make_article(tree.payakumbuh, created_by=named.reporter, body=BODY, title="Jembatan Baru Dibuka")


def address(story):
    return f"/news/article/{story.pk}/comments/"


def send(client, story, do="add", **data):
    return client.post(address(story), {"do": do, **data})


def bare(response, path):
    """The answer without what differs from one request to the next."""
    return re.sub(r'(nonce|value)="[^"]{20,}"', "", response.text.replace(path, ""))


def form_of(client, story):
    return unescape(client.get(f"/news/article/{story.pk}/change/").text)


# --- Writing, replying, mending, resolving -----------------------------------------------------------------------


def test_without_a_script_a_comment_is_a_form_that_leads_back_to_it(named, newsroom, story):
    client = newsroom(named.redaktur)
    shown = form_of(client, story)
    assert f'action="{address(story)}"' in shown
    quote = {"quote": "membuka jembatan", "prefix": "Wali Kota ", "suffix": ". Warga"}
    response = send(client, story, text="Kapan <b>persisnya</b>?", **quote)
    comment = Comment.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/news/article/{story.pk}/change/#comment-{comment.pk}"
    assert (comment.quote, comment.prefix, comment.suffix) == ("membuka jembatan", "Wali Kota ", ". Warga")
    page = client.get(f"/news/article/{story.pk}/change/").text
    assert f'id="comment-{comment.pk}"' in page
    assert "Kapan &lt;b&gt;persisnya&lt;/b&gt;?" in page
    assert story.region.clock(comment.written_at) in page
    assert "Budi Piliang" in page


def test_a_reply_belongs_to_the_thread_and_opens_it_again(named, newsroom, story):
    thread = comments.write(story, actor=named.redaktur, text="Siapa yang hadir?")
    reporter = newsroom(named.reporter)
    send(reporter, story, "reply", comment=thread.pk, text="Wali kota.")
    reply = Comment.objects.get(thread=thread)
    send(newsroom(named.redaktur), story, "reply", comment=reply.pk, text="Tulis namanya.")
    assert list(thread.replies.values_list("text", flat=True)) == ["Wali kota.", "Tulis namanya."]

    send(reporter, story, "resolve", comment=thread.pk)
    thread.refresh_from_db()
    assert (thread.resolved_by, thread.resolved_at is not None) == (named.reporter, True)
    assert "Siapa yang hadir?" in form_of(reporter, story)
    send(newsroom(named.redaktur), story, "reopen", comment=thread.pk)
    thread.refresh_from_db()
    assert (thread.resolved_by, thread.resolved_at) == (None, None)
    send(reporter, story, "resolve", comment=thread.pk, text="Sudah ditulis.")
    thread.refresh_from_db()
    assert thread.resolved_at
    assert thread.replies.last().text == "Sudah ditulis."
    send(newsroom(named.redaktur), story, "reply", comment=thread.pk, text="Belum semuanya.")
    thread.refresh_from_db()
    assert thread.resolved_at is None


def test_only_its_writer_mends_a_comment_and_it_says_so(named, newsroom, story):
    comment = comments.write(story, actor=named.redaktur, text="Salah ketk")
    assert send(newsroom(named.pemred), story, "mend", comment=comment.pk, text="Lain").status_code == 403
    client = newsroom(named.redaktur)
    send(client, story, "mend", comment=comment.pk, text="Salah ketk")
    comment.refresh_from_db()
    assert comment.changed_at is None
    assert "· diubah" not in form_of(client, story)
    send(client, story, "mend", comment=comment.pk, text="Salah ketik")
    comment.refresh_from_db()
    assert (comment.text, comment.changed_at is not None) == ("Salah ketik", True)
    assert "· diubah" in form_of(client, story)


def test_a_comment_that_is_not_stored_comes_back_with_what_was_typed(named, newsroom, story):
    client = newsroom(named.redaktur)
    for text in ("", " \u200b ", "a" * (Comment.LONGEST + 1)):
        refused = send(client, story, text=text, quote="Warga")
        assert refused.status_code == 400
        assert text[:50] in refused.text
        assert 'name="quote" value="Warga"' in refused.text
        said = client.post(address(story), {"do": "add", "text": text}, headers=JSON)
        assert (said.status_code, bool(said.json()["error"])) == (400, True)
    assert send(client, story, text="Baik", quote="a" * 301).status_code == 400
    for forged in ({"do": "lain"}, {"do": "reply", "comment": "0"}, {"do": "mend", "comment": "x"}, {}):
        assert client.post(address(story), {"text": "Baik"} | forged).status_code == 404
    assert not Comment.objects.exists()


def test_a_comment_that_is_sent_after_the_session_has_ended_is_given_back(named, newsroom, story):
    client = newsroom(named.redaktur)
    client.logout()
    response = send(client, story, text="Jangan <hilang>")
    assert (response.status_code, "Jangan &lt;hilang&gt;" in response.text) == (401, True)
    assert client.post(address(story), {"do": "add", "text": "x"}, headers=JSON).status_code == 401
    assert not Comment.objects.exists()


def test_words_that_nobody_sees_are_no_quote(named, newsroom, story):
    send(newsroom(named.redaktur), story, text="Baik", quote="\u2800", prefix="Wali ", suffix=" Kota")
    assert Comment.objects.get().prefix == ""


def test_two_presses_make_one_comment_and_a_script_gets_the_threads(named, newsroom, story):
    client = newsroom(named.redaktur)
    data = {"do": "add", "text": "Sekali saja", "_form_key": "kunci"}
    answers = [client.post(address(story), data, headers=JSON).json() for _press in range(2)]
    comment = Comment.objects.get()
    assert [answer["comment"] for answer in answers] == [comment.pk] * 2
    assert "Sekali saja" in answers[1]["threads"]
    assert client.get(address(story), headers=JSON).json()["comment"] is None
    assert client.get(address(story))["Location"].endswith("/change/#comments")


def test_a_comment_of_another_story_is_not_reached_through_this_one(tree, named, newsroom, story):
    other = builders.make_article(tree.payakumbuh, created_by=named.redaktur)
    there = comments.write(other, actor=named.redaktur, text="Di sana")
    client = newsroom(named.redaktur)
    for do in ("reply", "mend", "resolve", "reopen"):
        assert send(client, story, do, comment=there.pk, text="Dari sini").status_code == 404
    there.refresh_from_db()
    assert (there.text, there.resolved_at, Comment.objects.count()) == ("Di sana", None, 1)


# --- Who ---------------------------------------------------------------------------------------------------------


def test_whoever_reads_the_story_comments_on_it_and_nobody_else_learns_of_it(named, newsroom, story):
    workflow.submit(story, actor=named.reporter)
    comments.write(story, actor=named.redaktur, text="rahasia dapur")
    page = form_of(newsroom(named.reporter), story)  # who may only read it now
    assert "rahasia dapur" in page
    assert 'id="story-text"' in page
    assert send(newsroom(named.reporter), story, text="Saya lengkapi.").status_code == 302
    thread = Comment.objects.first()
    for outsider in (named.sister, named.kontributor, builders.make_user("nobody")):
        client = newsroom(outsider)
        missing = client.get("/news/article/999999/comments/")
        for do in ("add", "reply", "mend", "resolve", "reopen"):
            assert send(client, story, do, comment=thread.pk, text="Masuk").status_code == 404
        for path in (address(story), f"/news/article/{story.pk}/mentionable/"):
            response = client.get(path, headers=JSON)
            assert (response.status_code, bare(response, path)) == (404, bare(missing, missing.request["PATH_INFO"]))
    assert Comment.objects.count() == 2


def test_code_that_forgets_to_ask_is_refused(named, story):
    thread = comments.write(story, actor=named.redaktur, text="Siapa?")
    by_sister = comments.write(story, actor=named.redaktur, text="Saya dulu")
    Comment.objects.filter(pk=by_sister.pk).update(person=named.sister)
    by_sister.refresh_from_db()
    for attempt in (
        lambda: comments.write(story, actor=named.sister, text="Masuk"),
        lambda: comments.mend(by_sister, actor=named.sister, text="Lain"),
        lambda: comments.resolve(thread, actor=named.sister),
        lambda: comments.reopen(thread, actor=named.sister),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_roles_in_several_regions(tree, named, newsroom, story):
    """An editor here who is a reporter there reads all stories here, and there their own alone."""
    both = builders.make_user("both", "editor", tree.limapuluhkota, first_name="Dua", last_name="Peran")
    both.assignments.create(region=tree.payakumbuh, role="reporter")
    own = builders.make_article(tree.payakumbuh, created_by=both)
    there = builders.make_article(tree.limapuluhkota, created_by=named.sister)
    elsewhere = builders.make_article(tree.makassar, created_by=named.admin)
    client = newsroom(both)
    assert [send(client, each, text="Ya").status_code for each in (story, own, there, elsewhere)] == [
        404,
        302,
        302,
        404,
    ]


def test_who_may_read_a_story_is_the_same_asked_by_person_and_by_story(tree, named, settings):
    province = builders.make_user("province", "editor", tree.sumbar)
    gone = builders.make_user("gone", "editor", tree.payakumbuh, is_active=False)
    mixed = builders.make_user("mixed", "editor", tree.makassar)
    mixed.assignments.create(region=tree.limapuluhkota, role="contributor")
    author = builders.make_author("Dodi Piliang", tree.limapuluhkota, user=mixed)
    demoted = builders.make_user("demoted")
    everybody = [*vars(named).values(), province, gone, mixed, demoted]
    stories = [
        builders.make_article(region, created_by=maker, writers=[author] if with_byline else [])
        for region in (tree.payakumbuh, tree.limapuluhkota, tree.sumbar, tree.network, tree.ambon)
        for maker, with_byline in ((named.reporter, False), (demoted, True))
    ]
    for second_factor in (False, True):
        settings.REQUIRE_SECOND_FACTOR = second_factor
        people = [type(person).objects.get(pk=person.pk) for person in everybody]
        for each in stories:
            expected = {person.pk for person in people if rules.may_read(each, person)}
            assert set(rules.readers(each).values_list("pk", flat=True)) == expected, (each.region, second_factor)


# --- Mentions ----------------------------------------------------------------------------------------------------


def test_suggestions_tell_the_names_of_readers_and_no_log_in_name(tree, named, newsroom, story):
    builders.make_user("rahasia_login", "editor", tree.payakumbuh)  # has no name
    page_name = builders.make_user("akun_penulis", "editor", tree.payakumbuh)
    builders.make_author("Yuni Penulis", tree.payakumbuh, user=page_name)
    client = newsroom(named.redaktur)

    def suggested(word=""):
        return client.get(f"/news/article/{story.pk}/mentionable/", {"q": word}).json()["people"]

    assert suggested() == ["Ani Budi", "Linda Sari", "Rina Jaringan", "Yuni Penulis"]
    assert suggested("bud") == ["Ani Budi"]
    assert suggested("LIN") == ["Linda Sari"]
    assert suggested("si") == suggested("dodi") == suggested("akun") == suggested("rahasia") == []


def test_a_mention_is_of_somebody_who_may_read_the_story(named, newsroom, story):
    client = newsroom(named.redaktur)
    nobody = "@Siti Tetangga, @Dodi Kontributor, @Linda Sarina, a@b.id, @Budi Piliang"
    send(client, story, text=f"@Linda Sari dan @ani budi, tolong. Bukan {nobody}")
    comment = Comment.objects.get()
    assert set(comment.mentions.all()) == {named.reporter, named.pemred}
    page = client.get(f"/news/article/{story.pk}/change/").text
    assert '<b class="mention">@Linda Sari</b>' in page
    assert '<b class="mention">@ani budi</b>' in page
    send(client, story, "mend", comment=comment.pk, text="Hanya @Ani Budi")
    assert set(comment.mentions.all()) == {named.pemred}


# --- Where the words stand ---------------------------------------------------------------------------------------


def test_threads_stand_in_the_order_of_the_text_and_say_when_their_words_have_changed(named, newsroom, story):
    def on(words, text, prefix="", suffix=""):
        quote = comments.quotes.Quote(words, prefix, suffix)
        return comments.write(story, actor=named.redaktur, text=text, quote=quote)

    gone = on("Gubernur", "hilang")
    second = on("baru dan panjang", "kedua")
    changed = on("meresmikan", "berubah", "Wali Kota ", " jembatan. Warga")
    first = on("Wali Kota", "pertama")
    whole = comments.write(story, actor=named.redaktur, text="seluruhnya")
    threads = comments.threads(story)
    assert [thread.comment for thread in threads] == [whole, first, changed, second, gone]
    assert [thread.comment for thread in threads if thread.is_changed] == [changed, gone]
    shown = form_of(newsroom(named.redaktur), story)
    assert len(re.findall(r'class="comment-changed">', shown)) == 2


def test_saving_the_form_stores_where_the_words_stand_and_nothing_else_of_a_comment(named, newsroom, story):
    quote = comments.quotes.Quote("Warga datang", "jembatan. ", ".")
    moved = comments.write(story, actor=named.redaktur, text="Berapa?", quote=quote)
    kept = comments.write(story, actor=named.redaktur, text="Siapa?", quote=quote)
    plain = comments.write(story, actor=named.redaktur, text="Semua")
    other = builders.make_article(story.region, created_by=named.reporter, body=BODY)
    foreign = comments.write(other, actor=named.redaktur, text="Sana", quote=quote)
    body = BODY.replace("Warga datang", "Seratus warga datang")
    anchors = {
        moved.pk: ["Seratus warga datang", "jembatan. ", "."],
        kept.pk: ["Yang tidak ada di naskah", "", ""],
        plain.pk: ["Wali Kota", "", ""],
        foreign.pk: ["Wali Kota", "", ""],
        "x": ["Wali Kota", "", ""],
    }
    data = article_form(story, body=body) | {ANCHORS: json.dumps(anchors)}
    assert newsroom(named.reporter).post(f"/news/article/{story.pk}/change/", data).status_code == 302
    moved.refresh_from_db()
    assert moved.anchor == comments.quotes.Quote("Seratus warga datang", "jembatan. ", ".")
    assert (moved.text, moved.changed_at) == ("Berapa?", None)
    for comment in (kept, foreign):
        comment.refresh_from_db()
        assert comment.anchor == quote
    plain.refresh_from_db()
    assert plain.quote == ""
    assert not comments.threads(Article.objects.get(pk=story.pk))[1].is_changed


@pytest.mark.parametrize(
    "anchors",
    [
        "[]",
        "{",
        "null",
        '{"%s": 5}',
        '{"%s": ["a"]}',
        '{"%s": [1, 2, 3]}',
        '{"%s": ["", "", ""]}',
        '{"%s": ["⠀", "", ""]}',
        '{"%s": ["' + "a" * 301 + '", "", ""]}',
        '{"%s": ["Wali", "' + "a" * 41 + '", ""]}',
    ],
)
def test_forged_anchors_change_nothing(named, newsroom, story, anchors):
    quote = comments.quotes.Quote("Warga datang")
    comment = comments.write(story, actor=named.redaktur, text="Berapa?", quote=quote)
    body = f"<p>{'a' * 400} ⠀ </p>{BODY}"
    data = article_form(story, body=body) | {ANCHORS: anchors.replace("%s", str(comment.pk))}
    assert newsroom(named.reporter).post(f"/news/article/{story.pk}/change/", data).status_code == 302
    comment.refresh_from_db()
    assert comment.anchor == quote


# --- What a comment never touches --------------------------------------------------------------------------------


def test_a_comment_is_no_version_no_journal_entry_and_bumps_nothing(tree, named, newsroom):
    story = builders.make_live(tree.payakumbuh, body=BODY, created_by=named.reporter)

    def facts():
        article = Article.objects.get(pk=story.pk)
        return (
            (article.version, article.updated_at, article.status),
            Event.objects.count(),
            ArticleVersion.objects.count(),
            list(Generation.objects.order_by("pk").values_list("pk", "number")),
        )

    before = facts()
    client = newsroom(named.redaktur)
    send(client, story, text="Periksa @Linda Sari", quote="Warga datang")
    thread = Comment.objects.get()
    for do in ("reply", "mend", "resolve", "reopen"):
        assert send(client, story, do, comment=thread.pk, text=f"Kata {do}").status_code == 302
    assert facts() == before


def test_no_public_byte_holds_a_word_of_a_comment(tree, named, reader, newsroom):
    story = builders.make_live(tree.payakumbuh, body=BODY, created_by=named.reporter, summary="Jembatan dibuka.")
    marked = BODY.replace("Warga datang", '<span data-comment="7">Warga datang</span>')
    data = article_form(story, body=marked)
    assert newsroom(named.redaktur).post(f"/news/article/{story.pk}/change/", data).status_code == 302
    assert "data-comment" not in Article.objects.get(pk=story.pk).body
    thread = comments.write(
        story, actor=named.redaktur, text="kenarikomentar", quote=comments.quotes.Quote("Warga datang")
    )
    comments.write(story, actor=named.reporter, text="kenaribalasan", thread=thread)
    client = reader(tree.payakumbuh)
    seen = 0
    for path in (
        "/",
        story.get_absolute_url(),
        "/rss.xml",
        "/sitemap-news.xml",
        "/cari/?q=jembatan",
        f"/api/v1/articles/{story.pk}",
    ):
        response = client.get(path)
        if response.status_code == 200:
            seen += "Jembatan" in response.text or story.title in response.text
        assert not re.search("kenari|data-comment|comment-words", response.text), path
    assert seen >= 3


# --- Returning ---------------------------------------------------------------------------------------------------


def test_a_story_is_returned_with_a_note_or_with_open_comments_of_ones_own(named, newsroom, story):
    workflow.submit(story, actor=named.reporter)
    client = newsroom(named.redaktur)

    def give_back(note=""):
        story.refresh_from_db()
        return client.post(f"/news/article/{story.pk}/change/", article_form(story, act="return", note=note))

    asked = "dalam catatan atau komentar"
    comments.write(story, actor=named.reporter, text="Dari penulisnya")
    resolved = comments.write(story, actor=named.redaktur, text="Sudah selesai")
    comments.resolve(resolved, actor=named.redaktur)
    refused = give_back()
    assert refused.status_code == 200
    assert asked in refused.text
    with pytest.raises(workflow.TransitionError, match=asked):
        workflow.return_to_writer(story, actor=named.redaktur)
    comments.write(story, actor=named.redaktur, text="Tulis nama wali kota")
    assert give_back().status_code == 302
    story.refresh_from_db()
    assert story.status == Status.RETURNED
    event = Event.objects.filter(article=story, verb=Event.Verb.RETURNED).get()
    assert event.note == "2 komentar di naskah"
    page = form_of(newsroom(named.reporter), story)
    assert "2 komentar di naskah" in page
    assert "Tulis nama wali kota" in page

    workflow.submit(story, actor=named.reporter)
    assert give_back("Dengan catatan").status_code == 302
    assert Event.objects.filter(article=story, verb=Event.Verb.RETURNED).latest("pk").note == "Dengan catatan"


# --- The desk ----------------------------------------------------------------------------------------------------


def on_desk(client):
    page = client.get("/").text
    return [unescape(text) for text in re.findall(r'class="pile-comment"[^>]*>([^<]+)</a>', page)]


def test_the_desk_has_what_waits_for_an_answer(tree, named, newsroom, story):
    hidden = builders.make_article(tree.limapuluhkota, created_by=named.sister)
    byline = builders.make_article(tree.payakumbuh, created_by=named.kontributor)
    byline.bylines.create(
        author=builders.make_author("Linda", tree.payakumbuh, user=named.reporter), role=Byline.Role.WRITER
    )
    reporter, editor, chief = newsroom(named.reporter), newsroom(named.redaktur), newsroom(named.pemred)
    assert on_desk(reporter) == on_desk(editor) == on_desk(chief) == []

    own = comments.write(story, actor=named.redaktur, text="Siapa?")
    comments.write(story, actor=named.reporter, text="Catatan untuk saya")
    comments.write(byline, actor=named.pemred, text="Lewat byline")
    comments.write(hidden, actor=named.sister, text="Tidak untuk @Budi Piliang")
    assert on_desk(reporter) == ["Ani Budi: Lewat byline", "Budi Piliang: Siapa?"]
    assert on_desk(editor) == []
    assert f'href="/news/article/{story.pk}/change/#comment-{own.pk}"' in reporter.get("/").text

    comments.write(story, actor=named.reporter, text="Wali kota, kata @Ani Budi", thread=own)
    assert on_desk(editor) == on_desk(chief) == ["Linda Sari: Wali kota, kata @Ani Budi"]
    comments.resolve(own, actor=named.redaktur)
    assert on_desk(editor) == on_desk(chief) == []
    assert on_desk(reporter) == ["Ani Budi: Lewat byline"]


def test_the_desk_forgets_stories_that_one_may_not_read_any_more(tree, named, newsroom, story):
    comments.write(story, actor=named.redaktur, text="Untuk @Ani Budi")
    client = newsroom(named.pemred)
    assert on_desk(client) == ["Budi Piliang: Untuk @Ani Budi"]
    named.pemred.assignments.all().delete()
    named.pemred.assignments.create(region=tree.limapuluhkota, role="chief_editor")
    assert on_desk(client) == []


# --- Queries -----------------------------------------------------------------------------------------------------


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_comments_cost_the_form_two_queries_and_the_desk_one_beside_its_pulse(named, newsroom, story):
    form = f"/news/article/{story.pk}/change/"
    client = newsroom(named.reporter)
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert sum('"news_comment"' in query["sql"] for query in asked) == 2
    alone = queries(client, form), queries(client, "/")
    for number in range(6):
        thread = comments.write(
            story, actor=named.redaktur, text=f"@Linda Sari {number}", quote=comments.quotes.Quote("Warga datang")
        )
        comments.write(story, actor=named.pemred, text="Setuju, @Budi Piliang", thread=thread)
        if number % 2:
            comments.resolve(thread, actor=named.pemred)
    with CaptureQueriesContext(connection) as asked:
        client.get(form)
    assert sum('"news_comment' in query["sql"] for query in asked) == 2
    assert (queries(client, form), queries(client, "/")) == (alone[0] + 1, alone[1])


def test_suggestions_and_mentions_are_asked_for_once(tree, named, newsroom, story):
    path = f"/news/article/{story.pk}/mentionable/"
    client = newsroom(named.redaktur)
    few = queries(client, path)
    for number in range(10):
        builders.make_user(f"orang{number}", "editor", tree.payakumbuh, first_name=f"Orang {number}")
    assert queries(client, path) == few


def test_the_newest_comment_stands_first_on_the_desk(named, newsroom, story):
    old = comments.write(story, actor=named.redaktur, text="Lama")
    Comment.objects.filter(pk=old.pk).update(written_at=timezone.now() + timedelta(hours=1))
    comments.write(story, actor=named.redaktur, text="Baru")
    assert on_desk(newsroom(named.reporter)) == ["Budi Piliang: Lama", "Budi Piliang: Baru"]
