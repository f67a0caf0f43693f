"""Whatever fails in the background is done again, later each time, and is seen where it was given up."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import task
from django_tasks_db.management.commands import db_worker

from pekon.background import retries, workers
from pekon.background.models import BackgroundTask

pytestmark = pytest.mark.django_db
failures: list[Exception] = []


@task()
def stumble() -> None:
    """Fails while there is a failure left."""
    if failures:
        raise failures.pop()


@pytest.fixture
def work(monkeypatch):
    """`work()`: what a worker does until nothing is due, in the test's own transaction."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)

    def run(name="one"):
        options = {"queue_names": ["default"], "excluded_queue_names": [], "backend_name": "default"}
        options |= {"interval": 0, "batch": True, "startup_delay": False, "max_tasks": None, "worker_id": name}
        db_worker.Worker(**options).run()
        return BackgroundTask.objects.get()

    return run


def test_a_task_that_fails_is_done_again_with_longer_waits_and_failed_in_the_end(work):
    failures[:] = [ZeroDivisionError("x")] * 20
    stumble.enqueue()
    for wait in retries.WAITS:
        before = timezone.now()
        row = work()
        assert row.status == "READY"
        assert timedelta(seconds=wait) <= row.run_after - before < timedelta(seconds=wait + 60)
        assert "ZeroDivisionError" in row.traceback
        assert work().worker_ids == row.worker_ids, "not before its time"
        BackgroundTask.objects.update(run_after=timezone.now())
    assert work().status == "FAILED"
    failures.clear()
    assert workers.run_again(row := BackgroundTask.objects.get())
    row = work()
    assert (row.status, row.traceback, len(row.worker_ids)) == ("SUCCESSFUL", "", 1)


def test_a_task_that_gives_up_is_not_repeated(work):
    failures[:] = [retries.GivenUp("no use")]
    stumble.enqueue()
    assert work().status == "FAILED"


def test_a_worker_that_dies_after_failures_of_the_task_is_counted_with_them(work):
    failures[:] = [ZeroDivisionError("x")]
    stumble.enqueue()
    work()
    BackgroundTask.objects.update(
        status="RUNNING", worker_ids=["a", "b", "c", "d"], started_at=timezone.now() - timedelta(minutes=5)
    )
    assert workers.reap() == 1
    assert BackgroundTask.objects.get().status == "READY"


@pytest.mark.parametrize("skew", [-90, 90])
def test_a_machine_whose_clock_is_wrong_does_not_take_a_living_worker_for_dead(work, skew, monkeypatch):
    workers.beat("alive")
    moment = timezone.now() + timedelta(seconds=skew)
    BackgroundTask.objects.create(
        status="RUNNING",
        worker_ids=["alive"],
        started_at=timezone.now() - timedelta(minutes=5),
        args_kwargs={"args": [], "kwargs": {}},
        task_path=f"{__name__}.stumble",
        backend_name="default",
        run_after=timezone.now(),
    )
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert workers.reap() == 0
