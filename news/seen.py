"""Which rows readers see, and in which regions: saving one of these puts out new editions there.

Stories, their bylines, tags, galleries, shares and withdrawals are not in this list: they change with the story, and
`placing.rebuild`, which ends every act on a story, puts out its regions, those that it stood in before and those that
it stands in now.
"""

from collections.abc import Iterable
from typing import Any

from regions import editions

from .images.models import Photo
from .models import Article, Author, Placement, Section, Tag


def _listing(**stories: Any) -> Iterable[int]:
    """The regions whose lists have such stories."""
    return Placement.objects.filter(**stories).order_by().values_list("region_id", flat=True).distinct()


def connect() -> None:
    editions.seen_by_readers(Section, lambda section: [editions.EVERYWHERE])
    editions.seen_by_readers(Author, lambda author: _listing(article__bylines__author=author))
    editions.seen_by_readers(Tag, lambda tag: _listing(article__tagged_articles__tag=tag))
    editions.seen_by_readers(Photo, lambda photo: _listing(article__in=Article.objects.showing(photo)))
