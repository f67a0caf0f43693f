"""The front page desk: what it shows, buttons without a script, drafts, conflicts, previews, and placing a story."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from news.demo import builders
from news.models import FrontArrangement, FrontSlot
from news.newsroom import front_form, preview_links
from news.publishing import fronts, workflow
from news.publishing.front_content import stored
from regions.models import Region

HERE = "/halaman-depan/payakumbuh/"
HOUR = timedelta(hours=1)


@pytest.fixture
def stories(tree):
    now = timezone.now()
    return [
        builders.make_live(tree.payakumbuh, now - number * HOUR, title=f"Berita {name}")
        for number, name in enumerate(("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh"), 1)
    ]


def form_of(response) -> dict[str, list[str]]:
    """The fields of the desk's form, as a browser would send them."""
    form = re.search(r'<form class="front-form".*?</form>', response.text, re.DOTALL)[0]
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="(\w+)', tag)
        if name and (kind is None or kind[1] not in ("checkbox", "radio") or " checked" in tag):
            fields.setdefault(name[1], []).append(value[1] if value else "on" if kind and kind[1] == "checkbox" else "")
    return fields


def rows(response, slot: str) -> list[int]:
    return [int(key) for key in form_of(response).get(f"{slot}-article", [])]


def standing(region) -> dict[str, list[int]]:
    found = stored(fronts.in_force(region), timezone.now())
    return {slot: [entry.article_id for entry in found[slot]] for slot in FrontSlot.Slot.values if found[slot]}


def press(client, response, act: str, **more):
    return client.post(HERE, form_of(response) | {"act": act} | more)


def test_what_was_placed_and_what_filled_up_are_told_apart(tree, people, newsroom, stories):
    client = newsroom(people.redaktur)
    builders.place(stories[6], tree.payakumbuh, placed_by=people.pemred)
    builders.place(stories[5], tree.payakumbuh, slot="headline", ends_at=timezone.now() + HOUR)
    with translation.override("id"):
        page = client.get(HERE)
    assert rows(page, "lead") == [stories[6].pk]
    assert rows(page, "headline") == [stories[5].pk]
    sections = dict(re.findall(r'id="slot-(\w+)"(.*?)</section>', page.text, re.DOTALL))
    assert [title in sections["headline"] for title in ("Berita enam", "Berita satu", "Berita empat")] == [
        True,
        True,
        False,
    ]
    assert "Berita empat" in sections["pinned"]
    assert "pemred" in sections["lead"]
    assert 'value="add:headline:' in sections["headline"]
    assert 'value="add:lead:' not in sections["lead"]


def test_the_buttons_work_without_a_script_and_store_nothing_until_it_is_put_out(tree, people, newsroom, stories):
    client, [a, b, c, *_rest] = newsroom(people.redaktur), stories
    page = client.get(HERE)
    for act in (f"add:lead:{a.pk}", f"add:headline:{b.pk}", f"add:headline:{c.pk}", "up:headline:1"):
        page = press(client, page, act)
        assert page.status_code == 200
    assert (rows(page, "lead"), rows(page, "headline")) == ([a.pk], [c.pk, b.pk])
    page = press(client, page, "down:headline:1")
    assert (rows(page, "headline"), rows(page, "pinned")) == ([c.pk], [b.pk])
    page = press(client, page, "add:breaking", **{"add-breaking": a.canonical_url})
    page = press(client, page, "remove:lead:0")
    assert (rows(page, "breaking"), rows(page, "lead")) == ([a.pk], [])
    for odd in ("up:lead:0", "down:pinned:99", "up:breaking:0", "stay:lead", "up:atap:0x", "remove:lead:-1"):
        again = press(client, page, odd) if not odd.startswith("up:atap") else page
        assert rows(again, "breaking") == [a.pk], odd
    assert standing(tree.payakumbuh) == {}
    done = press(client, page, "publish")
    assert done.status_code == 302
    assert standing(tree.payakumbuh) == {"breaking": [a.pk], "headline": [c.pk], "pinned": [b.pk]}
    page = client.get(HERE)
    assert client.post(HERE, {"act": "undo", "live": fronts.in_force(tree.payakumbuh).pk}).status_code == 302
    assert standing(tree.payakumbuh) == {}
    again = client.post(HERE, {"act": "undo", "live": form_of(page)["live"][0]}, follow=True)
    assert again.status_code == 200
    assert standing(tree.payakumbuh) == {}


def test_times_are_typed_in_the_regions_zone_and_keep_what_the_form_does_not_show(tree, people, newsroom, stories):
    client, here = newsroom(people.admin), tree.ambon
    story = builders.make_live(here)
    starts_at = timezone.now() - 2 * HOUR
    slot = builders.place(story, here, starts_at=starts_at, placed_by=people.pemred)
    page = client.get("/halaman-depan/ambon/")
    assert form_of(page)["lead-starts"] == [front_form.for_input(starts_at, here)]
    fields = form_of(page) | {"act": "publish", "follows_lead": "on"}
    assert client.post("/halaman-depan/ambon/", fields).status_code == 302
    kept = fronts.in_force(here).slots.get()
    assert (kept.starts_at, kept.placed_by, kept.placed_at) == (starts_at, people.pemred, slot.placed_at)
    assert fronts.in_force(here).follows_lead
    fields = form_of(client.get("/halaman-depan/ambon/")) | {"act": "publish", "lead-ends": "2031-01-02T08:30:15"}
    client.post("/halaman-depan/ambon/", fields)
    assert here.clock(fronts.in_force(here).slots.get().ends_at) == "2 Jan 2031 08:30 WIT"
    for wrong in ("kemarin", "0001-01-01T00:00", "9999-12-31T23:59", "2031-01-02T08:30+07:00"):
        answer = client.post("/halaman-depan/ambon/", fields | {"lead-ends": wrong})
        assert answer.status_code == 400, wrong


def test_a_draft_is_prepared_scheduled_as_a_whole_and_thrown_away(tree, people, newsroom, stories):
    client, [_a, b, *_rest] = newsroom(people.redaktur), stories
    page = press(client, client.get(HERE), f"add:lead:{b.pk}")
    answer = press(client, page, "draft")
    draft = FrontArrangement.objects.get()
    assert answer.headers["Location"] == f"{HERE}?susunan={draft.pk}"
    page = client.get(answer.headers["Location"])
    assert rows(page, "lead") == [b.pk]
    assert rows(client.get(HERE), "lead") == []
    assert press(client, page, "schedule").status_code == 400
    begins_at = tree.payakumbuh.local(timezone.now() + 3 * HOUR).replace(second=0, microsecond=0)
    typed = front_form.for_input(begins_at, tree.payakumbuh)
    answer = press(client, page, "schedule", begins_at=typed)
    scheduled = fronts.in_force(tree.payakumbuh, begins_at)
    assert scheduled.begins_at == begins_at
    assert fronts.in_force(tree.payakumbuh) is None
    # The draft's old address leads to its newest edit.
    page = client.get(f"{HERE}?susunan={draft.pk}")
    assert form_of(page)["prepared"] == [str(scheduled.pk)]
    assert client.post(HERE, {"act": "discard", "prepared": draft.pk}).status_code == 302
    assert fronts.in_force(tree.payakumbuh, begins_at) is None
    assert form_of(client.get(f"{HERE}?susunan={draft.pk}"))["prepared"] == [""]


def test_the_second_editor_of_a_slot_is_shown_both_and_chooses(tree, people, newsroom, stories):
    first, second = newsroom(people.redaktur), newsroom(people.pemred)
    [a, b, c, *_rest] = stories
    pages = first.get(HERE), second.get(HERE)
    press(first, press(first, pages[0], f"add:lead:{a.pk}"), "publish")
    page = press(second, press(second, pages[1], f"add:headline:{c.pk}"), f"add:lead:{b.pk}")
    met = press(second, page, "publish")
    assert met.status_code == 409
    assert standing(tree.payakumbuh) == {"lead": [a.pk]}
    assert (rows(met, "lead"), rows(met, "headline")) == ([b.pk], [c.pk])
    assert a.title in re.search(r'<fieldset class="front-choice">.*?</fieldset>', met.text, re.DOTALL)[0]
    theirs = press(second, met, "publish", **{"take-lead": "theirs"})
    assert theirs.status_code == 302
    assert standing(tree.payakumbuh) == {"lead": [a.pk], "headline": [c.pk]}
    mine = press(second, met, "publish")
    assert mine.status_code == 302
    assert standing(tree.payakumbuh) == {"lead": [b.pk], "headline": [c.pk]}


def test_a_preview_as_of_a_time_is_the_page_of_that_time(tree, people, newsroom, stories, reader):
    client, [a, b, *_rest] = newsroom(people.redaktur), stories
    builders.place(a, tree.payakumbuh)
    to_come = builders.make_live(tree.payakumbuh, timezone.now() + 2 * HOUR, title="Berita besok")
    begins_at = timezone.now() + 4 * HOUR
    scheduled = builders.arrange(tree.payakumbuh, begins_at=begins_at)
    builders.place(to_come, tree.payakumbuh, arrangement=scheduled)
    address = f"{HERE}pratinjau/halaman/"
    now = client.get(address)
    without_worker = re.compile(r'\s*(?:data-worker="[^"]*"\s*)?(?=>)')  # the newsroom's host has none
    read = preview_links.lead_to_edition(reader(tree.payakumbuh).get("/"), tree.payakumbuh).text
    assert without_worker.sub("", now.text) == without_worker.sub("", read)
    assert now.headers["Cache-Control"].count("no-store")
    assert "noindex" in now.headers["X-Robots-Tag"]

    def lead_at(moment, **query):
        asked = {"at": front_form.for_input(moment, tree.payakumbuh)} | query
        return re.search(
            r'class="front-lead".*?card-title"><a[^>]*>(.*?)</a>', client.get(address, asked).text, re.DOTALL
        )[1]

    assert lead_at(begins_at - HOUR) == a.title
    assert lead_at(begins_at + HOUR) == to_come.title
    draft = builders.arrange(tree.payakumbuh, begins_at=None)
    builders.place(b, tree.payakumbuh, arrangement=draft)
    assert lead_at(begins_at - HOUR, susunan=draft.pk) == b.title
    frame = client.get(f"{HERE}pratinjau/", {"susunan": draft.pk})
    assert f"susunan={draft.pk}" in frame.text
    assert "frame-src 'self'" in frame.headers["Content-Security-Policy"]
    assert client.get(f"{HERE}pratinjau/", {"at": "kapan"}).status_code == 200


def test_a_story_is_placed_from_its_own_page_by_one_press_for_each_region(tree, people, newsroom):
    story = builders.make_live(tree.limapuluhkota, shares={tree.payakumbuh: None}, title="Dari sebelah")
    client, address = newsroom(people.redaktur), f"/halaman-depan/pasang/{story.pk}/"
    page = client.get(address)
    assert set(re.findall(r'value="([\w]+:\w+)"', page.text)) == {
        f"payakumbuh:{slot}" for slot in FrontSlot.Slot.values
    }
    assert client.post(address, {"where": "payakumbuh:lead"}).headers["Location"] == HERE
    assert standing(tree.payakumbuh) == {"lead": [story.pk]}
    assert client.post(address, {"where": "payakumbuh:lead"}).status_code == 409, "had not seen that lead"
    for where in ("limapuluhkota:lead", "sumaterabarat:lead", "payakumbuh:atap", ""):
        assert client.post(address, {"where": where}).status_code == 404, where
    elsewhere = builders.make_live(tree.makassar)
    for number in (elsewhere.pk, builders.make_article(tree.payakumbuh).pk, 10**17):
        assert client.get(f"/halaman-depan/pasang/{number}/").status_code == 404
    assert newsroom(people.reporter).get(address).status_code == 404


def test_each_sees_their_own_front_pages(tree, people, newsroom):
    assert newsroom(people.redaktur).get("/halaman-depan/").headers["Location"] == HERE
    assert newsroom(people.reporter).get("/halaman-depan/").status_code == 403
    assert newsroom(people.redaktur).get("/halaman-depan/limapuluhkota/").status_code == 404
    builders.make_live(tree.payakumbuh, timezone.now() - 13 * HOUR)
    client = newsroom(people.admin)
    page = client.get("/halaman-depan/")
    assert page.text.count('<li class="card">') == Region.objects.count()
    assert page.text.count("state-submitted") == 3, "the old lead, in its region and the ones above"
    assert "halaman-depan/-/" in page.text
    assert client.get("/halaman-depan/-/").status_code == 200
    assert client.get("/halaman-depan/", {"q": "ambon"}).text.count('<li class="card">') == 1
    assert client.get("/halaman-depan/", {"q": "xyz"}).status_code == 200


def test_the_stories_to_choose_are_those_of_the_regions_lists_to_come_ones_too(tree, people, newsroom, stories):
    later = builders.make_live(tree.payakumbuh, timezone.now() + HOUR, title="Berita nanti")
    builders.make_live(
        tree.payakumbuh, timezone.now() - 9 * HOUR, expires_at=timezone.now() - HOUR, title="Berita usai"
    )
    builders.make_live(tree.makassar, title="Berita jauh")
    builders.make_article(tree.payakumbuh, title="Berita konsep")
    client = newsroom(people.redaktur)
    found = client.get(f"{HERE}berita/", {"q": "berita"}).json()["results"]
    assert [each["label"] for each in found] == [later.title, *(story.title for story in stories)]
    assert tree.payakumbuh.clock(later.published_at) in found[0]["note"]
    assert client.get(f"{HERE}berita/", {"q": "tujuh"}).json()["results"][0]["id"] == stories[6].pk
    assert newsroom(people.sister).get(f"{HERE}berita/").status_code == 404


def test_a_story_that_left_the_lists_is_not_told_by_its_title(tree, people, newsroom):
    story = builders.make_live(tree.limapuluhkota, shares={tree.payakumbuh: None}, title="Judul rahasia")
    builders.place(story, tree.payakumbuh)
    client = newsroom(people.redaktur)
    assert "Judul rahasia" in client.get(HERE).text
    workflow.withdraw(story, actor=people.admin, reason="Keliru.")
    page = client.get(HERE)
    assert "Judul rahasia" not in page.text
    assert rows(page, "lead") == [story.pk]


def test_the_desk_costs_the_same_with_few_and_with_many_rows(tree, people, newsroom):
    client = newsroom(people.admin)

    def cost(address):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def fill(count):
        for story in builders.make_many(tree.payakumbuh, count, offset=FrontSlot.objects.count()):
            builders.place(story, tree.payakumbuh, slot="headline", placed_by=people.redaktur)
        for _number in range(count):
            builders.arrange(tree.payakumbuh, begins_at=timezone.now() + HOUR, made_by=people.redaktur)
            builders.arrange(tree.payakumbuh, begins_at=None, made_by=people.redaktur)

    fill(2)
    addresses = (HERE, "/halaman-depan/", f"{HERE}berita/", f"{HERE}pratinjau/halaman/")
    few = {address: cost(address) for address in addresses}
    fill(12)
    assert {address: cost(address) for address in addresses} == few
    assert few[HERE] <= 25, few
    assert few["/halaman-depan/"] <= 8, few
