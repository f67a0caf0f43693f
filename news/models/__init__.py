"""The editorial model; DESIGN's words, one module per idea."""

from news.querysets import Status

from .articles import Article
from .gallery import GalleryPhoto
from .history import Event, Withdrawal
from .people import Author, Byline
from .placements import Placement, Share
from .previews import PreviewLink
from .sections import Section
from .tags import Tag, TaggedArticle

__all__ = [
    "Article",
    "Author",
    "Byline",
    "Event",
    "GalleryPhoto",
    "Placement",
    "PreviewLink",
    "Section",
    "Share",
    "Status",
    "Tag",
    "TaggedArticle",
    "Withdrawal",
]
