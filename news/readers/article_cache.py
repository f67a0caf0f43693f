"""Keeps in memory what many pages show: sections, adverts, and articles with what cards show of them.

Everything is stored with the snapshot (regions.generations.snapshot), under the generation of its region. Without a
page cache in front, as in tests, a snapshot lasts for one request.

Threads share these objects, so never change them. If two threads miss the same object at once, both read it, and one of
the two results is kept.
"""

from collections.abc import Iterable, Sequence

from news.adverts.models import Advert
from news.models import Article, Byline, Placement, Section, Tag
from news.models.querysets import ArticleQuerySet
from regions.generations.snapshot import SharedData, Snapshot
from regions.models import Region

from .compiled_queries import CompiledQuery, Keys

MAX_ARTICLES = 4_000
"""The most articles in memory, which with their cards take some 20 MB of each process."""
NEWEST = 12
"""The number of a region's newest articles that many kinds of page show at their end."""


def _with_keys(keys: Sequence[int]) -> ArticleQuerySet:
    return Article.objects.approved().filter(pk__in=keys).order_by().with_card_columns()


_articles = CompiledQuery(_with_keys, one_plan=True, keys=Keys)
_bylines = CompiledQuery(lambda article: Byline.objects.filter(article_id=article), one_plan=True, article=int)
_tags = CompiledQuery(
    lambda article: Tag.objects.filter(tagged_articles__content_object_id=article), one_plan=True, article=int
)
_newest = CompiledQuery(
    lambda region: Placement.objects.live().in_region(region).newest_first().values_list("article_id")[:NEWEST],
    one_plan=True,
    region=int,
)


def sections(shared: SharedData) -> dict[int, Section]:
    """All sections by primary key, in the menu's order."""
    return shared.get("sections", lambda: {section.pk: section for section in Section.objects.all()})


def attach_region_and_section(shared: SharedData, articles: Iterable[Article]) -> list[Article]:
    """Set the articles' regions and sections from memory. Missing ones are loaded when they are used."""
    loaded, known_sections, regions = list(articles), sections(shared), shared.regions
    for article in loaded:
        if article.region_id in regions:
            article.region = regions[article.region_id]
        if article.section_id in known_sections:
            article.section = known_sections[article.section_id]
    return loaded


def attach_bylines_and_tags(article: Article) -> None:
    """Load the article's bylines and tags as `for_page()` would prefetch them."""
    vars(article)["_prefetched_objects_cache"] = {  # where Django's prefetch_related() stores results
        "bylines": _bylines.read(article=article.pk),
        "tags": _tags.read(article=article.pk),
    }


def articles(snapshot: Snapshot, keys: Iterable[int]) -> list[Article]:
    """The articles with these keys, in this order, with what cards show. It does not check whether they are live: the
    query that found the keys has to.

    An article is read once per generation of its home region, which every act on it bumps (news.publishing.placements,
    news.publishing.cache_dependencies). All regions' pages share it.
    """
    wanted = list(keys)
    cached: dict[int, tuple[int, Article]] = snapshot.shared.get("articles", dict)
    found = {pk: each[1] for pk in wanted if (each := cached.get(pk)) and each[0] == snapshot.number(each[1].region_id)}
    missing = [pk for pk in wanted if pk not in found]
    if missing:
        if len(cached) > MAX_ARTICLES:
            for oldest in list(cached)[: MAX_ARTICLES // 2]:
                cached.pop(oldest, None)
        for article in attach_region_and_section(snapshot.shared, _articles.read(keys=Keys(missing))):
            found[article.pk] = article
            cached[article.pk] = (snapshot.number(article.region_id), article)
    return [found[pk] for pk in wanted if pk in found]


def newest(snapshot: Snapshot, region: Region) -> list[Article]:
    """The region's newest articles. The query runs once per generation of the region."""

    def read() -> list[int]:
        return [pk for (pk,) in _newest.read(region=region.pk)]

    return articles(snapshot, snapshot.get_for_region(region.pk, "newest", read))


def live_adverts(snapshot: Snapshot, region: Region) -> list[Advert]:
    """The region's live adverts. The query runs once per generation of the region."""

    def read() -> list[Advert]:
        live = Advert.objects.live().shown_in(region).select_related("photo", "region")
        return [advert for advert in live if advert.photo.rendition_manifest]

    return snapshot.get_for_region(region.pk, "adverts", read)
