"""What is copied into the pool and what is not, and which tombstones a restore believes."""

import hashlib
import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from news.demo import builders
from news.images import renditions
from news.models import Notice, Withdrawal
from news.publishing import indexing_pings, notice_mail, web_push, workflow
from pekon.background import mail
from pekon.backup import files, finishing, pool, restoring
from pekon.backup.files import Copier, Wanted
from pekon.backup_targets import target
from pekon.tombstones import places, records, texts
from pekon.tombstones.models import Tombstone

from .test_parts import manifest

CONTENT = b"a photo"
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def own_storages(settings, tmp_path):
    private = settings.STORAGES["originals"]
    own = {
        name: private | {"OPTIONS": private["OPTIONS"] | {"location": tmp_path / name}}
        for name in ("originals", "tombstones", "proofs")
    }
    settings.STORAGES = settings.STORAGES | own
    storages["originals"].save("ab.jpeg", ContentFile(CONTENT))
    return target(str(tmp_path / "target"))


def copied(place, *wanted, last=None, **options):
    """For each file: its content, and whether it was copied."""
    done = {each.wanted: each for each in Copier(place, None, last, **options).copy(wanted)}
    return [(done[each].content, done[each].is_new) for each in wanted]


PHOTO = Wanted("originals", "ab.jpeg", SHA)


def test_a_file_is_copied_once(own_storages):
    content = pool.Content(SHA, len(CONTENT))
    assert copied(own_storages, PHOTO) == [(content, True)]
    assert copied(own_storages, PHOTO) == [(content, False)]
    assert copied(own_storages, PHOTO, again=True) == [(content, True)]
    last = manifest(files={"originals": {"ab.jpeg": [SHA, len(CONTENT)]}})
    storages["originals"].delete("ab.jpeg")
    assert copied(own_storages, PHOTO, last=last) == [(content, False)]  # the storage was not even asked


def test_what_was_cut_in_the_pool_is_copied_again(own_storages):
    copied(own_storages, PHOTO)
    own_storages.write(pool.path("plain", SHA), CONTENT[:3])
    [(_content, is_new)] = copied(own_storages, PHOTO)
    assert is_new
    assert own_storages.read(pool.path("plain", SHA)) == CONTENT


def test_a_file_that_is_not_what_the_database_says_is_kept_as_it_is_and_a_lost_one_is_none(own_storages):
    storages["originals"].save("cd.jpeg", ContentFile(b"rotten"))
    rotten = hashlib.sha256(b"rotten").hexdigest()
    wanted = [Wanted("originals", "cd.jpeg", SHA), Wanted("originals", "ef.jpeg", "ff" * 32)]
    assert copied(own_storages, *wanted) == [(pool.Content(rotten, 6), True), (None, False)]
    assert list(own_storages.sizes()) == [pool.path("plain", rotten)]


def test_every_private_storage_is_part_of_a_backup(own_storages):
    storages["proofs"].save("2026/ktp.jpeg", ContentFile(b"x"))
    found = files.wanted([("ab.jpeg", "", SHA), ("", "cd.original", "ef" * 32), ("", "", "")])
    assert found == [PHOTO, Wanted("uploads", "cd.original", "ef" * 32), Wanted("proofs", "2026/ktp.jpeg")]
    assert copied(own_storages, found[2]) == [(pool.Content(hashlib.sha256(b"x").hexdigest(), 1), True)]


def test_what_was_being_sent_is_not_sent_again_and_what_is_to_come_is_announced(tree, people):
    article = builders.make_article(tree.payakumbuh)
    Notice.objects.create(person=people.redaktur, kind="submitted", article=article, is_to_mail=True)
    DBTaskResult.objects.all().delete()
    later = timezone.now() + timedelta(days=1)
    mail.send.enqueue("x")
    mail.send.using(run_after=later).enqueue("x")
    web_push.send.enqueue(1, 1)
    notice_mail.send_due.enqueue()
    indexing_pings.announce.using(run_after=timezone.now() - timedelta(seconds=1)).enqueue(1)
    DBTaskResult.objects.update(status="RUNNING")
    mail.send.enqueue("x")
    indexing_pings.announce.using(run_after=later).enqueue(2)
    renditions.make_missing.enqueue()
    assert finishing._forget_messages() == 6
    left = set(DBTaskResult.objects.values_list("task_path", flat=True))
    assert not Notice.objects.filter(is_to_mail=True).exists()
    assert left == {indexing_pings.announce.module_path, renditions.make_missing.module_path}


# --- Which tombstones are believed ----------------------------------------------------------------------------


@pytest.fixture
def tombstone(own_storages, tree, people):
    article = workflow.publish(builders.make_article(tree.payakumbuh), actor=people.redaktur)
    workflow.withdraw(article, actor=people.pemred, reason="Keterangan keliru.")
    return Tombstone.objects.get()


def write(place, tombstone, **changes):
    """Put a file of it into a target; with changes its signature does not fit."""
    values = json.loads(texts.text(tombstone)) | changes
    place.write(f"{places.PREFIX}{values['id']}.json", json.dumps(values).encode())


def test_one_that_was_forged_hides_and_never_shows(own_storages, tombstone):
    lifted = records.lift(tombstone.kind, tombstone.subject, reason="Terbukti benar.")
    write(own_storages, tombstone, detail={"reason": "Lain"})
    write(own_storages, lifted, subject="9@2026-01-01T00:00:00+00:00")
    assert restoring.gather([own_storages]) == ([tombstone], 2)
    write(own_storages, lifted)
    assert set(restoring.gather([own_storages])[0]) == {tombstone, lifted}


def test_one_that_was_forged_says_nothing_to_readers_and_is_never_signed(own_storages, tombstone):
    Withdrawal.objects.all().delete()  # as in an older backup
    Tombstone.objects.all().delete()
    write(own_storages, tombstone, detail={"reason": "Redaksi ini bohong."})
    found, doubtful = restoring.gather([own_storages])
    assert doubtful == 1
    passed_on = [texts.parse(texts.text(each))[0] for each in found]
    assert restoring.apply(passed_on) == 1
    assert "bohong" not in Withdrawal.objects.get().reason
    assert not Tombstone.objects.exists()
    assert list(places.files_of_storage()) == []


def test_a_signed_one_wins_over_one_that_was_forged(own_storages, tombstone):
    forged = {"made_at": timezone.now().isoformat(), "detail": {"reason": "Lain"}}
    write(own_storages, tombstone, **forged, id=str(uuid.uuid4()))
    places.put_into_storage(texts.name_of(tombstone), texts.text(tombstone))
    write(own_storages, tombstone, **forged)
    found, doubtful = restoring.gather([own_storages])
    assert (len(found), doubtful) == (2, 2)
    assert [each.detail["reason"] for each in records.in_force(found)] == ["Keterangan keliru."]


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "1; DROP TABLE news_article@2026-01-01T00:00:00+00:00"},
        {"subject": "1@2026-01-01"},
        {"detail": {}},
        {"detail": {"reason": "x", "published_at": "'; --"}},
        {"detail": {"reason": "x" * 501}},
        {"kind": "unknown"},
        {"made_at": "yesterday"},
    ],
    ids=str,
)
def test_nonsense_keeps_nobody_from_restoring(own_storages, tombstone, changes):
    write(own_storages, tombstone, **changes)
    assert restoring.gather([own_storages]) == ([], 1)


def test_a_kind_of_a_newer_release_does(own_storages, tombstone):
    newer = records.record("redaction", "1", made_at=timezone.now())
    write(own_storages, newer)
    with pytest.raises(restoring.CannotRestore, match="newer one"):
        restoring.gather([own_storages])


def test_what_the_given_up_database_knew_is_put_into_the_storage(own_storages, tombstone):
    row = (
        tombstone.pk,
        tombstone.kind,
        tombstone.subject,
        0,
        str(tombstone.made_at)[:26],
        json.dumps(tombstone.detail),
    )
    assert restoring.gather([own_storages], [row]) == ([tombstone], 0)
    [content] = places.files_of_storage()
    assert texts.parse(content) == (tombstone, True)
