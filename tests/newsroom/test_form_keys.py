"""Double clicks: a form is stored once, and the second answer equals the first one."""

import http.client
import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from news.demo import builders
from news.models import Article, Event, FrontSlot, Page, PreviewLink
from news.staff import service
from regions import generations
from regions.models import FormKey, Invitation
from regions.permissions import form_keys
from tests.conftest import photo_file
from tests.newsroom.forms import article_form
from tests.server import Server


def key_on(client, address):
    """The key of the (last) form on a page that is shown."""
    keys = re.findall(r'name="_form_key" value="([\w-]{20,})"', client.get(address).content.decode())
    assert keys, f"no form with a key at {address}"
    return {form_keys.FIELD: keys[-1]}


@pytest.fixture
def invitation(tree):
    return {"name": "Rina", "email": "rina@pekon.web.id", "region": tree.payakumbuh.pk, "role": "reporter"}


def forms(tree, people):
    """(who, address, what is posted, the rows that one press makes)"""
    live = builders.make_live(tree.payakumbuh)
    draft = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    section = builders.make_section("Politik")
    page = {"region": tree.payakumbuh.pk, "slug": "privasi", "title": "Privasi", "body": "<p>Ya.</p>"}
    invited = {"name": "Rina", "email": "rina@pekon.web.id", "region": tree.payakumbuh.pk, "role": "reporter"}
    return [
        (people.reporter, "/news/article/add/", article_form(region=tree.payakumbuh, section=section), Article),
        (people.pemred, "/regions/invitation/add/", invited, Invitation),
        (people.redaktur, f"/halaman-depan/pasang/{live.pk}/", {"where": "payakumbuh:lead"}, FrontSlot),
        (people.pemred, "/news/page/add/", page, Page),
        (people.reporter, f"/news/article/{draft.pk}/make_preview_link/", {"purpose": "Tes", "days": 7}, PreviewLink),
    ]


def test_a_second_press_makes_nothing_and_is_led_where_the_first_one_was(tree, people, newsroom):
    for who, address, data, model in forms(tree, people):
        client, before = newsroom(who), model.objects.count()
        shown = address.replace("make_preview_link", "change")
        data = data | key_on(client, shown)
        answers = [client.post(address, data) for _press in range(3)]
        assert [answer.status_code for answer in answers] == [302] * 3, address
        assert len({answer.headers["Location"] for answer in answers}) == 1, address
        assert model.objects.count() == before + 1, address


def test_every_form_of_the_newsroom_has_a_key(tree, people, newsroom):
    """Every form that posts, on every kind of page, except those that make nothing: log-out, language."""
    article = builders.make_article(tree.payakumbuh)
    person = builders.make_user("rekan", "reporter", tree.payakumbuh)
    client = newsroom(people.admin)
    client.post(
        "/regions/invitation/add/",
        {"name": "R", "email": "r@pekon.web.id", "region": tree.payakumbuh.pk, "role": "reporter"},
    )
    sent = Invitation.objects.get()
    for address in (
        f"/news/article/{article.pk}/change/",
        "/news/article/add/",
        "/news/author/add/",
        "/images/photo/add/",
        "/adverts/advert/add/",
        "/halaman-depan/payakumbuh/",
        "/news/page/add/",
        "/regions/region/add/",
        f"/regions/invitation/{sent.pk}/change/",
        f"/auth/user/{person.pk}/change/",
    ):
        page = client.get(address).content.decode()
        posting = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'method="post"' in form]
        posting = [form for form in posting if 'class="language"' not in form and "logout-form" not in form]
        assert posting, address
        assert all(form_keys.FIELD in form for form in posting), address


def test_a_photo_is_uploaded_once(tree, people, newsroom):
    client = newsroom(people.reporter)
    key = key_on(client, "/images/photo/add/")
    texts = {"region": tree.payakumbuh.pk, "caption": "A", "credit": "B", "alt": "C"}
    answers = [client.post("/images/photo/add/", {"upload": photo_file((60, 40)), **texts, **key}) for _press in "ab"]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_an_act_is_done_once_and_journalled_once(tree, people, newsroom):
    person = builders.make_user("rekan", "reporter", tree.payakumbuh)
    client = newsroom(people.pemred)
    key = key_on(client, f"/auth/user/{person.pk}/change/")
    for _press in range(2):
        assert client.post(f"/auth/user/{person.pk}/deactivate/", key).status_code == 302
    assert Event.objects.filter(verb=Event.Verb.DEACTIVATED).count() == 1


def test_a_role_is_given_once_and_the_second_press_is_no_error(tree, people, newsroom):
    person = builders.make_user("rekan", "reporter", tree.payakumbuh)
    client, address = newsroom(people.pemred), f"/auth/user/{person.pk}/change/"
    data = {"assignments-TOTAL_FORMS": 1, "assignments-INITIAL_FORMS": 0, "assignments-0-role": "editor"}
    data |= {"assignments-0-region": tree.payakumbuh.pk} | key_on(client, address)
    assert [client.post(address, data).status_code for _press in range(2)] == [302, 302]
    assert person.assignments.count() == 2


def test_an_account_is_made_once_and_a_second_press_logs_in_too(tree, people, newsroom, invitation):
    """The browser drops the first answer, and its cookie with it, when the button is pressed again."""
    link = f"/undangan/{service.invite(Invitation(**invitation | {'region': tree.payakumbuh}), actor=people.pemred)}/"
    first, second, stranger = newsroom(people.reporter), newsroom(people.reporter), newsroom(people.reporter)
    for client in (first, second, stranger):
        client.logout()
    typed = {"name": "Rina", "username": "Rina", "password1": "kata-sandi-panjang", "password2": "kata-sandi-panjang"}
    typed |= key_on(first, link)
    answers = [client.post(link, typed) for client in (first, second)]
    assert [answer.headers["Location"] for answer in answers] == ["/", "/"]
    assert [client.get("/").status_code for client in (first, second)] == [200, 200]
    assert first.post(link, typed).headers["Location"] == first.get(link).headers["Location"] == "/"
    rina = User.objects.get(email="rina@pekon.web.id")
    assert rina.assignments.count() == Event.objects.filter(verb=Event.Verb.JOINED).count() == 1
    # Nobody else gets in by the link, or by the form once its password is another one.
    assert stranger.post(link, typed | {"password1": "lain", "password2": "lain"}).status_code == 404
    assert newsroom(people.reporter).get(link).status_code == 404
    rina.set_password("kata-sandi-yang-lain")
    rina.save()
    assert stranger.post(link, typed).status_code == 302
    assert stranger.get("/").status_code == 302


def test_a_further_role_is_accepted_once_and_the_second_press_is_no_error(tree, people, newsroom, invitation):
    known = builders.make_user("rina", "reporter", tree.makassar, email="rina@pekon.web.id")
    link = f"/undangan/{service.invite(Invitation(**invitation | {'region': tree.payakumbuh}), actor=people.pemred)}/"
    client = newsroom(known)
    key = key_on(client, link)
    assert [client.post(link, key).headers["Location"] for _press in range(2)] == ["/", "/"]
    told = [str(message) for message in client.get("/").context["messages"]]
    assert len(told) == 1
    assert known.assignments.count() == 2


def test_a_form_that_was_refused_can_be_sent_again(people, newsroom, invitation):
    client = newsroom(people.pemred)
    data = invitation | key_on(client, "/regions/invitation/add/")
    assert client.post("/regions/invitation/add/", data | {"email": "x"}).status_code == 200
    assert client.post("/regions/invitation/add/", data).status_code == 302
    assert Invitation.objects.count() == 1


def test_a_form_that_was_refused_once_is_judged_again_when_the_reason_is_gone(tree, people, newsroom, invitation):
    """The same form is sent twice. The first time nothing was stored, so the second time counts as the first."""
    client = newsroom(people.pemred)
    data = invitation | key_on(client, "/regions/invitation/add/")
    people.pemred.assignments.update(role="reporter")
    assert client.post("/regions/invitation/add/", data).status_code == 403
    people.pemred.assignments.update(role="chief_editor")
    assert client.post("/regions/invitation/add/", data).status_code == 302


def test_what_was_typed_after_the_first_press_is_not_lost(people, newsroom, invitation):
    client = newsroom(people.pemred)
    key = key_on(client, "/regions/invitation/add/")
    client.post("/regions/invitation/add/", invitation | key)
    client.post("/regions/invitation/add/", invitation | key | {"email": "lain@pekon.web.id"})
    assert Invitation.objects.count() == 2


def test_somebody_elses_key_is_not_ones_own(tree, people, newsroom, invitation):
    other = builders.make_user("pemred2", "chief_editor", tree.payakumbuh)
    key = key_on(newsroom(people.pemred), "/regions/invitation/add/")
    for who in (people.pemred, other):
        newsroom(who).post("/regions/invitation/add/", invitation | key)
    assert Invitation.objects.count() == 2


def test_keys_are_forgotten_after_a_day(people, newsroom, invitation):
    old, recent = timezone.now() - timedelta(hours=25), timezone.now() - timedelta(hours=23)
    FormKey.objects.bulk_create([FormKey(digest="alt", used_at=old), FormKey(digest="neu", used_at=recent)])
    client = newsroom(people.pemred)
    client.post("/regions/invitation/add/", invitation | key_on(client, "/regions/invitation/add/"))
    assert set(FormKey.objects.exclude(location="").values_list("location", flat=True)) == {"/regions/invitation/"}
    assert FormKey.objects.filter(digest="neu").exists()
    assert not FormKey.objects.filter(digest="alt").exists()


def test_a_page_that_is_only_read_opens_no_transaction(tree, people, newsroom, monkeypatch):
    article = builders.make_article(tree.payakumbuh)
    client = newsroom(people.redaktur)

    def refuse():
        raise AssertionError("a transaction was opened to show a page")

    monkeypatch.setattr(generations, "bumping", refuse)
    for address in ("change", "preview"):
        assert client.get(f"/news/article/{article.pk}/{address}/").status_code == 200


# --- At once ----------------------------------------------------------------------------------------------------

SEED = """
import django; django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from news.demo import builders
network = builders.make_network()
region = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", network))
user = builders.make_user("pemred", "chief_editor", region)
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session.save()
print(settings.SESSION_COOKIE_NAME, session.session_key, region.pk)
"""
COUNT = "import django; django.setup(); from regions.models import Invitation; print(Invitation.objects.count())"


@pytest.mark.server
@pytest.mark.xdist_group("server")
def test_twenty_presses_at_once_make_one():
    """Against gunicorn's own processes, on the database that the other tests use."""
    url = os.environ.get("DATABASE_URL", "")
    with Server(url if url.startswith("postgres") else "") as server:
        name, session, region = server.run("-c", SEED).split()[-3:]
        headers = {"Host": f"{settings.NEWSROOM_LABEL}.localhost:{server.port}", "Cookie": f"{name}={session}"}

        def ask(method, body=None, **further):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            connection.request(method, "/regions/invitation/add/", body, headers | further)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()

        _status, said, page = ask("GET")
        cookie = said.get_all("Set-Cookie")[0].split(";")[0]
        hidden = dict(re.findall(r'type="hidden" name="(csrfmiddlewaretoken|_form_key)" value="([^"]+)"', page))
        typed = {"name": "Rina", "email": "rina@pekon.web.id", "region": region, "role": "reporter"}
        sent = {
            "Cookie": f"{headers['Cookie']}; {cookie}",
            "Origin": f"http://{headers['Host']}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _n: ask("POST", urlencode(typed | hidden), **sent)[:2], range(20)))
        assert {(status, said["Location"]) for status, said in answers} == {(302, "/regions/invitation/")}
        assert server.run("-c", COUNT).split()[-1] == "1"
