"""The visibility sweep: no reader address, in any region, shows a word of a hidden article.

Addresses are found from the URL resolver, not from a list. One that this sweep does not know how to call fails
the test, so whoever adds an address says here how it could leak.
"""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from news.demo import builders
from news.images import uploads
from news.models import Article, FrontSlot, PreviewLink, Share, Status
from news.publishing import placements, previews, workflow
from regions.models import Region
from tests.conftest import HostClient, photo_file

pytestmark = pytest.mark.databases

CANARY = "Kenarirahasia"
CLOSED = "closed home region"
FEEDS = ("rss.xml", "atom.xml", "feed.json")


def everything_canary(region, **overrides):
    """Every text that readers could see of the article holds the canary."""
    author = builders.make_author(f"{CANARY} Penulis", region, slug=f"{CANARY.lower()}-{Article.objects.count()}")
    photo = uploads.store(
        photo_file((64, 48)), region=region, user=None, caption=f"{CANARY} keterangan", credit=CANARY, alt=CANARY
    )
    texts = {
        "title": f"{CANARY} judul berita",
        "kicker": CANARY,
        "summary": f"{CANARY} ringkasan",
        "dateline": CANARY,
        "body": f"<p>{CANARY} isi berita.</p>",
        "sign_off": CANARY,
    }
    article = builders.make_article(
        region, writers=[author], tags=[f"{CANARY} Tag"], lead_photo=photo, **(texts | overrides)
    )
    article.corrections.create(text=CANARY, made_at=timezone.now())
    for place in FrontSlot.Slot.values:
        builders.place(article, region, slot=place)
    previews.make(article, actor=administrator(), purpose=CANARY)
    return article


def administrator() -> User:
    known = User.objects.filter(username="administrator").first()
    return known or builders.make_user("administrator", is_superuser=True)


def scheduled(tree):
    article = everything_canary(tree.payakumbuh, shares={tree.ambon: None})
    return workflow.import_as(article, status=Status.APPROVED, published_at=timezone.now() + timedelta(hours=1))


def expired(tree):
    now = timezone.now()
    article = everything_canary(tree.payakumbuh, expires_at=now - timedelta(hours=1))
    return workflow.import_as(article, status=Status.APPROVED, published_at=now - timedelta(days=1))


def withdrawn(tree):
    article = everything_canary(tree.payakumbuh, shares={tree.ambon: None})
    workflow.import_as(article, status=Status.APPROVED, published_at=timezone.now() - timedelta(hours=2))
    return workflow.withdraw(article, actor=administrator(), reason="Keterangan narasumber keliru.")


def closed_home(tree):
    article = everything_canary(tree.payakumbuh)
    article = workflow.import_as(article, status=Status.APPROVED, published_at=timezone.now() - timedelta(hours=2))
    Region.objects.filter(pk=tree.payakumbuh.pk).update(is_open=False)
    return article


def plain(status):
    return lambda tree: workflow.import_as(everything_canary(tree.payakumbuh), status=status)


HIDDEN = {
    "draft": plain(Status.DRAFT),
    "submitted": plain(Status.SUBMITTED),
    "returned": plain(Status.RETURNED),
    "scheduled": scheduled,
    "expired": expired,
    "withdrawn": withdrawn,
    CLOSED: closed_home,
}

ADDRESSES = {
    "front": lambda article: ["/", "/?page=2"],
    "article": lambda article: [
        f"/berita/{article.pk}/{article.slug}/",
        f"/berita/{article.pk}/x/",
        f"/berita/{article.pk}/x/?page=all",
    ],
    "article-by-id": lambda article: [f"/berita/{article.pk}/"],
    "short": lambda article: [f"/{article.pk}"],
    "section": lambda article: [f"/rubrik/{article.section.slug}/"],
    "tag": lambda article: [f"/tag/{tag.slug}/" for tag in article.tags.all()],
    "author": lambda article: [f"/penulis/{author.slug}/" for author in article.writers],
    "regions": lambda article: ["/wilayah/", f"/wilayah/?q={article.region.short_name}"],
    "corrections": lambda article: ["/koreksi/"],
    "page": lambda article: ["/redaksi/", "/kontak/"],
    "archive": lambda article: ["/indeks/", "/indeks/?sebelum=99999999999999999-999", "/indeks/?tanggal=2024-11-23"],
    "archive-day": lambda article: [f"/indeks/{moment:%Y/%m/%d}/" for moment in days_around(article)],
    "feed": lambda article: [f"/{form}" for form in FEEDS],
    "section-feed": lambda article: [f"/rubrik/{article.section.slug}/{form}" for form in FEEDS],
    "tag-feed": lambda article: [f"/tag/{tag.slug}/{form}" for tag in article.tags.all() for form in FEEDS],
    "author-feed": lambda article: [f"/penulis/{author.slug}/{form}" for author in article.writers for form in FEEDS],
    "old-feed": lambda article: ["/feed/", f"/rubrik/{article.section.slug}/feed/"],
    "sharing-picture": lambda article: ["/bagikan.png"],
    "favicon": lambda article: ["/favicon.ico"],
    "amp": lambda article: ["/amp/"],
    "amp-article": lambda article: [f"/amp/berita/{article.pk}/{article.slug}/"],
    "article-amp": lambda article: [f"/berita/{article.pk}/{article.slug}/amp/"],
    "api": lambda article: ["/api/v1/openapi.json"],
    "api-stories": lambda article: [
        f"/api/v1/stories/{query}"
        for query in (
            "",
            f"?section={article.section.slug}",
            *(f"?author={author.slug}" for author in article.writers),
            *(f"?tag={tag.slug}" for tag in article.tags.all()),
        )
    ],
    "api-story": lambda article: [f"/api/v1/stories/{article.pk}/"],
    "api-sections": lambda article: ["/api/v1/sections/"],
    "api-tags": lambda article: ["/api/v1/tags/"],
    "api-authors": lambda article: ["/api/v1/authors/"],
    "api-regions": lambda article: ["/api/v1/regions/"],
    "api-ninjs": lambda article: ["/api/v1/ninjs/", f"/api/v1/ninjs/?tag={article.tags.all()[0].slug}"],
    "api-ninjs-story": lambda article: [f"/api/v1/ninjs/{article.pk}/"],
    "api-not-found": lambda article: [f"/api/v1/stories/{article.slug}/"],
    "indexnow-key": lambda article: [f"/{'0' * 32}.txt"],
    "robots": lambda article: ["/robots.txt"],
    "sitemap": lambda article: ["/sitemap.xml"],
    "sitemap-news": lambda article: ["/sitemap-news.xml"],
    "sitemap-page": lambda article: [f"/sitemap-{article.pk // 10_000}.xml"],
    "popular": lambda article: ["/terpopuler/", "/terpopuler/?hari=7"],
    "read": lambda article: [f"/dibaca/{article.pk}/"],
    "search": lambda article: [
        f"/cari/?{urlencode(asked)}"
        for asked in (
            {"q": "judul berita"},
            {"q": f"{CANARY[:-1]}o"},  # search would correct the typing error if it knew the word
            {"q": "berita", "rubrik": article.section.slug, "penulis": article.writers[0].slug},
            {"q": "berita", "daerah": article.region.subdomain, "dari": "2020-01-01"},
        )
    ],
    "preview": lambda article: (
        [
            f"/pratinjau/{token}/"
            for link in PreviewLink.objects.filter(article=article)
            for token in (link.key, f"{link.key}.x", previews.address(link).split("/")[-2][:-1])
        ]
        + ["/pratinjau/x/", f"/pratinjau/{article.pk}/", f"/pratinjau/{article.slug}/"]
    ),
    "advert": lambda article: [f"/iklan/{article.pk}"],
    "ads-txt": lambda article: ["/ads.txt"],
    "manifest": lambda article: ["/manifest.webmanifest"],
    "service-worker": lambda article: ["/sw.js"],
    "offline": lambda article: ["/luring/"],
    "offline-check": lambda article: [f"/luring.json?cerita={article.pk}", f"/luring.json?cerita=1-{article.pk}"],
    "rendition": lambda article: [f"/media/{'0' * 32}/share.jpg"],
}
"""Name of the address → the ways in which it could be asked for the article."""
ALWAYS = ["/tidak-ada/", "/berita/999999/x/"]


def days_around(article):
    moment = article.published_at or timezone.now()
    return [article.region.local(moment + timedelta(days=days)) for days in (-1, 0, 1)]


def reader_addresses():
    """Every named address of the readers' URLconf."""

    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif isinstance(pattern, URLPattern):
                yield pattern.name or str(pattern.pattern)

    return set(walk(get_resolver(settings.ROOT_URLCONF).url_patterns))


def test_the_sweep_knows_every_reader_address():
    assert reader_addresses() == ADDRESSES.keys()


def body_of(response) -> bytes:
    return response.getvalue() if response.streaming else response.content


@pytest.mark.parametrize("states", [sorted(HIDDEN.keys() - {CLOSED}), [CLOSED]], ids=["open", "closed"])
def test_a_hidden_article_shows_nowhere(tree, states):
    """Asks the home region, the network, and a region that the article is shared with; other fronts are like these."""
    builders.make_live(tree.payakumbuh, title="Berita yang memang tayang")
    made = [HIDDEN[state](tree).pk for state in states]
    articles = Article.objects.select_related("region", "section").filter(pk__in=made)
    assert all(CANARY.lower() in article.slug for article in articles)
    paths = list(dict.fromkeys(path for article in articles for ways in ADDRESSES.values() for path in ways(article)))
    asked = 0
    for region in (tree.payakumbuh, tree.network, tree.ambon):
        client = HostClient(region.host)
        for path in [*paths, *ALWAYS]:
            for method in ("get", "head") if region == tree.payakumbuh else ("get",):
                response = getattr(client, method)(path)
                body = body_of(response)
                # The asked-for path may come back in a redirect that adds nothing to it, and in nothing else.
                headers = {name: value for name, value in response.headers.items() if name != "Location"}
                where = f"{method} {path} on {region.host}: {response.status_code}"
                assert CANARY.lower().encode() not in body.lower(), f"{where} {words_of(body)}"
                assert CANARY.lower() not in str(headers).lower(), where
                location = urlsplit(response.headers.get("Location", "")).path
                assert CANARY.lower() not in location.lower() or location == path, where
                assert response.status_code in {200, 301, 302, 400, 404, 405, 410}, where
                asked += 1
    assert asked >= 4 * len(ADDRESSES)


def words_of(body: bytes) -> str:
    """Where the canary stands."""
    place = body.lower().index(CANARY.lower().encode())
    return body[max(0, place - 80) : place + 80].decode(errors="replace")


@pytest.mark.parametrize("state", sorted(HIDDEN.keys() - {"expired", "withdrawn"}))
def test_hidden_equals_absent(tree, state):
    """Same status, same headers, same bytes as for an article that never was."""
    article = HIDDEN[state](tree)
    for region in (tree.limapuluhkota, tree.network):
        client = HostClient(region.host)
        for path in (f"/berita/{article.pk}/{article.slug}/", f"/berita/{article.pk}/", f"/{article.pk}"):
            hidden, absent = client.get(path), client.get(path.replace(str(article.pk), "987654321"))
            assert (hidden.status_code, hidden.content, dict(hidden.headers)) == (
                absent.status_code,
                absent.content,
                dict(absent.headers),
            )
            assert hidden.status_code == 404


def test_counts_do_not_change_with_hidden_articles(tree):
    """A list is the same, to the byte, with and without a hidden article."""
    builders.make_live(tree.payakumbuh, title="Berita yang memang tayang")
    paths = ["/", "/indeks/", "/rubrik/politik/"]
    clients = [HostClient(region.host) for region in (tree.payakumbuh, tree.network)]
    before = [client.get(path).content for client in clients for path in paths]
    scheduled(tree)
    assert [client.get(path).content for client in clients for path in paths] == before


def test_the_sweep_would_see_a_live_article(tree):
    """The sweep can fail: the same article, live, is found."""
    article = workflow.import_as(
        everything_canary(tree.payakumbuh), status=Status.APPROVED, published_at=timezone.now() - timedelta(hours=1)
    )
    client = HostClient(tree.payakumbuh.host)
    asked = [(name, path) for name, paths in ADDRESSES.items() for path in paths(article)]
    found = {name for name, path in asked if CANARY.encode() in body_of(client.get(path))}
    assert found >= {"front", "article", "section", "tag", "author", "archive", "archive-day", "search"}


# --- Closed regions ---------------------------------------------------------------------------------------------


def test_an_article_of_a_closed_region_stands_nowhere(tree, people, reader):
    """Its own host answers 404; lists, feeds and answers of the regions above and beside have nothing of it either."""
    title = "Berita daerah yang ditutup"
    article = builders.make_live(tree.payakumbuh, title=title, tags=["Pilkada"], shares={tree.ambon: None})
    taken_back = builders.make_live(tree.payakumbuh, title=f"{title} dicabut")
    workflow.withdraw(taken_back, actor=people.admin, reason="Alasan daerah yang ditutup.")
    corrected = builders.make_live(tree.payakumbuh, title=f"{title} diralat")
    workflow.correct(corrected, actor=people.admin, kind="erratum", text="Ralat daerah yang ditutup.")
    asked = [
        (region, path)
        for region in (tree.sumbar, tree.network, tree.ambon, tree.limapuluhkota)
        for path in ("/", "/indeks/", "/koreksi/", "/rss.xml", "/api/v1/articles/", "/api/v1/stories/", "/tag/pilkada/")
    ]
    asked += [(tree.network, f"/api/v1/{kind}/{article.pk}/") for kind in ("articles", "stories", "ninjs")]
    told = [(region, path) for region, path in asked if "aerah yang ditutup" in reader(region).get(path).text]
    shown = {(region.subdomain, path) for region, path in told}
    assert {("", "/"), ("", "/koreksi/"), ("sumaterabarat", "/rss.xml"), ("ambon", "/indeks/")} <= shown
    builders.make_live(tree.ambon, shares={tree.payakumbuh: None})  # and no block of what it lists from elsewhere
    assert "Dari Payakumbuh" in reader(tree.limapuluhkota).get("/").text
    assert '"Payakumbuh"' in reader(tree.sumbar).get("/api/v1/regions/").text
    Region.objects.filter(pk=tree.payakumbuh.pk).update(is_open=False)
    for region, path in asked:
        assert "aerah yang ditutup" not in reader(region).get(path).text, (region.subdomain, path)
    assert "Dari Payakumbuh" not in reader(tree.limapuluhkota).get("/").text
    for path in ("regions/", "tags/"):
        told = reader(tree.sumbar).get(f"/api/v1/{path}").text
        assert not any(word in told for word in ('"Payakumbuh"', '"Pilkada"')), path
    assert reader(tree.payakumbuh).get("/").status_code == 404


def test_a_share_is_in_no_list_or_feed_of_the_other_region_before_its_own_time(tree, reader):
    later = timezone.now() + timedelta(hours=1)
    author = builders.make_author("Rida Ananda", tree.payakumbuh)
    article = builders.make_live(
        tree.payakumbuh, title="Dibagikan nanti", tags=["Pilkada"], shares={tree.ambon: later}, writers=[author]
    )
    paths = ("/", "/indeks/", "/rss.xml", "/atom.xml", "/feed.json", "/tag/pilkada/rss.xml", "/tag/pilkada/")
    api = ("stories/", "ninjs/", f"stories/{article.pk}/", f"ninjs/{article.pk}/", "tags/", "authors/")
    for path in (*paths, *(f"/api/v1/{each}" for each in api)):
        told = reader(tree.ambon).get(path).text
        assert not any(word in told for word in ("Dibagikan nanti", "Pilkada", "Rida Ananda")), path
    told = [path for path in paths if "Dibagikan nanti" in reader(tree.payakumbuh).get(path).text]
    assert {"/", "/rss.xml", "/atom.xml", "/tag/pilkada/"} <= set(told)
    Share.objects.update(published_at=timezone.now() - timedelta(minutes=1))
    placements.rebuild(Share.objects.get().article_id)
    assert "Dibagikan nanti" in reader(tree.ambon).get("/rss.xml").text
