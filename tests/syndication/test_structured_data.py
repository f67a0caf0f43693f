"""JSON-LD and sharing cards, held to schema.org's properties and Google's and WhatsApp's wishes."""

import io
import json
import re
from datetime import UTC, datetime

from PIL import Image

from news.demo import builders
from news.models import Article, Status
from news.publishing import workflow
from news.syndication import structured_data
from tests.conftest import HostClient

THING = {"@context", "@type", "@id", "name", "url", "description", "mainEntityOfPage", "image"}
CREATIVE_WORK = THING | {
    "headline",
    "datePublished",
    "dateModified",
    "author",
    "publisher",
    "keywords",
    "inLanguage",
    "isAccessibleForFree",
    "contentLocation",
    "correction",
    "genre",
    "isPartOf",
    "mainEntity",
}
ARTICLE = CREATIVE_WORK | {"articleSection", "dateline"}
ORGANIZATION = THING | {
    "logo",
    "parentOrganization",
    "ethicsPolicy",
    "correctionsPolicy",
    "ownershipFundingInfo",
    "masthead",
}
PROPERTIES = {
    "NewsArticle": ARTICLE,
    "OpinionNewsArticle": ARTICLE,
    "AdvertiserContentArticle": ARTICLE,
    "NewsMediaOrganization": ORGANIZATION,
    "ImageObject": THING,
    "Place": THING,
    "Person": THING | {"worksFor"},
    "BreadcrumbList": THING | {"itemListElement"},
    "ItemList": THING | {"itemListElement"},
    "ListItem": THING | {"position", "item"},
    "CollectionPage": CREATIVE_WORK,
    "ProfilePage": CREATIVE_WORK,
    "WebSite": CREATIVE_WORK | {"potentialAction"},
    "SearchAction": THING | {"target", "query-input"},
    "EntryPoint": THING | {"urlTemplate"},
}
"""schema.org type → those of its properties that may stand here (version 29)."""
GOOGLE = {
    "NewsArticle": {"author", "dateModified", "datePublished", "headline"},
    "BreadcrumbList": {"itemListElement"},
    "ProfilePage": {"mainEntity"},
    "NewsMediaOrganization": {"name", "url", "logo"},
}
"""Type → what Google requires or recommends of it; images where there are any."""


def things_on(client, path):
    page = client.get(path).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return {thing["@type"]: thing for thing in (json.loads(block) for block in blocks)}, page


def test_an_imported_articles_last_change_is_the_one_that_it_had_elsewhere(tree):
    """Not the day of the import, for whatever tells search engines, feed readers and partners."""
    made, published_at, changed_at = (datetime.fromisoformat(f"2019-05-0{day}T07:08:09+07:00") for day in (5, 6, 7))
    article, other = builders.make_article(tree.payakumbuh), builders.make_article(tree.payakumbuh)
    approved = {"status": Status.APPROVED, "published_at": published_at}
    workflow.import_as(article, **approved, updated_at=changed_at)
    client, address = HostClient(tree.payakumbuh.host), Article.objects.get(pk=article.pk).get_absolute_url()
    things, _page = things_on(client, address)
    assert things["NewsArticle"]["dateModified"] == changed_at.isoformat()
    for path in (address, "/atom.xml", "/rss.xml", "/feed.json", "/sitemap.xml", "/sitemap-0.xml"):
        told = client.get(path).text
        assert changed_at.isoformat() in told or f"{changed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" in told, path
    for kind, name in (("stories", "updated_at"), ("ninjs", "versioncreated")):
        assert client.get(f"/api/v1/{kind}/{article.pk}/").json()[name] == changed_at.isoformat()
    workflow.import_as(other, **approved, updated_at=made)  # before it was published there
    assert structured_data.news_article(Article.objects.get(pk=other.pk))["dateModified"] == published_at.isoformat()
    assert workflow.import_as(other, **approved).updated_at > article.updated_at  # now, where nobody knows it


def check(thing):
    """Every type is known, every property is the type's, no value is empty, dates have offsets, addresses are whole."""
    known = PROPERTIES[thing["@type"]]
    assert thing.keys() <= known, (thing["@type"], thing.keys() - known)
    assert GOOGLE.get(thing["@type"], set()) <= thing.keys()
    for name, value in thing.items():
        assert value not in ("", None), name
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                check(each)
            elif name in ("url", "item", "mainEntityOfPage", "image", "urlTemplate"):
                assert each.startswith("http://"), name
            elif name.startswith("date") and name != "dateline":
                assert datetime.fromisoformat(each).utcoffset() is not None


def test_every_page_says_what_it_is(edition):
    expected = {
        edition.live[0].get_absolute_url(): {"NewsArticle", "BreadcrumbList"},
        edition.live[1].get_absolute_url(): {"AdvertiserContentArticle", "BreadcrumbList"},
        edition.live[2].get_absolute_url(): {"OpinionNewsArticle", "BreadcrumbList"},
        edition.live[3].get_absolute_url(): {"NewsArticle", "BreadcrumbList"},
        "/": {"NewsMediaOrganization", "WebSite"},
        "/rubrik/politik/": {"CollectionPage", "BreadcrumbList"},
        "/tag/jembatan/": {"CollectionPage", "BreadcrumbList"},
        "/indeks/": {"CollectionPage", "BreadcrumbList"},
        "/terpopuler/": {"CollectionPage", "BreadcrumbList"},
        "/penulis/rida-ananda/": {"ProfilePage", "BreadcrumbList"},
    }
    for path, types in expected.items():
        things, page = things_on(edition.client, path)
        assert things.keys() == types, path
        for thing in things.values():
            check(thing)
        assert page.count('<link rel="canonical"') == 1
        assert '<meta name="robots" content="max-image-preview:large">' in page
        assert f'href="{edition.region.origin}/rss.xml"' in page


def test_an_article_in_full(edition):
    article = edition.live[0]
    thing = things_on(edition.client, article.get_absolute_url())[0]["NewsArticle"]
    assert thing["headline"] == 'Pj Wako & "Warga" <b>2024</b> ]]> </script>'
    assert thing["datePublished"].endswith("+07:00")
    assert [author["url"] for author in thing["author"]] == [f"{edition.region.origin}/penulis/rida-ananda/"]
    assert thing["publisher"]["logo"]["url"].endswith("icon.svg")
    assert set(thing["keywords"]) == {"Jembatan", "Pilkada"}
    assert thing["contentLocation"]["name"] == edition.region.name
    assert thing["isAccessibleForFree"] is True


def test_pictures_of_1200_pixels_in_each_shape_that_is_there(edition):
    article = edition.live[0]
    article.lead_photo.rendition_manifest = article.lead_photo.wanted_manifest
    assert [address.rsplit("/", 1)[1] for address in structured_data.images(article)] == [
        "free-1536.webp",
        "16x9-1472.webp",
    ]


def test_search_results_previews_and_gone_articles_are_not_indexed(edition, newsroom, people):
    for path in ("/cari/?q=wako", "/tidak-ada/"):
        response = edition.client.get(path)
        assert b"ld+json" not in response.content, path
    draft = newsroom(people.redaktur).get(f"/news/article/{edition.hidden.pk}/preview/")
    assert b"ld+json" not in draft.content
    assert "noindex" in draft["X-Robots-Tag"]
    assert HostClient(edition.region.host).get("/tag/tidak-ada/").status_code == 404


def test_a_sharing_card_has_what_chats_show(edition):
    page = things_on(edition.client, edition.live[0].get_absolute_url())[1]
    told = dict(re.findall(r'<meta (?:property|name)="((?:og|article|twitter):[\w:]+)" content="([^"]*)">', page))
    assert told["og:title"] == "Pj Wako &amp; &#34;Warga&#34; &lt;b&gt;2024&lt;/b&gt; \x01]]&gt; \u2028 &lt;/script&gt;"
    assert told["twitter:card"] == "summary_large_image"
    assert {"og:type", "og:url", "og:description", "og:site_name", "og:locale", "article:published_time"} <= told.keys()
    picture = edition.client.get(told["og:image"].removeprefix(edition.region.origin))
    content = b"".join(picture.streaming_content) if picture.streaming else picture.content
    assert len(content) <= 300_000
    assert Image.open(io.BytesIO(content)).format == "JPEG"
    assert Image.open(io.BytesIO(content)).size == (int(told["og:image:width"]), int(told["og:image:height"]))
    paid = things_on(edition.client, edition.live[1].get_absolute_url())[1]
    assert 'property="og:title" content="Advertorial: Promo beras"' in paid
    assert f'property="og:image" content="{edition.region.origin}/bagikan.png"' in paid  # it has no photo


def test_nothing_ends_a_script_element(edition):
    page = edition.client.get(edition.live[0].get_absolute_url()).content.decode()
    assert page.count("<script") == page.count("</script>")
