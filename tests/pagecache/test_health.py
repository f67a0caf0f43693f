"""/-/live and /-/ready: what a load balancer is told of one process, and who may ask."""

import json
import time
from dataclasses import replace
from ipaddress import ip_network

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from pekon import draining
from pekon.pagecache import health
from tests.pagecache.test_wsgi import Site

HERE = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def site(tree, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health.connection, "close", lambda: None)  # the test's transaction is in it
    health._is_allowed.cache_clear()
    yield Site()
    health._is_allowed.cache_clear()


def ready(site, host="10.1.2.3", query="", **environ):
    answer = site.get(host, f"/-/ready?{query}", **HERE | environ)
    return answer.status, json.loads(answer.body)["ready"]


def test_a_process_with_pages_is_ready_under_any_host_name(tree, site):
    for host in ("10.1.2.3", tree.payakumbuh, "payakumbuh.pekon.web.id:8000"):
        status, reasons = ready(site, host)
        assert status == 200
        assert reasons == {"serving": True, "pages": True, "migrations": True, "storage": True, "database": True}
    live = site.get("10.1.2.3", "/-/live", **HERE)
    assert (live.status, live.body) == (200, b"live\n")
    assert live.headers["Cache-Control"] == "no-store"


def test_only_the_networks_of_the_setting_are_answered(tree, site, settings):
    asked = {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 10.0.0.7", "REMOTE_ADDR": "127.0.0.1"}
    for path in ("/-/live", "/-/ready"):
        assert site.get(tree.payakumbuh, path, REMOTE_ADDR="10.0.0.7").status == 404
        assert site.get(tree.payakumbuh, path, REMOTE_ADDR="").status == 200  # a Unix socket
        assert site.get(tree.payakumbuh, path, REMOTE_ADDR="::ffff:127.0.0.1").status == 200
        assert site.get(tree.payakumbuh, path, REMOTE_ADDR="::ffff:10.0.0.7").status == 404
        assert site.get(tree.payakumbuh, path, **asked).status == 404  # no proxy is trusted
        assert site.get(tree.payakumbuh, path, "POST", **HERE).status in (404, 405)
    settings.HEALTH_NETWORKS = [ip_network("10.0.0.0/24")]
    settings.TRUSTED_PROXY_COUNT = 1
    health._is_allowed.cache_clear()
    for path in ("/-/live", "/-/ready"):
        assert site.get(tree.payakumbuh, path, REMOTE_ADDR="10.0.0.7").status == 200
        assert site.get(tree.payakumbuh, path, **asked).status == 200
        assert site.get(tree.payakumbuh, path, **asked | {"HTTP_X_FORWARDED_FOR": "10.0.0.7, 192.0.2.9"}).status == 404
        assert site.get(tree.payakumbuh, path, **HERE).status == 404


def test_a_draining_server_is_not_ready_and_serves_on(tree, site):
    draining.begin()
    try:
        status, reasons = ready(site)
        assert (status, reasons["serving"]) == (503, False)
        assert site.get(tree.payakumbuh).status == 200
        assert site.get("10.1.2.3", "/-/live", **HERE).status == 200
    finally:
        draining._FLAG[0] = 0


@pytest.mark.databases
def test_code_whose_migrations_are_missing_is_not_ready_until_they_are_there(site):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("background", "0002_command_runs")
    status, reasons = ready(site)
    assert (status, reasons["migrations"]) == (503, False)
    recorder.record_applied("background", "0002_command_runs")
    recorder.record_applied("background", "0099_of_a_later_release")
    assert ready(site)[0] == 200


def test_while_the_database_is_down_pages_are_shown_and_a_balancer_may_ask_for_it(site, monkeypatch, settings):
    site.get("10.1.2.3")
    poller = site.pages.poller
    last = poller._snapshot
    monkeypatch.setattr(poller, "_newer", lambda: poller._snapshot)
    poller.is_down = True
    status, reasons = ready(site)
    assert (status, reasons["database"], reasons["pages"]) == (200, False, True)
    assert ready(site, query="database")[0] == 503
    poller._snapshot = replace(last, read_at=time.monotonic() - settings.PAGE_STALE_SECONDS - 1)
    status, reasons = ready(site)
    assert (status, reasons["pages"]) == (503, False)
    poller._snapshot = None
    assert ready(site)[0] == 503


def test_a_folder_of_photos_that_is_not_there_is_a_reason(site, settings, tmp_path):
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "a" / "b"}}
    settings.STORAGES = settings.STORAGES | {"default": place}
    status, reasons = ready(site)
    assert (status, reasons["storage"]) == (503, False)
    (tmp_path / "a").mkdir()
    assert ready(site)[0] == 200
