"""Front pages as editors arrange them: in force, prepared, merged, carried on, undone, and told to readers."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation

from news.demo import builders
from news.models import Event, FrontArrangement, FrontSlot
from news.models.front import BREAKING_LASTS
from news.publishing import front_ages, fronts, workflow
from news.publishing.front_content import MOST, Content, Entry, merged, stored
from news.publishing.fronts import Met, Seen
from news.readers import front_page
from regions import generations
from regions.generations.snapshot import Snapshot
from regions.models import Generation, Region

pytestmark = pytest.mark.databases
HOUR = timedelta(hours=1)


def content(**slots):
    """`content(lead=[story], follows=True)`"""
    follows = slots.pop("follows", False)
    return Content({slot: tuple(Entry(each.pk) for each in there) for slot, there in slots.items()}, follows)


def keys(found: Content) -> dict[str, list[int]]:
    return {slot: [entry.article_id for entry in found[slot]] for slot in FrontSlot.Slot.values if found[slot]}


def live_content(region) -> Content:
    return stored(fronts.in_force(region), timezone.now())


def seen(region, prepared=None) -> Seen:
    live = fronts.in_force(region)
    return Seen(live and live.pk, prepared and prepared.pk)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def stories(tree):
    return [builders.make_live(tree.payakumbuh) for _number in range(6)]


@pytest.fixture
def put(tree, people):
    """`put(lead=[story])`: in force now, by Payakumbuh's editor, who has seen what was in force."""

    def publish(**slots):
        here = tree.payakumbuh
        return fronts.publish(here, actor=people.redaktur, content=content(**slots), seen=seen(here))

    return publish


def test_what_is_put_out_is_in_force_and_undone_step_by_step(tree, people, stories, put):
    a, b, c, *_rest = stories
    here, now = tree.payakumbuh, timezone.now()
    first = put(lead=[a], headline=[b, c])
    assert keys(live_content(here)) == {"lead": [a.pk], "headline": [b.pk, c.pk]}
    second = put(lead=[b], headline=[c])
    old = Seen(first.pk)
    assert not fronts.undo(here, actor=people.redaktur, seen=old), "somebody else's change is not undone unseen"
    assert fronts.undo(here, actor=people.redaktur, seen=seen(here))
    assert keys(live_content(here)) == {"lead": [a.pk], "headline": [b.pk, c.pk]}
    assert not fronts.undo(here, actor=people.redaktur, seen=Seen(second.pk)), "a second press"
    assert fronts.undo(here, actor=people.redaktur, seen=seen(here))
    assert keys(live_content(here)) == {}
    assert fronts.in_force(here, now - HOUR) is None


def test_what_was_there_before_anybody_arranged_it_cannot_be_undone(tree, people, stories):
    builders.place(stories[0], tree.payakumbuh)
    assert not fronts.undo(tree.payakumbuh, actor=people.redaktur, seen=seen(tree.payakumbuh))


def test_different_slots_are_merged_and_the_same_slot_is_shown_with_both(tree, people, stories, put):
    a, b, c, d, *_rest = stories
    here = tree.payakumbuh
    put(lead=[a], headline=[b])
    before = seen(here)
    act = {"actor": people.redaktur, "seen": before}
    fronts.publish(here, content=content(lead=[c], headline=[b]), **act)
    fronts.publish(here, content=content(lead=[a], headline=[b, d], pinned=[b]), **act)
    assert keys(live_content(here)) == {"lead": [c.pk], "headline": [b.pk, d.pk], "pinned": [b.pk]}
    with pytest.raises(Met) as met:
        fronts.publish(here, content=content(lead=[d], headline=[b], breaking=[c]), **act)
    assert keys(met.value.content) == {
        "lead": [d.pk],
        "headline": [b.pk, d.pk],
        "pinned": [b.pk],
        "breaking": [c.pk],
    }
    assert set(met.value.theirs) == {"lead"}
    assert keys(live_content(here))["lead"] == [c.pk], "nothing is stored"
    fronts.publish(here, actor=people.redaktur, content=met.value.content, seen=met.value.seen)
    assert keys(live_content(here))["lead"] == [d.pk]
    # Both did the same: no conflict.
    fronts.publish(here, content=content(lead=[d], headline=[b, d], pinned=[b]), **act)
    assert keys(live_content(here))["breaking"] == [c.pk]


def test_whether_the_lead_follows_is_part_of_the_slot_of_the_lead(stories):
    a, b, *_rest = stories
    base = content(lead=[a])
    _found, both = merged(base, content(lead=[a], follows=True), content(lead=[b]))
    assert both == ["lead"]
    found, both = merged(base, base, content(lead=[a], follows=True))
    assert (found.follows_lead, both) == (True, [])


def test_a_prepared_arrangement_begins_by_its_time_alone_and_as_a_whole(tree, people, stories, put):
    a, b, c, *_rest = stories
    here, begins_at = tree.payakumbuh, timezone.now() + HOUR
    put(lead=[a])
    new = content(lead=[b], headline=[c])
    draft = fronts.prepare(here, actor=people.redaktur, content=new, seen=seen(here))
    assert draft.begins_at is None
    assert keys(live_content(here)) == {"lead": [a.pk]}
    known = {"actor": people.redaktur, "content": new, "seen": seen(here, draft)}
    with pytest.raises(ValidationError, match="past"):
        fronts.prepare(here, begins_at=timezone.now() - HOUR, **known)
    made = fronts.prepare(here, begins_at=begins_at, **known)
    assert list(FrontArrangement.objects.filter(region=here).drafts()) == []
    moment = timedelta(microseconds=1)
    assert fronts.in_force(here, begins_at - moment) != made
    assert fronts.in_force(here, begins_at) == made
    assert Generation.objects.get(region_id=here.pk).next_change_at <= begins_at
    assert fronts.discard(here, actor=people.redaktur, seen=seen(here, made))
    assert not fronts.discard(here, actor=people.redaktur, seen=seen(here, made))
    assert fronts.in_force(here, begins_at + HOUR) != made


def test_a_change_is_carried_into_what_is_prepared_where_that_left_the_slot_alone(tree, people, stories, put):
    a, b, c, d, *_rest = stories
    here, now, actor = tree.payakumbuh, timezone.now(), people.redaktur
    put(lead=[a], headline=[b])
    prepared = [
        (None, content(lead=[a], headline=[c])),
        (now + HOUR, content(lead=[a], headline=[c])),
        (now + 2 * HOUR, content(lead=[b], headline=[c])),
        (now + 3 * HOUR, content(lead=[a], headline=[b])),
    ]
    made = [fronts.prepare(here, actor=actor, content=what, seen=seen(here), begins_at=when) for when, what in prepared]
    put(lead=[d], headline=[b])

    def heads():
        return [keys(stored(fronts.head(here, each.pk, now), now))["lead"] for each in made]

    # The last one goes back to the first lead on purpose, after one that has another.
    assert heads() == [[d.pk], [d.pk], [b.pk], [a.pk]]
    assert fronts.undo(here, actor=actor, seen=seen(here))
    assert heads() == [[a.pk], [a.pk], [b.pk], [a.pk]]
    first = fronts.head(here, made[1].pk, now)
    fronts.prepare(
        here,
        actor=actor,
        content=content(lead=[d], headline=[d]),
        seen=seen(here, first),
        begins_at=first.begins_at,
    )
    last = [stored(fronts.head(here, each.pk, now), now) for each in made]
    assert [keys(each)["headline"] for each in last] == [[c.pk], [d.pk], [d.pk], [b.pk]]


def test_two_editors_of_one_draft_are_merged_and_an_old_tab_finds_the_newest_edit(tree, people, stories, put):
    a, b, c, d, *_rest = stories
    here, actor = tree.payakumbuh, people.redaktur
    put(lead=[a])
    draft = fronts.prepare(here, actor=actor, content=content(lead=[b]), seen=seen(here))
    opened = seen(here, draft)
    fronts.prepare(here, actor=actor, content=content(lead=[b], headline=[c]), seen=opened)
    newest = fronts.prepare(here, actor=people.pemred, content=content(lead=[b], pinned=[d]), seen=opened)
    assert keys(stored(newest, timezone.now())) == {"lead": [b.pk], "headline": [c.pk], "pinned": [d.pk]}
    assert [each.pk for each in FrontArrangement.objects.filter(region=here).drafts()] == [newest.pk]
    with pytest.raises(Met):
        fronts.prepare(here, actor=actor, content=content(lead=[b], headline=[d]), seen=opened)
    with pytest.raises(Met):
        fronts.publish(here, actor=actor, content=content(lead=[b], headline=[d]), seen=opened)
    fronts.publish(here, actor=actor, content=content(lead=[b]), seen=opened)
    assert keys(live_content(here)) == {"lead": [b.pk], "headline": [c.pk], "pinned": [d.pk]}
    assert list(FrontArrangement.objects.filter(region=here).drafts()) == []
    # The old tab again: its draft is out, so what it holds becomes a draft of its own.
    again = fronts.prepare(here, actor=actor, content=content(lead=[d]), seen=opened)
    assert fronts.head(here, again.pk, timezone.now()) == again


def test_breaking_news_ends_by_itself_unless_somebody_says_when(tree, people, stories, put):
    a, b, c, *_rest = stories
    here = tree.payakumbuh
    made = put(breaking=[a])
    [entry] = live_content(here)["breaking"]
    assert entry.ends_at == (made.begins_at + BREAKING_LASTS).replace(second=0, microsecond=0)
    own = made.begins_at + HOUR
    both = Content({"breaking": (entry, Entry(b.pk, None, own)), "lead": (Entry(c.pk),)})
    fronts.publish(here, actor=people.redaktur, content=both, seen=seen(here))
    assert [each.ends_at for each in live_content(here)["breaking"]] == [entry.ends_at, own]
    assert live_content(here)["lead"][0].ends_at is None
    begins_at = (timezone.now() + 9 * HOUR).replace(second=0, microsecond=0)
    scheduled = fronts.prepare(
        here, actor=people.redaktur, content=content(breaking=[c]), seen=seen(here), begins_at=begins_at
    )
    assert scheduled.slots.get().ends_at == begins_at + BREAKING_LASTS


def test_only_who_publishes_there_and_only_what_the_region_lists(tree, people, stories):
    here, other = tree.payakumbuh, builders.make_live(tree.makassar)
    draft = builders.make_article(here)
    for actor in (people.reporter, people.sister):
        for act in (fronts.publish, fronts.prepare):
            with pytest.raises(PermissionDenied):
                act(here, actor=actor, content=content(lead=stories[:1]), seen=Seen())
        for act in (fronts.undo, fronts.discard):
            with pytest.raises(PermissionDenied):
                act(here, actor=actor, seen=Seen())
        with pytest.raises(PermissionDenied):
            fronts.place(stories[0], here, "lead", actor=actor, seen=Seen())
    for story in (other, draft):
        for act in (fronts.publish, fronts.prepare):
            with pytest.raises(ValidationError, match="lists"):
                act(here, actor=people.redaktur, content=content(headline=[story]), seen=Seen())
        with pytest.raises(ValidationError, match="lists"):
            fronts.place(story, here, "pinned", actor=people.redaktur, seen=Seen())
    many = builders.make_many(here, MOST + 1)
    with pytest.raises(ValidationError, match=str(MOST)):
        fronts.publish(here, actor=people.redaktur, content=content(headline=many), seen=Seen())
    now = timezone.now()
    backwards = Content({"lead": (Entry(stories[0].pk, now + HOUR, now + HOUR),)})
    with pytest.raises(ValidationError, match="end"):
        fronts.publish(here, actor=people.redaktur, content=backwards, seen=Seen())
    # A story that stands there may stay, whatever became of it.
    fronts.publish(here, actor=people.redaktur, content=content(headline=stories[:1]), seen=Seen())
    workflow.withdraw(stories[0], actor=people.pemred, reason="Keliru.")
    fronts.publish(here, actor=people.redaktur, content=content(headline=stories[:2]), seen=seen(here))
    assert not FrontArrangement.objects.filter(region=tree.limapuluhkota).exists()


def test_a_story_is_placed_by_one_press_and_stands_once(tree, people, stories, put):
    a, b, c, *_rest = stories
    here, actor = tree.payakumbuh, people.redaktur
    put(lead=[a], headline=[b])
    opened = seen(here)
    fronts.place(b, here, "lead", actor=actor, seen=opened)
    assert keys(live_content(here)) == {"lead": [b.pk]}
    fronts.place(c, here, "headline", actor=actor, seen=opened)
    fronts.place(a, here, "headline", actor=actor, seen=opened)
    assert keys(live_content(here)) == {"lead": [b.pk], "headline": [a.pk, c.pk]}
    with pytest.raises(Met) as met:
        fronts.place(c, here, "lead", actor=actor, seen=opened)
    fronts.place(c, here, "lead", actor=actor, seen=met.value.seen)
    assert keys(live_content(here)) == {"lead": [c.pk], "headline": [a.pk]}
    fronts.place(b, here, "breaking", actor=actor, seen=Seen())
    assert live_content(here)["breaking"][0].ends_at


def test_the_journal_says_who_placed_and_took_off_what_and_from_when(tree, people, stories, put):
    a, b, *_rest = stories
    here = tree.payakumbuh
    put(lead=[a])
    put(lead=[b], follows=True)
    begins_at = timezone.now() + HOUR
    draft = fronts.prepare(here, actor=people.redaktur, content=content(pinned=[a]), seen=seen(here))
    fronts.prepare(here, actor=people.pemred, content=content(pinned=[a]), seen=seen(here, draft), begins_at=begins_at)
    fronts.undo(here, actor=people.redaktur, seen=seen(here))
    verbs = Event.Verb
    rows = Event.objects.filter(verb__in=[verbs.FRONT_PLACED, verbs.FRONT_REMOVED]).order_by("pk")
    told = [(row.verb.removeprefix("front_"), row.article_id, row.actor.username) for row in rows]
    assert told == [
        ("placed", a.pk, "redaktur"),
        ("removed", a.pk, "redaktur"),
        ("placed", b.pk, "redaktur"),
        ("placed", None, "redaktur"),
        ("removed", b.pk, "pemred"),
        ("placed", a.pk, "pemred"),
        ("removed", None, "pemred"),
        ("removed", b.pk, "redaktur"),
        ("placed", a.pk, "redaktur"),
        ("removed", None, "redaktur"),
    ]
    assert here.clock(begins_at) in rows[5].note
    assert {row.region_id for row in rows} == {here.pk}


# --- Following the region above ---------------------------------------------------------------------------------


@pytest.fixture
def bumped(tree):
    """`bumped(act)`: the names of the regions whose generation the act moved on."""
    names = {region.pk: name for name, region in vars(tree).items()}

    def run(act):
        before = dict(Generation.objects.values_list("region_id", "number"))
        act()
        after = dict(Generation.objects.values_list("region_id", "number"))
        return {names[key] for key, number in after.items() if key and number != before.get(key, 0)}

    return run


def lead_of(region):
    return front_page.compose(Snapshot.for_one_page(), Region.objects.get(pk=region.pk)).lead


def test_a_region_follows_the_nearest_placed_lead_above_until_it_has_its_own(tree, people):
    own = builders.make_live(tree.payakumbuh)
    sisters, far = builders.make_live(tree.limapuluhkota), builders.make_live(tree.makassar)
    builders.arrange(tree.payakumbuh, follows_lead=True)
    assert lead_of(tree.payakumbuh) == own, "nothing is placed above"
    builders.place(far, tree.network)
    assert lead_of(tree.payakumbuh) == own, "the province does not follow"
    province = builders.arrange(tree.sumbar, follows_lead=True)
    assert lead_of(tree.payakumbuh) == lead_of(tree.sumbar) == far
    builders.place(sisters, tree.sumbar, arrangement=province)
    front = front_page.compose(Snapshot.for_one_page(), tree.payakumbuh)
    assert front.lead == sisters
    assert front.follows
    assert own in front.headlines
    assert sisters not in [*front.headlines, *front.latest]
    assert lead_of(tree.limapuluhkota) == sisters
    assert not FrontArrangement.objects.filter(region=tree.limapuluhkota)
    builders.place(own, tree.payakumbuh)
    front = front_page.compose(Snapshot.for_one_page(), tree.payakumbuh)
    assert front.lead == own
    assert not front.follows
    workflow.withdraw(own, actor=people.pemred, reason="Keliru.")
    assert lead_of(tree.payakumbuh) == sisters


def test_what_changes_a_followed_lead_bumps_those_who_follow(tree, people, bumped):
    photo = builders.make_photo(tree.sumbar)
    story = builders.make_live(tree.limapuluhkota, lead_photo=photo)
    builders.arrange(tree.payakumbuh, follows_lead=True)
    above = {"sumbar", "network"}
    lead = content(lead=[story])
    act = {"actor": people.admin, "content": lead}
    assert bumped(lambda: fronts.prepare(tree.sumbar, seen=Seen(), **act)) == set(), "nobody sees a draft"
    assert bumped(lambda: fronts.publish(tree.sumbar, seen=Seen(), **act)) == above | {"payakumbuh"}
    listing = {"limapuluhkota", "sumbar", "network"}
    assert bumped(photo.save) == listing | {"payakumbuh"}
    story.title = "Jembatan selesai"
    assert bumped(lambda: workflow.save(story, actor=people.admin)) == listing | {"payakumbuh"}
    assert bumped(lambda: fronts.undo(tree.sumbar, actor=people.admin, seen=seen(tree.sumbar))) == above | {
        "payakumbuh"
    }
    assert bumped(photo.save) == listing, "no longer followed"


def test_times_of_a_followed_lead_are_next_changes_of_those_who_follow(tree):
    here = tree.payakumbuh
    now = here.local(timezone.now())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    steps = [now + (midnight - now) * part / 10 for part in range(9, 0, -1)]
    builders.arrange(here, follows_lead=True)

    def next_change():
        generations.bump([here.pk])
        return Generation.objects.get(region_id=here.pk).next_change_at

    later = builders.make_live(tree.limapuluhkota, steps[0])
    slot = builders.place(later, tree.sumbar)
    assert next_change() == steps[0], "its story is published"
    FrontSlot.objects.filter(pk=slot.pk).update(ends_at=steps[1])
    assert next_change() == steps[1]
    builders.arrange(tree.sumbar, begins_at=steps[2])
    assert next_change() == steps[2]
    arrangement = builders.arrange(here, begins_at=steps[3])
    assert next_change() == steps[3], "its own"
    FrontArrangement.objects.filter(pk=arrangement.pk).update(is_retired=True)
    assert next_change() == steps[2]


# --- Ages -------------------------------------------------------------------------------------------------------


def test_the_ages_of_many_leads_are_one_query(tree, people, django_assert_num_queries):
    now = timezone.now()

    def live(region, hours, **more):
        return builders.make_live(region, now - hours * HOUR, **more)

    builders.arrange(tree.limapuluhkota, follows_lead=True)
    live(tree.limapuluhkota, 1)
    builders.place(live(tree.sumbar, 30), tree.sumbar, placed_at=now - 5 * HOUR)
    builders.place(live(tree.payakumbuh, 20), tree.payakumbuh, placed_at=now - 40 * HOUR)
    live(tree.payakumbuh, 2)
    live(tree.makassar, 7)
    builders.place(live(tree.makassar, 9), tree.makassar, ends_at=now - HOUR, placed_at=now - 9 * HOUR)
    every = Region.objects.all()
    listed = list(every)
    with django_assert_num_queries(1):
        ages = front_ages.ages_of_leads(listed, now)
    hours = {name: round(ages[region.pk] / HOUR) for name, region in vars(tree).items() if region.pk in ages}
    assert hours == {"network": 1, "sumbar": 5, "payakumbuh": 20, "limapuluhkota": 5, "sulsel": 7, "makassar": 7}
    old = front_ages.older_than(every, 7 * HOUR, now)
    assert next((region.subdomain, round(age / HOUR)) for region, age in old) == ("payakumbuh", 20)
    assert {region.subdomain for region, _age in old} == {"payakumbuh", "sulawesiselatan", "makassar"}
    assert len(front_ages.ages_of_leads([tree.ambon])) == 0
    assert front_ages.ages_of_leads([tree.makassar])[tree.makassar.pk] >= 7 * HOUR


def test_a_later_arrangement_is_never_filed_below_an_earlier_one(tree, people, stories):
    here = tree.payakumbuh
    for story in stories:
        fronts.place(story, here, "lead", actor=people.redaktur, seen=seen(here))
    made = here.front_arrangements.order_by("pk")
    assert [row.begins_at for row in made] == sorted(row.begins_at for row in made)
    assert live_content(here)["lead"][0].article_id == stories[-1].pk
