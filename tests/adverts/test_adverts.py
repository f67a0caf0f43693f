"""Adverts: where and when they stand, where a click leads, and what a page without any costs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.adverts import ads_txt, selection
from news.adverts.models import AdsTxt, Advert
from news.demo import builders
from news.images import uploads
from news.images.models import Photo
from tests.conftest import photo_file

HOUR = timedelta(hours=1)
BANNER = (728, 200)


@pytest.fixture
def photo(tree) -> Photo:
    return uploads.store(photo_file(BANNER), region=tree.payakumbuh, user=None)


def hidden(region, photo) -> None:
    """Adverts of every kind that is not live."""
    now = timezone.now()
    builders.make_advert(region, photo, starts_at=now + HOUR)
    builders.make_advert(region, photo, ends_at=now - HOUR / 2)
    builders.make_advert(region, photo, is_active=False)


def asked(client, path) -> tuple[str, int]:
    """The page, and its number of queries."""
    with CaptureQueriesContext(connection) as queries:
        text = client.get(path).content.decode()
    return text, len(queries)


def clicks(text: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'href="/iklan/(\d+)"', text)]


def test_a_page_without_a_live_advert_has_no_trace_of_adverts(tree, reader, photo):
    articles = [builders.make_live(tree.payakumbuh) for _ in range(5)]
    paths = ["/", "/rubrik/politik/", articles[0].get_absolute_url()]
    client = reader(tree.payakumbuh)
    before = {path: asked(client, path) for path in paths}
    hidden(tree.payakumbuh, photo)
    builders.make_advert(tree.limapuluhkota, photo)
    assert {path: asked(client, path) for path in paths} == before
    assert not any('class="advert' in text or "iklan" in text.lower() for text, _cost in before.values())
    for place in [*Advert.Slot.values] * 3:
        builders.make_advert(tree.network, photo, slot=place)
    after = {path: asked(client, path) for path in paths}
    assert [after[path][1] - before[path][1] for path in paths] == [0, 0, 0]
    assert [len(clicks(after[path][0])) for path in paths] == [3, 2, 2]


def test_an_advert_is_labelled_reserves_its_space_and_loads_after_the_text(tree, reader, photo):
    builders.make_live(tree.payakumbuh)
    paid = builders.make_advert(tree.payakumbuh, photo, slot="top")
    text = " ".join(reader(tree.payakumbuh).get("/").text.split())
    assert 'class="advert-label"> Iklan · Rumah Makan Pangkalan </p>' in text
    assert f'href="/iklan/{paid.pk}" rel="sponsored nofollow noopener"' in text
    image = re.search(rf'<img[^>]*alt="{paid.alt}"[^>]*>', text)[0]
    assert 'width="736" height="202"' in image
    assert 'loading="lazy"' in image
    assert "priority" not in image
    Advert.objects.update(kind="house", advertiser="")
    text = " ".join(reader(tree.payakumbuh).get("/").text.split())
    assert 'class="advert-label"> Iklan · dari Pekon sendiri </p>' in text


def test_pages_for_errors_and_for_reading_offline_have_no_adverts(tree, reader, photo):
    builders.make_advert(tree.payakumbuh, photo, slot="top")
    withdrawn = builders.make_withdrawn(tree.payakumbuh)
    assert clicks(reader(tree.payakumbuh).get("/").content.decode())
    # Browsers store /luring/ for longer than an advert runs.
    for path in (f"/berita/{withdrawn.pk}/x/", "/tidak-ada/", "/luring/"):
        assert clicks(reader(tree.payakumbuh).get(path).content.decode()) == []


def test_a_region_and_all_below_it_show_an_advert_and_lead_to_its_address(tree, reader, photo):
    advert = builders.make_advert(tree.sumbar, photo, slot="top")
    for region in (tree.network, tree.sumbar, tree.payakumbuh, tree.makassar):
        inside = region in (tree.sumbar, tree.payakumbuh)
        assert clicks(reader(region).get("/").content.decode()) == ([advert.pk] if inside else [])
        answer = reader(region).get(f"/iklan/{advert.pk}?url=https://jahat.example/")
        assert answer.status_code == (302 if inside else 404)
        if inside:
            assert answer.headers["Location"] == advert.link
            assert answer.headers["Cache-Control"] == "no-store"
            assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_click_on_what_is_not_live_leads_nowhere(tree, reader, photo):
    hidden(tree.payakumbuh, photo)
    assert Advert.objects.count() == 3
    for advert in Advert.objects.all():
        assert reader(tree.payakumbuh).get(f"/iklan/{advert.pk}").status_code == 404
    assert reader(tree.payakumbuh).get("/iklan/999999999999999999").status_code == 404


def test_paid_adverts_come_before_house_ones_near_before_far_and_equals_take_turns(tree, photo):
    def book(region, **fields):
        return builders.make_advert(region, photo, **fields)

    house = book(tree.payakumbuh, kind="house")
    far, near, beside = book(tree.network), book(tree.payakumbuh), book(tree.payakumbuh)
    orders = [selection.in_turn([house, far, near, beside], turn) for turn in range(3)]
    assert orders[0] == orders[2] == [near, beside, far, house]
    assert orders[1] == [beside, near, far, house]
    adverts = selection.PageAdverts(Advert.objects.select_related("region"), 0)
    assert [adverts.take("inline") for _ in range(5)] == [near, beside, far, house, None]
    assert adverts.take("top") is None


def test_an_advert_is_not_shown_before_its_renditions_exist(tree, reader, photo):
    builders.make_advert(tree.payakumbuh, photo, slot="top")
    Photo.objects.update(rendition_manifest={})
    assert clicks(reader(tree.payakumbuh).get("/").content.decode()) == []


# --- Booking ------------------------------------------------------------------------------------------------------


def booking(region, photo, **changes):
    fields = {"slot": "top", "kind": "paid", "advertiser": "Toko Sanjai", "alt": "Keripik sanjai", "is_active": "on"}
    times = {"starts_at": "2026-11-25T08:00", "ends_at": "2026-12-25T08:00"}
    return fields | times | {"region": region.pk, "photo": photo.pk, "link": "example.com"} | changes


def test_times_are_those_of_the_region_and_a_bare_host_becomes_https(tree, people, newsroom, photo):
    editor = newsroom(people.admin)
    assert editor.post("/adverts/advert/add/", booking(tree.ambon, photo)).status_code == 302
    advert = Advert.objects.get()
    assert advert.starts_at == datetime(2026, 11, 24, 23, tzinfo=UTC)  # 08:00 WIT
    assert advert.link == "https://example.com"
    form = editor.get(f"/adverts/advert/{advert.pk}/change/").content.decode()
    assert 'value="2026-11-25T08:00"' in form
    editor.post(f"/adverts/advert/{advert.pk}/change/", booking(tree.ambon, photo, advertiser="Lain"))
    assert (Advert.objects.get().starts_at, Advert.objects.get().advertiser) == (advert.starts_at, "Lain")


REFUSED = [
    ("link", {"link": "ftp://example.com/"}),
    ("link", {"link": "javascript:alert(1)"}),
    ("__all__", {"ends_at": "2026-11-25T07:00"}),
    ("__all__", {"advertiser": ""}),
    ("slot", {"slot": "popup"}),
    ("alt", {"alt": ""}),
    ("region", {"region": ""}),
]


def test_a_mistake_in_a_booking_is_shown_at_its_field(tree, people, newsroom, photo):
    chief, good = newsroom(people.pemred), booking(tree.payakumbuh, photo)
    for field, changes in REFUSED:
        answer = chief.post("/adverts/advert/add/", good | changes)
        assert set(answer.context["adminform"].form.errors) == {field}, changes
    assert chief.post("/adverts/advert/add/", good).status_code == 302


def test_a_picture_must_fit_its_slot_and_be_usable_until_the_advert_ends(tree, people, newsroom, photo):
    chief = newsroom(people.pemred)
    square = uploads.store(photo_file((300, 300)), region=tree.payakumbuh, user=None)
    answer = chief.post("/adverts/advert/add/", booking(tree.payakumbuh, square))
    assert "300 × 300" in answer.content.decode()
    assert chief.post("/adverts/advert/add/", booking(tree.payakumbuh, square, slot="story")).status_code == 302
    for day, status in ((datetime(2026, 12, 24), 200), (datetime(2026, 12, 25), 302)):
        Photo.objects.update(usable_until=day.date())
        assert chief.post("/adverts/advert/add/", booking(tree.payakumbuh, photo)).status_code == status


def test_the_list_of_adverts_says_which_are_live(tree, people, newsroom, photo):
    hidden(tree.payakumbuh, photo)
    builders.make_advert(tree.payakumbuh, photo)
    text = newsroom(people.pemred).get("/adverts/advert/").content.decode()
    states = re.findall(r'class="field-state">([^<]+)<', text)
    assert sorted(states) == ["berakhir", "nonaktif", "tayang", "terjadwal"]


# --- ads.txt --------------------------------------------------------------------------------------------------------

GOOD = """# Penjual resmi
google.com, pub-0000000000000000, DIRECT, f08c47fec0942fa0
contoh.co.id,12345,reseller  # lewat agen
placeholder.example.com, placeholder, DIRECT, placeholder; ext=1

CONTACT=iklan@pekon.web.id
OWNERDOMAIN=pekon.web.id
MANAGERDOMAIN=agen.co.id, ID
inventorypartnerdomain = mitra.co.id"""


@pytest.mark.parametrize(
    "line",
    [
        "google.com",
        "google.com, pub-1",
        "google, pub-1, DIRECT",
        "https://google.com, pub-1, DIRECT",
        "google.com, pub-1, LANGSUNG",
        "google.com, , DIRECT",
        "google.com, pub 1, DIRECT",
        "google.com, pub-1, DIRECT, a, b",
        "<script>alert(1)</script>",
        "SUBDOMAIN=payakumbuh.pekon.web.id",
        "INVENTORYPARTNERDOMAIN=mitra",
        "MANAGERDOMAIN=agen.co.id, Indonesia",
        "CONTACT=",
        "SELLER=google.com",
        "OWNERDOMAIN=lain.co.id",
    ],
)
def test_a_bad_line_of_ads_txt_is_named_by_its_number(line):
    assert ads_txt.problems(GOOD) == []
    assert [number for number, _problem in ads_txt.problems(f"{GOOD}\n\n{line}")] == [11]


def test_a_hosts_ads_txt_has_the_lines_of_the_network_and_of_the_regions_down_to_it(tree, reader):
    def lines(region):
        answer = reader(region).get("/ads.txt")
        return answer.content.decode().splitlines() if answer.status_code == 200 else answer.status_code

    assert lines(tree.network) == lines(tree.payakumbuh) == 404
    AdsTxt.objects.create(region=tree.payakumbuh, lines="")
    assert lines(tree.payakumbuh) == 404
    one, two, three = (f"google.com, pub-{number}, DIRECT" for number in (1, 2, 3))
    AdsTxt.objects.create(region=tree.network, lines=one)
    AdsTxt.objects.create(region=tree.sumbar, lines=f"{two}\r\n{one}")
    AdsTxt.objects.filter(region=tree.payakumbuh).update(lines=three)
    assert lines(tree.payakumbuh) == [one, two, three]
    assert lines(tree.limapuluhkota) == lines(tree.sumbar) == [one, two]
    assert lines(tree.makassar) == [one]
    named = [region.host_name for region in (tree.sumbar, tree.limapuluhkota, tree.payakumbuh)]
    assert lines(tree.network) == [one, *[f"SUBDOMAIN={name}" for name in named]]
    assert reader(tree.network).get("/ads.txt").headers["Content-Type"] == "text/plain; charset=utf-8"


def test_the_newsroom_refuses_a_bad_line_of_ads_txt(tree, people, newsroom):
    chief = newsroom(people.pemred)
    answer = chief.post("/adverts/adstxt/add/", {"region": tree.payakumbuh.pk, "lines": f"{GOOD}\ngoogle.com"})
    assert "Baris 10" in answer.content.decode()
    assert chief.post("/adverts/adstxt/add/", {"region": tree.payakumbuh.pk, "lines": GOOD}).status_code == 302
    assert AdsTxt.objects.get().region == tree.payakumbuh
