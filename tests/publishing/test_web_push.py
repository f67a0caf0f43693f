"""Web push: a real encryption, sent to a server that plays the push service, and what must not be told or reached."""

import base64
import http.client
import json
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import http_ece
import pytest
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.checks import run_checks
from django_tasks_db.models import DBTaskResult
from py_vapid import Vapid02

from news.demo import builders
from news.models import Notice, NoticeChoices, PushSubscription
from news.publishing import web_push, workflow
from news.staff import service as staff

pytestmark = pytest.mark.databases
CURVE = ec.SECP256R1()


def text_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def new_key() -> str:
    return text_of(ec.generate_private_key(CURVE).private_numbers().private_value.to_bytes(32, "big"))


class Device:
    """A browser: its keys, and how it reads what is pushed to it."""

    def __init__(self, endpoint="https://push.example.com/tujuan/1?a=b"):
        self.key, self.secret, self.endpoint = ec.generate_private_key(CURVE), os.urandom(16), endpoint
        self.point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def json(self) -> dict:
        keys = {"p256dh": text_of(self.point), "auth": text_of(self.secret)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def read(self, body: bytes) -> dict:
        return json.loads(
            http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm").decode()
        )


class PushService(HTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.got = 201, []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), content))
        self.send_response(self.server.status)
        self.send_header("Location", "/ke-mana-saja/")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def vapid(settings):
    settings.VAPID_PRIVATE_KEY, settings.VAPID_CONTACT = new_key(), "mailto:teknologi@pekon.web.id"


@pytest.fixture
def push_service(monkeypatch):
    """Every connection leads to it, without TLS."""
    server = PushService()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    local = lambda host, port: http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)  # noqa: E731
    monkeypatch.setattr(web_push, "connect", local)
    yield server
    server.shutdown()
    server.server_close()


def turn_on(client, device, **extra):
    return client.post("/kabar/perangkat/", json.dumps(device and device.json()), content_type="application/json")


@pytest.fixture
def story(tree, people):
    return builders.make_article(tree.payakumbuh, created_by=people.reporter, title="Jembatan Rahasia Dibangun")


def waiting():
    return DBTaskResult.objects.filter(task_path="news.publishing.web_push.send", status="READY").order_by("pk")


def work():
    """Do what waits; what that puts into the queue waits for the next call."""
    for task in list(waiting()):
        task.delete()
        web_push.send.call(*task.args_kwargs["args"])


def test_it_is_off_and_invisible_until_both_settings_are_set(people, story, newsroom):
    client = newsroom(people.redaktur)
    assert turn_on(client, Device()).status_code == 404
    page = client.get("/akun/kabar/").text
    assert 'name="mail"' in page
    assert "push" not in page
    workflow.submit(story, actor=people.reporter)
    assert not waiting().exists()


def test_a_device_is_told_that_there_is_something_and_nothing_of_it(
    vapid, push_service, people, story, newsroom, settings
):
    device, client = Device(), newsroom(people.redaktur)
    assert "push-device" in client.get("/akun/kabar/").text
    assert turn_on(client, device).json() == {"on": True}
    assert 'data-on="yes"' in client.get("/akun/kabar/").text
    workflow.submit(story, actor=people.reporter)
    work()
    [(path, headers, body)] = push_service.got
    said = device.read(body)
    assert set(said) == {"title", "body", "tag", "url"}
    assert said["url"] == "/kabar/"
    assert said["tag"] == "submitted"
    assert "Jembatan" not in str(said)
    assert "reporter" not in str(said)
    assert path == "/tujuan/1?a=b"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert int(headers["TTL"]) > 0
    token, _comma, key = headers["Authorization"].removeprefix("vapid t=").partition(",k=")
    assert key == web_push.public_key()
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["aud"] == "https://push.example.com"
    assert claims["sub"] == settings.VAPID_CONTACT
    assert Vapid02.verify(headers["Authorization"])


def test_the_message_is_in_the_persons_language(vapid, push_service, people, story, newsroom):
    device = Device()
    turn_on(newsroom(people.redaktur), device)
    NoticeChoices.objects.create(person=people.redaktur, language="en")
    workflow.submit(story, actor=people.reporter)
    work()
    assert device.read(push_service.got[0][2])["title"] == "News in the newsroom"


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(vapid, push_service, people, story, newsroom, status):
    turn_on(newsroom(people.redaktur), Device())
    push_service.status = status
    workflow.submit(story, actor=people.reporter)
    work()
    assert not PushSubscription.objects.exists()
    assert not waiting().exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_push_service_that_is_down_is_asked_again_a_few_times(vapid, push_service, people, story, newsroom, status):
    turn_on(newsroom(people.redaktur), Device())
    push_service.status = status
    workflow.submit(story, actor=people.reporter)
    for _turn in range(10):
        work()
    assert len(push_service.got) == 4
    assert PushSubscription.objects.count() == 1


def test_no_answer_is_asked_again_and_a_refusal_is_not(vapid, push_service, people, story, newsroom, monkeypatch):
    turn_on(newsroom(people.redaktur), Device())
    workflow.submit(story, actor=people.reporter)
    with monkeypatch.context() as broken:
        broken.setattr(web_push, "connect", lambda host, port: socket.create_connection(("127.0.0.1", 1), 1))
        work()
    assert waiting().count() == 1
    push_service.status = 400
    work()
    assert not waiting().exists()


def test_no_redirect_is_followed(vapid, push_service, people, story, newsroom):
    turn_on(newsroom(people.redaktur), Device())
    push_service.status = 307
    workflow.submit(story, actor=people.reporter)
    work()
    assert [path for path, _headers, _body in push_service.got] == ["/tujuan/1?a=b"]


# --- Who is told no more ------------------------------------------------------------------------------------------


def log_out(client, people):
    client.post("/akun/keluar/")


def deactivate(client, people):
    staff.deactivate(people.redaktur, actor=people.pemred)


def end_session(client, people):
    UserSession.objects.get(user=people.redaktur).end()


def change_password(client, people):
    people.redaktur.set_password("lain sekali")
    people.redaktur.save()


@pytest.mark.parametrize("leave", [log_out, deactivate, end_session, change_password])
def test_who_leaves_takes_the_device_along(vapid, push_service, people, story, newsroom, leave):
    client, other = newsroom(people.redaktur), newsroom(people.pemred)
    turn_on(client, Device())
    turn_on(other, Device("https://push.example.com/lain"))
    leave(client, people)
    workflow.submit(story, actor=people.reporter)
    work()
    assert [path for path, _headers, _body in push_service.got] == ["/lain"]
    assert [row.endpoint for row in PushSubscription.objects.all()] == ["https://push.example.com/lain"]


def test_logging_out_forgets_the_device_at_once(vapid, people, newsroom):
    client, second = newsroom(people.redaktur), newsroom(people.redaktur)
    turn_on(client, Device())
    turn_on(second, Device("https://push.example.com/kedua"))
    log_out(client, people)
    assert PushSubscription.objects.get().endpoint == "https://push.example.com/kedua"


def test_a_shared_device_tells_the_one_who_turned_it_on_last(vapid, people, newsroom):
    device = Device()
    turn_on(newsroom(people.redaktur), device)
    turn_on(newsroom(people.pemred), device)
    assert PushSubscription.objects.get().session.user == people.pemred


def test_it_is_turned_off_for_this_device_alone(vapid, people, newsroom):
    client, other = newsroom(people.redaktur), newsroom(people.pemred)
    turn_on(client, Device())
    turn_on(other, Device("https://push.example.com/lain"))
    assert turn_on(client, None).json() == {"on": False}
    assert PushSubscription.objects.get().session.user == people.pemred


def test_who_may_not_read_the_story_any_more_is_not_told(vapid, push_service, people, story, newsroom):
    turn_on(newsroom(people.redaktur), Device())
    workflow.submit(story, actor=people.reporter)
    people.redaktur.assignments.all().delete()
    work()
    assert push_service.got == []


def test_what_was_read_or_is_not_wanted_is_not_pushed(vapid, push_service, people, story, newsroom):
    client = newsroom(people.redaktur)
    turn_on(client, Device())
    workflow.submit(story, actor=people.reporter)
    client.get(f"/kabar/{Notice.objects.get(person=people.redaktur).pk}/")
    work()
    workflow.recall(story, actor=people.reporter)
    workflow.submit(story, actor=people.reporter)
    client.post("/akun/kabar/", {"push": ["returned"], "language": "id"})
    work()
    workflow.recall(story, actor=people.reporter)
    workflow.submit(story, actor=people.reporter)
    assert not waiting().exists()
    assert push_service.got == []
    client.post("/akun/kabar/", {"push": ["returned", "submitted"], "language": "id"})
    workflow.recall(story, actor=people.reporter)
    workflow.submit(story, actor=people.reporter)
    work()
    assert len(push_service.got) == 1


# --- What a browser may say ---------------------------------------------------------------------------------------

REFUSED = [
    "http://push.example.com/x",
    "https://localhost/x",
    "https://127.0.0.1/x",
    "https://2130706433/x",
    "https://127.1/x",
    "https://0x7f.0x1/x",
    "https://[::1]/x",
    "https://push.example.com:8443/x",
    "https://push.example.com:x/x",
    "https://orang@push.example.com/x",
    "https://push.example.com/\n",
    "https://push.example.com/" + "x" * 1000,
    "file:///etc/passwd",
    "",
]


def test_an_address_that_is_no_push_services_is_refused(vapid, people, newsroom):
    client = newsroom(people.redaktur)
    assert {address for address in REFUSED if turn_on(client, Device(address)).status_code != 400} == set()
    assert turn_on(client, Device()).status_code == 200


def test_what_is_no_subscription_is_refused(vapid, people, newsroom):
    client, right = newsroom(people.redaktur), Device().json()
    wrong = [[], 5, "x", {}, {"endpoint": 5}, right | {"keys": None}, right | {"keys": {"p256dh": "x", "auth": "x"}}]
    wrong += [right | {"keys": right["keys"] | {"auth": text_of(b"short")}}, right | {"more": "x" * 5000}]
    for sent in wrong:
        response = client.post("/kabar/perangkat/", json.dumps(sent), content_type="application/json")
        assert response.status_code == 400, sent
    assert client.post("/kabar/perangkat/", "{", content_type="application/json").status_code == 400
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["10.1.2.3"], ["8.8.8.8", "192.168.0.1"], ["::1"], ["::ffff:10.0.0.1"], []]
)
def test_a_name_that_leads_to_a_private_machine_is_not_reached_and_forgotten(
    vapid, people, story, newsroom, monkeypatch, addresses
):
    """The name may have led elsewhere when the browser sent it."""
    turn_on(newsroom(people.redaktur), Device())
    workflow.submit(story, actor=people.reporter)
    reached = []
    found = [(None, None, None, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: reached.append(args))
    work()
    assert reached == []
    assert not PushSubscription.objects.exists()


def test_the_connection_goes_to_the_address_that_was_looked_at_and_names_the_host(monkeypatch):
    seen = []

    class Context:
        def wrap_socket(self, plain, server_hostname):
            seen.append((plain, server_hostname))
            return plain

    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: [(None, None, None, "", ("8.8.8.8", 443))])
    monkeypatch.setattr(socket, "create_connection", lambda address, timeout: address)
    monkeypatch.setattr("ssl.create_default_context", Context)
    web_push.connect("push.example.com", 443)
    assert seen == [(("8.8.8.8", 443), "push.example.com")]


# --- Settings and the service worker -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "contact", "found"),
    [
        ("", "", []),
        ("x", "", ["news.E001"]),
        ("", "mailto:a@b.id", ["news.E001"]),
        ("x", "a@b.id", ["news.E002"]),
        ("x", "mailto:a@b.id", ["news.E003"]),
        ("ü", "mailto:a@b.id", ["news.E003"]),
        (text_of(bytes(32)), "mailto:a@b.id", ["news.E003"]),
        (text_of(bytes(31) + b"\1"), "https://pekon.web.id/", []),
    ],
)
def test_half_a_configuration_is_an_error(settings, key, contact, found):
    settings.VAPID_PRIVATE_KEY, settings.VAPID_CONTACT = key, contact
    assert [error.id for error in run_checks() if error.id.startswith("news.E")] == found


def test_the_service_worker_is_for_its_folder_and_keeps_nothing(people, newsroom):
    response = newsroom(people.redaktur).get("/kabar/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Service-Worker-Allowed"] == "/kabar/"
    script = response.text
    assert "caches" not in script
    assert '"fetch"' not in script
