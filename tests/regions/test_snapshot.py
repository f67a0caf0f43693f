"""The generation numbers as every request sees them: how long they are used, and what happens without a database."""

import json
import logging
import threading
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from regions import generations
from regions.generations import snapshot
from regions.generations.snapshot import Poller, SharedData, Snapshot
from regions.models import Generation, Region

SECOND = 1_700_000_000


class Clock:
    """In place of the module `time`: both clocks stand until a test moves them."""

    def __init__(self):
        self.wall, self.steady, self.slept = SECOND + 0.25, 50.0, []

    def time(self):
        return self.wall

    def monotonic(self):
        return self.steady

    def sleep(self, seconds):
        self.slept.append(seconds)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(snapshot, "time", clock)
    return clock


def regions() -> list[Region]:
    """The network, a province and its city, which is closed."""
    return [
        Region(pk=3, parent_id=2, subdomain="payakumbuh", is_open=False),
        Region(pk=1, subdomain="", is_open=True),
        Region(pk=2, parent_id=1, subdomain="sumaterabarat", is_open=True),
    ]


def taken(clock, **changes) -> Snapshot:
    fields = {"numbers": {0: 5, 2: 7}, "next_changes": {}, "shared": SharedData(regions())} | changes
    return Snapshot(int(clock.wall), clock.steady, **fields)


def test_regions_know_those_above_without_a_query():
    shared = SharedData(regions())
    assert shared.regions[3].parent is shared.regions[2]
    assert shared.regions[2].parent is shared.regions[1]
    assert shared.regions[1].parent is None
    assert shared.open_regions == {"": shared.regions[1], "sumaterabarat": shared.regions[2]}
    assert (shared.network, SharedData([]).network) == (1, 0)


def test_what_pages_share_is_made_once_and_a_regions_once_per_generation():
    shared, made = SharedData(regions()), count(1)
    assert [shared.get(name, lambda: next(made)) for name in ("menu", "menu", "footer")] == [1, 1, 2]
    asked = [(2, 1, "menu"), (2, 1, "menu"), (2, 2, "menu"), (2, 2, "menu"), (3, 2, "menu"), (2, 2, "footer")]
    assert [shared.get_for_region(*one, lambda: next(made)) for one in asked] == [3, 3, 4, 4, 5, 6]


def test_a_snapshot_knows_its_regions_number_and_shares_values_under_it(clock):
    made = count(1)
    now = taken(clock)
    later = taken(clock, numbers={0: 5, 2: 8}, shared=now.shared)
    assert (now.number(2), now.number(3)) == (7, 0)
    values = [one.get_for_region(2, "menu", lambda: next(made)) for one in (now, now, later)]
    assert values == [1, 1, 2]


def test_a_snapshot_is_used_within_its_second_and_until_the_next_change(clock):
    assert taken(clock).is_current
    assert taken(clock, next_changes={2: clock.wall + 9, 3: clock.wall + 0.1}).is_current
    assert not taken(clock, next_changes={2: clock.wall + 9, 3: clock.wall}).is_current
    before = taken(clock)
    clock.steady += 0.99  # somebody sets the clock back, and the second lasts
    assert before.is_current
    assert before.age == pytest.approx(0.99)
    clock.steady += 0.01
    assert not before.is_current
    before = taken(clock)
    clock.wall += 0.75
    assert not before.is_current


def test_a_snapshot_for_one_page_has_no_numbers(db):
    page = Snapshot.for_one_page()
    assert (page.numbers, page.next_changes, page.shared.regions) == ({}, {}, {})
    assert not page.is_current


def test_a_snapshot_survives_as_json(clock):
    plain = json.loads(json.dumps(taken(clock, next_changes={2: 1.0}).to_plain()))
    clock.wall += 30
    again = Snapshot.from_plain(plain)
    assert (again.second, again.numbers, again.next_changes) == (SECOND, {0: 5, 2: 7}, {})
    assert again.age == pytest.approx(30.25)
    assert again.shared.open_regions.keys() == {"", "sumaterabarat"}
    assert again.shared.regions[3].parent.parent.pk == again.shared.network == 1
    clock.wall = SECOND - 100  # written by a machine whose clock is ahead
    assert Snapshot.from_plain(plain).age == 0


# --- The poller -----------------------------------------------------------------------------------------------


class Scripted(Poller):
    """A poller whose database answers as a test says: with a snapshot, None (a change is due) or an error.

    The last answer is repeated, because the thread reads once more if it was asked to meanwhile.
    """

    def __init__(self, *answers, in_thread):
        super().__init__(in_thread)
        self.answers, self.asked = list(answers), []

    def _take_snapshot(self, with_overdue=False):
        self.asked.append(with_overdue)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(params=[True, False], ids=["in a thread", "in the request"])
def poller(request, monkeypatch):
    """`poller(*answers)`. It does not close the connection, which holds the test's transaction."""
    monkeypatch.setattr(snapshot.connection, "close", lambda: None, raising=False)
    monkeypatch.setattr(snapshot.connection, "close_pool", lambda: None, raising=False)
    return lambda *answers: Scripted(*answers, in_thread=request.param)


def test_the_numbers_are_read_once_as_long_as_they_are_current(clock, poller):
    first = taken(clock)
    clock.wall += 1
    second = taken(clock)
    clock.wall -= 1
    asked = poller(first, second)
    assert asked.snapshot() is asked.snapshot() is first
    clock.wall += 1
    assert asked.snapshot() is asked.snapshot() is second
    assert asked.asked == [False, False]


def test_a_due_change_is_made_before_the_numbers_are_read_again(clock, poller, monkeypatch):
    bumped = []
    monkeypatch.setattr(snapshot, "bump_due", lambda: bumped.append(True))
    after = taken(clock)
    asked = poller(None, after)
    assert asked.snapshot() is after
    assert (asked.asked, bumped) == ([False, True], [True])


def test_without_a_database_the_last_numbers_are_used_until_it_is_back(clock, poller, caplog):
    last = taken(clock)
    clock.wall += 5
    back = taken(clock)
    clock.wall -= 5
    asked = poller(last, OperationalError("refused"), InterfaceError("closed"), back)
    assert (asked.snapshot(), asked.is_down) == (last, False)
    clock.wall += 5
    for _error in range(2):
        asked.ask_again()
        assert asked.is_down
        assert asked._snapshot is last
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    asked.ask_again()
    assert (asked.snapshot(), asked.is_down) == (back, False)
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING]


def test_a_poller_that_never_reached_the_database_has_no_snapshot(clock, poller):
    asked = poller(OperationalError("refused"))
    assert (asked.snapshot(), asked.is_down) == (None, True)


def test_nobody_waits_long_for_a_database_that_hangs(clock, monkeypatch):
    answer = threading.Event()

    class Hanging(Poller):
        def _take_snapshot(self, with_overdue=False):
            answer.wait()
            return taken(clock)

    monkeypatch.setattr(snapshot, "DATABASE_TIMEOUT", 0.01)
    for ask in (Poller.snapshot, Poller.ask_again):
        asked = Hanging()
        assert ask(asked) is None
        assert asked.is_down
    answer.set()
    monkeypatch.setattr(snapshot, "DATABASE_TIMEOUT", 60)
    asked.ask_again()
    assert not asked.is_down
    assert asked.snapshot().is_current


@pytest.mark.databases
class TestReading:
    def read(self, poller=None):
        poller = poller or Poller(in_thread=False)
        poller._read()
        return poller._snapshot

    def test_numbers_and_next_changes_are_those_stored(self, tree):
        assert self.read().numbers == {generations.EVERYWHERE: 0}
        generations.bump([tree.ambon.pk])
        Generation.objects.filter(region_id=tree.maluku.pk).update(next_change_at=None)
        stored = {row.region_id: row for row in Generation.objects.all()}
        found = self.read()
        assert found.numbers == {pk: row.number for pk, row in stored.items()}
        assert found.next_changes.keys() == {tree.ambon.pk, tree.network.pk}
        assert found.shared.regions.keys() == {region.pk for region in vars(tree).values()}

    def test_a_change_is_expected_at_its_time_by_this_machines_clock(self, tree):
        generations.bump([tree.ambon.pk])
        change = timezone.now() + timedelta(minutes=1)
        Generation.objects.filter(region_id=tree.ambon.pk).update(next_change_at=change)
        with time_machine.travel(timezone.now() - timedelta(hours=3)):
            expected = self.read().next_changes[tree.ambon.pk]
        assert expected == pytest.approx((change - timedelta(hours=3)).timestamp(), abs=30)

    def test_regions_are_read_again_only_when_something_of_all_has_changed(self, tree):
        poller = Poller(in_thread=False)
        first = self.read(poller)
        generations.bump([tree.ambon.pk])
        second = self.read(poller)
        assert second.shared is first.shared
        assert second.number(tree.ambon.pk) > first.number(tree.ambon.pk)
        generations.bump([generations.EVERYWHERE])
        assert self.read(poller).shared is not first.shared

    def test_a_change_that_is_due_moves_the_number_on_with_the_first_reading(self, tree):
        generations.bump([tree.ambon.pk])
        before = self.read().number(tree.ambon.pk)
        Generation.objects.filter(region_id=tree.ambon.pk).update(next_change_at=timezone.now() - timedelta(seconds=1))
        assert self.read().number(tree.ambon.pk) > before
        assert self.read().next_changes[tree.ambon.pk] > timezone.now().timestamp()
