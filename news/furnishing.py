"""What pages have from memory and not from the database: regions, sections, stories as cards show them.

It is kept under the numbers of the editions like the pages themselves (regions.board): in tests and wherever no page
cache stands in front, for one request.
"""

from collections.abc import Iterable, Sequence

from regions.board import Shared, Snapshot
from regions.middleware import RegionRequest

from .adverts.models import Advert
from .models import Article, Byline, Placement, Section, Tag
from .prepared import Keys, Prepared
from .querysets import ArticleQuerySet


def _cards(keys: Sequence[int]) -> ArticleQuerySet:
    return Article.objects.approved().filter(pk__in=keys).order_by().for_furnished_cards()


_stories = Prepared(_cards, keys=Keys)
_bylines = Prepared(lambda story: Byline.objects.filter(article_id=story), story=int)
_tags = Prepared(lambda story: Tag.objects.filter(tagged_articles__content_object_id=story), story=int)
_newest = Prepared(
    lambda region: Placement.objects.live().in_region(region).newest_first().values_list("article_id")[:NEWEST],
    region=int,
)
NEWEST = 12
"""Stories that pages of other kinds go on with."""
MOST = 4_000
"""Stories in memory: some 20 MB of each process, with their cards."""


def sections(shared: Shared) -> dict[int, Section]:
    """All sections in the menu's order, by key."""
    return shared.get("sections", lambda: {section.pk: section for section in Section.objects.all()})


def furnish(shared: Shared, stories: Iterable[Article]) -> list[Article]:
    """Stories with their region and section, which are in memory; what is newer than that is read when it is asked
    for."""
    found, rubrics, regions = list(stories), sections(shared), shared.every
    for story in found:
        if story.region_id in regions:
            story.region = regions[story.region_id]
        if story.section_id in rubrics:
            story.section = rubrics[story.section_id]
    return found


def stories(snapshot: Snapshot, keys: Iterable[int]) -> list[Article]:
    """The stories with these keys, in their order, with what cards show. Whether readers may see them, the query that
    found the keys has asked.

    Each is read once for each edition of its home region, whose number every act on the story moves on (news.placing,
    news.seen), and shown on the pages of all regions. Nobody may change it.
    """
    wanted = list(keys)
    kept: dict[int, tuple[int, Article]] = snapshot.shared.get("stories", dict)
    found = {pk: each[1] for pk in wanted if (each := kept.get(pk)) and each[0] == snapshot.number(each[1].region_id)}
    missing = [pk for pk in wanted if pk not in found]
    if missing:
        if len(kept) > MOST:
            for oldest in list(kept)[: MOST // 2]:
                kept.pop(oldest, None)
        for story in furnish(snapshot.shared, _stories.read(keys=Keys(missing))):
            found[story.pk] = story
            kept[story.pk] = (snapshot.number(story.region_id), story)
    return [found[pk] for pk in wanted if pk in found]


def read_parts(story: Article) -> None:
    """The story's bylines and tags, as `for_page()` would have them read along."""
    story._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "bylines": _bylines.read(story=story.pk),
        "tags": _tags.read(story=story.pk),
    }


def adverts(request: RegionRequest) -> list[Advert]:
    """The region's live adverts: the same for all its pages, until its next edition."""

    def read() -> list[Advert]:
        live = Advert.objects.live().shown_in(request.region).select_related("photo", "region")
        return [advert for advert in live if advert.photo.made]

    return request.snapshot.of_region(request.region.pk, "adverts", read)


def newest(request: RegionRequest) -> list[Article]:
    """The region's newest stories: found once for all its pages, until its next edition."""

    def read() -> list[int]:
        return [pk for (pk,) in _newest.read(region=request.region.pk)]

    return stories(request.snapshot, request.snapshot.of_region(request.region.pk, "newest", read))
