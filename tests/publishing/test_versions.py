"""Every stored state of an article is a version that can be read, restored, rewritten and in time forgotten."""

import os
import random
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from reversion.models import Revision

from news.demo import builders
from news.images.models import Photo
from news.models import Article, ArticleVersion, Byline, GalleryPhoto, Share, Status
from news.publishing import restoring, versions, workflow
from news.publishing.parts import Parts

pytestmark = pytest.mark.databases

RESTORES = int(os.environ.get("RESTORES", "4"))
HOUR = timedelta(hours=1)


def photo(region, number: int, **values) -> Photo:
    key = f"{number:032x}"
    return Photo.objects.create(region=region, rendition_key=key, width=3, height=2, alt=f"Foto {number}", **values)


def stored(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def save(article: Article, actor, parts: Parts | None = None, **values) -> Article:
    """Store the article with these values, as the form does."""
    edited = stored(article)
    for name, value in values.items():
        setattr(edited, name, value)
    return workflow.save(edited, actor=actor, parts=parts, seen_version=edited.version).article


def told(article: Article) -> list[tuple]:
    rows = article.versions.order_by("pk").select_related("event", "revision__user")
    return [(row.number, row.event and row.event.verb, str(row.revision.user or ""), row.status) for row in rows]


def contents(article: Article) -> list[versions.Content]:
    return [versions.content_of(row) for row in article.versions.order_by("pk").with_content()]


@pytest.fixture
def article(tree, people) -> Article:
    """A story that was stored by the workflow."""
    new = Article(region=tree.payakumbuh, section=builders.make_section(), title="Judul semula", body="<p>Isi.</p>")
    author = builders.make_author("Linda Sari", tree.payakumbuh)
    parts = Parts(bylines=[Byline(author=author)], tags=["Hujan"])
    return workflow.save(new, actor=people.reporter, parts=parts).article


# --- Keeping --------------------------------------------------------------------------------------------------


def test_every_save_is_one_version_and_says_who_did_what(tree, people, article):
    save(article, people.reporter, title="Judul kedua")
    workflow.submit(article, actor=people.reporter)
    workflow.return_to_writer(article, actor=people.redaktur, note="Lengkapi.")
    workflow.publish(article, actor=people.redaktur)
    workflow.correct(article, actor=people.redaktur, kind="erratum", text="Yang benar tiga.")
    workflow.withdraw(article, actor=people.pemred, reason="Keliru.")
    assert told(article) == [
        (1, "created", "reporter", "draft"),
        (2, "edited", "reporter", "draft"),
        (3, "submitted", "reporter", "submitted"),
        (4, "returned", "redaktur", "returned"),
        (5, "published", "redaktur", "approved"),
        (6, "corrected", "redaktur", "approved"),
        (7, "withdrawn", "pemred", "withdrawn"),
    ]
    assert [row["title"] for row in contents(article)] == ["Judul semula"] + ["Judul kedua"] * 6
    assert contents(article)[-1] == versions.of_article(stored(article))
    assert article.versions.earliest("pk").event == article.events.earliest("pk")


def test_a_version_says_what_it_changed(tree, people, article):
    colleague = builders.make_author("Dodi", tree.payakumbuh)
    parts = Parts(tags=["Hujan", "Solok", "KPU"], bylines=[*article.bylines.all(), Byline(author=colleague)])
    save(article, people.redaktur, parts, title="Judul lain", body="<p>Isi lain.</p>")
    assert article.versions.first().changes == {"title": 1, "slug": 1, "body": 1, "tags": 2, "bylines": 1}


def test_a_save_that_changes_nothing_leaves_nothing(people, article):
    save(article, people.redaktur, Parts(tags=["hujan"], bylines=list(article.bylines.all())))
    assert (stored(article).version, article.versions.count(), article.events.count()) == (1, 1, 1)


def test_what_an_import_left_is_kept_when_it_is_replaced(tree, people):
    """Imports keep no version of their own: there may be a hundred thousand of them, and most are never touched."""
    imported = builders.make_live(tree.payakumbuh, title="Judul dari arsip", tags=["Arsip"])
    before = versions.of_article(imported)
    assert not imported.versions.exists()
    save(imported, people.redaktur, title="Judul yang baru")
    Article.objects.filter(pk=imported.pk).update(kicker="Diimpor lagi")
    save(imported, people.redaktur, kicker="Baru")
    assert [row[:2] for row in told(imported)] == [(1, None), (2, "edited"), (2, None), (3, "edited")]
    assert contents(imported)[0] == before
    assert contents(imported)[2]["kicker"] == "Diimpor lagi"


def test_a_save_that_fails_leaves_no_version(people, article):
    with pytest.raises(workflow.VersionConflict), transaction.atomic():
        workflow.save(stored(article), actor=people.redaktur, seen_version=7)
    with pytest.raises(workflow.VersionConflict), transaction.atomic():
        workflow.perform(workflow.Act.SUBMIT, article, actor=people.redaktur, seen_version=7)
    with pytest.raises(PermissionDenied), transaction.atomic():
        save(article, people.kontributor, title="Bukan milik saya")
    assert article.versions.count() == 1


def test_keeping_a_version_takes_five_statements(tree, people, article):
    """django-reversion with a row for each byline, tag and share takes 17."""
    with CaptureQueriesContext(connection) as queries:
        save(article, people.redaktur, Parts(tags=["Hujan", "KPU"], shares=[]), title="Judul lain")
    keeping = [sql["sql"] for sql in queries if "reversion_" in sql["sql"] or "news_articleversion" in sql["sql"]]
    assert len(keeping) == 4, keeping  # the newest one read, three rows written; and reversion asks whether it is there


# --- Restoring ------------------------------------------------------------------------------------------------


def test_a_restored_version_is_equal_to_what_was(tree, people, article):
    """RESTORES says how many; `make check-versions` takes a hundred."""
    chance = random.Random(16)
    photos = [photo(tree.payakumbuh, number) for number in range(1, 7)]
    authors = [builders.make_author(f"Penulis {number}", tree.payakumbuh) for number in range(4)]
    regions = [tree.makassar, tree.ambon, tree.maluku]

    def some(rows):
        return chance.sample(rows, chance.randrange(len(rows) + 1))

    def change() -> None:
        edited = stored(article)
        edited.title, edited.kicker = f"Judul {chance.random()}", chance.choice(["", "Cuaca"])
        edited.lead_photo, edited.lead_caption = chance.choice([None, *photos]), chance.choice(["", "Kata"])
        edited.kind = chance.choice(["news", "photos"])
        moments = [None, timezone.now().replace(microsecond=0) + HOUR]
        roles = list(Byline.Role)
        parts = Parts(
            tags=some(["Hujan", "KPU", "Solok", "Pilkada"]),
            bylines=[Byline(author=who, role=chance.choice(roles), position=n) for n, who in enumerate(some(authors))],
            gallery=[GalleryPhoto(photo=shot, caption=chance.choice(["", "Di sini"])) for shot in some(photos)],
            shares=[Share(region=region, published_at=chance.choice(moments)) for region in some(regions)],
        )
        workflow.save(edited, actor=people.redaktur, parts=parts, seen_version=edited.version)

    for _turn in range(6):
        change()
    for turn in range(RESTORES):
        version = chance.choice(list(article.versions.with_content()))
        seen = stored(article).version
        restoring.restore(version, actor=people.redaktur, seen_version=seen)
        was, now = versions.content_of(version), versions.of_article(stored(article))
        assert {name for name in was if was[name] != now[name]} <= restoring.STAYS, turn
        if stored(article).version > seen:
            assert article.versions.first().event.verb == "restored"
            assert article.versions.first().event.note == str(version.number)
        change()


def test_state_region_times_and_later_fields_stay_as_they_are(tree, people, article):
    workflow.publish(article, actor=people.redaktur)
    live = save(article, people.redaktur, kicker="Kini", title="Judul terbit", is_unverified=True)
    first = article.versions.with_content().last()
    versions.rewrite(article, lambda content: {name: value for name, value in content.items() if name != "kicker"})
    first = article.versions.with_content().get(pk=first.pk)
    restoring.restore(first, actor=people.redaktur, seen_version=live.version)
    now = stored(article)
    assert (now.title, now.kicker, now.status, now.is_unverified) == ("Judul semula", "Kini", "approved", True)
    assert (now.slug, now.published_at) == (live.slug, live.published_at)


def test_what_is_not_there_any_more_is_told_in_words(tree, people, article):
    gone, expired, kept = (photo(tree.payakumbuh, number) for number in (1, 2, 3))
    extra = builders.make_author("Sebentar", tree.payakumbuh)
    gallery = [GalleryPhoto(photo=shot) for shot in (gone, expired, kept)]
    parts = Parts(gallery=gallery, bylines=[*article.bylines.all(), Byline(author=extra, position=2)])
    text = f'<p>Isi.</p><figure data-photo="{gone.pk}"><figcaption>Warga</figcaption></figure>'
    save(article, people.redaktur, parts, lead_photo=gone, lead_caption="Tentang foto itu", body=text)
    rich = article.versions.with_content().first()
    save(
        article,
        people.redaktur,
        Parts(gallery=[], bylines=list(article.bylines.all())[:1]),
        lead_photo=None,
        lead_caption="",
        body="<p>Isi.</p>",
    )
    Photo.objects.filter(pk=expired.pk).update(usable_until=timezone.now().date() - timedelta(days=2))
    gone.delete()
    extra.delete()
    restored = restoring.restore(rich, actor=people.redaktur, seen_version=3)
    now = versions.of_article(stored(article))
    assert [row["photo"] for row in now["gallery"]] == [kept.pk]
    assert (now["lead_photo"], now["lead_caption"], len(now["bylines"])) == (None, "", 1)
    assert len(restored.missing) == 5


def test_restoring_is_refused_where_saving_is(people, article):
    save(article, people.redaktur, title="Judul kedua")
    first = article.versions.with_content().last()
    with pytest.raises(workflow.VersionConflict):
        restoring.restore(first, actor=people.redaktur, seen_version=1)
    with pytest.raises(PermissionDenied):
        restoring.restore(first, actor=people.kontributor, seen_version=2)
    workflow.publish(article, actor=people.redaktur)
    workflow.withdraw(article, actor=people.pemred, reason="Keliru.")
    with pytest.raises(PermissionDenied):
        restoring.restore(first, actor=people.pemred, seen_version=4)
    assert article.versions.count() == 4  # kept after it was withdrawn


def test_a_writer_restores_their_own_draft_and_leaves_shares_to_the_editors(tree, people, article):
    save(article, people.redaktur, Parts(shares=[Share(region=tree.makassar)]), title="Judul kedua")
    first = article.versions.with_content().last()
    restoring.restore(first, actor=people.reporter, seen_version=2)
    assert stored(article).title == "Judul semula"
    assert article.shares.get().region == tree.makassar


# --- Set aside, rewritten, forgotten --------------------------------------------------------------------------


def test_a_text_that_lost_is_kept_once_and_can_be_got_back(people, article):
    typed = versions.of_article(article) | {"title": "Judul yang kalah"}
    for _press in range(2):
        versions.set_aside(article, typed, number=1, actor=people.redaktur)
    [kept] = article.versions.filter(is_set_aside=True)
    assert (kept.number, kept.event, kept.changes, kept.revision.user) == (1, None, {"title": 1}, people.redaktur)
    assert stored(article).title == "Judul semula"
    restoring.restore(kept, actor=people.redaktur, seen_version=1)
    assert stored(article).title == "Judul yang kalah"


def test_words_can_be_taken_out_of_every_version(people, article):
    save(article, people.redaktur, Parts(tags=["Nama Anak"]), title="Nama Anak dalam judul")
    typed = versions.of_article(stored(article)) | {"body": "<p>Nama Anak</p>"}
    versions.set_aside(article, typed, number=2, actor=people.redaktur)

    def without(content: versions.Content) -> versions.Content:
        texts = {name: value.replace("Nama Anak", "…") for name, value in content.items() if isinstance(value, str)}
        return content | texts | {"tags": [tag.replace("Nama Anak", "…") for tag in content["tags"]]}

    assert versions.rewrite(article, without) == 2
    held = [str(list(row.values())) for table in ("revision__version",) for row in _rows_of(article, table)]
    assert held
    assert not [row for row in held if "Nama Anak" in row]
    assert contents(article)[0]["title"] == "Judul semula"


def _rows_of(article: Article, path: str) -> list[dict]:
    return list(article.versions.values(f"{path}__serialized_data", f"{path}__object_repr", "changes"))


def test_in_time_versions_that_readers_never_saw_are_forgotten(tree, people, article):
    for number in range(3):
        save(article, people.reporter, title=f"Judul {number}")
    versions.set_aside(article, versions.of_article(article) | {"title": "Kalah"}, number=1, actor=people.redaktur)
    workflow.submit(article, actor=people.reporter)
    workflow.publish(article, actor=people.redaktur)
    save(article, people.redaktur, title="Judul yang tayang")
    draft = builders.make_article(tree.payakumbuh)
    save(draft, people.redaktur, title="Judul draf")
    Revision.objects.update(date_created=timezone.now() - 30 * HOUR)
    save(draft, people.redaktur, title="Judul draf yang baru")
    assert versions.prune(timezone.now() - 31 * HOUR) == 0
    assert versions.prune(timezone.now() - HOUR) == 7
    assert [row[1] for row in told(article)] == ["submitted", "published", "edited"]
    assert [row[:2] for row in told(draft)] == [(3, "edited")]
    assert Revision.objects.count() == ArticleVersion.objects.count() == 4
    Revision.objects.update(date_created=timezone.now() - 30 * HOUR)
    assert versions.prune(timezone.now() - HOUR) == 0  # the newest one of a story stays
    assert Article.objects.get(pk=draft.pk).status == Status.DRAFT
