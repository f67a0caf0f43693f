"""What pages have from memory and not from the database: regions, sections, and the newest stories of an edition.

It is kept under the numbers of the editions like the pages themselves (regions.board): in tests and wherever no page
cache stands in front, for one request.
"""

from collections.abc import Iterable

from regions.board import Shared
from regions.middleware import RegionRequest

from .adverts.models import Advert
from .models import Article, Byline, Placement, Section, Tag
from .prepared import Prepared

_bylines = Prepared(lambda story: Byline.objects.filter(article_id=story), story=int)
_tags = Prepared(lambda story: Tag.objects.filter(tagged_articles__content_object_id=story), story=int)
_newest = Prepared(
    lambda region: Placement.objects.live().in_region(region).newest_first().for_furnished_cards()[:NEWEST], region=int
)
NEWEST = 12
"""Stories that pages of other kinds go on with."""


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

    return request.shared.of_region(request.region.pk, request.edition, "adverts", read)


def newest(request: RegionRequest) -> list[Article]:
    """The region's newest stories: the same for all its pages, until its next edition."""

    def read() -> list[Article]:
        return furnish(request.shared, (row.article for row in _newest.read(region=request.region.pk)))

    return request.shared.of_region(request.region.pk, request.edition, "newest", read)
