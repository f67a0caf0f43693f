"""Page objects: they hold everything that their templates show, and say what they are about."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from news.demo import builders
from news.images.models import Photo
from news.models import Article
from news.publishing import workflow
from news.readers import pages
from regions.generations.snapshot import Snapshot


@pytest.fixture
def article(tree, people) -> Article:
    photo = Photo.objects.create(region=tree.payakumbuh, width=900, height=600, rendition_key="a" * 32)
    builders.make_many(tree.payakumbuh, 20, tags=["Pilkada"], lead_photo=photo)
    builders.make_withdrawn(tree.payakumbuh)
    made = builders.make_live(tree.payakumbuh, tags=["Pilkada"], lead_photo=photo)
    workflow.correct(made, actor=people.redaktur, kind="erratum", text="Salah.")
    return Article.objects.for_page().get(pk=made.pk)


BUILD = {
    "front": lambda snapshot, region, article: pages.FrontPage.build(snapshot, region),
    "article": lambda snapshot, region, article: pages.ArticlePage.build(snapshot, region, article),
    "preview": lambda snapshot, region, article: pages.PreviewPage.of(article),
    "section": lambda snapshot, region, article: pages.ListPage.of_section(snapshot, region, article.section, ""),
    "tag": lambda snapshot, region, article: pages.ListPage.of_tag(snapshot, region, article.tags.all()[0], ""),
    "author": lambda snapshot, region, article: pages.AuthorPage.build(snapshot, region, article.writers[0], ""),
    "archive": lambda snapshot, region, article: pages.ArchivePage.build(snapshot, region, ""),
    "popular": lambda snapshot, region, article: pages.PopularPage.build(snapshot, region, is_week=False),
    "search": lambda snapshot, region, article: pages.SearchPage.build(snapshot, region, {"q": "berita"}),
    "static": lambda snapshot, region, article: pages.StaticPage.build(snapshot, region, "redaksi"),
    "corrections": lambda snapshot, region, article: pages.CorrectionsPage.build(snapshot, region),
    "regions": lambda snapshot, region, article: pages.RegionsPage.build(snapshot, region, ""),
    "offline": lambda snapshot, region, article: pages.OfflinePage.build(snapshot, region),
    "not found": lambda snapshot, region, article: pages.NotFoundPage.build(snapshot, region),
    "gone": lambda snapshot, region, article: pages.GonePage.build(snapshot, region, article),
}
NOT_LISTED = {"preview", "search", "static", "corrections", "regions", "offline", "not found", "gone"}


def test_every_class_is_tried():
    tried = {type_of.co_names[1] for type_of in (build.__code__ for build in BUILD.values())}
    assert tried | {"Edition", "ReaderPage"} == set(pages.__all__)


def test_rendering_a_page_asks_the_database_nothing(tree, article):
    asked, wrong = {}, {}
    for name, build in BUILD.items():
        request = RequestFactory().get("/", HTTP_HOST=tree.payakumbuh.host)
        page = build(Snapshot.for_one_page(), tree.payakumbuh, article)
        with CaptureQueriesContext(connection) as queries:
            response = page.render(request)
        if response.status_code != page.status or b"</html>" not in response.content:
            wrong[name] = response.status_code
        if queries.captured_queries:
            asked[name] = [query["sql"] for query in queries]
    assert (asked, wrong) == ({}, {})


def test_what_search_engines_may_list_says_what_it_is(tree, article):
    kinds = {
        name: [thing["@type"] for thing in build(Snapshot.for_one_page(), tree.payakumbuh, article).structured_data()]
        for name, build in BUILD.items()
    }
    listing = ["CollectionPage", "BreadcrumbList"]
    assert kinds == {name: [] for name in NOT_LISTED} | {
        "front": ["NewsMediaOrganization", "WebSite"],
        "article": ["NewsArticle", "BreadcrumbList"],
        "section": listing,
        "tag": listing,
        "author": ["ProfilePage", "BreadcrumbList"],
        "archive": listing,
        "popular": listing,
    }


def test_the_menu_feeds_and_adverts_are_those_of_the_page(tree, article):
    front, section, archive, preview = (
        BUILD[name](Snapshot.for_one_page(), tree.payakumbuh, article)
        for name in ("front", "section", "archive", "preview")
    )
    assert (front.is_front, section.current_section, archive.is_archive) == (True, article.section, True)
    assert front.feeds == archive.feeds == [("", "/")]
    assert section.feeds == [("", "/"), (article.section.name, article.section.get_absolute_url())]
    assert (preview.sections, preview.offline, preview.next_to_read.latest) == ([], False, [])


def test_an_article_without_a_time_says_so_instead_of_showing_none(tree):
    with pytest.raises(ValueError, match="no time of publication"):
        str(builders.make_article(tree.payakumbuh).publication_time)
