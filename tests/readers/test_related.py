"""What to read after an article."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from news.demo import builders
from news.models import Article, Placement, Tag, TaggedArticle
from news.publishing import workflow
from news.readers import related
from news.readers.pages.article import READING_SPEED, ArticlePage
from news.readers.related import LATEST, RELATED, NextToRead
from regions.generations.snapshot import Poller
from regions.models import Region

pytestmark = pytest.mark.databases

LONG = "".join(f"<p>Alinea {n}.</p>" for n in range(1, 8))


def next_to_read(reader, article) -> NextToRead:
    request = reader(article.region).get(article.get_absolute_url()).wsgi_request
    loaded = Article.objects.for_page().get(pk=article.pk)
    return ArticlePage.build(request.snapshot, request.region, loaded).next_to_read


def test_articles_that_share_a_tag_come_first_and_no_article_stands_twice(tree, reader):
    now = timezone.now()
    politics, sport = builders.make_section("Politik"), builders.make_section("Olahraga")
    article = builders.make_live(
        tree.payakumbuh, now - timedelta(hours=1), tags=["Pilkada"], section=politics, body=LONG
    )
    old = [
        builders.make_live(tree.payakumbuh, now - timedelta(days=30 + n), tags=["Pilkada"], section=sport)
        for n in range(RELATED + 2)
    ]
    fresh = [
        builders.make_live(tree.payakumbuh, now - timedelta(hours=2 + n), section=sport if n else politics)
        for n in range(LATEST + 3)
    ]
    builders.make_live(tree.makassar, now - timedelta(hours=1), tags=["Pilkada"])
    further = next_to_read(reader, article)
    assert (further.also, further.related) == (old[0], old[1:RELATED])
    assert further.next == fresh[0]
    assert further.latest == fresh[1 : 1 + LATEST]


@pytest.mark.parametrize("state", ["scheduled", "shared for later", "expired", "withdrawn"])
def test_what_readers_do_not_have_is_not_related(tree, people, reader, state):
    hour = timedelta(hours=1)
    article = builders.make_live(tree.payakumbuh, tags=["Pilkada"], body=LONG)
    now = timezone.now()
    match state:
        case "scheduled":
            other = builders.make_article(tree.payakumbuh, tags=["Pilkada"])
            workflow.schedule(other, actor=people.admin, at=now + hour)
        case "shared for later":
            other = builders.make_live(tree.ambon, tags=["Pilkada"], shares={tree.payakumbuh: now + hour})
        case "expired":
            other = builders.make_live(tree.payakumbuh, now - 2 * hour, expires_at=now - hour, tags=["Pilkada"])
        case "withdrawn":
            other = builders.make_live(tree.payakumbuh, tags=["Pilkada"])
            workflow.withdraw(other, actor=people.admin, reason="Keliru.")
    further = next_to_read(reader, article)
    assert (further.also, further.next, further.related, further.latest) == (None, None, [], [])
    assert other.title


def newest_with_a_common_tag(region, article) -> list[Article]:
    """What `related._tagged` is to find, by one plain query over the placements and the tags of articles."""
    rows = Placement.objects.live().in_region(region).exclude(article=article).newest_first()
    same = TaggedArticle.objects.filter(tag__in=article.tags.all()).values("content_object")
    return [row.article for row in rows.filter(article__in=same)[:RELATED]]


@pytest.mark.parametrize("seed", range(2))
def test_what_shares_a_tag_is_what_a_plain_query_over_all_articles_finds(tree, seed):
    """With ties in time, shares that begin later, articles that have ended or have not begun, and a closed region."""
    chance, now = Random(seed), timezone.now()
    names = ["Pilkada", "Banjir", "Pasar", "Rendang", "Haji"]
    homes = [tree.payakumbuh, tree.limapuluhkota, tree.ambon, tree.makassar]

    def hours(first: int, last: int) -> timedelta:
        return timedelta(hours=chance.randint(first, last))

    for _number in range(30):
        begins = now + timedelta(minutes=30) + hours(-12, 1)
        ends = begins + hours(1, 14) if chance.random() < 0.3 else None
        shared = {chance.choice(homes): chance.choice([None, now + timedelta(minutes=30) + hours(-12, 1)])}
        tags = chance.sample(names, chance.choice([1, 1, 2, 3, 5]))
        builders.make_live(chance.choice(homes), begins, expires_at=ends, tags=tags, shares=shared)
    Region.objects.filter(pk=tree.makassar.pk).update(is_open=False)
    snapshot, found = Poller(in_thread=False).snapshot(), 0
    for region in (*homes[:3], tree.sumbar, tree.network):
        for article in Article.objects.prefetch_related("tags"):
            expected = newest_with_a_common_tag(region, article)
            assert related._tagged(snapshot, region, article) == expected, (region, article.pk)
            found += len(expected) == RELATED
    assert found > 10


@pytest.mark.parametrize("count", [1, 3, 12])
def test_what_shares_a_tag_is_one_query_however_many_tags_there_are(tree, count, django_assert_num_queries):
    tags = [f"Tag {number}" for number in range(count)]
    article = builders.make_live(tree.payakumbuh, tags=tags)
    others = [builders.make_live(tree.payakumbuh, tags=[tag]) for tag in tags][:RELATED]
    loaded, snapshot = Article.objects.for_page().get(pk=article.pk), Poller(in_thread=False).snapshot()
    related._tagged(snapshot, tree.payakumbuh, loaded)  # the articles are in memory now
    with django_assert_num_queries(1):
        assert len(related._tagged(snapshot, tree.payakumbuh, loaded)) == len(others)


def test_an_article_without_relatives_shows_no_related_articles(tree, reader):
    article = builders.make_live(tree.payakumbuh, tags=["Pilkada"])
    further = next_to_read(reader, article)
    assert (further.also, further.next, further.related, further.latest) == (None, None, [], [])
    page = reader(tree.payakumbuh).get(article.get_absolute_url()).text
    assert 'class="block related"' not in page
    assert 'class="next"' not in page


def test_a_short_article_is_not_interrupted_and_what_shares_its_tag_stands_below_it(tree, reader):
    article = builders.make_live(tree.payakumbuh, tags=["Kopi"])
    other = builders.make_live(tree.payakumbuh, tags=["Kopi"])
    further = next_to_read(reader, article)
    assert (further.also, further.related) == (None, [other])
    assert other.canonical_url in reader(tree.payakumbuh).get(article.get_absolute_url()).text


def test_paid_texts_are_not_pointed_to_in_the_middle_of_an_article(tree, reader):
    article = builders.make_live(tree.payakumbuh, tags=["Kopi"], body=LONG)
    paid = builders.make_live(tree.payakumbuh, tags=["Kopi"], kind=Article.Kind.ADVERTORIAL)
    further = next_to_read(reader, article)
    assert (further.also, further.related) == (None, [paid])


def test_a_long_article_points_to_another_one_after_its_third_paragraph(tree, reader):
    article = builders.make_live(tree.payakumbuh, tags=["Pilkada"], body=LONG)
    other = builders.make_live(tree.payakumbuh, tags=["Pilkada"], title="Judul yang lain sama sekali")
    page = reader(tree.payakumbuh).get(article.get_absolute_url()).text
    text = page[page.index('class="story-body"') :]
    assert text.index("Alinea 3.") < text.index('class="also"') < text.index(other.title) < text.index("Alinea 4.")


def test_the_page_says_how_long_it_takes_to_read_it(tree, reader):
    article = builders.make_live(tree.payakumbuh, body="<p>" + "kata " * READING_SPEED * 4 + "</p>")
    assert "4 menit membaca" in reader(tree.payakumbuh).get(article.get_absolute_url()).text


def test_sharing_is_plain_links_with_the_short_address(tree, reader):
    article = builders.make_live(tree.payakumbuh, title="Harga & pasar “naik”")
    page = reader(tree.payakumbuh).get(article.get_absolute_url()).text
    share = page[page.index('class="share"') :]
    assert share.index("wa.me") < share.index("t.me") < share.index("facebook") < share.index("x.com")
    assert f"wa.me/?text=Harga+%26+pasar+%E2%80%9Cnaik%E2%80%9D+http%3A%2F%2Fpayakumbuh.testserver%2F{article.pk}" in (
        share.replace(tree.payakumbuh.host.replace(":", "%3A"), "payakumbuh.testserver")
    )


def test_everybody_with_a_part_in_the_article_is_named_and_linked(tree, reader):
    article = builders.make_live(tree.payakumbuh)
    editor = builders.make_author("Rina Koto", tree.payakumbuh)
    article.bylines.create(author=editor, role="editor", position=2)
    page = reader(tree.payakumbuh).get(article.get_absolute_url()).text
    assert (
        'Penyunting: <a href="/penulis/rina-koto/">Rina Koto</a>' in page
        or "Rina Koto" in page[page.index("credits") :]
    )
    assert Tag.objects.count() == 0
