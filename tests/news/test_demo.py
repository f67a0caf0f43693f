"""The demo network: whole, varied, and not doubled by a second load."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from news.demo import builders, load, network
from news.images.models import Photo
from news.models import Article, Placement
from news.querysets import State
from regions.models import Assignment, Region
from tests.conftest import HostClient

SMALL = (240, 160)  # pixels


def census():
    return {
        "articles": Article.objects.count(),
        "photos": Photo.objects.count(),
        "placements": Placement.objects.count(),
        "users": User.objects.count(),
        "roles": Assignment.objects.count(),
        "regions": Region.objects.count(),
    }


@pytest.mark.once
def test_the_demo_shows_everything_and_may_be_loaded_again(db):
    assert load.load(size=SMALL) == Article.objects.count() >= 60
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
    assert load.load(size=SMALL) == 0
    assert census() == first


def test_the_demo_leaves_a_database_with_stories_of_its_own_alone(tree, settings, capsys):
    settings.HOST_NAME, settings.DOMAIN = "localhost", "localhost:8000"
    builders.make_live(tree.payakumbuh)
    call_command("demo")
    assert "not loaded" in capsys.readouterr().out
    assert Article.objects.count() == 1
    assert not User.objects.filter(username="admin").exists()


def test_the_demo_with_its_known_passwords_is_refused_on_a_public_domain(db):
    with pytest.raises(CommandError, match="--anywhere"):
        call_command("demo")
    assert not User.objects.exists()
