"""Two editors with one story: whatever they change and however they store it, nothing of either is lost."""

import os
import random
import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from news.demo import builders
from news.images.models import Photo
from news.models import Article, Section
from news.publishing import restoring, versions, workflow
from tests.newsroom.forms import article_form

pytestmark = pytest.mark.databases

CONFLICTS = int(os.environ.get("CONFLICTS", "10"))
BODY = "<p>Satu.</p><p>Dua.</p><p>Tiga.</p><p>Empat.</p>"


def change(article: Article) -> str:
    return f"/news/article/{article.pk}/change/"


def stored(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def content(article: Article) -> versions.Content:
    return versions.of_article(stored(article))


def set_aside(article: Article) -> list[versions.Content]:
    return [versions.content_of(row) for row in article.versions.filter(is_set_aside=True).with_content()]


def shown(response) -> versions.Content:
    """What the form that came back holds."""
    form = response.context["adminform"].form
    return {name: form[name].value() for name in form.fields}


@pytest.fixture
def article(tree, people) -> Article:
    """A draft of the reporter, with something in every field and part."""
    photo = Photo.objects.create(region=tree.payakumbuh, rendition_key="a" * 32, width=3, height=2, alt="Foto")
    made = builders.make_article(
        tree.payakumbuh,
        title="Judul semula",
        body=BODY,
        created_by=people.reporter,
        tags=["Hujan", "Pilkada"],
        shares={tree.makassar: None},
        lead_photo=photo,
        kicker="Semula",
    )
    made.gallery.create(photo=photo, position=1)
    return made


@pytest.fixture
def people(tree, people):
    """Two of the network's: they may share a story with every region."""
    people.redaktur = builders.make_user("editor", "editor", tree.network)
    people.pemred = builders.make_user("chief", "chief_editor", tree.network)
    return people


@pytest.fixture
def meet(people, newsroom, article):
    """`meet(theirs, mine)`: an editor stores the form with `theirs`, then the chief editor one opened before it."""

    def run(theirs: dict, mine: dict):
        first, second = article_form(stored(article), **theirs), article_form(stored(article), **mine)
        assert newsroom(people.redaktur).post(change(article), first).status_code == 302
        return newsroom(people.pemred).post(change(article), second)

    return run


def test_what_only_one_of_them_touched_is_stored_and_told_and_can_be_undone(people, newsroom, article, meet):
    response = meet({"title": "Judul lain", "tags": "Hujan, Pilkada, KPU"}, {"summary": "Ringkasan saya."})
    client = response.client
    assert response.status_code == 302
    now = content(article)
    assert (now["title"], now["summary"], now["tags"]) == ("Judul lain", "Ringkasan saya.", ["Hujan", "KPU", "Pilkada"])
    [mine] = set_aside(article)
    assert (mine["title"], mine["summary"], mine["tags"]) == ("Judul semula", "Ringkasan saya.", ["Hujan", "Pilkada"])
    said = client.get(change(article)).text
    assert re.search(r'<li class="warning">.*judul, 1 tag.*versions/', said)
    kept = article.versions.get(is_set_aside=True)
    data = {"version": kept.pk, "seen": stored(article).version}
    newsroom(people.pemred).post(f"/news/article/{article.pk}/restore/", data)
    assert content(article)["title"] == "Judul semula"


def test_paragraphs_of_both_are_stored(article, meet):
    mine, theirs = BODY.replace("Satu.", "Satu saya."), BODY.replace("Dua.", "Dua dia.")
    assert meet({"body": theirs}, {"body": mine}).status_code == 302
    assert content(article)["body"] == BODY.replace("Satu.", "Satu saya.").replace("Dua.", "Dua dia.")


def test_what_both_touched_is_shown_with_both_texts_and_nothing_is_stored_over(people, newsroom, article, meet):
    response = meet(
        {"title": "Judul dia", "kicker": "Dia", "body": BODY.replace("Satu.", "Satu dia.")},
        {"title": "Judul <i>saya</i>", "body": BODY.replace("Satu.", "Satu saya.").replace("Empat.", "Empat saya.")},
    )
    assert response.status_code == 200
    assert content(article)["title"] == "Judul dia"
    [kept] = set_aside(article)
    assert (kept["title"], kept["kicker"]) == ("Judul <i>saya</i>", "Semula")
    form = shown(response)
    assert (form["title"], form["kicker"]) == ("Judul <i>saya</i>", "Dia")
    assert "Satu saya." in form["body"]
    page = response.text
    assert "&lt;" in re.search(r'class="pieces">Judul (.*?)</span>', page)[1]
    assert "<i>saya</i>" not in page
    choices = [unescape(value) for value in re.findall(r'name="_use" value="([^"]*)"', page)]
    assert len(choices) == 3

    again = article_form(stored(article), **{name: form[name] for name in ("title", "kicker", "body")})
    theirs = next(choice for choice in choices if "Satu dia." in choice)
    undo = next(choice for choice in choices if "Semula" in choice)
    answer = newsroom(people.pemred).post(change(article), again | {"_use": [theirs, undo]})
    assert answer.status_code == 302
    now = content(article)
    assert (now["title"], now["kicker"]) == ("Judul <i>saya</i>", "Semula")
    assert now["body"] == BODY.replace("Satu.", "Satu dia.").replace("Empat.", "Empat saya.")


def test_an_act_waits_until_what_somebody_else_changed_was_seen(people, newsroom, article, meet):
    response = meet({"title": "Judul dia"}, {"summary": "Ringkasan", "_act": "publish"})
    assert response.status_code == 200
    assert stored(article).status == "draft"
    form = shown(response)
    assert (form["title"], form["summary"]) == ("Judul dia", "Ringkasan")
    again = article_form(stored(article), title=form["title"], summary=form["summary"], act="publish")
    assert newsroom(people.pemred).post(change(article), again).status_code == 302
    assert (stored(article).title, stored(article).status) == ("Judul dia", "approved")


def test_rows_of_both_are_stored(tree, article, meet):
    authors = [builders.make_author(name, tree.payakumbuh) for name in ("Dodi", "Sari")]
    photo = Photo.objects.create(region=tree.payakumbuh, rendition_key="b" * 32, width=3, height=2, alt="Foto")
    theirs = {"bylines": [authors[0]], "shares": {tree.ambon: ""}, "gallery-0-caption": "Kata dia"}
    mine = {"bylines": [authors[1]], "bylines-0-DELETE": "on", "shares": {tree.maluku: ""}, "gallery": [photo]}
    theirs["shares-0-DELETE"] = "on"
    first = {row.author_id for row in article.bylines.all()}
    assert meet(theirs, mine).status_code == 302
    now = content(article)
    assert {row["author"] for row in now["bylines"]} == {author.pk for author in authors}
    assert not first & {row["author"] for row in now["bylines"]}
    assert {row["region"] for row in now["shares"]} == {tree.ambon.pk, tree.maluku.pk}
    assert [(row["photo"], row["caption"]) for row in now["gallery"]] == [
        (article.lead_photo_id, "Kata dia"),
        (photo.pk, ""),
    ]


def test_words_for_a_photo_do_not_join_the_photo_that_somebody_else_chose(tree, people, article, meet):
    other = Photo.objects.create(region=tree.payakumbuh, rendition_key="c" * 32, width=3, height=2, alt="Lain")
    response = meet({"lead_photo": other}, {"photo_caption": "Tentang foto pertama"})
    assert response.status_code == 200
    other.refresh_from_db()
    assert other.caption == ""
    assert content(article)["lead_photo"] == other.pk


@pytest.mark.parametrize("theirs", [{}, {"_act": "submit"}, {"title": "Judul sama"}])
def test_one_person_in_two_tabs_with_the_same_text_is_never_stopped(article, meet, theirs):
    same = {name: value for name, value in theirs.items() if name != "_act"}
    assert meet(theirs, same).status_code == 302
    assert set_aside(article) == []


def test_a_second_press_of_a_merged_form_stores_it_once(people, newsroom, article):
    mine = article_form(article, summary="Ringkasan saya.", _form_key="satu-kali")
    newsroom(people.redaktur).post(change(article), article_form(article, title="Judul dia"))
    client = newsroom(people.pemred)
    answers = [client.post(change(article), mine) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert article.versions.stored().filter(event__actor=people.pemred).count() == 1


def test_a_form_whose_version_was_forgotten_shows_all_that_differs(people, newsroom, article, meet):
    newsroom(people.redaktur).post(change(article), article_form(article, title="Judul dia"))
    article.versions.all().delete()
    response = newsroom(people.pemred).post(change(article), article_form(article, summary="Ringkasan saya."))
    assert response.status_code == 200
    assert stored(article).title == "Judul dia"
    assert set_aside(article)[0]["summary"] == "Ringkasan saya."


@pytest.mark.parametrize("choice", ["", "x", "[]", "7", '{"title": 7}', '{"status": "approved"}', '{"bylines": 3}'])
def test_a_forged_choice_is_no_more_than_a_typed_value(people, newsroom, article, choice):
    response = newsroom(people.reporter).post(change(article), article_form(article, _use=choice))
    assert response.status_code in (200, 302)
    assert stored(article).status == "draft"


def test_whoever_may_no_longer_edit_gets_their_text_back_and_leaves_none_in_the_story(people, newsroom, article):
    mine = article_form(article, title="Judul saya", body="<p>Teks saya.</p>")
    workflow.submit(article, actor=people.reporter)
    response = newsroom(people.reporter).post(change(article), mine)
    assert response.status_code == 403
    assert "Teks saya." in response.text
    assert set_aside(article) == []


# --- Every field, every way -----------------------------------------------------------------------------------

TEXTS = ["kicker", "dateline", "summary", "sign_off", "lead_caption", "lead_credit"]
PATHS = ["form", "act", "workflow", "perform", "restore"]


def edits(who: str, chance: random.Random, tree, sections: list[Section], photos: list[Photo], authors) -> dict:
    """Some fields with values of this person: name → (what the form sends, what the content then has)."""
    moment = timezone.now().replace(microsecond=0) + timedelta(days=1 + len(who))
    paragraph = chance.choice(["Satu.", "Dua.", "Tiga.", "Empat."])
    mended = BODY.replace(paragraph, f"{paragraph} Kata {who}.")
    each = {name: (f"{name} {who}"[:30], f"{name} {who}"[:30]) for name in TEXTS}
    each |= {
        "title": (f"Judul {who}", f"Judul {who}"),
        "body": (mended, mended),
        "kind": ("feature", "feature") if who == "dia" else ("opinion", "opinion"),
        "section": (sections[len(who) % 2], sections[len(who) % 2].pk),
        "is_unverified": ("on", True),
        "published_at": (tree.payakumbuh.local(moment).strftime("%Y-%m-%dT%H:%M:%S"), versions.plain_time(moment)),
        "lead_photo": (photos[len(who) % 2], photos[len(who) % 2].pk),
        "tags": (f"Hujan, Pilkada, {who}", who),
        "bylines": ([authors[who]], authors[who].pk),
        "shares": ({tree.ambon if who == "dia" else tree.maluku: ""}, None),
    }
    return {name: each[name] for name in chance.sample(sorted(each), chance.randrange(1, 5))}


def is_in(name: str, value, held: versions.Content) -> bool:
    match name:
        case "tags":
            return value in held["tags"]
        case "bylines":
            return value in [row["author"] for row in held["bylines"]]
        case "shares":
            return len(held["shares"]) > 1
        case "body":
            return all(part in held["body"] for part in re.findall(r"Kata \w+\.", value))
    return held[name] == value


@pytest.mark.parametrize("example", range(CONFLICTS))
def test_nothing_of_two_editors_is_lost_on_any_path(tree, people, newsroom, article, example):
    """CONFLICTS says how many pairs; `make check-versions` takes 500."""
    chance = random.Random(example)
    sections = [builders.make_section(name) for name in ("Hukum", "Ekonomi")]
    photos = [
        Photo.objects.create(region=tree.payakumbuh, rendition_key=key * 32, width=3, height=2, alt="x") for key in "de"
    ]
    authors = {who: builders.make_author(f"Penulis {who}", tree.payakumbuh) for who in ("dia", "saya")}
    newsroom(people.redaktur).post(change(article), article_form(article, summary="Sebelumnya"))
    opened = stored(article)
    theirs, mine = (edits(who, chance, tree, sections, photos, authors) for who in ("dia", "saya"))
    sent = article_form(opened, **{name: value for name, (value, _held) in mine.items()})

    path = PATHS[example % len(PATHS)]
    if path in ("form", "act"):
        first = article_form(opened, **{name: value for name, (value, _held) in theirs.items()})
        first |= {"_act": "submit"} if path == "act" else {}
        assert newsroom(people.redaktur).post(change(article), first).status_code == 302
    elif path == "restore":
        theirs = {}
        oldest = article.versions.with_content().last()
        restoring.restore(oldest, actor=people.redaktur, seen_version=opened.version)
    else:
        theirs = {name: pair for name, pair in theirs.items() if name in TEXTS}
        edited = stored(article)
        for name, (value, _held) in theirs.items():
            setattr(edited, name, value)
        workflow.save(edited, actor=people.redaktur, seen_version=opened.version)
        if path == "perform":
            workflow.submit(article, actor=people.redaktur)
    after_first = content(article)
    assert all(is_in(name, held, after_first) for name, (_value, held) in theirs.items()), (path, theirs)

    response = newsroom(people.pemred).post(change(article), sent)
    now = content(article)
    if response.status_code == 302:
        for name, (_value, held) in (theirs | mine).items():
            assert is_in(name, held, now), (example, path, name, held, now[name])
        assert {name for name in now if now[name] != after_first[name]} <= {*mine, "slug"}
    else:
        assert now == after_first
        [typed] = set_aside(article)
        assert all(is_in(name, held, typed) for name, (_value, held) in mine.items()), (example, path, mine, typed)
    for name, (_value, held) in theirs.items():
        held_by = [versions.content_of(row) for row in article.versions.with_content()]
        assert any(is_in(name, held, each) for each in held_by), (example, path, name)
