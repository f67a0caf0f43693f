"""The calendar that phones subscribe to: whose address opens what, and until when."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from news.demo import builders
from news.models import Article, CalendarAddress, Status
from news.newsroom.schedule import feed
from news.publishing import workflow
from news.staff import calendar_addresses, service
from regions.models import Assignment
from tests.conftest import HostClient
from tests.newsroom import world

from .test_schedule import NOW, scheduled, stories  # noqa: F401  (a fixture)

pytestmark = pytest.mark.databases
PAGE = "/jadwal/langganan/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def anybody():
    return HostClient(f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}")


def fetch(token: str):
    return anybody().get(f"/kalender/{token}.ics")


def events(token: str) -> dict[str, object]:
    response = fetch(token)
    assert response.status_code == 200
    return {str(event["summary"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def made(response) -> str:
    return re.search(r"/kalender/([\w-]+)\.ics", response.text)[1]


def test_an_address_is_shown_once_and_only_its_digest_is_stored(tree, people, newsroom):
    client = newsroom(people.reporter)
    assert "belum punya alamat" in client.get(PAGE).text
    response = client.post(PAGE, {"do": "renew"})
    token = made(response)
    assert f"http://redaksi.{settings.DOMAIN}/kalender/{token}.ics" in response.text
    assert token not in client.get(PAGE).text
    assert token not in str(CalendarAddress.objects.values().get())
    assert len(token) == 43
    assert fetch(token).status_code == 200


def test_an_address_ends_with_a_new_one_and_when_it_is_revoked(tree, people, newsroom):
    client = newsroom(people.reporter)
    first = made(client.post(PAGE, {"do": "renew"}))
    second = made(client.post(PAGE, {"do": "renew"}))
    assert [fetch(first).status_code, fetch(second).status_code] == [404, 200]
    client.post(PAGE, {"do": "revoke"})
    assert fetch(second).status_code == 404
    assert client.post(PAGE, {"do": "x"}).status_code == 404
    for invented in ("x", CalendarAddress.__name__, "a" * 5000):
        assert fetch(invented).status_code == 404


def test_everybody_makes_ones_own_address_alone(tree, people, newsroom):
    mine = made(newsroom(people.reporter).post(PAGE, {"do": "renew"}))
    theirs = made(newsroom(people.redaktur).post(PAGE, {"do": "renew"}))
    newsroom(people.redaktur).post(PAGE, {"do": "revoke", "person": people.reporter.pk})
    assert [fetch(mine).status_code, fetch(theirs).status_code] == [200, 404]
    nobody = newsroom(builders.make_user("siapa"))
    assert [nobody.get(PAGE).status_code, nobody.post(PAGE, {"do": "renew"}).status_code] == [403, 403]


def test_it_holds_what_the_person_may_see_now(tree, people, stories):  # noqa: F811
    two = world.of_two_regions(tree)
    own = {"Milik saya", "Nama saya"}
    for person, seen in (
        (people.reporter, own),
        (people.kontributor, {"Milik rekan"}),
        (people.redaktur, own | {"Milik rekan"}),
        (people.sister, {"Milik tetangga"}),
        (two.editor_and_reporter, own | {"Milik rekan"}),
        (two.chief_and_contributor, own | {"Milik rekan"}),
        (people.admin, {story.title for story in stories}),
    ):
        assert set(events(calendar_addresses.renew(person))) == seen, person
    token = calendar_addresses.renew(people.redaktur)
    Assignment.objects.filter(user=people.redaktur).update(region=tree.limapuluhkota)
    assert set(events(token)) == {"Milik tetangga"}
    Assignment.objects.filter(user=people.redaktur).delete()
    assert fetch(token).status_code == 404


def test_it_holds_scheduled_and_live_stories_of_sixty_days_and_no_draft(tree, people, monkeypatch):
    region = tree.payakumbuh
    # "Now" is the database's for what is live, so what was published is placed before both clocks.
    for days, title in ((-61, "Terlalu lama"), (59, "Jauh"), (61, "Terlalu jauh"), (-1, "Kemarin")):
        builders.make_live(region, published_at=NOW + timedelta(days=days), title=title)
    gone = builders.make_live(region, published_at=NOW - timedelta(days=2), title="Sudah turun")
    Article.objects.filter(pk=gone.pk).update(expires_at=NOW - timedelta(days=1))
    builders.make_withdrawn(region, title="Ditarik")
    for status in (Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.BINNED):
        draft = builders.make_article(region, title=f"Rahasia {status}")
        workflow.import_as(draft, status=status, published_at=NOW + timedelta(days=1))
    token = calendar_addresses.renew(people.redaktur)
    assert set(events(token)) == {"Kemarin", "Jauh"}
    monkeypatch.setattr(feed, "MOST", 1)
    scheduled(region, "2027-03-11T08:00", title="Besok")
    assert set(events(token)) == {"Kemarin", "Besok"}


def test_an_event_has_title_time_and_zone_and_nothing_else_of_the_story(tree, people):
    for region in (tree.payakumbuh, tree.makassar, tree.ambon):
        scheduled(region, "2027-03-31T23:59", title=f"Kabar; {region}, lagi", summary="Ringkasan", kicker="Kepala")
    response = fetch(calendar_addresses.renew(people.admin))
    text = response.content.decode()
    for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"):
        assert f"DTSTART;TZID={zone}:20270331T235900" in text
        assert f"TZID:{zone}" in text.split("BEGIN:VTIMEZONE", 1)[1]
    found = Calendar.from_ical(text)
    starts = {str(event["summary"]): event["dtstart"].dt for event in found.walk("VEVENT")}
    assert {name: str(at.utcoffset()) for name, at in starts.items()} == {
        "Kabar; Payakumbuh, lagi": "7:00:00",
        "Kabar; Makassar, lagi": "8:00:00",
        "Kabar; Ambon, lagi": "9:00:00",
    }
    for hidden in ("Ringkasan", "Kepala", "jembatan", "berita/"):
        assert hidden not in text
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, max-age=900"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "redaksi" not in response.cookies


def test_a_person_who_left_gets_404_and_so_does_one_who_comes_back(tree, people):
    token = calendar_addresses.renew(people.reporter)
    service.deactivate(people.reporter, actor=people.pemred)
    assert fetch(token).status_code == 404
    service.reactivate(people.reporter, actor=people.pemred)
    assert fetch(token).status_code == 404


def test_a_person_who_is_disabled_by_hand_gets_404(tree, people):
    token = calendar_addresses.renew(people.reporter)
    for change in ({"is_active": False}, {"is_staff": False}):
        type(people.reporter).objects.filter(pk=people.reporter.pk).update(**change)
        assert fetch(token).status_code == 404
        type(people.reporter).objects.filter(pk=people.reporter.pk).update(is_active=True, is_staff=True)
        assert fetch(token).status_code == 200


def test_a_new_password_ends_the_address(tree, people, newsroom):
    old, new = "kata-sandi-uji-lama", "kata-sandi-uji-baru"
    people.reporter.set_password(old)
    people.reporter.save()
    client = newsroom(people.reporter)
    token = made(client.post(PAGE, {"do": "renew"}))
    address = reverse("account_change_password", urlconf=settings.NEWSROOM_URLCONF)
    client.post(address, {"oldpassword": "salah", "password1": new, "password2": new})
    assert fetch(token).status_code == 200
    assert client.post(address, {"oldpassword": old, "password1": new, "password2": new}).status_code == 302
    assert fetch(token).status_code == 404


def second_factor(person):
    return Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})


def test_an_address_made_by_password_alone_never_shows_what_needs_a_second_factor(
    tree,
    people,
    stories,  # noqa: F811
    settings,
):
    settings.REQUIRE_SECOND_FACTOR = True
    author = builders.make_author("Rita Redaktur", tree.payakumbuh, user=people.redaktur)
    scheduled(tree.payakumbuh, "2027-03-12T08:00", title="Tulisan redaktur", writers=[author])
    token = calendar_addresses.renew(people.redaktur)
    assert set(events(token)) == {"Tulisan redaktur"}
    factor = second_factor(people.redaktur)
    assert fetch(token).status_code == 404
    token = calendar_addresses.renew(type(people.redaktur).objects.get(pk=people.redaktur.pk))
    assert len(events(token)) == 4
    factor.delete()
    assert fetch(token).status_code == 404


def test_reset_second_factors_end_the_address(tree, people):
    second_factor(people.redaktur)
    token = calendar_addresses.renew(people.redaktur)
    service.reset_second_factors(people.redaktur, actor=people.admin)
    second_factor(people.redaktur)
    assert fetch(token).status_code == 404


def test_the_number_of_queries_does_not_grow(tree, people):
    token = calendar_addresses.renew(people.reporter)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            fetch(token)
        return len(queries)

    scheduled(tree.payakumbuh, "2027-03-11T08:00", created_by=people.reporter)
    few = count()
    for hour in range(10):
        scheduled(tree.payakumbuh, f"2027-03-12T{hour:02d}:00", created_by=people.reporter)
    assert count() == few <= 6
