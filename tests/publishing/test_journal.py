"""The journal: what is recorded, that it can only grow, and who is shown what."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from news.demo import builders
from news.models import Event
from news.publishing import append_only, journal, workflow
from news.staff import service
from tests import made_once
from tests.newsroom.forms import article_form
from tests.server import ROOT

pytestmark = pytest.mark.databases

Verb = Event.Verb


@pytest.fixture
def event(tree):
    article = builders.make_article(tree.payakumbuh)
    journal.record(Verb.CREATED, actor=None, article=article)
    return Event.objects.get()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda event: Event.objects.update(note="lain"),
        lambda event: event.save(),
        lambda event: Event.objects.filter(pk=event.pk).delete(),
        lambda event: Event.objects.bulk_update([event], ["note"]),
        lambda event: connection.cursor().execute("UPDATE news_event SET note = 'lain'"),
        lambda event: connection.cursor().execute("DELETE FROM news_event"),
        lambda event: connection.cursor().execute(
            "INSERT OR REPLACE INTO news_event (id, verb, note, happened_at, article_id) "
            "SELECT id, verb, 'lain', happened_at, article_id FROM news_event"
            if connection.vendor == "sqlite"
            else "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE news_event CASCADE"
        ),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_row(event, attempt):
    with pytest.raises(DatabaseError, match=append_only.REFUSAL), transaction.atomic():
        attempt(event)
    assert Event.objects.get().note == ""


def test_putting_the_triggers_there_again_changes_nothing(event):
    append_only.guard(connection)
    append_only.on_migrated(sender=None, using="default")
    with pytest.raises(DatabaseError, match=append_only.REFUSAL), transaction.atomic():
        Event.objects.all().delete()


REBUILD = """
import django; django.setup()
from django.core.management import call_command
from django.db import IntegrityError, connection
from news.demo import builders
from news.models import Event
network = builders.make_network()
def deletes():
    Event.objects.create(verb="invited", region=network)
    try:
        return Event.objects.all().delete()[0] > 0
    except IntegrityError:
        return False
print(deletes())
field = Event._meta.get_field("note")
longer = type(field)(blank=True, default="x")
longer.set_attributes_from_name("note")
longer.model = Event
with connection.schema_editor() as editor:
    editor.alter_field(Event, field, longer)
print(deletes())
call_command("migrate", verbosity=0)
print(deletes())
"""


def test_the_triggers_come_back_after_a_migration_rebuilt_the_table(tmp_path):
    """SQLite forgets a table's triggers when a column is altered; the end of `migrate` puts them there again."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "pekon.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/pekon.sqlite3",
        "VAR_DIR": str(tmp_path),
    }
    with closing(sqlite3.connect(tmp_path / "pekon.sqlite3")) as migrated:
        made_once.copy_sqlite(migrated)
    told = subprocess.run([sys.executable, "-c", REBUILD], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert told.stdout.split() == ["False", "True", "False"], told.stderr


def test_a_withdrawal_is_recorded_and_its_reason_shown_on_the_form(tree, people, newsroom):
    article = builders.make_live(tree.payakumbuh)
    workflow.withdraw(article, actor=people.pemred, reason="Keterangan narasumber keliru.")
    page = newsroom(people.pemred).get(f"/news/article/{article.pk}/change/")
    assert "Keterangan narasumber keliru." in page.text
    assert Event.objects.get(article=article).verb == Verb.WITHDRAWN


@pytest.mark.parametrize(
    ("proxies", "forwarded", "recorded"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", None),  # fewer proxies than configured: the address is unknown
    ],
)
def test_the_recorded_address_is_the_one_that_our_own_proxies_add(
    tree, people, newsroom, settings, proxies, forwarded, recorded
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    data = article_form(region=tree.payakumbuh, section=builders.make_section())
    newsroom(people.reporter).post("/news/article/add/", data, headers={"X-Forwarded-For": forwarded})
    assert Event.objects.get(verb=Verb.CREATED).address == recorded


def test_client_addresses_are_shown_only_to_those_who_manage_people(tree, people, newsroom):
    article = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    with journal.acting_from("203.0.113.77"):
        workflow.submit(article, actor=people.reporter)
    shown = {
        name: "203.0.113.77" in newsroom(getattr(people, name)).get(f"/news/article/{article.pk}/change/").text
        for name in ("reporter", "redaktur", "pemred")
    }
    assert shown == {"reporter": False, "redaktur": False, "pemred": True}


def test_every_act_on_people_is_recorded(tree, people):
    person = builders.make_user("budi", "reporter", tree.payakumbuh)
    service.deactivate(person, actor=people.pemred)
    service.reactivate(person, actor=people.pemred)
    service.take_role(person.assignments.get(), actor=people.pemred)
    told = Event.objects.filter(person=person).order_by("pk").values_list("verb", "actor", "region")
    assert list(told) == [
        (verb, people.pemred.pk, tree.payakumbuh.pk) for verb in (Verb.DEACTIVATED, Verb.REACTIVATED, Verb.ROLE_TAKEN)
    ]


def test_an_account_with_a_history_cannot_be_deleted(event, people):
    journal.record(Verb.DEACTIVATED, actor=people.pemred, person=people.reporter)
    with pytest.raises(ProtectedError):
        people.reporter.delete()
