"""The demo network is whole and varied, and a second load doubles nothing."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from PIL import Image

from news.demo import builders, load, network
from news.images.models import Photo
from news.models import Article, Placement
from news.models.querysets import State
from news.readers import front_page
from regions.generations.snapshot import Snapshot
from regions.models import Assignment, Region
from tests.conftest import HostClient, photo_file

MOST_BYTES = 4_000_000
"""Most bytes of all photos together, since every clone of the repository has them."""


def photo_names() -> list[str]:
    """The files that the tables name."""
    shots = [shot for story in load.read() for shot in (story, *story.get("gallery", []))]
    return [shot["photo"] for shot in shots if "photo" in shot]


@pytest.fixture
def small_photos(tmp_path):
    """A folder with a small photo under each name, because the demo's own take long to make renditions of."""
    for number, name in enumerate(photo_names()):
        (tmp_path / name).write_bytes(photo_file((240, 160), f"rgb({number}, 120, 90)").read())
    return tmp_path


def census():
    return {
        "articles": Article.objects.count(),
        "photos": Photo.objects.count(),
        "placements": Placement.objects.count(),
        "users": User.objects.count(),
        "roles": Assignment.objects.count(),
        "regions": Region.objects.count(),
    }


def test_the_demo_shows_everything_and_may_be_loaded_again(db, small_photos):
    assert load.load(load.read(), photos=small_photos) == Article.objects.count() >= 60
    assert Photo.objects.count() == len(photo_names())
    first = census()
    states = set(Article.objects.with_state().values_list("state", flat=True))
    assert states == set(State.values)
    assert set(Article.objects.values_list("kind", flat=True)) == set(Article.Kind.values)
    live = Article.objects.live()
    assert set(live.values_list("region__timezone", flat=True)) == set(Region.Zone.values)
    assert live.filter(shares__isnull=False).exists()
    assert {role for _what, role, *_rest in network.ACCOUNTS.values()} >= set(Assignment.Role.values)
    for region in Region.objects.open():
        assert HostClient(region.host).get("/").status_code == 200
    assert load.load(load.read(), photos=small_photos) == 0
    assert census() == first


def test_the_demo_leaves_a_database_with_stories_of_its_own_alone(tree, settings, capsys):
    settings.HOST_NAME, settings.DOMAIN = "localhost", "localhost:8000"
    builders.make_live(tree.payakumbuh)
    long_name = "Kepulauan Siau Tagulandang Biaro"
    Region.objects.filter(pk=tree.sulsel.pk).update(short_name=long_name)
    call_command("demo")
    told = capsys.readouterr().out
    assert "not loaded" in told
    assert re.search(rf"^  {long_name} {{2,}}http://sulawesiselatan\.localhost:8000/$", told, re.MULTILINE)
    assert Article.objects.count() == 1
    assert not User.objects.filter(username="admin").exists()


def test_the_demo_with_its_known_passwords_is_refused_on_a_public_domain(db):
    with pytest.raises(CommandError, match="--anywhere"):
        call_command("demo")
    assert not User.objects.exists()


def test_the_photos_are_those_that_the_tables_name_and_small_enough_for_a_repository():
    files = list(load.PHOTOS.glob("*.avif"))
    assert sorted(file.name for file in files) == sorted(photo_names())
    for file in files:
        with Image.open(file) as image:
            assert (image.format, image.size) == ("AVIF", (1600, 1067))
    assert sum(file.stat().st_size for file in load.PHOTOS.iterdir()) <= MOST_BYTES


def test_the_pilkada_article_is_the_model_of_an_article_page(db):
    """DESIGN section 2: each part of the page to the letter."""
    model = next(story for story in load.read() if story["key"] == "sb-01")
    load.load([model])
    payakumbuh = Region.objects.get(subdomain="payakumbuh")
    article = payakumbuh.articles.get()
    response = HostClient("payakumbuh.pekon.web.id").get(article.get_absolute_url())
    title = "Pj Wako Payakumbuh Suprayitno Gelar Rapat Koordinasi Kesiapan Pilkada Serentak 2024"

    def shown(pattern: str) -> list[str]:
        """What people read in each of these elements."""
        texts = re.findall(pattern, response.text, re.DOTALL)
        return [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for text in texts]

    assert shown(r'<p class="masthead-network">(.*?)</p>') == ["PEKON.WEB.ID"]
    assert shown(r"<h1>(.*?)</h1>") == [title]
    assert shown(r'<p class="(?:kicker|label)[^"]*">(.*?)</p>') == []
    assert shown(r'<p class="byline">(.*?)</p>') == ["Linda Sari - PAYAKUMBUH.PEKON.WEB.ID"]
    assert shown(r'<p class="story-time">(.*?)</p>') == ["Nov 23, 2024 - 20:25"]
    assert (
        '<time datetime="2024-11-23T20:25:00+07:00" title="Sabtu, 23 November 2024 20:25 WIB">'
        "Nov 23, 2024 - 20:25</time>"
    ) in response.text
    assert '"dateModified":"2024-11-23T20:25:00+07:00"' in response.text.replace(" ", "")
    assert len(re.findall(r'<figure class="story-photo">\s*<picture>', response.text)) == 1
    assert shown(r"<figcaption>(.*?)</figcaption>") == [f"{title} Foto: Gambar Pekon"]
    assert '<span class="credit">Foto: Gambar Pekon</span>' in response.text
    assert re.search(r"\.credit\{[^}]*font-style:", response.text), "the credit looks like the caption"
    [body] = shown(r'<div class="story-body">(.*?)</div>')
    assert body.startswith("Payakumbuh - Penjabat (Pj) Wali Kota Payakumbuh Suprayitno ")
    assert body.endswith(" (**).")
    assert (body.count("Payakumbuh - "), body.count("(**)")) == (1, 1)

    builders.make_live(payakumbuh, lead_photo=article.lead_photo)
    assert front_page.compose(Snapshot.for_one_page(), payakumbuh).lead == article, (
        "an editor holds it above what is newer"
    )
