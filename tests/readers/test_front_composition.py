"""Any front page, whatever is placed: no story twice, none that readers cannot open, times kept to the second."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from news.demo import builders
from news.models import Article, FrontArrangement, FrontSlot, Placement
from news.publishing import placements
from news.publishing.front_content import stored
from news.readers.front_page import compose, placed_in
from regions.generations.snapshot import Snapshot
from regions.models import Region
from tests.thorough import THOROUGH

AT = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
SECONDS = st.sampled_from([-7200, -3600, -2, -1, 0, 1, 2, 3600])
"""Seconds from AT, most of them close to it."""
STORIES = 10
SLOT = st.tuples(
    st.sampled_from(FrontSlot.Slot.values),
    st.integers(0, STORIES - 1),
    st.none() | SECONDS,
    st.none() | st.integers(1, 7200),
)
ARRANGEMENT = st.tuples(
    st.sampled_from(["here", "above"]), SECONDS, st.booleans(), st.booleans(), st.lists(SLOT, max_size=9)
)
TIMES = st.lists(st.tuples(SECONDS, st.none() | SECONDS), min_size=STORIES, max_size=STORIES)


def moment(seconds):
    return None if seconds is None else AT + timedelta(seconds=seconds)


@pytest.fixture
def world(tree):
    """Payakumbuh with ten stories, of which the last four are a sister's, which the province lists too."""
    here = [builders.make_live(tree.payakumbuh, AT - timedelta(hours=9)) for _number in range(STORIES - 4)]
    sisters = [builders.make_live(tree.limapuluhkota, AT - timedelta(hours=9)) for _number in range(4)]
    return tree.payakumbuh, tree.sumbar, [*here, *sisters]


@settings(
    max_examples=200 if THOROUGH else 12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(times=TIMES, arrangements=st.lists(ARRANGEMENT, max_size=4))
def test_a_front_page_shows_no_story_twice_none_that_is_hidden_and_keeps_times(world, times, arrangements):
    with transaction.atomic():
        _check(*world, times, arrangements)
        transaction.set_rollback(True)


def _check(region, above, stories, times, arrangements):
    for story, (published, expires) in zip(stories, times, strict=True):
        expires = None if expires is None or expires <= published else expires
        Article.objects.filter(pk=story.pk).update(published_at=moment(published), expires_at=moment(expires))
    placements.rebuild(*[story.pk for story in stories])
    for place, begins, retired, follows, slots in arrangements:
        owner = region if place == "here" else above
        made = FrontArrangement.objects.create(
            region=owner, begins_at=moment(begins), is_retired=retired, follows_lead=follows
        )
        for position, (slot, number, starts, lasts) in enumerate(slots):
            ends = None if lasts is None else moment(starts or 0) + timedelta(seconds=lasts)
            FrontSlot.objects.create(
                arrangement=made, region=owner, slot=slot, position=position, article=stories[number],
                starts_at=moment(starts), ends_at=ends,
            )  # fmt: skip
    front = compose(Snapshot.for_one_page(), region, AT)
    shown = [article.pk for article in _top(front)]
    every = shown + [article.pk for block in front.blocks for article in block.articles]
    assert len(every) == len(set(every)), "no doubles"
    live = {
        row.article_id
        for row in Placement.objects.filter(region=region)
        if row.published_at <= AT and (row.expires_at is None or row.expires_at > AT)
    }
    followed = {front.lead.pk} if front.follows else set()
    assert set(every) - followed <= live, "nothing hidden"
    own, leads = _expected(region, live), _expected_lead(above)
    if own["lead"]:
        assert front.lead.pk == own["lead"][0]
        assert not front.follows
    elif leads and own["follows"]:
        assert front.lead.pk == leads
        assert front.follows
    else:
        assert not front.follows
    missing = {pk for slot in ("headline", "pinned") for pk in own[slot]} - set(shown)
    assert not missing, "what was placed beside the lead, or pinned, is there"
    in_force = FrontArrangement.objects.in_force(region, AT).first()
    again = compose(Snapshot.for_one_page(), region, AT, placed_in(region, stored(in_force, AT), AT))
    assert again == front, "a prepared arrangement is previewed as what it will be"


def _top(front):
    return [*front.breaking, *([front.lead] if front.lead else []), *front.headlines, *front.latest]


def _expected(region, live):
    """In plain Python: what is placed in each slot of the region's own arrangement and shown at AT."""
    kept = [row for row in FrontArrangement.objects.filter(region=region) if not row.is_retired and row.begins_at <= AT]
    newest = max(kept, key=lambda row: (row.begins_at, row.pk), default=None)
    found = {slot: [] for slot in FrontSlot.Slot.values} | {"follows": bool(newest and newest.follows_lead)}
    for row in newest.slots.order_by("position") if newest else []:
        running = (row.starts_at is None or row.starts_at <= AT) and (row.ends_at is None or row.ends_at > AT)
        if running and row.article_id in live:
            found[row.slot].append(row.article_id)
    return found


def _expected_lead(above):
    live = {
        row.article_id
        for row in Placement.objects.filter(region=above)
        if row.published_at <= AT and (row.expires_at is None or row.expires_at > AT)
    }
    return next(iter(_expected(above, live)["lead"]), None)


def test_a_front_costs_the_same_at_3_and_at_552_regions_whoever_follows(tree):
    builders.arrange(tree.payakumbuh, follows_lead=True)
    builders.place(builders.make_live(tree.limapuluhkota), tree.sumbar)
    snapshot = Snapshot.for_one_page()

    def cost(region):
        compose(snapshot, region)
        with CaptureQueriesContext(connection) as queries:
            compose(snapshot, region)
        return len(queries)

    few = cost(tree.payakumbuh), cost(tree.network)
    regions = [builders.new_region(f"wilayah{number}", tree.maluku) for number in range(544)]
    for region in regions:
        region.path = f"/maluku/{region.subdomain}/"
    Region.objects.bulk_create(regions)
    FrontArrangement.objects.bulk_create(
        FrontArrangement(region=region, begins_at=AT, follows_lead=True) for region in regions
    )
    assert (cost(tree.payakumbuh), cost(tree.network)) == few
    assert max(few) <= 8
