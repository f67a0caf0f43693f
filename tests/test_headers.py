"""What a page may load is said by its headers: no inline script, no eval, nobody else's files, no frames."""

import base64
import hashlib
import re
import secrets

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from tests.conftest import HostClient
from tests.server import ROOT


def policy_of(response):
    return dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))


@pytest.fixture
def pages(tree, people, newsroom):
    """A response of each kind: readers' pages, refusals, the newsroom's log-in and a story form."""
    region = HostClient(tree.payakumbuh.host)
    return {
        "front": region.get("/"),
        "not found": region.get("/tidak-ada/"),
        "unknown region": HostClient(f"zzz.{settings.DOMAIN}").get("/"),
        "foreign host": HostClient("example.org").get("/"),
        "log-in": HostClient(f"redaksi.{settings.DOMAIN}").get("/akun/masuk/"),
        "story form": newsroom(people.redaktur).get("/news/article/add/"),
    }


def test_every_page_has_a_strict_policy(pages):
    for name, response in pages.items():
        policy = policy_of(response)
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", name
        assert "unsafe" not in str(policy), name
        assert "*" not in str(policy), name
        assert response.headers["X-Content-Type-Options"] == "nosniff", name
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin", name


def test_only_the_story_form_has_a_nonce_and_its_one_inline_script_carries_it(pages):
    form = pages["story form"]
    (nonce,) = re.findall(r"'nonce-([^']+)'", form.headers["Content-Security-Policy"])
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*json)([^>]*)>", form.content.decode())
    assert [f'nonce="{nonce}"' in attributes for attributes in inline] == [True]
    assert all(
        "nonce" not in response.headers["Content-Security-Policy"]
        for name, response in pages.items()
        if name != "story form"
    )


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "500.html", "regions/unknown_host.html"])
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


def test_cookies_make_no_difference_to_readers(tree):
    """Fifty random cookies: the same bytes, and none comes back."""
    for path in ("/", "/indeks/", "/rubrik/politik/", "/tidak-ada/"):
        plain = HostClient(tree.payakumbuh.host).get(path)
        for _number in range(50):
            client = HostClient(tree.payakumbuh.host)
            client.cookies.load(
                {secrets.choice([settings.SESSION_COOKIE_NAME, "csrftoken", "x"]): secrets.token_hex(8)}
            )
            answer = client.get(path)
            assert (answer.content, answer.headers) == (plain.content, plain.headers)
            assert not answer.cookies
            assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_newsroom_refuses_a_post_without_its_token(people):
    strict = HostClient(f"redaksi.{settings.DOMAIN}", enforce_csrf_checks=True)
    strict.force_login(people.redaktur)
    refused = strict.post("/news/article/add/", {"title": "Dari tempat lain"})
    assert refused.status_code == 403
    assert "Formulir kedaluwarsa" in refused.text
    token = strict.get("/news/article/add/").context["csrf_token"]
    assert strict.post("/news/article/add/", {"csrfmiddlewaretoken": str(token)}).status_code == 200
