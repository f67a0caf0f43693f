"""Read-only mode: readers are served, the newsroom says why nothing can be changed, and nothing is."""

import io
import math
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.models import Article
from news.popularity import counter
from pekon import maintenance
from pekon.background.management.commands.db_worker import PausingWorker
from pekon.maintenance import Maintenance

pytestmark = pytest.mark.django_db
NOTE = "Pindah server. Kembali pukul 23.00 WIB."


@pytest.fixture(autouse=True)
def known_again():
    maintenance.forget()
    yield
    maintenance.forget()
    maintenance._known_until = math.inf  # as tests/conftest.py has it


@pytest.fixture
def read_only():
    maintenance.switch(Maintenance(NOTE, is_read_only=True))


def writes(queries):
    return [sql for query in queries if (sql := query["sql"]).startswith(("INSERT", "UPDATE", "DELETE"))]


def test_forms_and_scripts_are_refused_with_the_note_and_get_their_text_back(tree, people, newsroom, read_only):
    article = builders.make_article(tree.payakumbuh, title="Lama")
    client, address = newsroom(people.redaktur), f"/news/article/{article.pk}/change/"
    refused = client.post(address, {"title": "Judul yang diketik", "body": "<p>Isi yang diketik</p>"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    for words in (NOTE, "Judul yang diketik", "Isi yang diketik"):
        assert words in refused.content.decode()
    asked = client.post(address, {"title": "x"}, headers={"Accept": "application/json"})
    assert (asked.status_code, asked.json()) == (503, {"error": NOTE})
    assert Article.objects.get(pk=article.pk).title == "Lama"
    assert client.post("/akun/keluar/").status_code == 503


def test_pages_are_shown_with_the_note_and_write_nothing(tree, people, newsroom, read_only):
    article = builders.make_article(tree.payakumbuh, status="submitted")
    client = newsroom(people.redaktur)
    for address in ("/", f"/news/article/{article.pk}/change/", f"/news/article/{article.pk}/tinjau/"):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        assert page.status_code == 200
        assert NOTE in page.content.decode()
        assert writes(queries) == [], address


def test_readers_are_served_as_always(tree, reader, read_only):
    page = reader(tree.payakumbuh).get(builders.make_live(tree.payakumbuh).get_absolute_url())
    assert page.status_code == 200
    assert NOTE not in page.content.decode()


def test_a_note_alone_hinders_nobody(tree, people, newsroom):
    maintenance.switch(Maintenance(NOTE))
    client = newsroom(people.redaktur)
    assert NOTE in client.get("/").content.decode()
    assert client.post("/news/article/add/", {}).status_code == 200  # a form with mistakes


def test_the_command_switches_and_says_what_is_on():
    def run(*words):
        out = io.StringIO()
        call_command("read_only", *words, stdout=out)
        return out.getvalue()

    assert run("on", NOTE) == f"The newsroom is read-only. Its pages say: {NOTE}\n"
    assert maintenance.current() == Maintenance(NOTE, True)
    assert run("note", "Sebentar lagi") == "The newsroom is open for changes. Its pages say: Sebentar lagi\n"
    assert run("off") == run() == "The newsroom is open for changes.\n"
    with pytest.raises(CommandError, match="until when"):
        run("on")


def test_another_process_knows_after_a_second():
    assert not maintenance.current().is_read_only
    known_until = maintenance._known_until
    assert known_until - time.monotonic() <= maintenance.INTERVAL
    maintenance.switch(Maintenance(NOTE, True))
    maintenance._known, maintenance._known_until = Maintenance(), time.monotonic() - 1  # as that process has it
    assert maintenance.current().is_read_only


def test_the_worker_takes_no_task_meanwhile(read_only, monkeypatch):
    worker = PausingWorker(
        queue_names=["default"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id="one", excluded_queue_names=[],
    )  # fmt: skip
    waited = []

    def sleep(seconds):
        waited.append(seconds)
        maintenance.switch(Maintenance())

    monkeypatch.setattr("pekon.background.management.commands.db_worker.time.sleep", sleep)
    assert worker.queue_names == ["default"]
    assert waited == [maintenance.INTERVAL]


def test_reads_are_kept_and_not_counted_meanwhile(tree, read_only, monkeypatch):
    turns = []

    def sleep(_seconds):
        turns.append(len(counter._waiting))
        if len(turns) == 3:
            raise SystemExit
        if len(turns) == 2:
            maintenance.switch(Maintenance())

    monkeypatch.setattr(counter.time, "sleep", sleep)
    monkeypatch.setattr(counter, "close_old_connections", lambda: None)
    article = builders.make_live(tree.payakumbuh)
    counter._waiting.append(counter.Read(article.pk, "192.0.2.1", "Firefox", timezone.now()))
    with pytest.raises(SystemExit):
        counter._write_regularly()
    assert turns == [1, 1, 0]
