"""An edition with articles of every kind, for the machines that read it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from news.demo import builders
from news.images import uploads
from news.models import Article, Status
from news.publishing import workflow
from tests.conftest import HostClient, photo_file

NASTY = 'Pj Wako & "Warga" <b>2024</b> \x01]]> \u2028 </script>'


@pytest.fixture
def edition(tree, people) -> SimpleNamespace:
    """`region`, `client`, `live` (newest first), `hidden`, `withdrawn`."""
    now, region = timezone.now(), tree.payakumbuh
    wide = uploads.store(
        photo_file((1800, 1400)), region=region, user=None, caption=NASTY, credit="Antara", alt="Jembatan"
    )
    author = builders.make_author("Rida Ananda", region, bio="Meliput Payakumbuh.")
    common = {"writers": [author], "tags": ["Jembatan", "Pilkada"]}
    live = [
        builders.make_live(region, now - timedelta(hours=1), title=NASTY, lead_photo=wide, kicker="Pilkada", **common),
        builders.make_live(
            region, now - timedelta(hours=2), kind=Article.Kind.ADVERTORIAL, title="Promo beras", **common
        ),
        builders.make_live(region, now - timedelta(hours=3), kind=Article.Kind.OPINION, summary="Singkat.", **common),
        builders.make_live(region, now - timedelta(days=5), kind=Article.Kind.RELEASE, writers=[], dateline=""),
    ]
    hidden = builders.make_article(region, title="Belum waktunya tayang")
    hidden = workflow.import_as(hidden, status=Status.APPROVED, published_at=now + timedelta(hours=1))
    gone = builders.make_live(region, now - timedelta(hours=4), title="Akan dicabut redaksi", **common)
    return SimpleNamespace(
        region=region,
        client=HostClient(region.host),
        live=live,
        hidden=hidden,
        withdrawn=gone,
        author=author,
        tree=tree,
        admin=people.admin,
    )
