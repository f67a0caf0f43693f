"""What a page costs the database: within DESIGN section 8's budget, and the same whatever the archive's size."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.demo import builders
from news.images import uploads
from news.models import Article, Byline, Placement, TaggedArticle, TaggedPlacement
from news.search.models import SearchDocument
from news.syndication.sitemaps import PAGE
from regions.generations.snapshot import Poller
from tests.conftest import HostClient, photo_file

FEW, MANY = 10, 10_000
MACHINES = (
    "/terpopuler/",
    "/rss.xml",
    "/tag/pilkada/feed.json",
    "/sitemap.xml",
    "/sitemap-0.xml",
    "/sitemap-news.xml",
    "/api/v1/stories/",
    "/api/v1/tags/",
    "/api/v1/ninjs/",
)
BUDGET = {"front": 8, "list": 5, "article": 6, "photo story": 7, "gone": 6, "not found": 5, "search": 8, "machine": 7}


def fill(tree, count):
    """`count` live articles with photo, byline and tag in Payakumbuh, over all sections; the newest one."""
    for name in ("Politik", "Hukum", "Ekonomi", "Budaya", "Wisata"):
        builders.make_section(name)
    photo = uploads.store(photo_file((64, 48)), region=tree.payakumbuh, user=None)
    articles = builders.make_many(
        tree.payakumbuh, count, offset=Article.objects.count(), tags=["Pilkada"], lead_photo=photo
    )
    return articles[0]


def multiply(by):
    """Copy each article and its rows `by` times: the database takes a fiftieth of the time that Django needs."""
    step = Article.objects.latest("pk").pk
    for model in (Article, Byline, Placement, TaggedArticle, TaggedPlacement, SearchDocument):
        article = "id" if model is Article else "article_id"
        columns = [field.column for field in model._meta.concrete_fields if field.name != "id" or model is Article]
        copied = [f"{name} + {step} * copies.n" if name == article else name for name in columns]
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {by - 1}) "
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
                f"SELECT {', '.join(copied)} FROM {model._meta.db_table} CROSS JOIN copies"
            )


def cost(host, path, status=200):
    """The queries of one page that is made anew, while what its edition's pages have in common is in memory."""
    client, memory = HostClient(host), {"pekon.snapshot": Poller(in_thread=False).snapshot()}
    client.get(path, **memory)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path, **memory)
    assert response.status_code == status, path
    return [query["sql"][:160] for query in queries]


def costs(tree, newest, gone):
    region, network = tree.payakumbuh.host, tree.network.host
    day = tree.payakumbuh.local(newest.published_at)
    HostClient(region).get("/cari/?q=berita")  # what a process reads once a minute: aliases, roots, names
    lists = [
        "/rubrik/politik/",
        "/tag/pilkada/",
        f"/penulis/penulis-{tree.payakumbuh.pk}/",
        "/indeks/",
        f"/indeks/{day:%Y/%m/%d}/",
    ]
    found = {
        ("front", region): cost(region, "/"),
        ("front", network): cost(network, "/"),
        ("article", region): cost(region, newest.get_absolute_url()),
        ("gone", region): cost(region, f"/berita/{gone.pk}/x/", 410),
        ("not found", region): cost(region, "/berita/987654321/x/", 404),
        ("search", region): cost(region, "/cari/?q=berita"),
        ("search", network): cost(network, "/cari/?q=berita"),
    }
    found |= {("machine", path): cost(region, path.replace("-0.xml", f"-{newest.pk // PAGE}.xml")) for path in MACHINES}
    return found | {("list", f"{host}{path}"): cost(host, path) for host in (region, network) for path in lists}


def test_pages_stay_within_budget_and_cost_the_same_at_ten_and_at_ten_thousand_articles(tree):
    newest, gone = fill(tree, FEW), builders.make_withdrawn(tree.payakumbuh)
    few = costs(tree, newest, gone)
    fill(tree, 89)  # a hundred, with the withdrawn one
    multiply(by=MANY // 100)
    assert Placement.objects.in_region(tree.payakumbuh).count() == (MANY // 100) * (FEW + 89)
    many = costs(tree, newest, gone)
    for costed in (few, many):
        assert {where: queries for (kind, where), queries in costed.items() if len(queries) > BUDGET[kind]} == {}
    for (kind, where), queries in few.items():
        # Ten articles leave a search no older ones: that saves a query.
        expected = len(queries) + (1 if kind == "search" else 0)
        assert len(many[kind, where]) == expected, many[kind, where]


@pytest.mark.databases
def test_pages_cost_the_same_at_three_and_at_many_regions(tree):
    newest, gone = fill(tree, FEW), builders.make_withdrawn(tree.payakumbuh)
    few = costs(tree, newest, gone)
    for number in range(60):
        builders.make_region(f"daerah{number}", tree.sumbar)
    many = costs(tree, newest, gone)
    assert {where: len(queries) for where, queries in many.items()} == {
        where: len(queries) for where, queries in few.items()
    }


@pytest.mark.databases
def test_a_photo_article_costs_one_query_more_whatever_its_gallery(tree):
    """docs/decisions/0009: its photos are read with their captions, in order, in one query."""
    photos = [
        uploads.store(photo_file((64, 48), f"#{shade:02x}4050"), region=tree.payakumbuh, user=None)
        for shade in range(0, 240, 20)
    ]
    costs = []
    for count in (2, len(photos)):
        article = builders.make_live(tree.payakumbuh, kind="photos", lead_photo=photos[0], tags=["Pilkada"])
        for position, photo in enumerate(photos[:count]):
            article.gallery.create(photo=photo, position=position)
        queries = cost(tree.payakumbuh.host, article.get_absolute_url())
        assert len(queries) <= BUDGET["photo story"], queries
        costs.append(len(queries))
    assert costs[0] == costs[1]
