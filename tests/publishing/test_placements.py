"""Where an article stands follows from its region, its shares and its status."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.demo import builders
from news.models import Article, Status
from news.publishing import placements, workflow
from news.publishing.parts import Parts
from regions import services

pytestmark = pytest.mark.databases

AT = datetime(2024, 11, 23, 13, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)


def listed(article: Article) -> dict[str, datetime]:
    """Region → the time from which it lists the article."""
    return {row.region.subdomain: row.published_at for row in article.placements.select_related("region")}


def test_an_article_stands_at_home_and_in_every_region_above_from_its_own_time(tree):
    article = builders.make_live(tree.payakumbuh, AT)
    assert listed(article) == {"": AT, "sumaterabarat": AT, "payakumbuh": AT}


def test_an_article_of_the_network_stands_there_alone(tree):
    assert listed(builders.make_live(tree.network, AT)) == {"": AT}


@pytest.mark.parametrize(
    ("own", "begins"),
    [(None, AT), (AT + HOUR, AT + HOUR), (AT - HOUR, AT)],
    ids=["no time of its own", "a later time", "a time before the article's"],
)
def test_a_share_begins_at_its_own_time_and_never_before_the_article(tree, own, begins):
    article = builders.make_live(tree.payakumbuh, AT, shares={tree.makassar: own})
    assert listed(article) == {"": AT, "sumaterabarat": AT, "payakumbuh": AT, "makassar": begins}


def test_a_share_with_a_region_that_lists_the_article_anyway_changes_nothing(tree):
    article = builders.make_live(tree.payakumbuh, AT, shares={tree.sumbar: AT + HOUR})
    assert listed(article)["sumaterabarat"] == AT


def test_placements_end_when_the_article_does(tree):
    article = builders.make_live(tree.payakumbuh, AT, expires_at=AT + HOUR, shares={tree.makassar: None})
    assert set(article.placements.values_list("expires_at", flat=True)) == {AT + HOUR}
    assert article.placements.count() == 4


def test_a_share_that_would_begin_after_the_articles_end_is_not_listed(tree):
    article = builders.make_live(tree.payakumbuh, AT, expires_at=AT + HOUR, shares={tree.makassar: AT + HOUR})
    assert "makassar" not in listed(article)
    assert "payakumbuh" in listed(article)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.APPROVED])
def test_an_article_that_is_not_approved_stands_nowhere(tree, status):
    article = builders.make_live(tree.payakumbuh, AT, shares={tree.makassar: None})
    assert listed(article)
    workflow.import_as(article, status=status, published_at=AT)
    assert not listed(article)


def test_lists_follow_a_change_of_section_and_of_shares(tree, people):
    article = builders.make_live(tree.payakumbuh, AT, shares={tree.makassar: None})
    sport = builders.make_section("Olahraga")
    article.section = sport
    workflow.save(article, actor=people.redaktur, parts=Parts(shares=[]))
    assert listed(article) == {"": AT, "sumaterabarat": AT, "payakumbuh": AT}
    assert set(article.placements.values_list("section", flat=True)) == {sport.pk}


def test_articles_follow_a_branch_that_moves(tree):
    article = builders.make_live(tree.payakumbuh, AT, shares={tree.ambon: None})
    elsewhere = builders.make_live(tree.limapuluhkota, AT)
    tree.payakumbuh.parent = tree.sulsel
    services.save(tree.payakumbuh)
    assert set(listed(article)) == {"", "sulawesiselatan", "payakumbuh", "ambon"}
    assert set(listed(elsewhere)) == {"", "sumaterabarat", "limapuluhkota"}


def test_rebuilding_many_costs_as_many_queries_as_rebuilding_one(tree):
    articles = [builders.make_live(tree.payakumbuh, AT, shares={tree.makassar: None}) for _number in range(12)]

    def queries(*ids: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            placements.rebuild(*ids)
        return len(captured)

    assert queries(*[article.pk for article in articles]) == queries(articles[0].pk)
    assert all(len(listed(article)) == 4 for article in articles)
