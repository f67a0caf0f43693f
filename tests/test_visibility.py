"""The visibility sweep: no reader address, in any region, shows a word of a hidden story.

Addresses are found from the URL resolver, not from a list. One that this sweep does not know how to call fails
the test, so whoever adds an address says here how it could leak.
"""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from news import previews, workflow
from news.demo import builders
from news.images import uploads
from news.models import Article, FrontSlot, PreviewLink, Status
from regions.models import Region
from tests.conftest import HostClient, photo_file

CANARY = "Kenarirahasia"
FEEDS = ("rss.xml", "atom.xml", "feed.json")


def everything_canary(region, **overrides):
    """Every text that readers could see of the story holds the canary."""
    author = builders.make_author(f"{CANARY} Penulis", region)
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
    story = builders.make_article(
        region, writers=[author], tags=[f"{CANARY} Tag"], lead_photo=photo, **(texts | overrides)
    )
    story.corrections.create(text=CANARY, made_at=timezone.now())
    for place in FrontSlot.Place.values:
        FrontSlot.objects.create(article=story, region=region, place=place)
    previews.make(story, actor=builders.make_user("pemberi-tautan", is_superuser=True), purpose=CANARY)
    return story


def scheduled(tree):
    story = everything_canary(tree.payakumbuh, shares={tree.ambon: None})
    return workflow.bring_in(story, status=Status.APPROVED, published_at=timezone.now() + timedelta(hours=1))


def expired(tree):
    now = timezone.now()
    story = everything_canary(tree.payakumbuh, expires_at=now - timedelta(hours=1))
    return workflow.bring_in(story, status=Status.APPROVED, published_at=now - timedelta(days=1))


def withdrawn(tree):
    story = everything_canary(tree.payakumbuh, shares={tree.ambon: None})
    workflow.bring_in(story, status=Status.APPROVED, published_at=timezone.now() - timedelta(hours=2))
    admin = builders.make_user("pencabut", is_superuser=True)
    return workflow.withdraw(story, actor=admin, reason="Keterangan narasumber keliru.")


def closed_home(tree):
    story = everything_canary(tree.payakumbuh)
    story = workflow.bring_in(story, status=Status.APPROVED, published_at=timezone.now() - timedelta(hours=2))
    Region.objects.filter(pk=tree.payakumbuh.pk).update(is_open=False)
    return story


def plain(status):
    return lambda tree: workflow.bring_in(everything_canary(tree.payakumbuh), status=status)


HIDDEN = {
    "draft": plain(Status.DRAFT),
    "submitted": plain(Status.SUBMITTED),
    "returned": plain(Status.RETURNED),
    "scheduled": scheduled,
    "expired": expired,
    "withdrawn": withdrawn,
    "closed home region": closed_home,
}

ADDRESSES = {
    "front": lambda story: ["/", "/?page=2"],
    "article": lambda story: [
        f"/berita/{story.pk}/{story.slug}/",
        f"/berita/{story.pk}/x/",
        f"/berita/{story.pk}/x/?page=all",
    ],
    "article-by-id": lambda story: [f"/berita/{story.pk}/"],
    "short": lambda story: [f"/{story.pk}"],
    "section": lambda story: [f"/rubrik/{story.section.slug}/"],
    "tag": lambda story: [f"/tag/{tag.slug}/" for tag in story.tags.all()],
    "author": lambda story: [f"/penulis/{author.slug}/" for author in story.writers],
    "regions": lambda story: ["/wilayah/", f"/wilayah/?q={story.region.short_name}"],
    "corrections": lambda story: ["/koreksi/"],
    "page": lambda story: ["/redaksi/", "/kontak/"],
    "archive": lambda story: ["/indeks/", "/indeks/?sebelum=99999999999999999-999", "/indeks/?tanggal=2024-11-23"],
    "archive-day": lambda story: [f"/indeks/{moment:%Y/%m/%d}/" for moment in days_around(story)],
    "feed": lambda story: [f"/{form}" for form in FEEDS],
    "section-feed": lambda story: [f"/rubrik/{story.section.slug}/{form}" for form in FEEDS],
    "tag-feed": lambda story: [f"/tag/{tag.slug}/{form}" for tag in story.tags.all() for form in FEEDS],
    "author-feed": lambda story: [f"/penulis/{author.slug}/{form}" for author in story.writers for form in FEEDS],
    "api": lambda story: ["/api/v1/openapi.json"],
    "api-stories": lambda story: [
        f"/api/v1/stories/{query}"
        for query in ("", f"?section={story.section.slug}", *(f"?author={author.slug}" for author in story.writers))
    ],
    "api-story": lambda story: [f"/api/v1/stories/{story.pk}/"],
    "api-sections": lambda story: ["/api/v1/sections/"],
    "api-tags": lambda story: ["/api/v1/tags/"],
    "api-authors": lambda story: ["/api/v1/authors/"],
    "api-regions": lambda story: ["/api/v1/regions/"],
    "api-ninjs": lambda story: ["/api/v1/ninjs/", f"/api/v1/ninjs/?tag={story.tags.all()[0].slug}"],
    "api-ninjs-story": lambda story: [f"/api/v1/ninjs/{story.pk}/"],
    "api-not-found": lambda story: [f"/api/v1/stories/{story.slug}/"],
    "indexnow-key": lambda story: [f"/{'0' * 32}.txt"],
    "robots": lambda story: ["/robots.txt"],
    "sitemap": lambda story: ["/sitemap.xml"],
    "sitemap-news": lambda story: ["/sitemap-news.xml"],
    "sitemap-page": lambda story: [f"/sitemap-{story.pk // 10_000}.xml"],
    "popular": lambda story: ["/terpopuler/", "/terpopuler/?hari=7"],
    "read": lambda story: [f"/dibaca/{story.pk}/"],
    "search": lambda story: [
        f"/cari/?{urlencode(asked)}"
        for asked in (
            {"q": "judul berita"},
            {"q": f"{CANARY[:-1]}o"},  # mended, if the word were known to be somewhere
            {"q": "berita", "rubrik": story.section.slug, "penulis": story.writers[0].slug},
            {"q": "berita", "daerah": story.region.subdomain, "dari": "2020-01-01"},
        )
    ],
    "preview": lambda story: (
        [
            f"/pratinjau/{token}/"
            for link in PreviewLink.objects.filter(article=story)
            for token in (link.key, f"{link.key}.x", previews.address(link).split("/")[-2][:-1])
        ]
        + ["/pratinjau/x/", f"/pratinjau/{story.pk}/", f"/pratinjau/{story.slug}/"]
    ),
    "advert": lambda story: [f"/iklan/{story.pk}"],
    "ads-txt": lambda story: ["/ads.txt"],
    "manifest": lambda story: ["/manifest.webmanifest"],
    "service-worker": lambda story: ["/sw.js"],
    "offline": lambda story: ["/luring/"],
    "offline-check": lambda story: [f"/luring.json?cerita={story.pk}", f"/luring.json?cerita=1-{story.pk}"],
    "rendition": lambda story: [f"/media/{'0' * 32}/share.jpg"],
}
"""Name of the address → the ways in which it could be asked for the story."""
ALWAYS = ["/tidak-ada/", "/berita/999999/x/"]


def days_around(story):
    moment = story.published_at or timezone.now()
    return [story.region.local(moment + timedelta(days=days)) for days in (-1, 0, 1)]


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


@pytest.mark.parametrize("state", HIDDEN)
def test_a_hidden_story_shows_nowhere(tree, state):
    builders.make_live(tree.payakumbuh, title="Berita yang memang tayang")
    story = HIDDEN[state](tree)
    story = Article.objects.select_related("region", "section").get(pk=story.pk)
    assert CANARY.lower() in story.slug
    asked = 0
    for region in Region.objects.all():
        client = HostClient(region.host)
        for path in [path for paths in ADDRESSES.values() for path in paths(story)] + ALWAYS:
            for method in ("get", "head") if region == story.region else ("get",):
                response = getattr(client, method)(path)
                body = body_of(response)
                # The asked-for path may come back in a redirect that adds nothing to it, and in nothing else.
                headers = {name: value for name, value in response.headers.items() if name != "Location"}
                where = f"{method} {path} on {region.host}: {response.status_code}"
                assert CANARY.lower().encode() not in body.lower(), where
                assert CANARY.lower() not in str(headers).lower(), where
                location = urlsplit(response.headers.get("Location", "")).path
                assert CANARY.lower() not in location.lower() or location == path, where
                assert response.status_code in {200, 301, 302, 400, 404, 405, 410}, where
                asked += 1
    assert asked >= (len(Region.objects.all()) + 1) * len(ADDRESSES)


@pytest.mark.parametrize("state", sorted(HIDDEN.keys() - {"expired", "withdrawn"}))
def test_hidden_equals_absent(tree, state):
    """Same status, same headers, same bytes as for a story that never was."""
    story = HIDDEN[state](tree)
    for region in (tree.limapuluhkota, tree.network):
        client = HostClient(region.host)
        for path in (f"/berita/{story.pk}/{story.slug}/", f"/berita/{story.pk}/", f"/{story.pk}"):
            hidden, absent = client.get(path), client.get(path.replace(str(story.pk), "987654321"))
            assert (hidden.status_code, hidden.content, dict(hidden.headers)) == (
                absent.status_code,
                absent.content,
                dict(absent.headers),
            )
            assert hidden.status_code == 404


def test_counts_do_not_change_with_hidden_stories(tree):
    """A list is the same, to the byte, with and without a hidden story."""
    builders.make_live(tree.payakumbuh, title="Berita yang memang tayang")
    paths = ["/", "/indeks/", "/rubrik/politik/"]
    clients = [HostClient(region.host) for region in (tree.payakumbuh, tree.network)]
    before = [client.get(path).content for client in clients for path in paths]
    scheduled(tree)
    assert [client.get(path).content for client in clients for path in paths] == before


def test_the_sweep_would_see_a_live_story(tree):
    """The sweep can fail: the same story, live, is found."""
    story = workflow.bring_in(
        everything_canary(tree.payakumbuh), status=Status.APPROVED, published_at=timezone.now() - timedelta(hours=1)
    )
    client = HostClient(tree.payakumbuh.host)
    asked = [(name, path) for name, paths in ADDRESSES.items() for path in paths(story)]
    found = {name for name, path in asked if CANARY.encode() in body_of(client.get(path))}
    assert found >= {"front", "article", "section", "tag", "author", "archive", "archive-day", "search"}
