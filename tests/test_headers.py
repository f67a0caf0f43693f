"""Headers say what a page may load: no inline script, no eval, no third party's files, no frames."""

import base64
import hashlib
import re
import secrets

import pytest
import time_machine
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from news.demo import builders
from news.publishing import previews
from tests.conftest import HostClient
from tests.readers.test_visibility import ADDRESSES, body_of
from tests.server import ROOT
from tests.thorough import THOROUGH


def policy_of(response):
    return dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))


@pytest.fixture
def pages(tree, people, newsroom):
    """A response of each kind: readers' pages, refusals, the newsroom's log-in and an article form."""
    region = HostClient(tree.payakumbuh.host)
    return {
        "front": region.get("/"),
        "not found": region.get("/tidak-ada/"),
        "unknown region": HostClient(f"zzz.{settings.DOMAIN}").get("/"),
        "foreign host": HostClient("example.org").get("/"),
        "log-in": HostClient(f"redaksi.{settings.DOMAIN}").get("/akun/masuk/"),
        "article form": newsroom(people.redaktur).get("/news/article/add/"),
    }


def test_every_page_has_a_strict_policy(pages):
    for name, response in pages.items():
        policy = policy_of(response)
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", name
        assert "unsafe" not in str(policy), name
        assert "*" not in str(policy), name
        assert response.headers["X-Content-Type-Options"] == "nosniff", name
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin", name


def test_only_the_article_form_has_a_nonce_and_its_one_inline_script_carries_it(pages):
    form = pages["article form"]
    (nonce,) = re.findall(r"'nonce-([^']+)'", form.headers["Content-Security-Policy"])
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*json)([^>]*)>", form.content.decode())
    assert [f'nonce="{nonce}"' in attributes for attributes in inline] == [True]
    assert all(
        "nonce" not in response.headers["Content-Security-Policy"]
        for name, response in pages.items()
        if name != "article form"
    )


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "403_csrf.html", "429.html", "500.html", "regions/unknown_host.html"]
)
def test_the_policy_knows_the_inline_style_of_pages_that_stand_alone(db, name, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string(name)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    for policy in (settings.READERS_CONTENT_SECURITY_POLICY, settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]):
        assert f"'sha256-{digest}'" in policy["style-src"]


def test_no_reader_template_has_an_inline_script_style_or_handler():
    templates = [path for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.parts]
    assert len(templates) > 8
    for path in templates:
        text = path.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", text), path


COOKIES = "redaksi redaksi-csrf redaksi-language redaksi-device __Host-redaksi csrftoken messages x".split()


def test_random_cookies_make_no_difference_at_any_reader_address(tree):
    """The same status, headers and bytes, and no cookie comes back. The addresses are those of the visibility sweep."""
    article = builders.make_live(tree.payakumbuh, tags=["Pilkada"])
    link = previews.make(builders.make_article(tree.payakumbuh), actor=builders.make_user("a", is_superuser=True))
    paths = [path for paths in ADDRESSES.values() for path in paths(article)] + ["/tidak-ada/"]
    asked = [(tree.payakumbuh.host, path) for path in paths] + [
        (tree.network.host, path) for path in ("/", f"/pratinjau/{previews.address(link).split('/')[-2]}/")
    ]
    statuses = set()
    for host, path in asked:
        with time_machine.travel(timezone.now(), tick=False):  # Cache-Control counts seconds
            plain = HostClient(host).get(path)
            statuses.add(plain.status_code)
            for _visit in range(10 if THOROUGH else 2):
                client = HostClient(host)
                client.cookies.load({name: secrets.token_hex(8) for name in COOKIES})
                client.cookies.load({secrets.token_hex(4): "1" for _number in range(5)})
                answer = client.get(path)
                assert (answer.status_code, answer.headers) == (plain.status_code, plain.headers), path
                assert body_of(answer) == body_of(plain), path
                assert not answer.cookies, path
                assert "cookie" not in answer.headers.get("Vary", "").lower(), path
                plain = HostClient(host).get(path) if plain.streaming else plain
    assert statuses >= {200, 301, 404}


def test_no_page_asks_for_a_sensor_or_a_payment(pages):
    for name, response in pages.items():
        policy = response.headers["Permissions-Policy"]
        assert "geolocation=()" in policy, name
        assert "camera=()" in policy, name


def test_the_newsroom_refuses_a_post_without_its_token(people):
    strict = HostClient(f"redaksi.{settings.DOMAIN}", enforce_csrf_checks=True)
    strict.force_login(people.redaktur)
    refused = strict.post("/news/article/add/", {"title": "Dari tempat lain"})
    assert refused.status_code == 403
    assert "Formulir kedaluwarsa" in refused.text
    token = strict.get("/news/article/add/").context["csrf_token"]
    assert strict.post("/news/article/add/", {"csrfmiddlewaretoken": str(token)}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/news/article/add/",
        "/bahasa/",
        "/undangan/tidak-ada/",
        "/akun/masuk/",
        "/akun/keluar/",
        "/akun/sandi/",
        "/akun/sandi/lupa/",
        "/akun/surel/",
        "/akun/sesi/",
        "/akun/dua-faktor/",
        "/images/photo/uploads/",
    ],
)
def test_no_address_of_the_newsroom_takes_a_form_from_elsewhere(tree, people, path):
    """Django's admin guards its own addresses; accounts, invitations and the language are beside it."""
    strict = HostClient(f"redaksi.{settings.DOMAIN}", enforce_csrf_checks=True)
    for user in (None, people.pemred):
        if user:
            strict.force_login(user)
        assert strict.post(path, {"language": "en", "next": "/"}).status_code == 403
