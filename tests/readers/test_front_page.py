"""What stands on a front page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from news.demo import builders
from news.images.models import Photo
from news.models import Article, FrontSlot
from news.publishing import placements
from news.readers import front_page
from news.readers.front_page import BLOCK, HEADLINES, LATEST, LEAD_CANDIDATES, NEIGHBOURS, Front
from regions.generations.snapshot import Snapshot

pytestmark = pytest.mark.databases

AT = datetime(2024, 11, 23, 13, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)
TOP = 1 + HEADLINES + LATEST
CARD = re.compile(r'class="card-title"><a href="([^"]+)"')


@pytest.fixture
def photo(tree) -> Photo:
    return Photo.objects.create(region=tree.payakumbuh, width=900, height=600, rendition_key="a" * 32)


def publish(region, count: int, **overrides) -> list[Article]:
    """Articles an hour apart, newest first, the newest an hour before AT."""
    return [builders.make_live(region, AT - number * HOUR, **overrides) for number in range(1, count + 1)]


def compose(region, at: datetime) -> Front:
    return front_page.compose(Snapshot.for_one_page(), region, at)


def standing(front: Front) -> list[Article]:
    """Every article on the page, from the top down."""
    lead = [front.lead] if front.lead else []
    return [
        *lead,
        *front.headlines,
        *front.latest,
        *(article for block in front.blocks for article in block.articles),
    ]


@pytest.mark.parametrize("count", [0, 1, 3, 20])
def test_a_front_of_any_size_shows_its_articles_once(tree, reader, count):
    articles = publish(tree.payakumbuh, count)
    front = compose(tree.payakumbuh, AT)
    assert standing(front) == articles[: TOP + BLOCK]
    assert (front.lead is None) is (count == 0)
    response = reader(tree.payakumbuh).get("/")
    assert CARD.findall(response.text) == [article.canonical_url for article in articles[: TOP + BLOCK]]
    assert ('class="empty"' in response.text) is (count == 0)


def test_blocks_hold_each_sections_newest_articles_that_do_not_stand_higher_up(tree, reader):
    older = {name: publish(tree.payakumbuh, 6, section=builders.make_section(name)) for name in ("Hukum", "Olahraga")}
    newer = [builders.make_live(tree.payakumbuh, AT - number * HOUR / 100) for number in range(1, TOP + 1)]
    builders.make_section("Wisata")
    front = compose(tree.payakumbuh, AT)
    assert [front.lead, *front.headlines, *front.latest] == newer
    assert {block.of.name: block.articles for block in front.blocks} == {
        name: articles[:BLOCK] for name, articles in older.items()
    }
    shown = CARD.findall(reader(tree.payakumbuh).get("/").text)
    assert len(shown) == len(set(shown)) == TOP + 2 * BLOCK


@pytest.mark.parametrize("number", range(LEAD_CANDIDATES + 1))
def test_the_lead_is_the_newest_of_five_with_a_photo(tree, photo, number):
    articles = publish(tree.payakumbuh, LEAD_CANDIDATES + 1)
    Article.objects.filter(pk=articles[number].pk).update(lead_photo=photo)
    lead = articles[number] if number < LEAD_CANDIDATES else articles[0]
    front = compose(tree.payakumbuh, AT)
    assert front.lead == lead
    assert front.headlines + front.latest == [article for article in articles if article != lead]


@pytest.mark.parametrize("kind", [Article.Kind.ADVERTORIAL, Article.Kind.RELEASE])
def test_what_the_newsroom_did_not_write_leads_only_when_there_is_nothing_else(tree, photo, kind):
    supplied = publish(tree.payakumbuh, 3, kind=kind, lead_photo=photo)
    assert compose(tree.payakumbuh, AT).lead == supplied[0]
    editorial = builders.make_live(tree.payakumbuh, AT - 9 * HOUR)
    front = compose(tree.payakumbuh, AT)
    assert front.lead == editorial
    assert front.headlines == supplied


def test_the_front_of_a_time_to_come_has_the_articles_scheduled_until_then(tree):
    live = builders.make_live(tree.payakumbuh, AT - HOUR)
    scheduled = builders.make_live(tree.payakumbuh, AT + HOUR)
    ending = builders.make_live(tree.payakumbuh, AT - 2 * HOUR, expires_at=AT + HOUR)
    assert standing(compose(tree.payakumbuh, AT)) == [live, ending]
    assert standing(compose(tree.payakumbuh, AT + HOUR)) == [scheduled, live]


def test_a_front_has_its_own_branchs_articles_and_those_shared_with_it(tree):
    own = builders.make_live(tree.payakumbuh, AT - HOUR)
    sisters = builders.make_live(tree.limapuluhkota, AT - 2 * HOUR)
    shared = builders.make_live(tree.makassar, AT - 3 * HOUR, shares={tree.payakumbuh: None})
    assert standing(compose(tree.payakumbuh, AT)) == [own, shared]
    assert standing(compose(tree.sumbar, AT)) == [own, sisters]
    assert standing(compose(tree.network, AT)) == [own, sisters, shared]
    assert standing(compose(tree.ambon, AT)) == []


def place(article: Article, region, **values) -> FrontSlot:
    return builders.place(article, region, **({"starts_at": AT - HOUR} | values))


def test_editors_slots_come_first_and_no_article_stands_twice(tree, reader):
    articles = publish(tree.payakumbuh, 20)
    place(articles[15], tree.payakumbuh, slot="lead")
    place(articles[16], tree.payakumbuh, slot="headline", position=2)
    place(articles[17], tree.payakumbuh, slot="headline", position=1)
    place(articles[18], tree.payakumbuh, slot="breaking")
    front = compose(tree.payakumbuh, AT)
    assert front.lead == articles[15]
    assert front.headlines == [articles[17], articles[16], *articles[:2]]
    assert front.latest == articles[2 : 2 + LATEST]
    assert front.breaking == [articles[18]]
    shown = standing(front) + front.breaking
    assert len(shown) == len(set(shown)) == 1 + HEADLINES + LATEST + BLOCK + 1
    page = reader(tree.payakumbuh).get("/").text
    assert page.index('class="breaking"') < page.index(articles[18].title) < page.index('class="front-lead"')


@pytest.mark.parametrize(
    ("when", "place_of"),
    [
        (AT - 2 * HOUR, None),
        (AT - HOUR, "lead"),
        (AT, "lead"),
        (AT + HOUR, None),
    ],
)
def test_a_slot_holds_from_its_beginning_until_its_end(tree, when, place_of):
    newest, chosen = publish(tree.payakumbuh, 2, expires_at=None)
    Article.objects.update(published_at=AT - 9 * HOUR)
    placements.rebuild(newest.pk, chosen.pk)
    place(newest, tree.payakumbuh, slot="lead", ends_at=AT + HOUR)
    front = compose(tree.payakumbuh, when)
    assert (front.lead == newest) is (place_of == "lead")


def test_a_slot_never_shows_what_readers_cannot_open(tree):
    live, scheduled = publish(tree.payakumbuh, 1)[0], builders.make_live(tree.payakumbuh, AT + HOUR)
    elsewhere = builders.make_live(tree.makassar, AT - HOUR)
    for article in (scheduled, elsewhere):
        place(article, tree.payakumbuh, slot="lead")
        place(article, tree.payakumbuh, slot="breaking")
    front = compose(tree.payakumbuh, AT)
    assert standing(front) == [live]
    assert front.breaking == []


def test_an_article_from_elsewhere_cannot_be_placed(tree):
    elsewhere = builders.make_live(tree.makassar, AT - HOUR)
    with pytest.raises(ValidationError, match="article"):
        FrontSlot(region=tree.payakumbuh, article=elsewhere, slot="lead").full_clean()


def test_a_citys_front_shows_its_neighbours_and_its_province_without_its_own_articles(tree, reader):
    own = publish(tree.payakumbuh, 2)
    neighbours = publish(tree.limapuluhkota, 2)
    provinces = publish(tree.sumbar, 2)
    front = compose(tree.payakumbuh, AT)
    assert standing(front) == own
    assert [(block.of, block.articles) for block in front.areas] == [
        (tree.limapuluhkota, neighbours),
        (tree.sumbar, provinces),
    ]
    page = reader(tree.payakumbuh).get("/").text
    assert "Dari Limapuluh Kota" in page
    assert f'href="{tree.sumbar.origin}/">Sumatera Barat' in page


def test_a_citys_neighbours_with_the_newest_articles_come_first_and_its_province_last(tree):
    regions = [builders.make_region(f"daerah{number}", tree.sumbar) for number in range(NEIGHBOURS + 2)]
    for region, hours in zip(regions, (3, 1, 4, 2), strict=True):
        builders.make_live(region, AT - hours * HOUR)
    builders.make_live(tree.sumbar, AT - 9 * HOUR)
    front = compose(tree.payakumbuh, AT)
    assert [block.of for block in front.areas] == [regions[1], regions[3], tree.sumbar]


def test_the_networks_front_shows_provinces_and_leads_to_their_editions(tree):
    top = publish(tree.makassar, TOP)
    older = [builders.make_live(tree.payakumbuh, AT - 50 * HOUR), builders.make_live(tree.ambon, AT - 40 * HOUR)]
    Article.objects.filter(pk__in=[article.pk for article in older]).update(section=builders.make_section("Ragam"))
    front = compose(tree.network, AT)
    assert set(standing(front)) == {*top, *older}
    assert front.children == [tree.maluku, tree.sulsel, tree.sumbar]


def test_photo_articles_below_the_top_stand_in_a_block_of_their_own(tree, photo):
    shown = publish(tree.payakumbuh, 6, kind=Article.Kind.PHOTOS, lead_photo=photo)
    builders.make_section("Ragam")
    Article.objects.update(published_at=AT - 90 * HOUR)
    placements.rebuild(*[article.pk for article in shown])
    newer = publish(tree.payakumbuh, TOP + BLOCK)
    front = compose(tree.payakumbuh, AT)
    assert front.photos == sorted(shown, key=lambda article: -article.pk)[:4]
    assert set(standing(front)) == set(newer)


def test_the_times_in_the_margin_are_those_of_the_pages_own_clocks(tree, reader):
    now = timezone.now()
    moment = now.replace(second=0, microsecond=0) - timedelta(days=3)
    builders.make_live(tree.makassar, moment, title="Kapal malam ditiadakan")
    for number in range(1, 1 + HEADLINES + 1):
        builders.make_live(tree.makassar, moment + timedelta(minutes=number))
    for region in (tree.network, tree.makassar):
        page = reader(region).get("/").text
        rail = page[page.index('class="rail') :]
        assert f'datetime="{region.local(moment).isoformat(timespec="seconds")}"' in rail
