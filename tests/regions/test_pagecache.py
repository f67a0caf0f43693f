"""The page cache through the real WSGI application: what is kept, for how long, and for whom."""

import gzip
import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest
from django.conf import settings
from django.core import signals
from django.db import OperationalError, close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news import furnishing, previews, workflow
from news.demo import builders
from news.images import renditions, uploads
from news.images.models import Photo
from news.models import Article, Section
from pekon.wsgi import django_application
from regions import board, editions
from regions.models import Edition, Region
from regions.pagecache import PageCache
from tests.conftest import photo_file


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = int(status.split()[0]), dict(headers), body


class Site:
    """Asks the WSGI application as gunicorn would. Every request reads the editions anew."""

    def __init__(self, application=django_application):
        self.pages = PageCache(application, board.Board(in_thread=False))

    def get(self, region, path="/", method="GET", **environ):
        if last := self.pages.board._snapshot:
            self.pages.board._snapshot = replace(last, second=0)
        for signal in (signals.request_started, signals.request_finished):  # a test's transaction is in one connection
            signal.disconnect(close_old_connections)
        path, _mark, query = path.partition("?")
        said = []
        host = region if isinstance(region, str) else region.host
        asked = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": host,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
        } | environ
        body = self.pages(asked, lambda status, headers, *_exc: said.extend([status, headers]))
        text = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        return Answer(*said, text)

    def is_kept(self, *asked, **environ):
        """Whether a second request costs no query but those for the editions."""
        self.get(*asked, **environ)
        with CaptureQueriesContext(connection) as queries:
            self.get(*asked, **environ)
        return all("regions_edition" in query["sql"] or "regions_region" in query["sql"] for query in queries)


@pytest.fixture(autouse=True)
def connections_close_again():
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def site(tree):
    return Site()


def test_pages_of_all_kinds_are_kept_and_the_same_as_djangos(tree, site, reader):
    story = builders.make_live(tree.payakumbuh, tags=["Pilkada"])
    gone = builders.make_withdrawn(tree.payakumbuh)
    for path, status in {
        "/": 200,
        story.get_absolute_url(): 200,
        "/indeks/": 200,
        "/tag/pilkada/": 200,
        f"/berita/{story.pk}/": 301,
        "/indeks": 301,
        "/tidak-ada/": 404,
        gone.get_absolute_url(): 410,
    }.items():
        assert site.is_kept(tree.payakumbuh, path), path
        kept, fresh = site.get(tree.payakumbuh, path), reader(tree.payakumbuh).get(path)
        assert (kept.status, kept.body) == (fresh.status_code, fresh.content) == (status, fresh.content), path
        ours = {"Cache-Control", "Content-Length", "ETag", "Vary", "X-Accel-Expires"}
        assert {name: value for name, value in kept.headers.items() if name not in ours} == {
            name: value for name, value in fresh.headers.items() if name not in ours
        }, path


def test_a_kept_page_costs_one_query_for_the_editions_and_none_within_the_second(tree, site):
    builders.make_live(tree.payakumbuh)
    site.get(tree.payakumbuh)
    with CaptureQueriesContext(connection) as queries:
        site.get(tree.payakumbuh)
    assert [query["sql"].split()[0] for query in queries if "regions_edition" in query["sql"]] == ["SELECT"]


def test_a_change_is_seen_where_it_is_put_out_and_nowhere_else(tree, people, site):
    story = builders.make_article(tree.payakumbuh, title="Jembatan baru dibuka")
    hosts = (tree.payakumbuh, tree.sumbar, tree.network, tree.ambon)
    for region in hosts:
        site.get(region)
    workflow.publish(story, actor=people.redaktur)
    site.pages.counts.clear()
    assert [b"Jembatan baru" in site.get(region).body for region in hosts] == [True, True, True, False]
    assert (site.pages.counts["hits"], site.pages.counts["misses"]) == (1, 3)


def test_a_preview_leaves_nothing_on_the_pages_of_the_host_where_it_is_shown(tree, people, site):
    """It is shown on the network's host, with the region of the story as the paper's name."""
    paths = []
    for region in (tree.payakumbuh, tree.ambon):
        token = previews.address(previews.make(builders.make_article(region), actor=people.admin)).split("/")[-2]
        paths.append(f"/pratinjau/{token}/")
    pages = [site.get(tree.network, path).body.decode() for path in [*paths, "/"]]
    names = [re.findall(r'class="masthead-region"><a href="/">([^<]*)', page) for page in pages]
    assert names == [["Payakumbuh"], ["Ambon"], [tree.network.short_name]]
    assert "Payakumbuh" in pages[0]
    assert "Payakumbuh" not in pages[1]


def test_what_is_kept_of_a_story_for_its_cards_ends_with_its_regions_edition(tree, people, site):
    """Pages of other regions have its card from memory, and show each change at once."""
    photo = uploads.store(photo_file(), region=tree.payakumbuh, user=None)
    renditions.make(photo)
    story = builders.make_live(
        tree.payakumbuh, title="Judul lama", lead_photo=photo, tags=["Pasar"], shares={tree.ambon: None}
    )
    other, _newest = (builders.make_live(tree.ambon, tags=["Pasar"]) for _number in range(2))
    pages = [
        (tree.network, "/"),
        (tree.network, "/indeks/"),
        (tree.sumbar, "/tag/pasar/"),
        (tree.ambon, "/"),
        (tree.ambon, other.get_absolute_url()),
    ]

    def show(words):
        return [words.encode() in site.get(*page).body for page in pages]

    assert all(show("Judul lama"))
    assert all(show(photo.rendition_key))
    live = Article.objects.get(pk=story.pk)
    live.title = "Judul baru"
    with editions.writing():
        workflow.store(live, actor=people.admin)
        workflow.settle(live)
    assert all(show("Judul baru"))
    assert not any(show("Judul lama"))
    before = photo.rendition_key
    uploads.replace(photo, photo_file(colour="red"))
    renditions.make(photo)
    assert not any(show(before))
    assert all(show(Photo.objects.get().rendition_key))
    workflow.withdraw(live, actor=people.admin, reason="Keliru.")
    assert not any(show("Judul baru"))


def test_stories_in_memory_are_read_once_and_few_are_kept(tree, site, monkeypatch):
    for region in (tree.payakumbuh, tree.ambon):
        builders.make_many(region, 3)

    def reads():
        with CaptureQueriesContext(connection) as queries:
            assert site.get(tree.network, "/indeks/").status == 200
        return sum('"news_article"."summary"' in query["sql"] for query in queries)

    assert reads() == 1
    assert reads() == 0  # a kept page
    editions.put_out([tree.network.pk])
    assert reads() == 0
    editions.put_out([tree.ambon.pk])
    assert reads() == 1
    monkeypatch.setattr(furnishing, "MOST", 4)
    kept = site.pages.board.snapshot().shared.get("stories", dict)
    others = {-number: story for number, story in enumerate(kept.values(), start=1)}
    kept.clear()
    kept.update(others)
    editions.put_out([tree.ambon.pk])
    assert reads() == 1
    assert list(kept)[:4] == [-3, -4, -5, -6]  # the oldest are gone
    assert len(kept) == 4 + 6


def test_a_story_published_elsewhere_ends_a_kept_404(tree, people, site):
    story = builders.make_article(tree.payakumbuh)
    path = f"/berita/{story.pk}/x/"
    assert site.get(tree.ambon, path).status == 404
    assert site.is_kept(tree.ambon, path)
    story = workflow.publish(story, actor=people.redaktur)
    assert site.get(tree.ambon, path).headers["Location"] == story.canonical_url


def test_time_alone_changes_a_kept_page_and_nobody_may_show_it_longer(tree, people, site):
    story = builders.make_article(tree.payakumbuh)
    due = timezone.now() + timedelta(hours=1)
    story = workflow.schedule(story, actor=people.redaktur, at=due)
    assert site.get(tree.payakumbuh, story.get_absolute_url()).status == 404
    Edition.objects.update(next_change_at=timezone.now() + timedelta(seconds=10))
    seconds = re.findall(r"(?:s-maxage|stale-[a-z-]+)=(\d+)", site.get(tree.payakumbuh).headers["Cache-Control"])
    assert len(seconds) == 3
    assert 7 <= sum(map(int, seconds)) <= 10
    Edition.objects.update(next_change_at=timezone.now() + timedelta(seconds=0.9))
    assert "s-maxage=0, stale" in site.get(tree.payakumbuh).headers["Cache-Control"]
    # The hour is over: the article and, where the editions say when they change, the clock of the database agree.
    type(story).objects.filter(pk=story.pk).update(published_at=timezone.now() - timedelta(seconds=1))
    Edition.objects.update(next_change_at=timezone.now() - timedelta(seconds=1))
    assert site.get(tree.payakumbuh, story.get_absolute_url()).status == 200


def test_what_was_made_during_a_change_is_kept_under_the_old_number(tree, people):
    story = builders.make_article(tree.payakumbuh)

    def slow(environ, start_response):
        response = django_application(environ, start_response)
        if story.status != "approved":  # between reading and answering, somebody publishes
            story.status = workflow.publish(story, actor=people.redaktur).status
        return response

    site = Site(slow)
    assert story.title.encode() not in site.get(tree.payakumbuh).body
    assert story.title.encode() in site.get(tree.payakumbuh).body


def test_a_tag_stands_for_bytes_and_304_needs_no_render(tree, people, site):
    story = builders.make_live(tree.payakumbuh)
    path = story.get_absolute_url()
    tag = site.get(tree.payakumbuh, path).headers["ETag"]
    assert not tag.startswith("W/")
    for sent in (tag, f'"x", {tag}', f"W/{tag}"):
        again = site.get(tree.payakumbuh, path, HTTP_IF_NONE_MATCH=sent)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
        assert "Content-Length" not in again.headers
    assert site.pages.counts["misses"] == 1
    assert site.get(tree.payakumbuh, path, HTTP_IF_NONE_MATCH=tag, HTTP_ACCEPT_ENCODING="br").status == 200
    Section.objects.get().save()  # everything is put out, and these bytes are what they were
    assert site.get(tree.payakumbuh, path, HTTP_IF_NONE_MATCH=tag).status == 304
    Section.objects.update(name="Politik Daerah")
    editions.put_out([editions.EVERYWHERE])
    changed = site.get(tree.payakumbuh, path, HTTP_IF_NONE_MATCH=tag)
    assert (changed.status, changed.headers["ETag"] == tag) == (200, False)


def test_bodies_are_compressed_once_and_chosen_by_what_the_browser_takes(tree, site):
    builders.make_live(tree.payakumbuh)
    plain = site.get(tree.payakumbuh)
    br = site.get(tree.payakumbuh, HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    packed = site.get(tree.payakumbuh, HTTP_ACCEPT_ENCODING="gzip, br;q=0")
    assert (br.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(br.body) == gzip.decompress(packed.body) == plain.body
    assert len({answer.headers["ETag"] for answer in (plain, br, packed)}) == 3
    assert {answer.headers["Vary"] for answer in (plain, br, packed)} == {"Accept-Encoding"}
    assert int(br.headers["Content-Length"]) == len(br.body)
    assert site.pages.store.get((tree.payakumbuh.pk, "/", "")).encoded == {"br": br.body, "gzip": packed.body}


def test_a_head_request_gets_the_headers_of_the_page(tree, site):
    head = site.get(tree.payakumbuh, method="HEAD")
    page = site.get(tree.payakumbuh)
    assert (head.status, head.body) == (200, b"")
    assert head.headers == page.headers
    assert site.pages.counts["hits"] == 1


def test_only_listed_parameters_make_another_page(tree, site):
    builders.make_live(tree.payakumbuh)
    for path in (
        "/indeks/",
        "/indeks/?fbclid=x&utm_source=wa",
        "/indeks/?q=1",
        "/indeks/?" + "&".join("abcdefghijklmnopqrstuvwxyz"),
    ):
        assert site.get(tree.payakumbuh, path).status == 200
    assert site.pages.counts["misses"] == 1
    for path in ("/indeks/?sebelum=1-1", "/indeks/?x=1&sebelum=1-1", "/indeks/?sebelum=9-9&sebelum=1-1"):
        assert site.get(tree.payakumbuh, path).status == 200
    assert site.pages.counts["misses"] == 2
    assert site.get(tree.payakumbuh, "/indeks?sebelum=1-1&x=1").headers["Location"] == "/indeks/?sebelum=1-1"


def test_what_is_not_everybodys_is_not_kept(tree, people, site):
    story = builders.make_article(tree.payakumbuh)
    token = previews.address(previews.make(story, actor=people.redaktur)).split("/")[-2]
    preview = site.get(tree.network, f"/pratinjau/{token}/")
    assert (preview.status, preview.headers["Cache-Control"]) == (200, "private, no-store")
    assert site.get(tree.payakumbuh, method="POST").status == 405
    assert site.get(f"redaksi.{settings.DOMAIN}", "/akun/masuk/").status == 200
    assert site.get("example.org").status == 400
    assert site.get(f"tidakada.{settings.DOMAIN}").status == 404
    assert site.get(tree.payakumbuh, "/?x=%00").status == 400
    assert len(site.pages.store) == 0


def test_this_machine_is_told_how_the_process_is_and_nobody_else(tree, site):
    site.get(tree.payakumbuh)
    site.get(tree.payakumbuh)
    site.get(tree.payakumbuh, "/tidak-ada/")
    asked = {"REMOTE_ADDR": "127.0.0.1"}
    told = json.loads(site.get("127.0.0.1:8000", "/-/health", **asked).body)
    assert told["answers"] == {"hits": 1, "shared": 0, "misses": 2, "unavailable": 0}
    assert told["database"] == "up"
    assert told["pages"]["kept"] == 2
    assert 0 < told["pages"]["bytes"] < told["pages"]["room"]
    assert site.get("127.0.0.1:8000", "/-/health", REMOTE_ADDR="192.0.2.1").status == 400
    assert site.get("127.0.0.1:8000", "/-/health", **asked, HTTP_X_FORWARDED_FOR="127.0.0.1").status == 400
    assert site.get(tree.payakumbuh, "/-/health", **asked).status == 404


def test_over_https_alone_where_the_site_is(tree, site, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    assert site.get(tree.payakumbuh, HTTP_X_FORWARDED_PROTO="https").status == 200
    assert site.get(tree.payakumbuh, HTTP_X_FORWARDED_PROTO="http").status == 200
    assert len(site.pages.store) == 1
    assert site.pages.counts["hits"] == 0


def test_a_closed_region_is_gone_at_once(tree, site):
    assert site.get(tree.payakumbuh).status == 200
    tree.payakumbuh.is_open = False
    tree.payakumbuh.save()
    assert site.get(tree.payakumbuh).status == 404


class TestDatabaseDown:
    @pytest.fixture
    def outage(self, monkeypatch):
        def begin():
            def refuse(*args, **kwargs):
                raise OperationalError("connection refused")

            monkeypatch.setattr(board.Board, "_take", refuse)

        return begin

    def test_kept_pages_are_shown_and_the_rest_is_503(self, tree, site, outage, settings):
        story = builders.make_live(tree.payakumbuh)
        for path in ("/", story.get_absolute_url(), "/tidak-ada/"):
            site.get(tree.payakumbuh, path)
        Region.objects.filter(pk=tree.payakumbuh.pk).update(tagline="Baru")
        editions.put_out([tree.payakumbuh.pk])
        last = site.pages.board.snapshot()
        outage()

        def get(path, host=tree.payakumbuh, **environ):
            site.pages.board.snapshot = lambda: site.pages.board._read() or last
            answer = site.get(host, path, **environ)
            del site.pages.board.snapshot
            return answer

        with CaptureQueriesContext(connection) as queries:
            assert [get(path).status for path in ("/", story.get_absolute_url(), "/tidak-ada/")] == [200, 200, 404]
            assert "stale-if-error=0" in get("/").headers["Cache-Control"]
            for path, host in [("/indeks/", tree.payakumbuh), ("/akun/masuk/", f"redaksi.{settings.DOMAIN}")]:
                refused = get(path, host)
                assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
            here = get("/-/health", "127.0.0.1:8000", REMOTE_ADDR="127.0.0.1")
            assert (here.status, json.loads(here.body)["database"]) == (200, "down")
        assert len(queries) == 0
        settings.PAGE_STALE_SECONDS = 0
        assert get("/").status == 503
        assert get("/-/health", "127.0.0.1:8000").status == 503

    def test_a_page_that_fails_meanwhile_is_the_one_that_was_kept(self, tree, outage):
        failing = []

        def application(environ, start_response):
            if failing:
                outage()
                start_response("500 Internal Server Error", [])
                return [b"Traceback"]
            return django_application(environ, start_response)

        site = Site(application)
        first = site.get(tree.payakumbuh)
        editions.put_out([tree.payakumbuh.pk])
        failing.append(True)
        assert site.get(tree.payakumbuh).body == first.body
