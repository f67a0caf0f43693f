"""Whose editions are put out: by every act that readers can see, in its transaction, and by time."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from news import workflow
from news.demo import builders
from news.images import renditions, uploads
from news.models import Article, Section
from regions import branches, editions
from regions.models import Edition
from tests.conftest import photo_file

IN_PARTS = {
    "news.Article",
    "news.Byline",
    "news.Correction",
    "news.GalleryPhoto",
    "news.Placement",
    "news.Share",
    "news.TaggedArticle",
    "news.Withdrawal",
}
"""Written with their story: `placing.rebuild` puts its regions out."""
NOT_SEEN = {
    "news.Event",
    "news.PreviewLink",  # its page is never kept
    "popularity.HourlyReads",
    "popularity.Leader",  # pages that show leaders end by themselves
    "popularity.Salt",
    "popularity.Seen",
    "popularity.WorkedOut",
    "regions.Assignment",
    "regions.Edition",
    "regions.Invitation",
    "search.KnownWord",
    "search.SearchDocument",  # written with its story
}


def numbers():
    return dict(Edition.objects.values_list("place", "number"))


@pytest.fixture
def put_out(tree):
    """`put_out(act)`: the names of the places whose number the act changed."""
    names = {region.pk: name for name, region in vars(tree).items()} | {editions.EVERYWHERE: "everywhere"}

    def run(act):
        before = numbers()
        act()
        return {names[place] for place, number in numbers().items() if number != before.get(place, 0)}

    return run


def test_every_model_says_whether_readers_see_it():
    """Add yours to news/seen.py, or here."""
    configurations = [
        apps.get_app_config(name) for name in ("regions", "news", "images", "adverts", "search", "popularity")
    ]
    every = {model._meta.label for configuration in configurations for model in configuration.get_models()}
    assert every == {model._meta.label for model in editions.SEEN} | IN_PARTS | NOT_SEEN


def test_a_story_is_put_out_where_it_stands_and_above(tree, people, put_out):
    story = builders.make_article(tree.payakumbuh, shares={tree.ambon: None})
    here = {"payakumbuh", "sumbar", "network"}
    shared = here | {"ambon", "maluku"}
    assert put_out(lambda: workflow.submit(story, actor=people.redaktur)) == set()
    assert put_out(lambda: workflow.publish(story, actor=people.redaktur)) == shared
    live = Article.objects.get(pk=story.pk)

    def edit():
        with editions.writing():
            workflow.store(live, actor=people.redaktur)
            live.shares.all().delete()
            workflow.settle(live)

    assert put_out(edit) == shared
    assert put_out(lambda: workflow.withdraw(live, actor=people.pemred, reason="Keliru.")) == here


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (lambda tree, story: Section.objects.get().save(), {"everywhere"}),
        (lambda tree, story: story.writers[0].save(), {"payakumbuh", "sumbar", "network"}),
        (lambda tree, story: story.tags.get().save(), {"payakumbuh", "sumbar", "network"}),
        (lambda tree, story: story.lead_photo.save(), {"payakumbuh", "sumbar", "network"}),
        (lambda tree, story: branches.save(tree.makassar), {"everywhere", "makassar", "sulsel", "network"}),
        (lambda tree, story: tree.makassar.aliases.create(label="ujungpandang"), {"everywhere"}),
        (lambda tree, story: builders.make_author("Penulis Baru", tree.ambon), set()),
        (lambda tree, story: builders.make_article(tree.ambon, tags=["Baru"]), set()),
    ],
    ids="section author tag photo region alias new-author draft".split(),
)
def test_other_rows_are_put_out_where_readers_see_them(tree, put_out, change, places):
    photo = uploads.store(photo_file((64, 48)), region=tree.payakumbuh, user=None)
    story = builders.make_live(tree.payakumbuh, lead_photo=photo, tags=["Pilkada"])
    builders.make_author("Lain", tree.ambon, slug=f"penulis-{tree.ambon.pk}")
    assert put_out(lambda: change(tree, story)) == places


def test_a_replaced_photo_and_its_renditions_put_out_its_stories(tree, put_out):
    photo = uploads.store(photo_file(), region=tree.payakumbuh, user=None)
    builders.make_live(tree.payakumbuh, lead_photo=photo)
    assert put_out(lambda: renditions.make(photo)) == {"payakumbuh", "sumbar", "network"}
    assert put_out(lambda: uploads.replace(photo, photo_file(colour="red"))) == {"payakumbuh", "sumbar", "network"}


def test_a_story_published_while_its_tag_is_renamed_is_put_out_after_both(
    tree, people, put_out, django_capture_on_commit_callbacks
):
    story = builders.make_article(tree.payakumbuh, tags=["Pasar"])
    tag = story.tags.get()
    with django_capture_on_commit_callbacks() as after_the_commit:
        assert put_out(tag.save) == set()
    workflow.publish(story, actor=people.admin)
    again = [call for call in after_the_commit if call.__module__ == editions.__name__]
    assert put_out(lambda: [call() for call in again]) == {"payakumbuh", "sumbar", "network"}


def test_once_for_one_transaction_and_never_for_one_that_is_rolled_back(tree):
    editions.put_out([tree.ambon.pk])
    before = numbers()
    with editions.writing():
        editions.put_out([tree.ambon.pk])
        editions.put_out([tree.ambon.pk, tree.payakumbuh.pk])
        assert numbers() == before  # the rows are locked last
    assert numbers()[tree.ambon.pk] == before[tree.ambon.pk] + 1
    assert numbers()[tree.network.pk] == before[tree.network.pk] + 1
    before = numbers()

    @editions.writing()
    def fail():
        editions.put_out([tree.ambon.pk])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with transaction.atomic():
        editions.put_out([tree.ambon.pk])
        transaction.set_rollback(True)
    assert numbers() == before


class TestTime:
    def change_at(self, region):
        return Edition.objects.get(place=region.pk).next_change_at

    def test_the_next_change_is_a_story_that_comes_or_goes_or_a_new_day(self, tree, people):
        now = timezone.now()
        editions.put_out([tree.ambon.pk])
        midnight = tree.ambon.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        assert self.change_at(tree.ambon) == midnight
        soon, later = now + (midnight - now) / 8, now + (midnight - now) / 4
        builders.make_live(tree.ambon, expires_at=later)
        assert self.change_at(tree.ambon) == later
        story = builders.make_article(tree.ambon, shares={tree.makassar: soon + timedelta(seconds=1)})
        workflow.schedule(story, actor=people.admin, at=soon)
        assert self.change_at(tree.ambon) == self.change_at(tree.network) == soon
        assert self.change_at(tree.makassar) == soon + timedelta(seconds=1)

    def test_when_it_has_passed_the_number_moves_on_once(self, tree, put_out):
        editions.put_out([tree.ambon.pk])
        Edition.objects.filter(place=tree.ambon.pk).update(next_change_at=timezone.now() - timedelta(seconds=1))
        # Those above list it too, and a sister's front shows what is in Ambon under the number of Maluku.
        assert put_out(editions.move_on) == {"ambon", "maluku", "network"}
        assert put_out(editions.move_on) == set()
        assert self.change_at(tree.ambon) > timezone.now()
