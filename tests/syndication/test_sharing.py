"""What chats and social networks show: every kind of page has a card with a picture."""

import io
import re

import pytest
from django.utils.html import escape
from PIL import Image

from news.demo import builders
from news.syndication import sharing_picture
from pekon import critical_css
from regions.models import Region
from tests.conftest import HostClient

OPEN_GRAPH = (
    "og:site_name",
    "og:type",
    "og:url",
    "og:title",
    "og:description",
    "og:image",
    "og:image:width",
    "twitter:card",
)


def card(page):
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page))


def test_every_kind_of_page_has_one(tree):
    author = builders.make_author("Rida Ananda", tree.payakumbuh, bio="Menulis <pasar> & sawah.")
    article = builders.make_live(tree.payakumbuh, writers=[author], tags=["Pasar"])
    client = HostClient(tree.payakumbuh.host)
    own = f"{tree.payakumbuh.origin}/bagikan.png"
    paths = [
        "/",
        f"/rubrik/{article.section.slug}/",
        "/tag/pasar/",
        "/penulis/rida-ananda/",
        "/indeks/",
        "/terpopuler/",
    ]
    paths += ["/koreksi/", "/wilayah/", "/redaksi/", "/kontak/", "/cari/", article.get_absolute_url()]
    for path in paths:
        page = client.get(path).content.decode()
        said = card(page)
        assert not [name for name in OPEN_GRAPH if not said.get(name)], path
        assert said["og:url"] == tree.payakumbuh.origin + path
        assert (said["og:image"], said["og:image:width"], said["twitter:card"]) == (own, "1200", "summary_large_image")
        assert page.count('property="og:title"') == 1
    assert card(client.get("/penulis/rida-ananda/").content.decode())["og:description"] == escape(author.bio)
    assert "og:" not in client.get("/tidak-ada/").content.decode()


@pytest.mark.parametrize("name", ["Solok", "Daerah Istimewa Yogyakarta dan Kabupaten Kepulauan Siau Tagulandang Biaro"])
def test_the_picture_is_the_editions_own(tree, name):
    region = builders.make_region(
        "solok", tree.sumbar, name=name, short_name=name, accent="lake", tagline="Dari nagari"
    )
    response = HostClient(region.host).get("/bagikan.png")
    assert response.headers["Content-Type"] == "image/png"
    assert len(response.content) < 100_000
    picture = Image.open(io.BytesIO(response.content)).convert("RGB")
    assert picture.size == (1200, 630)
    dots = [(x, y) for x in range(0, 1200, 2) for y in range(60, 570, 2) if picture.getpixel((x, y)) == (11, 92, 138)]
    assert len(dots) > 500  # the name, in the colour of the region
    assert min(x for x, _y in dots) >= 70
    assert max(x for x, _y in dots) <= 1130
    assert response.content != HostClient(tree.ambon.host).get("/bagikan.png").content


def test_colours_are_those_of_the_pages():
    for accent, colour in sharing_picture.COLOURS.items():
        rule = "" if accent == Region.Accent.BRICK else rf'\[data-accent="{accent.value}"\]{{'
        by_day = re.search(rf"{rule}--accent:(#\w+)", critical_css.TEXT)
        assert by_day, accent
        assert by_day[1] == colour, accent
    assert set(sharing_picture.COLOURS) == set(Region.Accent)
