"""Sitemaps, held to the protocol of sitemaps.org and Google's extensions; robots.txt."""

import re
from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from news.demo import builders
from news.models import Article
from news.publishing import workflow
from news.syndication import sitemaps
from tests.conftest import HostClient

pytestmark = pytest.mark.databases

SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
W3C_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert len(response.content) < 50 * 2**20
    return ElementTree.fromstring(response.content)


def test_the_index_leads_to_every_article_once(edition):
    index = read(edition.client, "/sitemap.xml")
    assert index.tag == f"{SITE}sitemapindex"
    told = []
    for each in index:
        assert [child.tag for child in each] == [f"{SITE}loc", f"{SITE}lastmod"]
        assert W3C_DATE.fullmatch(each.findtext(f"{SITE}lastmod"))
        page = read(edition.client, each.findtext(f"{SITE}loc").removeprefix(edition.region.origin))
        assert page.tag == f"{SITE}urlset"
        assert len(page) <= 50_000
        latest = max(datetime.fromisoformat(url.findtext(f"{SITE}lastmod")) for url in page)
        assert datetime.fromisoformat(each.findtext(f"{SITE}lastmod")) == latest
        told += [url.findtext(f"{SITE}loc") for url in page]
        for url in page:
            assert [child.tag for child in url][:2] == [f"{SITE}loc", f"{SITE}lastmod"]
            assert len(url.findtext(f"{SITE}loc")) < 2048
    assert sorted(told) == sorted(article.canonical_url for article in [*edition.live, edition.withdrawn])
    (image,) = [each.findtext(f"{IMAGE}loc") for each in page.iter(f"{IMAGE}image")]
    assert image.endswith("/share.jpg")


def test_pages_are_stable_and_a_withdrawal_dates_its_page(edition, monkeypatch):
    monkeypatch.setattr(sitemaps, "PAGE", 2)
    before = dict(sitemaps.pages(edition.region))
    assert len(before) >= 2
    kept = edition.live[0].pk // 2
    content = sitemaps.page(edition.region, kept)
    workflow.withdraw(edition.live[3], actor=edition.admin, reason="Keliru.")
    after = dict(sitemaps.pages(edition.region))
    assert sitemaps.page(edition.region, kept) == content
    changed = edition.live[3].pk // 2
    assert changed not in after or after[changed] > before[changed]
    assert {page: at for page, at in after.items() if page != changed} == {
        page: at for page, at in before.items() if page != changed
    }


def test_only_own_articles(edition):
    shared = builders.make_live(edition.tree.ambon, title="Berita dari Ambon", shares={edition.region: None})
    assert shared.slug.encode() not in edition.client.get(f"/sitemap-{shared.pk // sitemaps.PAGE}.xml").content
    assert edition.client.get("/sitemap-99.xml").status_code == 404


def test_news_of_two_days_without_supplied_texts(edition):
    """developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap"""
    root = read(edition.client, "/sitemap-news.xml")
    told = {}
    for url in root:
        assert [child.tag for child in url] == [f"{SITE}loc", f"{NEWS}news"]
        news = url.find(f"{NEWS}news")
        assert [child.tag for child in news] == [
            f"{NEWS}{name}" for name in ("publication", "publication_date", "title")
        ]
        assert news.findtext(f"{NEWS}publication/{NEWS}name") == "PEKON.WEB.ID Payakumbuh"
        assert news.findtext(f"{NEWS}publication/{NEWS}language") == "id"
        date = news.findtext(f"{NEWS}publication_date")
        assert W3C_DATE.fullmatch(date)
        assert datetime.fromisoformat(date) > timezone.now() - timedelta(hours=48)
        told[url.findtext(f"{SITE}loc")] = news.findtext(f"{NEWS}title")
    assert list(told) == [edition.live[0].canonical_url, edition.live[2].canonical_url, edition.withdrawn.canonical_url]
    assert sitemaps.NEWS_LENGTH <= 1000


def test_robots(edition):
    response = edition.client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    rules = RobotFileParser()
    rules.parse(response.content.decode().splitlines())
    origin = edition.region.origin
    assert rules.site_maps() == [f"{origin}/sitemap.xml", f"{origin}/sitemap-news.xml"]
    for path in (
        "/",
        "/cari/?q=x",
        "/static/css/readers.css",
        "/media/x/share.jpg",
        edition.live[0].get_absolute_url(),
    ):
        assert rules.can_fetch("Googlebot", origin + path), path
    assert not rules.can_fetch("Googlebot", f"{origin}/dibaca/1/")


def test_an_empty_news_sitemap_is_neither_served_nor_named(tree):
    builders.make_live(tree.payakumbuh, timezone.now() - timedelta(hours=49))
    builders.make_live(tree.payakumbuh, kind=Article.Kind.ADVERTORIAL)
    client = HostClient(tree.payakumbuh.host)
    assert client.get("/sitemap-news.xml").status_code == 404
    assert "sitemap-news" not in client.get("/robots.txt").content.decode()
    builders.make_live(tree.payakumbuh, timezone.now() - timedelta(hours=47))
    assert client.get("/sitemap-news.xml").status_code == 200
    assert f"Sitemap: {tree.payakumbuh.origin}/sitemap-news.xml" in client.get("/robots.txt").content.decode()
