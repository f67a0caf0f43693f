"""What stands on a front page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from news import front, placing
from news.demo import builders
from news.front import BLOCK, HEADLINES, LATEST, LEAD_CANDIDATES, Front
from news.images.models import Photo
from news.models import Article, FrontSlot
from regions.board import Snapshot

AT = datetime(2024, 11, 23, 13, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)
TOP = 1 + HEADLINES + LATEST
CARD = re.compile(r'class="card-title"><a href="([^"]+)"')


@pytest.fixture
def photo(tree) -> Photo:
    return Photo.objects.create(region=tree.payakumbuh, width=900, height=600, rendition_key="a" * 32)


def publish(region, count: int, **overrides) -> list[Article]:
    """Stories an hour apart, newest first, the newest an hour before AT."""
    return [builders.make_live(region, AT - number * HOUR, **overrides) for number in range(1, count + 1)]


def compose(region, at: datetime) -> Front:
    return front.compose(Snapshot.alone(), region, at)


def standing(front: Front) -> list[Article]:
    """Every story on the page, from the top down."""
    lead = [front.lead] if front.lead else []
    return [*lead, *front.headlines, *front.latest, *(story for block in front.blocks for story in block.stories)]


@pytest.mark.parametrize("count", [0, 1, 3, 20])
def test_a_front_of_any_size_shows_its_stories_once(tree, reader, count):
    stories = publish(tree.payakumbuh, count)
    front = compose(tree.payakumbuh, AT)
    assert standing(front) == stories[: TOP + BLOCK]
    assert (front.lead is None) is (count == 0)
    response = reader(tree.payakumbuh).get("/")
    assert CARD.findall(response.text) == [story.canonical_url for story in stories[: TOP + BLOCK]]
    assert ('class="empty"' in response.text) is (count == 0)


def test_blocks_hold_each_sections_newest_stories_that_do_not_stand_higher_up(tree, reader):
    older = {name: publish(tree.payakumbuh, 6, section=builders.make_section(name)) for name in ("Hukum", "Olahraga")}
    newer = [builders.make_live(tree.payakumbuh, AT - number * HOUR / 100) for number in range(1, TOP + 1)]
    builders.make_section("Wisata")
    front = compose(tree.payakumbuh, AT)
    assert [front.lead, *front.headlines, *front.latest] == newer
    assert {block.of.name: block.stories for block in front.blocks} == {
        name: stories[:BLOCK] for name, stories in older.items()
    }
    shown = CARD.findall(reader(tree.payakumbuh).get("/").text)
    assert len(shown) == len(set(shown)) == TOP + 2 * BLOCK


@pytest.mark.parametrize("place", range(LEAD_CANDIDATES + 1))
def test_the_lead_is_the_newest_of_five_with_a_photo(tree, photo, place):
    stories = publish(tree.payakumbuh, LEAD_CANDIDATES + 1)
    Article.objects.filter(pk=stories[place].pk).update(lead_photo=photo)
    lead = stories[place] if place < LEAD_CANDIDATES else stories[0]
    front = compose(tree.payakumbuh, AT)
    assert front.lead == lead
    assert front.headlines + front.latest == [story for story in stories if story != lead]


@pytest.mark.parametrize("kind", [Article.Kind.ADVERTORIAL, Article.Kind.RELEASE])
def test_what_the_newsroom_did_not_write_leads_only_when_there_is_nothing_else(tree, photo, kind):
    supplied = publish(tree.payakumbuh, 3, kind=kind, lead_photo=photo)
    assert compose(tree.payakumbuh, AT).lead == supplied[0]
    editorial = builders.make_live(tree.payakumbuh, AT - 9 * HOUR)
    front = compose(tree.payakumbuh, AT)
    assert front.lead == editorial
    assert front.headlines == supplied


def test_the_front_of_a_time_to_come_has_the_stories_scheduled_until_then(tree):
    live = builders.make_live(tree.payakumbuh, AT - HOUR)
    scheduled = builders.make_live(tree.payakumbuh, AT + HOUR)
    ending = builders.make_live(tree.payakumbuh, AT - 2 * HOUR, expires_at=AT + HOUR)
    assert standing(compose(tree.payakumbuh, AT)) == [live, ending]
    assert standing(compose(tree.payakumbuh, AT + HOUR)) == [scheduled, live]


def test_a_front_has_its_own_branchs_stories_and_those_shared_with_it(tree):
    own = builders.make_live(tree.payakumbuh, AT - HOUR)
    sisters = builders.make_live(tree.limapuluhkota, AT - 2 * HOUR)
    shared = builders.make_live(tree.makassar, AT - 3 * HOUR, shares={tree.payakumbuh: None})
    assert standing(compose(tree.payakumbuh, AT)) == [own, shared]
    assert standing(compose(tree.sumbar, AT)) == [own, sisters]
    assert standing(compose(tree.network, AT)) == [own, sisters, shared]
    assert standing(compose(tree.ambon, AT)) == []


def place(story: Article, region, **values) -> FrontSlot:
    return FrontSlot.objects.create(**({"article": story, "region": region, "starts_at": AT - HOUR} | values))


def test_editors_places_come_first_and_nothing_stands_twice(tree, reader):
    stories = publish(tree.payakumbuh, 20)
    place(stories[15], tree.payakumbuh, place="lead")
    place(stories[16], tree.payakumbuh, place="headline", position=2)
    place(stories[17], tree.payakumbuh, place="headline", position=1)
    place(stories[18], tree.payakumbuh, place="breaking")
    front = compose(tree.payakumbuh, AT)
    assert front.lead == stories[15]
    assert front.headlines == [stories[17], stories[16], *stories[:2]]
    assert front.latest == stories[2 : 2 + LATEST]
    assert front.breaking == [stories[18]]
    shown = standing(front) + front.breaking
    assert len(shown) == len(set(shown)) == 1 + HEADLINES + LATEST + BLOCK + 1
    page = reader(tree.payakumbuh).get("/").text
    assert page.index('class="breaking"') < page.index(stories[18].title) < page.index('class="front-lead"')


@pytest.mark.parametrize(
    ("when", "place_of"),
    [
        (AT - 2 * HOUR, None),
        (AT - HOUR, "lead"),
        (AT, "lead"),
        (AT + HOUR, None),
    ],
)
def test_a_place_holds_from_its_beginning_until_its_end(tree, when, place_of):
    newest, chosen = publish(tree.payakumbuh, 2, expires_at=None)
    Article.objects.update(published_at=AT - 9 * HOUR)
    placing.rebuild(newest.pk, chosen.pk)
    place(newest, tree.payakumbuh, place="lead", ends_at=AT + HOUR)
    front = compose(tree.payakumbuh, when)
    assert (front.lead == newest) is (place_of == "lead")


def test_a_place_never_shows_what_readers_cannot_open(tree):
    live, scheduled = publish(tree.payakumbuh, 1)[0], builders.make_live(tree.payakumbuh, AT + HOUR)
    elsewhere = builders.make_live(tree.makassar, AT - HOUR)
    for story in (scheduled, elsewhere):
        place(story, tree.payakumbuh, place="lead")
        place(story, tree.payakumbuh, place="breaking")
    front = compose(tree.payakumbuh, AT)
    assert standing(front) == [live]
    assert front.breaking == []


def test_a_story_from_elsewhere_cannot_be_placed(tree):
    elsewhere = builders.make_live(tree.makassar, AT - HOUR)
    with pytest.raises(ValidationError, match="article"):
        FrontSlot(region=tree.payakumbuh, article=elsewhere, place="lead").full_clean()


def test_a_citys_front_shows_its_neighbours_and_its_province_without_its_own_stories(tree, reader):
    own = publish(tree.payakumbuh, 2)
    neighbours = publish(tree.limapuluhkota, 2)
    provinces = publish(tree.sumbar, 2)
    front = compose(tree.payakumbuh, AT)
    assert standing(front) == own
    assert [(block.of, block.stories) for block in front.areas] == [
        (tree.limapuluhkota, neighbours),
        (tree.sumbar, provinces),
    ]
    page = reader(tree.payakumbuh).get("/").text
    assert "Dari Limapuluh Kota" in page
    assert f'href="{tree.sumbar.origin}/">Sumatera Barat' in page


def test_the_networks_front_shows_provinces_and_leads_to_their_editions(tree):
    top = publish(tree.makassar, TOP)
    older = [builders.make_live(tree.payakumbuh, AT - 50 * HOUR), builders.make_live(tree.ambon, AT - 40 * HOUR)]
    Article.objects.filter(pk__in=[story.pk for story in older]).update(section=builders.make_section("Ragam"))
    front = compose(tree.network, AT)
    assert set(standing(front)) == {*top, *older}
    assert front.children == [tree.maluku, tree.sulsel, tree.sumbar]


def test_photo_stories_below_the_top_stand_in_a_block_of_their_own(tree, photo):
    shown = publish(tree.payakumbuh, 6, kind=Article.Kind.PHOTOS, lead_photo=photo)
    builders.make_section("Ragam")
    Article.objects.update(published_at=AT - 90 * HOUR)
    placing.rebuild(*[story.pk for story in shown])
    newer = publish(tree.payakumbuh, TOP + BLOCK)
    front = compose(tree.payakumbuh, AT)
    assert front.photos == sorted(shown, key=lambda story: -story.pk)[:4]
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
