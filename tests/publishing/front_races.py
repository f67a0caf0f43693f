"""Two editors of one front page at the same moment, many times: `python -m tests.publishing.front_races PAIRS` in a
server's environment. Prints as JSON what became of each edit."""

import json
import random
import sys
import threading

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from news.demo import builders
from news.models import FrontSlot
from news.publishing import fronts
from news.publishing.front_content import Content, Entry, stored
from news.publishing.fronts import Met, Seen
from regions.models import Region

SLOTS = [FrontSlot.Slot.LEAD, FrontSlot.Slot.HEADLINE, FrontSlot.Slot.PINNED]


def main() -> None:
    pairs = int(sys.argv[1])
    network = builders.make_network()
    region = builders.make_region("payakumbuh", builders.make_region("sumaterabarat", network))
    people = [builders.make_user(name, "editor", region) for name in ("satu", "dua")]
    stories = [story.pk for story in builders.make_many(region, 2 * pairs)]
    dice, edits_told = random.Random(63), []
    for number in range(pairs):
        live = fronts.in_force(region)
        opened, base = Seen(live and live.pk), stored(live, timezone.now())
        slots = [dice.choice(SLOTS) for _person in people]
        edits = [base.with_entries(slot, [Entry(stories[2 * number + who])]) for who, slot in enumerate(slots)]
        met = at_once(region, people, edits, opened)
        found = stored(fronts.in_force(region), timezone.now())
        for who, slot in enumerate(slots):
            told = met[who]
            edits_told.append(
                {
                    "same_slot": slots[0] == slots[1],
                    "kept": found[slot] == edits[who][slot],
                    "shown_with_both": told is not None
                    and told.content[slot] == edits[who][slot]
                    and [*told.theirs] == [slot],
                }
            )
    json.dump(edits_told, sys.stdout)


def at_once(region: Region, people: list[User], edits: list[Content], opened: Seen) -> list[Met | None]:
    """What each of two threads was told that publish at the same moment."""
    told: list[Met | None] = [None, None]
    start = threading.Barrier(2)

    def publish(who: int) -> None:
        try:
            start.wait()
            fronts.publish(region, actor=people[who], content=edits[who], seen=opened)
        except Met as met:
            told[who] = met
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


if __name__ == "__main__":
    main()
