"""What the tests of photos share: empty storages, a way to store and to be refused, and a worker."""

import pytest
from django.core.exceptions import ValidationError
from django_tasks_db.management.commands import db_worker

from news.images import uploads
from news.images.models import Photo

from .pictures import upload


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """The public and the private storage and this machine's own folder, empty, for this test alone."""
    public, private = tmp_path / "media", tmp_path / "originals"
    public.mkdir()
    private.mkdir()
    settings.VAR_DIR = tmp_path / "var"
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": public}},
        "originals": settings.STORAGES["originals"] | {"OPTIONS": {"location": private, "base_url": None}},
    }
    return public, private


@pytest.fixture
def files(folders, settings):
    """`files()`: everything that lies in either storage or waits on this machine."""
    return lambda: sorted(
        path for folder in (*folders, settings.VAR_DIR) for path in folder.rglob("*") if path.is_file()
    )


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
    """`refused(content)`: why, after making sure that nothing was stored."""

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

    In this process and so in the test's transaction, whose connection it must not close between two tasks.
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
