"""What readers' programs try and what papers had before: each address leads to the right place, and only there."""

import re

import pytest
from django.contrib.staticfiles import finders

from news.demo import builders
from tests.conftest import HostClient


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *((path, "/rss.xml") for path in ("/feed/", "/feed", "/rss", "/rss/", "/feed/rss2/", "/feed/rss")),
        *((path, "/atom.xml") for path in ("/atom", "/atom/", "/feed/atom/", "/feed/atom")),
        ("/rubrik/politik/feed/", "/rubrik/politik/rss.xml"),
        ("/tag/pasar/feed", "/tag/pasar/rss.xml"),
        ("/penulis/linda-sari/feed/atom/", "/penulis/linda-sari/atom.xml"),
        ("/amp/", "/"),
    ],
)
def test_old_addresses_of_feeds_and_fronts_redirect(tree, old, new):
    response = HostClient(tree.payakumbuh.host).get(old)
    assert (response.status_code, response.headers["Location"]) == (301, new)


def test_amp_addresses_lead_to_the_article(tree):
    article = builders.make_live(tree.payakumbuh)
    client = HostClient(tree.payakumbuh.host)
    for old in (
        f"/berita/{article.pk}/{article.slug}/amp/",
        f"/amp/berita/{article.pk}/x/",
        f"/berita/{article.pk}/amp/",
    ):
        response = client.get(old)
        assert (response.status_code, response.headers["Location"]) == (301, article.canonical_url)
    assert client.get(f"{article.get_absolute_url()}amp").status_code in (301, 302)
    hidden = builders.make_article(tree.payakumbuh)
    assert client.get(f"/berita/{hidden.pk}/{hidden.slug}/amp/").status_code == 404


def test_the_icon_is_found(tree):
    response = HostClient(tree.payakumbuh.host).get("/favicon.ico")
    assert response.status_code == 302
    assert finders.find(response.headers["Location"].removeprefix("/static/"))


def test_an_empty_list_says_why_it_is_empty(tree):
    builders.make_section("Hukum")
    client = HostClient(tree.payakumbuh.host)
    for address in ("/indeks/", "/indeks/?rubrik=hukum", "/rubrik/hukum/"):
        assert "Belum ada berita" in client.get(address).content.decode(), address
    past = client.get("/indeks/", {"sebelum": "1-1", "rubrik": "hukum"}).content.decode()
    assert "Tidak ada berita sebelumnya" in past


def test_every_page_has_a_description(tree):
    """The beginning of the text for an article without a summary."""
    article = builders.make_live(tree.payakumbuh, summary="")
    for path in ("/terpopuler/", "/cari/?q=x", "/luring/", article.get_absolute_url()):
        page = HostClient(tree.payakumbuh.host).get(path).content.decode()
        assert len(re.findall(r'<meta\s+name="description"\s+content="\w', page)) == 1, path


def test_buttons_are_named_as_they_look(tree):
    """WCAG 2.5.3: people who speak to their device say what the button shows."""
    page = HostClient(tree.payakumbuh.host).get(builders.make_live(tree.payakumbuh).get_absolute_url()).content.decode()
    for shown in ("A−", "A+"):
        assert f'aria-label="{shown} ' in page
