"""The page cache through the real WSGI application: what is stored, for how long, and for whom."""

import gzip
import io
import json
import os
import re
import time
from dataclasses import replace
from datetime import timedelta
from wsgiref.validate import validator

import brotli
import pytest
import time_machine
from django.conf import settings
from django.core import signals
from django.db import OperationalError, close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.images import renditions, uploads
from news.images.models import Photo
from news.models import Article, Section
from news.publishing import previews, workflow
from news.readers import article_cache
from news.readers.views import articles as article_views
from news.syndication import sitemaps
from pekon.pagecache.wsgi import PageCache
from pekon.wsgi import django_application
from regions import generations
from regions.generations import snapshot
from regions.models import Generation, Region
from tests.conftest import photo_file

pytestmark = pytest.mark.databases


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = int(status.split()[0]), dict(headers), body


class Site:
    """Asks the WSGI application as gunicorn would. Every request reads the generations anew."""

    def __init__(self, application=django_application):
        self.pages = PageCache(application, snapshot.Poller(in_thread=False))
        self.application = self.pages

    def get(self, region, path="/", method="GET", **environ):
        if last := self.pages.poller._snapshot:
            self.pages.poller._snapshot = replace(last, second=0)
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
            "SCRIPT_NAME": "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        } | environ

        def start_response(status, headers, exc_info=None):
            said.extend([status, headers])

        body = self.application(asked, start_response)
        text = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        return Answer(*said, text)

    def is_stored(self, *asked, **environ):
        """Whether a second request costs no query but those for the generations."""
        self.get(*asked, **environ)
        with CaptureQueriesContext(connection) as queries:
            self.get(*asked, **environ)
        return all("regions_generation" in query["sql"] or "regions_region" in query["sql"] for query in queries)


@pytest.fixture(autouse=True)
def connections_close_again():
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def site(tree):
    return Site()


def test_pages_of_all_kinds_are_stored_and_equal_djangos(tree, site, reader):
    article = builders.make_live(tree.payakumbuh, tags=["Pilkada"])
    gone = builders.make_withdrawn(tree.payakumbuh)
    for path, status in {
        "/": 200,
        article.get_absolute_url(): 200,
        "/indeks/": 200,
        "/tag/pilkada/": 200,
        f"/berita/{article.pk}/": 301,
        "/indeks": 301,
        "/tidak-ada/": 404,
        gone.get_absolute_url(): 410,
    }.items():
        assert site.is_stored(tree.payakumbuh, path), path
        stored, fresh = site.get(tree.payakumbuh, path), reader(tree.payakumbuh).get(path)
        assert (stored.status, stored.body) == (fresh.status_code, fresh.content) == (status, fresh.content), path
        ours = {"Cache-Control", "Content-Length", "ETag", "Vary", "X-Accel-Expires"}
        assert {name: value for name, value in stored.headers.items() if name not in ours} == {
            name: value for name, value in fresh.headers.items() if name not in ours
        }, path


def test_a_stored_page_costs_one_query_for_the_generations_and_none_within_the_second(tree, site):
    builders.make_live(tree.payakumbuh)
    site.get(tree.payakumbuh)
    with CaptureQueriesContext(connection) as queries:
        site.get(tree.payakumbuh)
    assert [query["sql"].split()[0] for query in queries if "regions_generation" in query["sql"]] == ["SELECT"]


def test_a_change_is_seen_in_the_regions_that_it_bumps_and_nowhere_else(tree, people, site):
    article = builders.make_article(tree.payakumbuh, title="Jembatan baru dibuka")
    hosts = (tree.payakumbuh, tree.sumbar, tree.network, tree.ambon)
    for region in hosts:
        site.get(region)
    workflow.publish(article, actor=people.redaktur)
    site.pages.counts.clear()
    assert [b"Jembatan baru" in site.get(region).body for region in hosts] == [True, True, True, False]
    assert (site.pages.counts["hits"], site.pages.counts["misses"]) == (1, 3)


def test_a_preview_leaves_nothing_on_the_pages_of_the_host_where_it_is_shown(tree, people, site):
    """It is shown on the network's host, with the region of the article as the paper's name."""
    paths = []
    for region in (tree.payakumbuh, tree.ambon):
        token = previews.address(previews.make(builders.make_article(region), actor=people.admin)).split("/")[-2]
        paths.append(f"/pratinjau/{token}/")
    pages = [site.get(tree.network, path).body.decode() for path in [*paths, "/"]]
    names = [re.findall(r'class="masthead-region"><a href="/">([^<]*)', page) for page in pages]
    assert names == [["Payakumbuh"], ["Ambon"], [tree.network.short_name]]
    assert "Payakumbuh" in pages[0]
    assert "Payakumbuh" not in pages[1]


def test_what_is_in_memory_of_an_article_ends_with_its_regions_generation(tree, people, site):
    """Pages of other regions take its card from memory, and still show each change at once."""
    photo = uploads.store(photo_file(), region=tree.payakumbuh, user=None)
    renditions.make(photo)
    article = builders.make_live(
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
    live = Article.objects.get(pk=article.pk)
    live.title = "Judul baru"
    with generations.bumping():
        workflow.save(live, actor=people.admin)
    assert all(show("Judul baru"))
    assert not any(show("Judul lama"))
    before = photo.rendition_key
    uploads.replace(photo, photo_file(colour="red"))
    renditions.make(photo)
    assert not any(show(before))
    assert all(show(Photo.objects.get().rendition_key))
    workflow.withdraw(live, actor=people.admin, reason="Keliru.")
    assert not any(show("Judul baru"))


def test_articles_in_memory_are_read_once_and_their_number_is_bounded(tree, site, monkeypatch):
    for region in (tree.payakumbuh, tree.ambon):
        builders.make_many(region, 3)

    def reads():
        with CaptureQueriesContext(connection) as queries:
            assert site.get(tree.network, "/indeks/").status == 200
        return sum('"news_article"."summary"' in query["sql"] for query in queries)

    assert reads() == 1
    assert reads() == 0  # a stored page
    generations.bump([tree.network.pk])
    assert reads() == 0
    generations.bump([tree.ambon.pk])
    assert reads() == 1
    monkeypatch.setattr(article_cache, "MAX_ARTICLES", 4)
    in_memory = site.pages.poller.snapshot().shared.get("articles", dict)
    others = {-number: article for number, article in enumerate(in_memory.values(), start=1)}
    in_memory.clear()
    in_memory.update(others)
    generations.bump([tree.ambon.pk])
    assert reads() == 1
    assert list(in_memory)[:4] == [-3, -4, -5, -6]  # the oldest are gone
    assert len(in_memory) == 4 + 6


def test_an_article_published_elsewhere_ends_a_stored_404(tree, people, site):
    article = builders.make_article(tree.payakumbuh)
    path = f"/berita/{article.pk}/x/"
    assert site.get(tree.ambon, path).status == 404
    assert site.is_stored(tree.ambon, path)
    article = workflow.publish(article, actor=people.redaktur)
    assert site.get(tree.ambon, path).headers["Location"] == article.canonical_url


def test_time_alone_changes_a_stored_page_and_no_cache_may_show_it_longer(tree, people, site):
    article = builders.make_article(tree.payakumbuh)
    due = timezone.now() + timedelta(hours=1)
    article = workflow.schedule(article, actor=people.redaktur, at=due)
    assert site.get(tree.payakumbuh, article.get_absolute_url()).status == 404
    Generation.objects.update(next_change_at=timezone.now() + timedelta(seconds=10))
    seconds = re.findall(r"(?:s-maxage|stale-[a-z-]+)=(\d+)", site.get(tree.payakumbuh).headers["Cache-Control"])
    assert len(seconds) == 3
    assert 7 <= sum(map(int, seconds)) <= 10
    Generation.objects.update(next_change_at=timezone.now() + timedelta(seconds=0.9))
    assert "s-maxage=0, stale" in site.get(tree.payakumbuh).headers["Cache-Control"]
    # The hour is over, both for the article and for the moment at which the generations say that they change.
    type(article).objects.filter(pk=article.pk).update(published_at=timezone.now() - timedelta(seconds=1))
    Generation.objects.update(next_change_at=timezone.now() - timedelta(seconds=1))
    assert site.get(tree.payakumbuh, article.get_absolute_url()).status == 200


def test_what_was_made_during_a_change_is_stored_under_the_old_number(tree, people):
    article = builders.make_article(tree.payakumbuh)

    def slow(environ, start_response):
        response = django_application(environ, start_response)
        if article.status != "approved":  # between reading and answering, somebody publishes
            article.status = workflow.publish(article, actor=people.redaktur).status
        return response

    site = Site(slow)
    assert article.title.encode() not in site.get(tree.payakumbuh).body
    assert article.title.encode() in site.get(tree.payakumbuh).body


def test_an_etag_stands_for_bytes_and_304_needs_no_render(tree, people, site):
    article = builders.make_live(tree.payakumbuh)
    path = article.get_absolute_url()
    tag = site.get(tree.payakumbuh, path).headers["ETag"]
    assert not tag.startswith("W/")
    for sent in (tag, f'"x", {tag}', f"W/{tag}"):
        again = site.get(tree.payakumbuh, path, HTTP_IF_NONE_MATCH=sent)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
        assert "Content-Length" not in again.headers
    assert site.pages.counts["misses"] == 1
    assert site.get(tree.payakumbuh, path, HTTP_IF_NONE_MATCH=tag, HTTP_ACCEPT_ENCODING="br").status == 200
    Section.objects.get().save()  # every region is bumped, and the bytes of this page stay the same
    assert site.get(tree.payakumbuh, path, HTTP_IF_NONE_MATCH=tag).status == 304
    Section.objects.update(name="Politik Daerah")
    generations.bump([generations.EVERYWHERE])
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
    assert site.pages.memory.get((tree.payakumbuh.pk, "/", "")).encoded == {"br": br.body, "gzip": packed.body}


def test_a_head_request_gets_the_headers_of_the_page(tree, site):
    with time_machine.travel(timezone.now(), tick=False):  # the lifetime of a page is counted from the second
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


def test_what_is_not_the_same_for_everybody_is_not_stored(tree, people, site):
    article = builders.make_article(tree.payakumbuh)
    token = previews.address(previews.make(article, actor=people.redaktur)).split("/")[-2]
    preview = site.get(tree.network, f"/pratinjau/{token}/")
    assert (preview.status, preview.headers["Cache-Control"]) == (200, "private, no-store")
    assert site.get(tree.payakumbuh, method="POST").status == 405
    assert site.get(f"redaksi.{settings.DOMAIN}", "/akun/masuk/").status == 200
    assert site.get("example.org").status == 400
    assert site.get(f"tidakada.{settings.DOMAIN}").status == 404
    assert site.get(tree.payakumbuh, "/?x=%00").status == 400
    assert len(site.pages.memory) == 0


@pytest.mark.parametrize(
    ("status", "header", "stored"),
    [
        ("200 OK", ("X-Plain", "1"), True),
        ("200 OK", ("Vary", "Accept-Encoding"), True),
        ("200 OK", ("Vary", "Accept-Encoding, Cookie"), False),
        ("200 OK", ("Vary", "*"), False),
        ("200 OK", ("Set-Cookie", "a=b"), False),
        ("200 OK", ("Cache-Control", "private"), False),
        ("200 OK", ("Cache-Control", "no-store"), False),
        ("200 OK", ("Cache-Control", "no-cache"), False),
        ("302 Found", ("Location", "/"), False),
        ("500 Internal Server Error", ("X-Plain", "1"), False),
    ],
)
def test_each_reason_alone_keeps_an_answer_from_being_stored(tree, status, header, stored):
    asked = []

    def application(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response(status, [("Content-Type", "text/html"), header])
        return [b"Halo"]

    site = Site(application)
    for _turn in range(2):
        assert site.get(tree.payakumbuh).body == b"Halo"
    assert len(asked) == (1 if stored else 2)


def test_wsgi_middleware_below_or_above_the_page_cache_does_not_switch_it_off(tree):
    """Monitoring tools wrap Django's application or Pekon's, and hand on answers that are no longer Django's objects.

    `validator` also checks that the page cache keeps to the WSGI protocol in both directions.
    """

    def late(environ, start_response):
        """Begins its answer only when somebody iterates over it."""
        yield from django_application(environ, start_response)

    builders.make_live(tree.payakumbuh)
    for site in (Site(late), Site(validator(django_application)), Site()):
        pages = site.pages
        site.application = validator(pages)
        assert site.is_stored(tree.payakumbuh)
        assert pages.counts["hits"] == 1
        assert len(pages.memory) == 1


def test_a_page_ends_after_the_seconds_that_its_view_allows(tree):
    """Rankings change without any generation: `s-maxage` is what ends such a page."""
    asked = []

    def application(environ, start_response):
        asked.append(1)
        start_response("200 OK", [("Content-Type", "text/html"), ("Cache-Control", "s-maxage=300")])
        return [b"Terpopuler"]

    site = Site(application)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        generations.bump([tree.payakumbuh.pk])
        for seconds, made in ((0, 1), (299, 1), (2, 2)):
            clock.shift(seconds)
            assert site.get(tree.payakumbuh, "/terpopuler/").status == 200
            assert len(asked) == made, seconds


def test_the_stored_news_sitemap_loses_its_articles_when_they_are_two_days_old(tree, site):
    """Nothing is published meanwhile, so no generation moves; robots.txt does not name a sitemap that is empty."""
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for left in (10, 20):
            builders.make_live(tree.payakumbuh, now - sitemaps.NEWS_AGE + timedelta(minutes=left))
        for shown in (2, 1, 0):
            stored = site.get(tree.payakumbuh, "/sitemap-news.xml")
            assert stored.body.count(b"<news:title>") == shown
            assert stored.status == (200 if shown else 404)
            assert (b"sitemap-news" in site.get(tree.payakumbuh, "/robots.txt").body) is bool(shown)
            clock.shift(timedelta(minutes=9, seconds=59))
            assert site.is_stored(tree.payakumbuh, "/robots.txt")
            clock.shift(1)


def test_a_citys_front_follows_its_neighbours_and_its_province(tree, people, site):
    """Articles of those regions stand on it, and bump generations that are not the city's own."""
    for region, title in ((tree.limapuluhkota, "Dari tetangga"), (tree.sumbar, "Dari provinsi")):
        article = builders.make_article(region, title=title)
        assert title.encode() not in site.get(tree.payakumbuh).body
        article = workflow.publish(article, actor=people.admin)
        assert title.encode() in site.get(tree.payakumbuh).body
        workflow.withdraw(article, actor=people.admin, reason="Keliru.")
        assert title.encode() not in site.get(tree.payakumbuh).body


def test_health_is_told_to_this_machine_alone(tree, site):
    site.get(tree.payakumbuh)
    site.get(tree.payakumbuh)
    site.get(tree.payakumbuh, "/tidak-ada/")
    asked = {"REMOTE_ADDR": "127.0.0.1"}
    told = json.loads(site.get("127.0.0.1:8000", "/-/health", **asked).body)
    assert told["answers"] == {"hits": 1, "shared": 0, "misses": 2, "unavailable": 0}
    assert told["database"] == "up"
    assert told["pages"]["stored"] == 2
    assert 0 < told["pages"]["bytes"] < told["pages"]["max_bytes"]
    assert site.get("127.0.0.1:8000", "/-/health", REMOTE_ADDR="192.0.2.1").status == 400
    assert site.get("127.0.0.1:8000", "/-/health", **asked, HTTP_X_FORWARDED_FOR="127.0.0.1").status == 400
    assert site.get(tree.payakumbuh, "/-/health", **asked).status == 404


def test_where_the_site_is_https_only_https_pages_are_stored(tree, site, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    assert site.get(tree.payakumbuh, HTTP_X_FORWARDED_PROTO="https").status == 200
    assert site.get(tree.payakumbuh, HTTP_X_FORWARDED_PROTO="http").status == 200
    assert len(site.pages.memory) == 1
    assert site.pages.counts["hits"] == 0


def test_a_closed_region_is_gone_at_once(tree, site):
    assert site.get(tree.payakumbuh).status == 200
    tree.payakumbuh.is_open = False
    tree.payakumbuh.save()
    assert site.get(tree.payakumbuh).status == 404


def test_what_is_handed_on_to_django_reads_no_region(tree, site):
    """The snapshot is passed on with every request: a beacon, a rendition, an unknown host, a POST."""
    article = builders.make_live(tree.payakumbuh)
    site.get(tree.payakumbuh)
    asked = [
        (tree.payakumbuh, f"/dibaca/{article.pk}/", "POST", 204),
        (tree.payakumbuh, f"/media/{'0' * 32}/free-320.webp", "GET", 404),
        (f"tidakada.{settings.DOMAIN}", "/", "GET", 404),
        (tree.payakumbuh, "/", "POST", 405),
        (f"redaksi.{settings.DOMAIN}", "/akun/masuk/", "GET", 200),
    ]
    for host, path, method, status in asked:
        with CaptureQueriesContext(connection) as queries:
            assert site.get(host, path, method).status == status, path
        reads = [query["sql"] for query in queries if 'FROM "regions_region"' in query["sql"]]
        aliases = [sql for sql in reads if "regions_subdomainalias" in sql]  # an unknown host may be an old name
        assert len(reads) == len(aliases) <= 1, path


def test_headers_do_not_reach_a_readers_view(tree):
    """What is not in the page's key cannot change the page, whatever server stands in front."""
    seen = []

    def application(environ, start_response):
        seen.append({name for name in environ if not name.startswith("wsgi.")})
        return django_application(environ, start_response)

    site = Site(application)
    strange = {"HTTP_X_FORWARDED_HOST": "evil", "HTTP_COOKIE": "a=b", "REMOTE_USER": "x", "PATH_TRANSLATED": "/x"}
    plain = site.get(tree.payakumbuh, "/wilayah/")
    moved = site.get(tree.payakumbuh, "/rubrik/x/", SCRIPT_NAME="/x", **strange)
    assert moved.status == 404
    assert seen[0] == seen[1]
    assert not seen[1] & strange.keys()
    for script_name in ("/x", "/wilayah"):
        again = Site(application).get(tree.payakumbuh, "/wilayah/", SCRIPT_NAME=script_name, **strange)
        assert again.body == plain.body
    beacon = site.get(tree.payakumbuh, "/indeks", "POST", SCRIPT_NAME="/x")
    assert beacon.headers.get("Location", "/indeks/").startswith("/indeks")


class TestDatabaseDown:
    @pytest.fixture
    def outage(self, monkeypatch):
        def begin():
            def refuse(*args, **kwargs):
                raise OperationalError("connection refused")

            monkeypatch.setattr(snapshot.Poller, "_take_snapshot", refuse)

        return begin

    def test_stored_pages_are_shown_and_the_rest_is_503(self, tree, site, outage, settings):
        article = builders.make_live(tree.payakumbuh)
        for path in ("/", article.get_absolute_url(), "/tidak-ada/"):
            site.get(tree.payakumbuh, path)
        Region.objects.filter(pk=tree.payakumbuh.pk).update(tagline="Baru")
        generations.bump([tree.payakumbuh.pk])
        last = site.pages.poller.snapshot()
        outage()

        def get(path, host=tree.payakumbuh, **environ):
            site.pages.poller.snapshot = lambda: site.pages.poller._read() or last
            answer = site.get(host, path, **environ)
            del site.pages.poller.snapshot
            return answer

        with CaptureQueriesContext(connection) as queries:
            assert [get(path).status for path in ("/", article.get_absolute_url(), "/tidak-ada/")] == [200, 200, 404]
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

    def test_a_database_without_free_connections_gives_503_and_stored_pages_are_shown(self, tree, monkeypatch):
        """The poller has its connection already; Django gets no further one."""
        full = []

        def application(environ, start_response):
            if full:
                monkeypatch.setattr(article_views.ArticlePage, "build", full[0])
            return django_application(environ, start_response)

        def refuse(*args, **kwargs):
            raise OperationalError("remaining connection slots are reserved")

        article = builders.make_live(tree.payakumbuh)
        site = Site(application)
        first = site.get(tree.payakumbuh, article.get_absolute_url())
        other = builders.make_live(tree.payakumbuh)
        full.append(refuse)
        stored = site.get(tree.payakumbuh, article.get_absolute_url())
        assert (stored.status, stored.body) == (200, first.body)
        assert "stale-while-revalidate=0, stale-if-error=0" in stored.headers["Cache-Control"]
        cold = site.get(tree.payakumbuh, other.get_absolute_url())
        assert (cold.status, cold.headers["Retry-After"]) == (503, "5")
        assert "Traceback" not in cold.body.decode()

    def test_a_page_that_fails_meanwhile_is_answered_with_the_stored_one(self, tree, outage):
        failing = []

        def application(environ, start_response):
            if failing:
                outage()
                start_response("500 Internal Server Error", [])
                return [b"Traceback"]
            return django_application(environ, start_response)

        site = Site(application)
        first = site.get(tree.payakumbuh)
        generations.bump([tree.payakumbuh.pk])
        failing.append(True)
        assert site.get(tree.payakumbuh).body == first.body


# --- Any application, and numbers that a test moves by hand ---------------------------------------------------


class Numbers:
    """In place of the poller: the network, an open city (2) and a closed one (3)."""

    def __init__(self):
        self.is_down, self.last, self.asked_again = False, None, 0
        self.move({})

    def move(self, numbers, **changes):
        regions = [
            Region(pk=1, is_open=True),
            Region(pk=2, parent_id=1, subdomain="ambon", is_open=True),
            Region(pk=3, parent_id=1, subdomain="tual", is_open=False),
        ]
        fields = {"next_changes": {}, "shared": snapshot.SharedData(regions)} | changes
        self.last = snapshot.Snapshot(NOW, time.monotonic(), numbers, **fields)

    def snapshot(self):
        return self.last

    def ask_again(self):
        self.asked_again += 1


NOW = 1_700_000_000


class Application:
    """Answers as a test says, and remembers what it was asked."""

    def __init__(self, status="200 OK", headers=(), depends_on=()):
        self.status, self.headers, self.depends_on = status, [("Content-Type", "text/plain"), *headers], depends_on
        self.asked, self.closed = [], 0

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        environ.get("pekon.depends_on", set()).update(self.depends_on)
        start_response(self.status, self.headers, None)
        return self

    def __iter__(self):
        yield b"Halo "
        yield b"Ambon"

    def close(self):
        self.closed += 1


class Small(Site):
    """A page cache with these two."""

    def __init__(self, *args, **kwargs):
        self.django, self.numbers = Application(*args, **kwargs), Numbers()
        self.pages = PageCache(self.django, self.numbers)

    def get(self, path="/", method="GET", *, without=(), **environ):
        path, _mark, query = path.partition("?")
        asked = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": f"ambon.{settings.DOMAIN}",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        } | environ
        for name in without:
            del asked[name]
        said = []
        body = self.pages(asked, lambda status, headers, *_exc: said.extend([status, headers]))
        return Answer(*said, b"".join(body))

    def makes(self, *args, **kwargs):
        """How often the application is asked when the same request comes twice."""
        before = len(self.django.asked)
        self.get(*args, **kwargs)
        self.get(*args, **kwargs)
        return len(self.django.asked) - before


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ({}, True),
        ({"method": "HEAD"}, True),
        ({"method": "POST"}, False),
        ({"method": "OPTIONS"}, False),
        ({"path": "/?q=%00"}, False),
        ({"path": "/" + "x" * 999}, True),
        ({"path": "/" + "x" * 1_000}, False),
        ({"without": ["QUERY_STRING"]}, True),
        ({"without": ["HTTP_HOST"]}, False),
        ({"HTTP_HOST": f"tual.{settings.DOMAIN}"}, False),
        ({"HTTP_HOST": f"tidakada.{settings.DOMAIN}"}, False),
        ({"HTTP_HOST": f"redaksi.{settings.DOMAIN}"}, False),
        ({"HTTP_HOST": f"www.{settings.DOMAIN}"}, False),
        ({"HTTP_HOST": f"ambon.{settings.DOMAIN}."}, False),
        ({"HTTP_HOST": settings.DOMAIN}, True),
        ({"path": "/static/x.css"}, False),
        ({"path": "/media/x.webp"}, False),
    ],
)
def test_which_requests_may_be_answered_from_memory(asked, stored):
    site = Small()
    assert site.makes(**asked) == (1 if stored else 2)
    for environ in site.django.asked:
        assert environ["SCRIPT_NAME"] == ""
        assert environ["pekon.snapshot"] is site.numbers.last
    assert site.django.closed == (1 if stored else 0)  # what is handed through is closed by the server


def test_an_empty_path_is_the_front():
    site = Small()
    site.get("/")
    assert site.get("").body == b"Halo Ambon"
    assert site.get(without=["PATH_INFO"]).body == b"Halo Ambon"
    assert len(site.django.asked) == 1


def test_the_view_gets_the_path_the_listed_parameters_and_what_the_server_says():
    site = Small(depends_on=[1])
    body = io.BytesIO()
    site.get(
        "/indeks/?x=1&sebelum=1-1", "HEAD", HTTP_COOKIE="a=b", SERVER_NAME="h", SERVER_PORT="1", **{"wsgi.x": body}
    )
    [environ] = site.django.asked
    assert {name: value for name, value in environ.items() if not name.startswith(("wsgi.", "pekon."))} == {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/indeks/",
        "QUERY_STRING": "sebelum=1-1",
        "HTTP_HOST": f"ambon.{settings.DOMAIN}",
        "SERVER_NAME": "h",
        "SERVER_PORT": "1",
    }
    assert environ["wsgi.x"] is body
    assert environ["pekon.depends_on"] == {1}


def test_a_page_is_sent_with_the_views_headers_and_the_page_caches_own():
    given = [
        ("X-Own", "1"),
        ("VARY", "Accept-Encoding"),
        ("ETag", "x"),
        ("Content-Length", "7"),
        ("Cache-Control", "public"),
    ]
    site = Small(headers=given)
    for _time in range(2):
        answer = site.get()
        assert answer.body == b"Halo Ambon"
        assert answer.headers.keys() == {
            "Content-Type", "X-Own", "Cache-Control", "X-Accel-Expires", "ETag", "Vary", "Content-Length",
        }  # fmt: skip
        assert (answer.headers["Content-Length"], answer.headers["Vary"]) == ("10", "Accept-Encoding")
        assert re.fullmatch('"[0-9a-f]{24}"', answer.headers["ETag"])
        assert "s-maxage=1" in answer.headers["Cache-Control"]
    assert site.get(method="HEAD").body == b""
    assert site.pages.counts == {"hits": 2, "shared": 0, "misses": 1, "unavailable": 0}


def test_an_answer_that_is_not_stored_is_handed_on_as_it_is():
    site = Small("418 I'm a teapot", [("Set-Cookie", "a=b"), ("Content-Length", "10")])
    answer = site.get()
    assert (answer.status, answer.body, answer.headers) == (418, b"Halo Ambon", dict(site.django.headers))
    assert site.get(method="HEAD").body == b""
    assert site.django.closed == 2
    assert site.numbers.asked_again == 0


def test_a_body_that_breaks_off_is_closed_all_the_same():
    site = Small()
    site.django.status = ""  # no status at all
    with pytest.raises(IndexError):
        site.get()
    assert site.django.closed == 1
    assert site.pages._renders == {}


@pytest.mark.parametrize(
    ("status", "depends_on", "moved", "made_anew"),
    [
        ("200 OK", (), 2, True),
        ("200 OK", (), generations.EVERYWHERE, True),
        ("200 OK", (), 1, False),
        ("200 OK", (3, 1), 3, True),
        ("200 OK", (3, 1), 1, True),
        ("404 Not Found", (), 2, True),
        ("404 Not Found", (), 1, True),
        ("404 Not Found", (3,), 3, False),
        ("301 Moved Permanently", (), 1, True),
        ("410 Gone", (), 1, True),
    ],
)
def test_an_answer_lasts_as_long_as_the_numbers_that_it_depends_on(status, depends_on, moved, made_anew):
    site = Small(status, depends_on=depends_on)
    numbers = {generations.EVERYWHERE: 4, 1: 5, 2: 6, 3: 7}
    site.numbers.move(numbers)
    assert site.makes() == 1
    site.numbers.move(numbers | {moved: 9})
    assert site.makes() == (1 if made_anew else 0)


@pytest.mark.parametrize(("given", "lasts"), [("s-maxage=30", 29), ("public, S-MaxAge=30", 29), ("s-maxage=x", None)])
def test_a_views_own_end_is_told_to_others_too(given, lasts):
    site = Small(headers=[("Cache-Control", given)])
    said = site.get().headers["Cache-Control"]
    seconds = sum(map(int, re.findall(r"(?:s-maxage|stale-[a-z-]+)=(\d+)", said)))
    assert seconds == (lasts or 2 + settings.PAGE_STALE_SECONDS)
    site.numbers.move({}, next_changes={2: NOW + 10.0, 3: NOW + 1.0})  # the other city's is not ours
    said = site.get().headers["Cache-Control"]
    assert sum(map(int, re.findall(r"(?:s-maxage|stale-[a-z-]+)=(\d+)", said))) == 9


def test_only_a_page_is_not_modified():
    for status, expected in (("200 OK", 304), ("404 Not Found", 404)):
        site = Small(status)
        tag = site.get().headers["ETag"]
        for sent in (tag, f"W/{tag}", f'"x" , W/{tag}', f"{tag},"):
            assert site.get(HTTP_IF_NONE_MATCH=sent).status == expected
        for sent in ("", "*", '"x"', tag.strip('"'), f"{tag} x"):
            assert site.get(HTTP_IF_NONE_MATCH=sent).status == int(status[:3])


def unavailable(answer):
    assert (answer.status, answer.body) == (503, b"Sedang ada gangguan. Silakan coba lagi sebentar lagi.\n")
    assert answer.headers == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(answer.body)),
        "Cache-Control": "no-store",
        "Retry-After": "5",
    }
    return True


def test_without_a_database_what_is_stored_is_shown_for_a_while_and_nothing_is_asked(settings):
    site = Small()
    site.get()
    site.numbers.move({2: 9})
    site.numbers.is_down = True
    shown = site.get()
    assert (shown.status, shown.body) == (200, b"Halo Ambon")
    assert {name: shown.headers[name] for name in ("Cache-Control", "X-Accel-Expires")} == {
        "Cache-Control": "public, max-age=0, s-maxage=1, stale-while-revalidate=0, stale-if-error=0",
        "X-Accel-Expires": shown.headers["X-Accel-Expires"],
    }
    assert abs(int(shown.headers["X-Accel-Expires"][1:]) - time.time()) < 60
    assert unavailable(site.get("/lain/"))
    assert unavailable(site.get(method="POST"))
    assert site.get("/static/x.css").status == 200  # no database is needed for these
    assert site.pages.counts["unavailable"] == 2
    site.numbers.last = replace(site.numbers.last, read_at=time.monotonic() - settings.PAGE_STALE_SECONDS - 1)
    assert unavailable(site.get())
    site.numbers.last = None
    assert unavailable(site.get())
    assert len(site.django.asked) == 2


def test_without_numbers_nothing_is_shown():
    site = Small()
    site.numbers.last = None
    assert unavailable(site.get())


@pytest.mark.parametrize("status", ["500 Internal Server Error", "503 Service Unavailable"])
@pytest.mark.parametrize("is_down", [True, False])
def test_a_page_that_fails_is_answered_with_a_stored_one_if_the_database_is_the_reason(status, is_down):
    site = Small()
    site.get()
    site.numbers.move({2: 9})
    site.django.status = status
    site.numbers.ask_again = lambda: setattr(site.numbers, "is_down", is_down)
    for path, stored in (("/", True), ("/lain/", False)):
        site.numbers.is_down = False
        answer = site.get(path)
        if not is_down and status.startswith("500"):
            assert (answer.status, answer.body) == (500, b"Halo Ambon")
        elif stored:
            assert (answer.status, "stale-if-error=0" in answer.headers["Cache-Control"]) == (200, True)
        else:
            assert unavailable(answer)


def test_numbers_are_shared_with_processes_that_start_without_a_database():
    site, written = Small(), []
    site.pages.redis.remember_snapshot = written.append
    site.get()
    site.numbers.is_down = True
    site.get()
    assert written == [site.numbers.last]
    site.pages.redis.last_snapshot = lambda: written[0]
    site.numbers.last = None
    assert site.get().body == b"Halo Ambon"
    site.numbers.is_down = False
    assert unavailable(site.get())  # no numbers yet, and no outage either


def test_a_page_of_another_process_is_taken_and_kept():
    first, second = Small(), Small()
    first.get()
    [key] = [(2, "/", "")]
    entry, asked = first.pages.memory.get(key), []

    def get(key, is_current):
        asked.append((key, is_current(entry)))
        return entry

    second.pages.redis.get = get
    assert second.get().body == second.get().body == b"Halo Ambon"
    assert (asked, second.django.asked) == ([(key, True)], [])
    assert second.pages.counts == {"hits": 1, "shared": 1, "misses": 0, "unavailable": 0}
    put = []
    third = Small()
    third.pages.redis.put = lambda *given: put.append(given)
    third.get()
    third.django.status = "500 x"
    third.get("/lain/")
    assert put == [(key, third.pages.memory.get(key)), ((2, "/lain/", ""), None)]


@pytest.mark.parametrize(
    ("header", "environ", "stored"),
    [
        (None, {}, False),
        (None, {"wsgi.url_scheme": "https"}, True),
        (("HTTP_X_FORWARDED_PROTO", "https"), {"HTTP_X_FORWARDED_PROTO": "https"}, True),
        (("HTTP_X_FORWARDED_PROTO", "https"), {"HTTP_X_FORWARDED_PROTO": "https , http"}, True),
        (("HTTP_X_FORWARDED_PROTO", "https"), {"HTTP_X_FORWARDED_PROTO": "http, https"}, False),
        (("HTTP_X_FORWARDED_PROTO", "https"), {"wsgi.url_scheme": "https"}, True),
        (("HTTP_X_FORWARDED_PROTO", "https"), {}, False),
    ],
)
def test_on_https_a_plain_request_is_redirected_by_django(settings, header, environ, stored):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, header
    site = Small()
    assert site.makes(**environ) == (1 if stored else 2)
    if stored and header:
        assert site.django.asked[0]["HTTP_X_FORWARDED_PROTO"] == "https"


def test_health_is_json_for_a_request_of_this_machine():
    site = Small()
    site.get()
    site.get()
    asked = {"path": "/-/health", "HTTP_HOST": "127.0.0.1:8000"}
    for address in ("127.0.0.1", "::1", ""):
        answer = site.get(**asked, REMOTE_ADDR=address)
        assert answer.headers == {
            "Content-Type": "application/json",
            "Content-Length": str(len(answer.body)),
            "Cache-Control": "no-store",
        }
        told = json.loads(answer.body)
        assert 0 <= told.pop("snapshot_age") < 60
        assert told == {
            "process": os.getpid(),
            "database": "up",
            "pages": {"stored": 1, "bytes": site.pages.memory.size, "max_bytes": settings.PAGE_CACHE_BYTES},
            "answers": {"hits": 1, "shared": 0, "misses": 1, "unavailable": 0},
        }
    site.numbers.is_down = True
    assert json.loads(site.get(**asked).body)["database"] == "down"
    site.numbers.is_down = False
    for other in ({"REMOTE_ADDR": "192.0.2.1"}, {"method": "HEAD"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}):
        assert site.get(**asked | {"REMOTE_ADDR": "127.0.0.1"} | other).body != answer.body
        assert site.django.asked[-1]["PATH_INFO"] == "/-/health"
