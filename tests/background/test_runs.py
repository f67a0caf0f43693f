"""Runs of commands are recorded: when they began, and how they ended."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from pekon.background import runs
from pekon.background.models import CommandRun
from pekon.background.runs import record_run
from pekon.doctor.checks import timers

pytestmark = pytest.mark.django_db
NIGHTLY = [name for name in timers.NIGHTLY if name != "renditions"]  # which is recorded with --make


def test_a_run_is_recorded_with_what_it_did():
    with record_run("backup") as detail:
        assert runs.last_run("backup").finished_at is None
        assert runs.last_success("backup") is None
        detail["stories"] = 5
    done = runs.last_success("backup")
    assert (done.succeeded, done.detail) == (True, {"stories": 5})
    assert done.started_at <= done.finished_at


def test_a_failure_is_recorded_by_its_class_and_raised():
    @record_run("backup")
    def back_up():
        raise OSError("secret")

    with pytest.raises(OSError, match="secret"):
        back_up()
    failed = runs.last_run("backup")
    assert (failed.succeeded, failed.detail) == (False, {"error": "OSError"})
    assert failed.finished_at
    assert runs.last_success("backup") is None


def test_old_runs_are_forgotten_but_the_last_success_is_not():
    long_ago = timezone.now() - runs.KEPT - timedelta(days=1)
    for succeeded in (True, False):
        CommandRun.objects.create(name="backup", started_at=long_ago, finished_at=long_ago, succeeded=succeeded)
    CommandRun.objects.create(name="drill", started_at=long_ago)
    with pytest.raises(OSError), record_run("backup"):
        raise OSError
    assert CommandRun.objects.filter(name="backup").count() == 3
    with record_run("backup"):
        pass
    assert CommandRun.objects.filter(name="backup").count() == 2
    assert CommandRun.objects.filter(name="drill").count() == 1


def test_a_run_that_replaced_the_database_is_in_the_new_one():
    with record_run("restore"):
        CommandRun.objects.all().delete()
    assert runs.last_success("restore")


def test_a_command_runs_before_the_table_of_runs_is_there(caplog):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {CommandRun._meta.db_table} RENAME TO elsewhere")
    with record_run("backup") as detail:
        detail["stories"] = 5
    assert "backup is not recorded" in caplog.text


@pytest.mark.parametrize("name", NIGHTLY)
def test_every_nightly_command_is_recorded(name):
    call_command(name, verbosity=0)
    assert runs.last_success(name)


def test_only_making_renditions_is_recorded():
    call_command("renditions", check=True, verbosity=0)
    assert runs.last_run("renditions") is None
    call_command("renditions", make=True, verbosity=0)
    assert runs.last_success("renditions")
