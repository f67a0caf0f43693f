"""Readers' addresses. Words are Indonesian, pages end in a slash, and an article is found by its id alone."""

from django.urls import include, path, re_path, register_converter
from django.urls.converters import StringConverter

from news.adverts import views as adverts
from news.images.urls import rendition_address
from news.models import Page
from news.syndication import sharing_picture

from .views import (
    about,
    archive,
    articles,
    feeds,
    lists,
    offline,
    old_addresses,
    popular,
    previews,
    search,
    sharing,
    sitemaps,
)


class IdConverter(StringConverter):
    """A primary key without sign or leading zeros, within the databases' range."""

    regex = "[1-9][0-9]{0,17}"


class FeedConverter(StringConverter):
    """The last part of a feed's address: rss.xml, atom.xml or feed.json."""

    regex = r"rss\.xml|atom\.xml|feed\.json"


register_converter(IdConverter, "id")
register_converter(FeedConverter, "feed")

urlpatterns = [
    path("", lists.front, name="front"),
    path("berita/<id:pk>/<str:slug>/", articles.article, name="article"),
    path("berita/<id:pk>/", articles.article, name="article-by-id"),
    path("<id:pk>", articles.article, name="short"),
    path("rubrik/<slug:slug>/", lists.section, name="section"),
    path("tag/<str:slug>/", lists.tag, name="tag"),
    path("penulis/<slug:slug>/", lists.author, name="author"),
    path("api/", include("news.syndication.api.urls")),
    re_path(r"^(?P<key>[0-9a-f]{32})\.txt$", sitemaps.indexnow_key, name="indexnow-key"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap-news"),
    re_path(r"^sitemap-(?P<number>0|[1-9][0-9]{0,12})\.xml$", sitemaps.page, name="sitemap-page"),
    path("<feed:form>", feeds.edition, name="feed"),
    path("rubrik/<slug:slug>/<feed:form>", feeds.section, name="section-feed"),
    path("tag/<str:slug>/<feed:form>", feeds.tag, name="tag-feed"),
    path("penulis/<slug:slug>/<feed:form>", feeds.author, name="author-feed"),
    path("indeks/", archive.index, name="archive"),
    re_path(
        r"^indeks/(?P<year>(?:19|20)[0-9]{2})/(?P<month>[0-9]{2})/(?P<day>[0-9]{2})/$", archive.day, name="archive-day"
    ),
    path("wilayah/", about.regions, name="regions"),
    path("koreksi/", about.corrections, name="corrections"),
    path("terpopuler/", popular.popular, name="popular"),
    path("dibaca/<id:pk>/", popular.read, name="read"),
    path("cari/", search.search, name="search"),
    path("pratinjau/<str:token>/", previews.by_link, name="preview"),
    path("iklan/<id:pk>", adverts.click, name="advert"),
    path("ads.txt", adverts.sellers, name="ads-txt"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.worker, name="service-worker"),
    path("luring/", offline.offline, name="offline"),
    path("luring.json", offline.check, name="offline-check"),
    path(sharing_picture.PATH.removeprefix("/"), sharing.picture, name="sharing-picture"),
    path("favicon.ico", old_addresses.favicon, name="favicon"),
    re_path(
        r"^(?P<subject>(?:(?:rubrik|tag|penulis)/[^/]+/)?)(?P<form>feed/atom|feed/rss2?|feed|rss|atom)/?$",
        old_addresses.feed,
        name="old-feed",
    ),
    path("amp/", old_addresses.front, name="amp"),
    path("amp/berita/<id:pk>/<str:slug>/", articles.article, name="amp-article"),
    path("berita/<id:pk>/<str:slug>/amp/", articles.article, name="article-amp"),
    rendition_address,
    re_path(rf"^(?P<slug>{'|'.join(Page.Slug.values)})/$", about.page, name="page"),
]
