"""Where an article stands follows from its region, its shares and its status."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from news.demo import builders
from news.models import Article, Status, Tag, TaggedPlacement
from news.publishing import placements, tags, workflow
from news.publishing.parts import Parts
from regions import services

pytestmark = pytest.mark.databases

AT = datetime(2024, 11, 23, 13, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)


def listed(article: Article) -> dict[str, datetime]:
    """Region → the time from which it lists the article."""
    return {row.region.subdomain: row.published_at for row in article.placements.select_related("region")}


def listed_by_tag(article: Article) -> dict[tuple[str, str], tuple[datetime, datetime | None]]:
    """(region, tag) → the times from which and to which the region's list of the tag has the article."""
    rows = article.tagged_placements.select_related("region", "tag")
    return {(row.region.subdomain, row.tag.name): (row.published_at, row.expires_at) for row in rows}


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
    article = builders.make_live(tree.payakumbuh, AT, shares={tree.makassar: None}, tags=["Pilkada"])
    assert listed(article)
    assert listed_by_tag(article)
    workflow.import_as(article, status=status, published_at=AT)
    assert not listed(article)
    assert not listed_by_tag(article)


def test_lists_by_tag_have_an_article_wherever_it_stands_at_the_same_times(tree):
    end, names = AT + 2 * HOUR, ["Pilkada", "KPU"]
    article = builders.make_live(
        tree.payakumbuh, AT, expires_at=end, tags=names, shares={tree.makassar: AT + HOUR, tree.ambon: end}
    )
    begins = {"": AT, "sumaterabarat": AT, "payakumbuh": AT, "makassar": AT + HOUR}
    assert listed_by_tag(article) == {(place, tag): (begins[place], end) for place in begins for tag in names}
    assert not listed_by_tag(builders.make_live(tree.payakumbuh, AT))


def test_lists_by_tag_follow_a_change_of_tags_and_of_shares(tree, people):
    article = builders.make_live(tree.payakumbuh, AT, tags=["Pilkada", "KPU"], shares={tree.makassar: None})
    other = builders.make_live(tree.ambon, AT, tags=["KPU"])
    workflow.save(article, actor=people.redaktur, parts=Parts(tags=["KPU", "Bawaslu"], shares=[]))
    names, places = ("KPU", "Bawaslu"), ("", "sumaterabarat", "payakumbuh")
    assert listed_by_tag(article) == {(place, tag): (AT, None) for place in places for tag in names}
    workflow.save(article, actor=people.redaktur, parts=Parts(tags=[]))
    assert not listed_by_tag(article)
    assert listed_by_tag(other).keys() == {("", "KPU"), ("maluku", "KPU"), ("ambon", "KPU")}


def test_a_withdrawn_article_is_in_no_list_by_tag(tree, people):
    article = builders.make_live(tree.payakumbuh, AT, tags=["Pilkada"])
    workflow.withdraw(article, actor=people.admin, reason="Keliru.")
    assert not listed_by_tag(article)


def test_lists_by_tag_follow_a_merge_of_tags_and_have_each_article_once(tree, people):
    wrong = builders.make_live(tree.payakumbuh, AT, tags=["Pasra", "Harga"], shares={tree.makassar: AT + HOUR})
    both = builders.make_live(tree.ambon, AT, tags=["Pasra", "Pasar"])
    right = builders.make_live(tree.ambon, AT, tags=["Pasar"])
    tags.merge(Tag.objects.get(name="Pasra"), Tag.objects.get(name="Pasar"), actor=people.admin)
    begins = {"": AT, "sumaterabarat": AT, "payakumbuh": AT, "makassar": AT + HOUR}
    assert listed_by_tag(wrong) == {
        (place, tag): (begins[place], None) for place in begins for tag in ("Pasar", "Harga")
    }
    for article in (both, right):
        assert listed_by_tag(article) == {(place, "Pasar"): (AT, None) for place in ("", "maluku", "ambon")}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_merge_locks_home_regions_as_publishing_does_before_it_locks_tags(tree, people):
    """Otherwise an article that is published meanwhile would be listed by a tag that is gone."""
    builders.make_live(tree.payakumbuh, AT, tags=["Pasra"])
    wrong, right = Tag.for_names(["Pasra", "Pasar"])
    with CaptureQueriesContext(connection) as captured:
        tags.merge(wrong, right, actor=people.admin)
    locks = [query["sql"] for query in captured if query["sql"].endswith(("FOR UPDATE", "FOR NO KEY UPDATE"))]
    assert [sql.split(" FROM ")[1].split()[0] for sql in locks][:2] == ['"regions_region"', '"news_tag"']


def test_the_database_keeps_an_article_once_in_a_list_by_tag_and_a_tag_that_is_listed(tree):
    article = builders.make_live(tree.payakumbuh, AT, tags=["Pilkada"])
    row = article.tagged_placements.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        TaggedPlacement.objects.bulk_create([row])
    article.tagged_articles.all().delete()
    with pytest.raises(ProtectedError):
        Tag.objects.get().delete()
    article.delete()
    assert not TaggedPlacement.objects.exists()
    Tag.objects.get().delete()


def test_the_migration_lists_by_tag_what_publishing_does(tree):
    builders.make_live(tree.payakumbuh, AT, tags=["Pilkada", "KPU"], shares={tree.makassar: AT + HOUR})
    builders.make_live(tree.ambon, AT, tags=["KPU"], expires_at=AT + HOUR)
    builders.make_live(tree.ambon, AT)
    builders.make_article(tree.ambon, tags=["KPU"])
    made = set(TaggedPlacement.objects.values_list())
    assert len(made) == 4 * 2 + 3
    TaggedPlacement.objects.all().delete()
    with connection.cursor() as cursor:
        import_module("news.migrations.0015_tagged_placements").fill(None, cursor)
    assert set(TaggedPlacement.objects.values_list()) == made


def test_lists_follow_a_change_of_section_and_of_shares(tree, people):
    article = builders.make_live(tree.payakumbuh, AT, shares={tree.makassar: None})
    sport = builders.make_section("Olahraga")
    article.section = sport
    workflow.save(article, actor=people.redaktur, parts=Parts(shares=[]))
    assert listed(article) == {"": AT, "sumaterabarat": AT, "payakumbuh": AT}
    assert set(article.placements.values_list("section", flat=True)) == {sport.pk}


def test_articles_follow_a_branch_that_moves(tree):
    article = builders.make_live(tree.payakumbuh, AT, shares={tree.ambon: None}, tags=["Pilkada"])
    elsewhere = builders.make_live(tree.limapuluhkota, AT)
    tree.payakumbuh.parent = tree.sulsel
    services.save(tree.payakumbuh)
    assert set(listed(article)) == {"", "sulawesiselatan", "payakumbuh", "ambon"}
    assert {place for place, _tag in listed_by_tag(article)} == set(listed(article))
    assert set(listed(elsewhere)) == {"", "sumaterabarat", "limapuluhkota"}


def test_rebuilding_many_costs_as_many_queries_as_rebuilding_one(tree):
    articles = [
        builders.make_live(tree.payakumbuh, AT, shares={tree.makassar: None}, tags=["Pilkada", "KPU"])
        for _number in range(12)
    ]

    def queries(*ids: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            placements.rebuild(*ids)
        return len(captured)

    assert queries(*[article.pk for article in articles]) == queries(articles[0].pk)
    assert all(len(listed(article)) == 4 for article in articles)
    assert all(len(listed_by_tag(article)) == 8 for article in articles)
