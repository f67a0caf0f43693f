"""Tasks whose worker was killed are done again, and administrators see what waits, runs and has failed."""

import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import get_date_max

from pekon.background import workers
from pekon.background.models import BackgroundTask
from tests.server import ROOT, Server

pytestmark = pytest.mark.django_db


def make_task(status="RUNNING", worker_ids=("gone",), age=timedelta(minutes=5), run_after_in=timedelta(), **fields):
    """`run_after_in=None`: at once, as a task is enqueued without a time."""
    return BackgroundTask.objects.create(
        status=status,
        worker_ids=list(worker_ids),
        started_at=timezone.now() - age,
        args_kwargs={"args": ["rahasia"], "kwargs": {}},
        task_path="news.images.renditions.make_renditions",
        backend_name="default",
        run_after=get_date_max() if run_after_in is None else timezone.now() + run_after_in,
        **fields,
    )


def test_a_task_whose_worker_is_gone_returns_to_the_queue():
    task = make_task()
    assert workers.reap() == 1
    task.refresh_from_db()
    assert (task.status, task.started_at) == ("READY", None)
    assert BackgroundTask.objects.ready().get() == task
    assert workers.reap() == 0


def test_a_task_whose_worker_is_alive_is_left_alone_however_long_it_takes():
    workers.beat("alive")
    make_task(worker_ids=["gone", "alive"], age=timedelta(hours=9))
    make_task(worker_ids=["just begun"], age=timedelta(seconds=5))
    assert workers.reap() == 0


def test_a_task_that_ends_every_worker_has_failed_and_says_why():
    task = make_task(worker_ids=["one", "two", "three"])
    workers.reap()
    task.refresh_from_db()
    assert (task.status, task.exception_class_path) == ("FAILED", "pekon.background.workers.WorkerLost")
    assert task.finished_at


def test_a_heartbeat_says_that_its_worker_is_alive(monkeypatch):
    monkeypatch.setattr(workers.connection, "close", lambda: None)  # the test's own
    heartbeat = workers.Heartbeat("beating")
    heartbeat._ended.wait = lambda _seconds: heartbeat.end()
    heartbeat.run()
    make_task(worker_ids=["beating"])
    assert workers.reap() == 0


def test_administrators_see_the_queue_and_run_again_what_failed(people, newsroom):
    failed = make_task("FAILED", traceback="Traceback: ZeroDivisionError", exception_class_path="x")
    done = make_task("SUCCESSFUL")
    client = newsroom(people.admin)
    page = client.get("/background/backgroundtask/").content.decode()
    assert "news.images.renditions.make_renditions" in page
    assert "gagal" in page
    assert "WIB" in page
    page = client.get(f"/background/backgroundtask/{failed.pk}/change/").content.decode()
    assert "ZeroDivisionError" in page
    assert "Jalankan lagi" in page
    assert "rahasia" not in page
    page = client.get(f"/background/backgroundtask/{done.pk}/change/").content.decode()
    assert "Jalankan lagi" not in page
    listed = client.get("/background/backgroundtask/?state=successful").content.decode()
    assert str(done.pk) in listed
    assert str(failed.pk) not in listed
    for task, status in ((failed, "READY"), (done, "SUCCESSFUL")):
        assert client.post(f"/background/backgroundtask/{task.pk}/run_again/").status_code == 302
        task.refresh_from_db()
        assert task.status == status
    assert client.get(f"/background/backgroundtask/{failed.pk}/run_again/").status_code == 405
    assert newsroom(people.pemred).get("/background/backgroundtask/").status_code == 403
    assert newsroom(people.pemred).post(f"/background/backgroundtask/{failed.pk}/run_again/").status_code == 404


# --- Real workers -----------------------------------------------------------------------------------------------

SEND = """
import django; django.setup()
from django.core.mail import send_mail
send_mail("Judul", "x", None, ["rani@example.org"])
"""
A_MINUTE_LATER = """
import django; django.setup()
from django.core.cache import cache
from pekon.background import workers
from pekon.background.models import BackgroundTask
for task in BackgroundTask.objects.running():
    task.started_at -= workers.SILENCE
    task.save()
    cache.delete(workers._key(task.worker_ids[-1]))
"""


class MailServer:
    """Takes connections one at a time, so that a worker in the middle of sending can be held there."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(60)
        self.url = f"smtp://127.0.0.1:{self.listening.getsockname()[1]}"

    def accept(self) -> socket.socket:
        """The next connection. Its worker waits for a greeting."""
        return self.listening.accept()[0]

    def receive(self, connection: socket.socket) -> str:
        """Speak just enough SMTP to take a mail; returns it."""
        received, is_text = [], False
        with connection, connection.makefile("rw", newline="\r\n") as lines:

            def say(reply):
                lines.write(f"{reply}\n")
                lines.flush()

            say("220 ready")
            for line in lines:
                if is_text:
                    received.append(line)
                    is_text = line != ".\r\n"
                if not is_text:
                    is_text = line.upper().startswith("DATA")
                    say("354 go on" if is_text else "250 ok")
                if line.upper().startswith("QUIT"):
                    break
        return "".join(received)


@pytest.mark.server
@pytest.mark.xdist_group("server")
def test_what_a_killed_worker_was_doing_is_done_once_by_another_machines(tmp_path):
    mail = MailServer()
    site = Server(EMAIL_URL=mail.url)  # its folder and database alone: no gunicorn is started
    command = [sys.executable, "manage.py", "db_worker", "--interval", "0.2"]
    workers_started = []

    def start(**environment):
        env = site.env | environment
        workers_started.append(subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL))
        return workers_started[-1]

    try:
        site.prepare()
        site.run("-c", SEND)
        killed = start()
        with mail.accept():
            following = start(VAR_DIR=str(tmp_path))  # another machine's, which leaves a running task alone
            killed.kill()
            killed.wait()
        site.run("-c", A_MINUTE_LATER)
        assert "Subject: Judul" in mail.receive(mail.accept())
        following.terminate()  # it finishes its task first
        assert following.wait(60) == 0
        with closing(sqlite3.connect(site.folder / "pekon.sqlite3")) as database:
            rows = database.execute(
                f"SELECT status, json_array_length(worker_ids) FROM {BackgroundTask._meta.db_table}"
            )
            assert rows.fetchall() == [("SUCCESSFUL", 2)]
        mail.listening.settimeout(0.5)
        with pytest.raises(TimeoutError):  # nobody sends it once more
            mail.accept()
    finally:
        for worker in workers_started:
            worker.kill()
            worker.wait()
        site.__exit__()
        mail.listening.close()


def test_the_oldest_task_that_could_run_is_told_by_its_age():
    now = timezone.now()
    assert workers.oldest_waiting(now) == timedelta()
    make_task(status="READY", run_after_in=timedelta(minutes=-3))
    make_task(status="READY", run_after_in=timedelta(minutes=5))
    assert timedelta(minutes=3) <= workers.oldest_waiting(timezone.now()) < timedelta(minutes=4)
    at_once = make_task(status="READY", run_after_in=None)
    BackgroundTask.objects.filter(pk=at_once.pk).update(enqueued_at=now - timedelta(minutes=20))
    assert timedelta(minutes=20) <= workers.oldest_waiting(timezone.now()) < timedelta(minutes=21)


def test_the_last_heartbeat_of_any_worker_is_known():
    assert workers.last_beat() is None
    workers.beat("one")
    assert timezone.now() - workers.last_beat() < timedelta(seconds=30)
