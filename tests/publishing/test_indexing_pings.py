"""IndexNow and WebSub are told when an article comes and goes, are tried again, and never learn of a hidden one."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from news.demo import builders
from news.models import Status
from news.publishing import indexing_pings, workflow
from tests.conftest import HostClient


class Service(HTTPServer):
    """Takes what it is sent, and answers with `status`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.told = 200, []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append((self.headers["Content-Type"].partition(";")[0], content))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def service(settings):
    server = Service()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.INDEXNOW, settings.INDEXNOW_URL, settings.WEBSUB_HUB = True, server.address, server.address
    yield server
    server.shutdown()
    server.server_close()


def waiting():
    return list(
        DBTaskResult.objects.filter(task_path="news.publishing.indexing_pings.announce").order_by("enqueued_at")
    )


def test_pings_are_off_by_default(tree):
    builders.make_live(tree.payakumbuh)
    assert waiting() == []


def test_services_are_told_when_readers_have_the_article_and_not_before(tree, service):
    moment = timezone.now() + timedelta(hours=2)
    article = builders.make_article(tree.payakumbuh)
    workflow.import_as(article, status=Status.APPROVED, published_at=moment)
    assert waiting()[-1].run_after == moment
    indexing_pings.announce.func(article.pk)
    assert service.told == [], "not yet"


def test_index_now_and_the_hub_are_told(tree, service):
    article = builders.make_live(tree.payakumbuh)
    indexing_pings.announce.func(article.pk)
    (kind, index), (form, hub) = service.told
    told = json.loads(index)
    assert (kind, form) == ("application/json", "application/x-www-form-urlencoded")
    assert told["urlList"] == [article.canonical_url]
    assert told["host"] == "payakumbuh.pekon.web.id"
    proof = HostClient(tree.payakumbuh.host).get(told["keyLocation"].removeprefix(tree.payakumbuh.origin))
    assert proof.content.decode() == told["key"]
    assert HostClient(tree.ambon.host).get(f"/{told['key']}.txt").status_code == 404
    asked = parse_qs(hub)
    assert asked["hub.mode"] == ["publish"]
    assert {f"{region.origin}/rss.xml" for region in (tree.network, tree.sumbar, tree.payakumbuh)} < set(
        asked["hub.url"]
    )


def test_a_withdrawal_is_told(tree, service, people):
    article = builders.make_live(tree.payakumbuh)
    before = len(waiting())
    workflow.withdraw(article, actor=people.admin, reason="Keliru.")
    assert len(waiting()) == before + 1
    indexing_pings.announce.func(article.pk)
    assert json.loads(service.told[0][1])["urlList"] == [article.canonical_url]


@pytest.mark.parametrize("status", [500, 429])
def test_tried_again_later_and_in_the_end_given_up(tree, service, status):
    article = builders.make_live(tree.payakumbuh)
    DBTaskResult.objects.all().delete()
    service.status = status
    indexing_pings.announce.func(article.pk)
    (again,) = waiting()
    assert again.run_after > timezone.now()
    assert again.args_kwargs["args"] == [article.pk, 1]
    indexing_pings.announce.func(article.pk, len(indexing_pings._RETRY_AFTER))
    assert len(waiting()) == 1


def test_a_refusal_is_not_repeated(tree, service):
    article = builders.make_live(tree.payakumbuh)
    DBTaskResult.objects.all().delete()
    service.status = 422
    indexing_pings.announce.func(article.pk)
    assert waiting() == []
