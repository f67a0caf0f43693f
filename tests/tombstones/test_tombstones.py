"""A withdrawal is recorded outside the database too, in the same act, and no backup from before undoes it."""

import json

import pytest
from django.core.files.storage import storages
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from news.demo import builders
from news.models import Article, Event, Status, Withdrawal
from news.publishing import withdrawn_again, workflow
from pekon.backup_targets import TargetError, target
from pekon.tombstones import places, records, texts
from pekon.tombstones.models import Tombstone


@pytest.fixture
def outside(settings, tmp_path):
    """Storage and one backup target in folders of this test."""
    own = settings.STORAGES["tombstones"]
    location = {"OPTIONS": own["OPTIONS"] | {"location": tmp_path / "storage"}}
    settings.STORAGES = settings.STORAGES | {"tombstones": own | location}
    settings.BACKUP_TO = [str(tmp_path / "target")]
    return tmp_path


def withdraw(tree, people):
    article = workflow.publish(builders.make_article(tree.payakumbuh), actor=people.redaktur)
    return workflow.withdraw(article, actor=people.pemred, reason="Keterangan keliru.")


def work():
    for task in DBTaskResult.objects.filter(status="READY", task_path=places.store_everywhere.module_path):
        task.delete()
        places.store_everywhere.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])


def test_it_is_in_the_storage_at_the_commit_and_soon_in_every_target(
    tree, people, outside, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(tree, people)
    [tombstone] = Tombstone.objects.all()
    name = texts.name_of(tombstone)
    assert storages["tombstones"].listdir("")[1] == [name]
    assert not (outside / "target").exists()
    work()
    written = (outside / "target" / "tombstones" / name).read_bytes()
    assert written == (outside / "storage" / name).read_bytes()
    parsed, is_signed = texts.parse(written)
    assert (parsed, is_signed, parsed.detail["reason"]) == (tombstone, True, "Keterangan keliru.")


def test_a_target_that_is_away_gets_it_later_and_nobody_waits(tree, people, outside):
    (outside / "target").write_text("not a folder")
    withdraw(tree, people)
    work()
    assert not Tombstone.objects.get().is_stored_outside
    assert DBTaskResult.objects.get(status="READY", task_path=places.store_everywhere.module_path).run_after
    (outside / "target").unlink()
    work()
    assert Tombstone.objects.get().is_stored_outside
    assert len(list((outside / "target" / "tombstones").iterdir())) == 1


def test_a_backup_writes_those_that_its_target_lacks(tree, people, outside):
    withdraw(tree, people)
    place = target(str(outside / "another"))
    assert (places.copy_all_to(place), places.copy_all_to(place)) == (1, 0)
    assert [texts.parse(content)[0] for content in places.files_of(place)] == list(Tombstone.objects.all())


def as_before(article, status=Status.APPROVED):
    """The article as a backup from before its withdrawal has it."""
    Withdrawal.objects.all().delete()
    return workflow.import_as(Article.objects.get(pk=article.pk), status=status, published_at=timezone.now())


def test_a_story_that_a_backup_has_brought_back_is_withdrawn_again_once(tree, people, outside, reader):
    article = withdraw(tree, people)
    [tombstone] = Tombstone.objects.all()
    address = as_before(article).get_absolute_url()
    assert reader(tree.payakumbuh).get(address).status_code == 200
    assert [withdrawn_again.apply(tombstone), withdrawn_again.apply(tombstone)] == [True, False]
    assert reader(tree.payakumbuh).get(address).status_code == 410
    assert reader(tree.payakumbuh).get("/indeks/").text.count(article.title) == 0
    assert Withdrawal.objects.get().withdrawn_at == tombstone.made_at
    assert "Keterangan keliru." in Event.objects.filter(verb="withdrawn", actor=None).get().note
    assert Tombstone.objects.count() == 1


def test_a_draft_that_was_published_after_the_backup_is_withdrawn_too(tree, people, outside):
    article = withdraw(tree, people)
    as_before(article)
    Article.objects.filter(pk=article.pk).update(status=Status.DRAFT, published_at=None)
    assert withdrawn_again.apply(Tombstone.objects.get())
    assert Article.objects.get().status == Status.WITHDRAWN


def test_another_story_that_was_given_the_same_key_stays(tree, people, outside):
    article = withdraw(tree, people)
    as_before(article)
    Article.objects.filter(pk=article.pk).update(created_at=timezone.now())
    assert not withdrawn_again.apply(Tombstone.objects.get())
    assert Article.objects.get().status == Status.APPROVED


def test_what_an_administrator_brought_back_stays(tree, people, outside):
    withdraw(tree, people)
    [tombstone] = records.in_force(Tombstone.objects.all())
    records.lift(tombstone.kind, tombstone.subject, reason="Terbukti benar.")
    assert records.in_force(Tombstone.objects.all()) == []
    records.record(tombstone.kind, tombstone.subject, made_at=timezone.now())
    assert len(records.in_force(Tombstone.objects.all())) == 1


@pytest.mark.parametrize(
    "change", [{"lifts": True}, {"subject": "1@2026-01-01T00:00:00+00:00"}, {"detail": {"reason": "Lain"}}]
)
def test_a_changed_file_is_told_apart(tree, people, outside, change):
    withdraw(tree, people)
    values = json.loads(texts.text(Tombstone.objects.get()))
    assert texts.parse(json.dumps(values))[1]
    assert not texts.parse(json.dumps(values | change))[1]


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"id": 1}', b"\xff"])
def test_what_is_no_tombstone_is_refused(content):
    with pytest.raises(texts.Malformed):
        texts.parse(content)


def test_a_target_without_its_disk_is_an_error_and_no_new_folder(tmp_path):
    with pytest.raises(TargetError, match="mount"):
        target(str(tmp_path / "not-mounted" / "backups"))
    assert not (tmp_path / "not-mounted").exists()
