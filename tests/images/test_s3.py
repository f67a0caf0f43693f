"""Photos on an S3-compatible store: moto as a server of its own, which is really asked and really goes away."""

import socket
from datetime import timedelta

import boto3
import pytest
from botocore.config import Config
from django.core.files.storage import storages
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from moto.server import ThreadedMotoServer

from news.demo import builders
from news.images import cleanup, pending_files, rendition_specs, uploads
from news.publishing import workflow
from tests.conftest import HostClient

from .pictures import near, plain, upload, whole

KEYS = {"aws_access_key_id": "uji", "aws_secret_access_key": "uji", "region_name": "us-east-1"}


class Store:
    """The server. Like a real one, it loses nothing when it is stopped and started."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()
        self.client = boto3.client("s3", endpoint_url=self.url, **KEYS)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self.server.start()

    def stop(self) -> None:
        self.server.stop()

    def names(self, bucket: str) -> set[str]:
        return {found["Key"] for found in self.client.list_objects_v2(Bucket=bucket).get("Contents", [])}


@pytest.fixture(scope="module")
def server():
    store = Store()
    yield store
    store.stop()


@pytest.fixture
def s3(server, settings):
    """Two empty buckets, and Pekon's storages in them with the options that the settings give."""
    for bucket in ("originals", "renditions"):
        server.client.create_bucket(Bucket=bucket)
        for name in server.names(bucket):
            server.client.delete_object(Bucket=bucket, Key=name)
    options = {
        "endpoint_url": server.url,
        "region_name": "us-east-1",
        "access_key": "uji",
        "secret_key": "uji",
        "default_acl": None,
        "file_overwrite": True,
        "client_config": Config(connect_timeout=1, read_timeout=5, retries={"max_attempts": 0}),
    }
    backend = "storages.backends.s3.S3Storage"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": backend, "OPTIONS": {**options, "bucket_name": "renditions"}},
        "originals": {"BACKEND": backend, "OPTIONS": {**options, "bucket_name": "originals"}},
    }
    assert storages["default"].bucket_name == "renditions"
    return server


def let_an_hour_pass() -> None:
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now() - timedelta(seconds=1))


def nothing_is_orphaned() -> bool:
    return cleanup.orphans(grace=timedelta(0)) == cleanup.Orphans([], []) and not list(pending_files.folder().iterdir())


def test_upload_publish_replace_withdraw(tree, people, s3, store, work, django_capture_on_commit_callbacks):
    photo = store(plain(size=(700, 400)), alt="Pasar")
    work()
    let_an_hour_pass()
    work()
    photo.refresh_from_db()
    assert s3.names("originals") == {photo.original.name}
    assert s3.names("renditions") == {
        f"{photo.rendition_key}/{name}" for name in rendition_specs.names(photo.wanted_manifest)
    }

    article = workflow.publish(builders.make_article(tree.payakumbuh, lead_photo=photo), actor=people.redaktur)
    reader = HostClient(tree.payakumbuh.host)
    assert photo.share_url in reader.get(article.get_absolute_url()).text
    response = reader.get(photo.share_url)
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert reader.get(photo.share_url.replace(photo.rendition_key, "0" * 32)).status_code == 404

    before, original = photo.share_url, photo.original.name
    with django_capture_on_commit_callbacks(execute=True):
        uploads.replace(photo, upload(plain(colour="red")))
    work()
    let_an_hour_pass()
    work()
    photo.refresh_from_db()
    assert near(whole(photo).getpixel((9, 9)), (255, 0, 0))
    assert reader.get(before).status_code == 404
    assert original not in s3.names("originals")
    assert len(s3.names("originals")) == 1

    public = photo.share_url
    with django_capture_on_commit_callbacks(execute=True):
        workflow.withdraw(article, actor=people.pemred, reason="Keterangan keliru.")
    assert reader.get(public).status_code == 404
    work()
    photo.refresh_from_db()
    assert s3.names("renditions") == {
        f"{photo.rendition_key}/{name}" for name in rendition_specs.names(photo.wanted_manifest)
    }
    assert nothing_is_orphaned()


def test_when_the_store_is_down_the_text_is_published_and_the_photo_follows(tree, people, s3, store, work):
    s3.stop()
    try:
        photo = store(plain(), alt="Pasar")
        article = workflow.publish(builders.make_article(tree.payakumbuh, lead_photo=photo), actor=people.redaktur)
        reader = HostClient(tree.payakumbuh.host)
        page = reader.get(article.get_absolute_url())
        assert page.status_code == 200
        assert "<picture" not in page.text
        work()
        photo.refresh_from_db()
        assert (photo.rendition_manifest, photo.original.name) == ({}, "")
    finally:
        s3.start()
    let_an_hour_pass()
    work()
    photo.refresh_from_db()
    assert photo.rendition_manifest == photo.wanted_manifest
    assert reader.get(photo.share_url).status_code == 200
    assert photo.share_url in reader.get(article.get_absolute_url()).text
    assert len(s3.names("originals")) == 1
    assert nothing_is_orphaned()
