"""Feeds, held to the specifications of RSS 2.0, Media RSS, Atom (RFC 4287) and JSON Feed 1.1."""

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest

from news.publishing import workflow
from tests.conftest import HostClient

pytestmark = pytest.mark.databases

ATOM, MEDIA, DC = (
    "{http://www.w3.org/2005/Atom}",
    "{http://search.yahoo.com/mrss/}",
    "{http://purl.org/dc/elements/1.1/}",
)
HUB = "https://hub.example/"
PLACES = ("/", "/rubrik/politik/", "/tag/jembatan/", "/penulis/rida-ananda/")


@pytest.fixture(autouse=True)
def with_hub(settings):
    settings.WEBSUB_HUB = HUB


def fetch(edition, path):
    response = edition.client.get(path)
    assert response.status_code == 200, path
    return response


def is_address(text):
    return urlsplit(text).scheme == "http" and urlsplit(text).netloc.endswith("pekon.web.id")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", ["rss.xml", "atom.xml"])
def test_feedparser_finds_nothing_wrong(edition, place, form):
    response = fetch(edition, place + form)
    parsed = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == {"rss.xml": "rss20", "atom.xml": "atom10"}[form]
    told = {entry.link for entry in parsed.entries}
    assert {article.canonical_url for article in edition.live[:3]} <= told
    assert edition.hidden.canonical_url not in told
    links = {link.rel: link.href for link in parsed.feed.links}
    assert links["self"] == f"{edition.region.origin}{place}{form}"
    assert links["hub"] == HUB
    first = parsed.entries[0]
    assert first.author == "Rida Ananda"
    assert first.media_content[0]["url"].endswith("/share.jpg")
    assert {"width", "height", "type", "medium"} <= first.media_content[0].keys()
    paid = next(entry for entry in parsed.entries if "Promo beras" in entry.title)
    assert paid.title.startswith("Advertorial: ")
    assert "Advertorial" in {tag.term for tag in paid.tags}


def test_rss(edition):
    """rssboard.org/rss-specification: required elements, dates of RFC 822, unique guids, HTML in descriptions."""
    root = ElementTree.fromstring(fetch(edition, "/rss.xml").content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    assert [len(channel.findall(name)) for name in ("title", "link", "description", "language")] == [1, 1, 1, 1]
    parsedate_to_datetime(channel.findtext("lastBuildDate"))
    items = channel.findall("item")
    assert len(items) == 5
    assert len({item.findtext("guid") for item in items}) == len(items)
    for item in items:
        assert item.find("guid").get("isPermaLink") == "false"
        assert item.findtext("title")
        assert is_address(item.findtext("link"))
        assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo
        assert "<" not in item.findtext("description"), "plain words, escaped once more"
        assert datetime.fromisoformat(item.findtext(f"{ATOM}updated")) >= parsedate_to_datetime(
            item.findtext("pubDate")
        )
        assert [each.text for each in item.findall(f"{DC}creator")] in (["Rida Ananda"], [])
    media = items[0].find(f"{MEDIA}content")
    assert media.findtext(f"{MEDIA}credit") == "Antara"
    assert media.findtext(f"{MEDIA}description") == "Jembatan"


def test_atom(edition):
    """RFC 4287, sections 4.1.1 and 4.1.2."""
    root = ElementTree.fromstring(fetch(edition, "/atom.xml").content)
    assert root.tag == f"{ATOM}feed"
    for parent in [root, *root.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            (found,) = parent.findall(f"{ATOM}{name}")
            assert found.text
        assert datetime.fromisoformat(parent.findtext(f"{ATOM}updated")).tzinfo
        assert is_address(parent.findtext(f"{ATOM}id"))
    assert root.find(f"{ATOM}author") is not None, "entries without an author need the feed's"
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) == 5
    for entry in root.findall(f"{ATOM}entry"):
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
        assert entry.find(f"{ATOM}summary") is not None


def test_json_feed(edition):
    """jsonfeed.org/version/1.1: required, recommended, and nothing that is not in it."""
    told = json.loads(fetch(edition, "/feed.json").content)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"] == f"{edition.region.origin}/feed.json"
    assert told["hubs"] == [{"type": "WebSub", "url": HUB}]
    assert told.keys() <= {"version", "title", "home_page_url", "feed_url", "description", "language", "items", "hubs"}
    known = {
        "id",
        "url",
        "title",
        "content_text",
        "date_published",
        "date_modified",
        "authors",
        "tags",
        "language",
        "image",
    }
    for item in told["items"]:
        assert {"id", "content_text"} <= item.keys() <= known
        assert all(is_address(item[name]) for name in ("id", "url"))
        for name in ("date_published", "date_modified"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d", item[name])
        assert all(author.keys() <= {"name", "url", "avatar"} for author in item["authors"])


def test_a_feed_that_has_not_changed_is_answered_with_304(edition):
    for form in ("rss.xml", "atom.xml", "feed.json"):
        first = fetch(edition, f"/{form}")
        again = edition.client.get(f"/{form}", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    workflow.withdraw(edition.withdrawn, actor=edition.admin, reason="Keliru.")
    changed = edition.client.get("/rss.xml", headers={"If-None-Match": fetch(edition, "/atom.xml")["ETag"]})
    assert changed.status_code == 200
    assert b"Akan dicabut" not in changed.content


def test_an_empty_edition_has_feeds_that_stay_the_same(tree):
    client = HostClient(tree.makassar.host)
    for form in ("rss.xml", "atom.xml", "feed.json"):
        assert client.get(f"/{form}").content == client.get(f"/{form}").content
    assert client.get("/tag/tidak-ada/rss.xml").status_code == 404
