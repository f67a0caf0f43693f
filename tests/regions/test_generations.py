"""Which regions are bumped: by every act that readers can see, in its transaction, and by time."""

import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models.signals import post_save, pre_delete, pre_save
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.adverts.models import AdsTxt, Advert
from news.demo import builders
from news.images import renditions, uploads
from news.models import Article, Page, Section
from news.publishing import workflow
from news.publishing.parts import Parts
from regions import generations, services
from regions.generations import numbers
from regions.models import FormKey, Generation, Masthead
from tests.conftest import photo_file

pytestmark = pytest.mark.databases

IN_PARTS = {
    "news.Article",
    "news.BodyReference",
    "news.Byline",
    "news.Correction",
    "news.GalleryPhoto",
    "news.Placement",
    "news.Share",
    "news.TagAlias",  # stored with its tag, by news.publishing.tags
    "news.TaggedArticle",
    "news.TaggedPlacement",
    "news.Withdrawal",
}
"""Stored with their article: the workflow bumps the regions that list it."""
NOT_SEEN = {
    "images.PendingChunk",
    "images.PendingFile",
    "news.ArticleVersion",
    "news.CalendarAddress",
    "news.Comment",
    "news.Duty",
    "news.Event",
    "news.HouseRule",
    "news.Notice",
    "news.NoticeChoices",
    "news.LastSeen",
    "news.PlannedIdea",
    "news.Presence",
    "news.PreviewLink",  # its page is never stored
    "news.Proposal",
    "news.PushSubscription",
    "news.SavedSearch",
    "news.WorkingCopy",
    "popularity.CountedDigest",
    "popularity.HourlyReads",
    "popularity.RankedArticle",  # pages that show rankings are stored for a limited time
    "popularity.RankingUpdate",
    "popularity.Salt",
    "regions.Assignment",
    "regions.FormKey",
    "regions.Generation",
    "regions.Invitation",
    "search.KnownWord",
    "search.NewsroomDocument",
    "search.NewsroomWord",
    "search.SearchDocument",  # written with its article
}


def next_midnight(region, now):
    return region.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def stored_numbers():
    return dict(Generation.objects.values_list("region_id", "number"))


@pytest.fixture
def bumped(tree):
    """`bumped(act)`: the names of the regions whose generation the act moved on."""
    names = {region.pk: name for name, region in vars(tree).items()} | {generations.EVERYWHERE: "everywhere"}

    def run(act):
        before = stored_numbers()
        act()
        return {names[key] for key, number in stored_numbers().items() if number != before.get(key, 0)}

    return run


def test_every_model_says_whether_readers_see_it():
    """Add yours to news/publishing/cache_dependencies.py, or here."""
    configurations = [
        apps.get_app_config(name) for name in ("regions", "news", "images", "adverts", "search", "popularity")
    ]
    every = {model._meta.label for configuration in configurations for model in configuration.get_models()}
    assert every == {model._meta.label for model in numbers.DEPENDENCIES} | IN_PARTS | NOT_SEEN


def test_an_article_bumps_the_regions_that_list_it_and_those_above(tree, people, bumped):
    article = builders.make_article(tree.payakumbuh, shares={tree.ambon: None})
    here = {"payakumbuh", "sumbar", "network"}
    shared = here | {"ambon", "maluku"}
    assert bumped(lambda: workflow.submit(article, actor=people.redaktur)) == set()
    assert bumped(lambda: workflow.publish(article, actor=people.redaktur)) == shared
    live = Article.objects.get(pk=article.pk)

    assert bumped(lambda: workflow.save(live, actor=people.redaktur, parts=Parts(shares=[]))) == shared
    assert bumped(lambda: workflow.withdraw(live, actor=people.pemred, reason="Keliru.")) == here


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (lambda tree, article: Section.objects.get().save(), {"everywhere"}),
        (lambda tree, article: article.writers[0].save(), {"payakumbuh", "sumbar", "network"}),
        (lambda tree, article: article.tags.get().save(), {"payakumbuh", "sumbar", "network"}),
        (lambda tree, article: article.lead_photo.save(), {"payakumbuh", "sumbar", "network"}),
        (lambda tree, article: services.save(tree.makassar), {"everywhere", "makassar", "sulsel", "network"}),
        (lambda tree, article: tree.makassar.aliases.create(label="ujungpandang"), {"everywhere"}),
        (lambda tree, article: builders.make_author("Penulis Baru", tree.ambon), set()),
        (lambda tree, article: builders.make_article(tree.ambon, tags=["Baru"]), set()),
    ],
    ids="section author tag photo region alias new-author draft".split(),
)
def test_other_rows_bump_the_regions_whose_readers_see_them(tree, bumped, change, places):
    photo = uploads.store(photo_file((64, 48)), region=tree.payakumbuh, user=None)
    article = builders.make_live(tree.payakumbuh, lead_photo=photo, tags=["Pilkada"])
    builders.make_author("Lain", tree.ambon, slug=f"penulis-{tree.ambon.pk}")
    assert bumped(lambda: change(tree, article)) == places


SHOWN_BELOW = {"sumbar", "payakumbuh", "limapuluhkota", "network"}


def _of_sumbar(tree, kind):
    """A row of the province, not stored yet, that the editions below it show too."""
    photo = uploads.store(photo_file((728, 200)), region=tree.sumbar, user=None)
    now = timezone.now()
    times = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    link = {"link": "https://example.com/", "slot": "inline", "advertiser": "Toko", "alt": "Toko"}
    return {
        "advert": lambda: Advert(region=tree.sumbar, photo=photo, kind="paid", **times, **link),
        "adstxt": lambda: AdsTxt(region=tree.sumbar, lines="example.com, 1, DIRECT"),
        "masthead": lambda: Masthead(region=tree.sumbar, publisher="PT Pekon"),
        "page": lambda: Page(region=tree.sumbar, slug="privasi", title="Privasi", body="<p>Ya.</p>"),
    }[kind]()


@pytest.mark.parametrize("kind", ["advert", "adstxt", "masthead", "page"])
def test_what_regions_below_show_too_bumps_all_of_them(tree, bumped, kind):
    row = _of_sumbar(tree, kind)
    assert bumped(row.save) == SHOWN_BELOW
    assert bumped(row.save) == SHOWN_BELOW
    assert bumped(row.delete) == SHOWN_BELOW


@pytest.mark.parametrize("kind", ["advert", "adstxt", "masthead", "page"])
def test_a_row_that_moves_bumps_the_regions_where_it_was_and_where_it_is(tree, bumped, kind):
    row = _of_sumbar(tree, kind)
    row.save()
    row.region = tree.ambon
    assert bumped(row.save) == SHOWN_BELOW | {"ambon", "maluku"}


def test_a_slot_that_moves_to_another_front_bumps_both_regions(tree, bumped):
    slot = builders.place(builders.make_live(tree.payakumbuh), tree.payakumbuh)
    slot.region = tree.sumbar
    assert bumped(slot.save) == {"payakumbuh", "sumbar", "network"}


def test_a_replaced_photo_and_its_renditions_bump_the_regions_of_its_articles(tree, bumped):
    photo = uploads.store(photo_file(), region=tree.payakumbuh, user=None)
    builders.make_live(tree.payakumbuh, lead_photo=photo)
    assert bumped(lambda: renditions.make(photo)) == {"payakumbuh", "sumbar", "network"}
    assert bumped(lambda: uploads.replace(photo, photo_file(colour="red"))) == {"payakumbuh", "sumbar", "network"}


def test_an_article_published_while_its_tag_is_renamed_is_bumped_after_both_commits(
    tree, people, bumped, django_capture_on_commit_callbacks
):
    article = builders.make_article(tree.payakumbuh, tags=["Pasar"])
    tag = article.tags.get()
    with django_capture_on_commit_callbacks() as after_the_commit:
        assert bumped(tag.save) == set()
    workflow.publish(article, actor=people.admin)
    again = [call for call in after_the_commit if call.__module__ == numbers.__name__]
    assert bumped(lambda: [call() for call in again]) == {"payakumbuh", "sumbar", "network"}


def test_a_transaction_bumps_once_at_its_end_and_not_at_all_if_it_is_rolled_back(tree, monkeypatch):
    generations.bump([tree.ambon.pk])
    before = stored_numbers()
    writes, write = [], numbers._write
    monkeypatch.setattr(numbers, "_write", lambda *args: writes.append(args) or write(*args))
    with generations.bumping():
        generations.bump([tree.ambon.pk])
        generations.bump([tree.ambon.pk, tree.payakumbuh.pk])
        assert stored_numbers() == before  # the rows are locked last
    assert len(writes) == 1
    assert stored_numbers()[tree.ambon.pk] > before[tree.ambon.pk]
    assert stored_numbers()[tree.network.pk] > before[tree.network.pk]
    before = stored_numbers()

    @generations.bumping()
    def fail():
        generations.bump([tree.ambon.pk])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with transaction.atomic():
        generations.bump([tree.ambon.pk])
        transaction.set_rollback(True)
    assert stored_numbers() == before


def test_a_number_is_the_databases_time_or_one_more_so_that_none_is_used_twice(tree):
    """Not even after a dump was restored that is older than the numbers of stored pages."""
    before, ahead = time.time(), 10**17
    rows = Generation.objects.filter(region_id=tree.network.pk)
    for stored, least, most in ((None, 0, 3_600), (5, 0, 3_600), (ahead, None, None)):
        if stored:
            rows.update(number=stored)
        generations.bump([tree.network.pk])
        if least is None:
            assert rows.get().number == ahead + 1
        else:
            assert least <= rows.get().number / 1_000_000 - before + 60 <= most


def test_what_is_nobodys_bumps_nothing(tree):
    before = stored_numbers()
    with CaptureQueriesContext(connection) as queries:
        generations.bump([])
    assert not [query["sql"] for query in queries if "regions_generation" in query["sql"]]
    generations.bump([987_654])  # a region that was deleted meanwhile
    assert stored_numbers() == before
    generations.bump([tree.ambon.pk, generations.EVERYWHERE])
    assert {key for key, number in stored_numbers().items() if number != before.get(key, 0)} == {
        tree.ambon.pk,
        tree.maluku.pk,
        tree.network.pk,
        generations.EVERYWHERE,
    }


@pytest.fixture
def registered(tree, monkeypatch):
    """A model that readers see in Ambon while it is there, registered twice as by two imports."""

    def regions_of(row):
        assert row.pk, "asked about a row that is deleted"
        return [tree.ambon.pk]

    monkeypatch.setattr(numbers, "DEPENDENCIES", dict(numbers.DEPENDENCIES))
    for _time in range(2):
        generations.register(FormKey, regions_of)
    yield FormKey
    for signal in (pre_save, post_save, pre_delete):
        assert signal.disconnect(sender=FormKey, dispatch_uid="generations")


def test_a_registered_models_rows_bump_when_they_are_saved_and_deleted(
    registered, bumped, monkeypatch, django_capture_on_commit_callbacks
):
    here, calls, bump = {"ambon", "maluku", "network"}, [], numbers.bump
    monkeypatch.setattr(numbers, "bump", lambda regions: calls.append(regions) or bump(regions))
    row = registered(digest="x")
    with django_capture_on_commit_callbacks(execute=True):
        for act, count in ((row.save, 1), (row.save, 2), (row.delete, 1)):  # a change: as it was and as it is
            calls.clear()
            assert bumped(act) == here
            assert len(calls) == count
    calls.clear()
    row = registered(digest="y")
    assert bumped(lambda: row.save_base(raw=True)) == bumped(lambda: row.save_base(raw=True)) == set()  # a fixture
    assert calls == []


def test_a_schedule_is_asked_for_the_regions_that_are_bumped_and_the_earliest_time_counts(tree, monkeypatch):
    monkeypatch.setattr(numbers, "SCHEDULES", [])
    soon, asked = timezone.now() + timedelta(minutes=1), []

    @generations.register_schedule
    def schedule(regions, now):
        asked.append((regions, now))
        for minutes in (2, 0, 1):
            yield tree.ambon.pk, soon + timedelta(minutes=minutes)

    assert [schedule] == numbers.SCHEDULES
    generations.bump([tree.ambon.pk, generations.EVERYWHERE])
    [(regions, now)] = asked
    assert regions == {tree.ambon.pk, tree.maluku.pk, tree.network.pk}
    assert abs(now - timezone.now()) < timedelta(minutes=1)
    changes = dict(Generation.objects.filter(number__gt=0).values_list("region_id", "next_change_at"))
    assert changes.pop(tree.ambon.pk) == soon
    assert {*changes.values()} == {None}


class TestTime:
    def change_at(self, region):
        return Generation.objects.get(region_id=region.pk).next_change_at

    def test_the_next_change_is_an_article_that_comes_or_goes_or_a_new_day(self, tree, people):
        now = timezone.now()
        generations.bump([tree.ambon.pk])
        midnight = next_midnight(tree.ambon, now)
        assert self.change_at(tree.ambon) == midnight
        regions = (tree.ambon, tree.makassar, tree.network)
        span = min(next_midnight(each, now) for each in regions) - now  # before any, at whatever hour this runs
        soon, later = now + span / 8, now + span / 4
        builders.make_live(tree.ambon, expires_at=later)
        assert self.change_at(tree.ambon) == later
        article = builders.make_article(tree.ambon, shares={tree.makassar: soon + timedelta(seconds=1)})
        workflow.schedule(article, actor=people.admin, at=soon)
        assert self.change_at(tree.ambon) == self.change_at(tree.network) == soon
        assert self.change_at(tree.makassar) == soon + timedelta(seconds=1)

    @pytest.mark.parametrize("name", ["starts_at", "ends_at"])
    def test_a_slot_or_an_advert_that_begins_or_ends_is_a_next_change(self, tree, name):
        now = timezone.now()
        midnight = next_midnight(tree.ambon, now)
        soon, sooner = now + (midnight - now) / 4, now + (midnight - now) / 8
        times = {"starts_at": now - timedelta(hours=1), "ends_at": midnight + timedelta(days=2)}
        article = builders.make_live(tree.ambon, now - timedelta(hours=2))
        builders.place(article, tree.ambon, **times | {name: soon})
        assert self.change_at(tree.ambon) == soon
        photo = uploads.store(photo_file((728, 200)), region=tree.maluku, user=None)
        builders.make_advert(tree.maluku, photo, **times | {name: sooner})
        assert self.change_at(tree.ambon) == sooner  # the province's adverts stand in its cities

    def test_when_the_next_change_has_passed_the_number_moves_on_once(self, tree, bumped):
        generations.bump([tree.ambon.pk])
        Generation.objects.filter(region_id=tree.ambon.pk).update(next_change_at=timezone.now() - timedelta(seconds=1))
        # Those above list it too, and a sister's front shows what is in Ambon under the number of Maluku.
        assert bumped(generations.bump_due) == {"ambon", "maluku", "network"}
        assert bumped(generations.bump_due) == set()
        assert self.change_at(tree.ambon) > timezone.now()
