"""Readers' addresses. Words are Indonesian, every page ends in a slash, an article's id decides (DESIGN section 2)."""

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from .adverts import views as adverts
from .images.urls import rendition_address
from .models import Page
from .views import about, api, archive, articles, feeds, lists, offline, popular, previews, search, sitemaps


class IdConverter(StringConverter):
    """A primary key: no sign, no leading zero, within what the databases count."""

    regex = "[1-9][0-9]{0,17}"


class FeedConverter(StringConverter):
    """A feed's last part: rss.xml, atom.xml or feed.json."""

    regex = r"rss\.xml|atom\.xml|feed\.json"


register_converter(IdConverter, "id")
register_converter(FeedConverter, "feed")

urlpatterns = [
    path("", lists.front, name="front"),
    path("berita/<id:pk>/<str:slug>/", articles.article, name="article"),
    path("berita/<id:pk>/", articles.article, name="article-by-id"),
    path("<id:pk>", articles.article, name="short"),
    path("rubrik/<slug:slug>/", lists.section, name="section"),
    path("tag/<slug:slug>/", lists.tag, name="tag"),
    path("penulis/<slug:slug>/", lists.author, name="author"),
    path("api/v1/openapi.json", api.document, name="api"),
    path("api/v1/stories/", api.stories, name="api-stories"),
    path("api/v1/stories/<id:pk>/", api.story, name="api-story"),
    path("api/v1/sections/", api.sections, name="api-sections"),
    path("api/v1/tags/", api.tags, name="api-tags"),
    path("api/v1/authors/", api.authors, name="api-authors"),
    path("api/v1/regions/", api.regions, name="api-regions"),
    path("api/v1/ninjs/", api.ninjs_stories, name="api-ninjs"),
    path("api/v1/ninjs/<id:pk>/", api.ninjs_story, name="api-ninjs-story"),
    path("api/<path:rest>", api.not_found, name="api-not-found"),
    re_path(r"^(?P<key>[0-9a-f]{32})\.txt$", sitemaps.indexnow_key, name="indexnow-key"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap-news"),
    re_path(r"^sitemap-(?P<number>0|[1-9][0-9]{0,12})\.xml$", sitemaps.page, name="sitemap-page"),
    path("<feed:form>", feeds.edition, name="feed"),
    path("rubrik/<slug:slug>/<feed:form>", feeds.section, name="section-feed"),
    path("tag/<slug:slug>/<feed:form>", feeds.tag, name="tag-feed"),
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
    rendition_address,
    re_path(rf"^(?P<slug>{'|'.join(Page.Slug.values)})/$", about.page, name="page"),
]
