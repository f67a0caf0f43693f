"""What the tests of photos share: empty storages, a way to store and to be refused, and a worker."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django_tasks_db.management.commands import db_worker

from news.images import decoder, sandbox, uploads
from news.images.models import Photo

from .pictures import upload


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """The public and the private storage and this machine's own folder, empty, for this test alone."""
    public, private = tmp_path / "media", tmp_path / "originals"
    public.mkdir()
    private.mkdir()
    settings.VAR_DIR = tmp_path / "var"
    options = settings.STORAGES["originals"]["OPTIONS"] | {"location": private}
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": public}},
        "originals": settings.STORAGES["originals"] | {"OPTIONS": options},
    }
    return public, private


@pytest.fixture
def files(folders, settings):
    """`files()`: every file in either storage, and those that wait on this machine."""
    return lambda: sorted(
        path for folder in (*folders, settings.VAR_DIR) for path in folder.rglob("*") if path.is_file()
    )


@pytest.fixture(autouse=True)
def in_this_process(request, monkeypatch):
    """Photos are decoded in the test's own process, which costs a tenth; `@pytest.mark.sandboxed` uses the real one."""
    if request.node.get_closest_marker("sandboxed"):
        return

    def run(asked):
        asked = json.loads(json.dumps(asked))
        try:
            with Path(asked["source"]).open("rb") as file:
                report = decoder.decode(file, asked)
        except decoder.DecodeError as refusal:
            report = {"refused": str(refusal)}
        return json.loads(json.dumps(report))

    monkeypatch.setattr(sandbox, "_run", run)


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def store(tree):
    return lambda content, **fields: uploads.store(
        upload(content), **({"region": tree.payakumbuh, "user": None} | fields)
    )


@pytest.fixture
def refused(store, files):
    """`refused(content)`: the reason, after making sure that nothing was stored."""

    def refuse(content: bytes) -> str:
        with pytest.raises(ValidationError) as caught:
            store(content)
        assert not Photo.objects.exists()
        assert files() == []
        return caught.value.messages[0]

    return refuse


@pytest.fixture
def work(django_capture_on_commit_callbacks, monkeypatch):
    """`work()`: what a worker does until the queue has nothing that is due.

    It runs in this process and so in the test's transaction, whose connection must stay open between two tasks.
    """
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)

    def run() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            worker = db_worker.Worker(
                queue_names=["default"],
                interval=0,
                batch=True,
                backend_name="default",
                startup_delay=False,
                max_tasks=None,
                worker_id="test",
                excluded_queue_names=[],
            )
            worker.run()

    return run
