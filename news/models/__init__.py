"""The editorial model; DESIGN's words, one module per idea."""

from news.querysets import Status

from .articles import Article
from .corrections import Correction
from .front import FrontSlot
from .gallery import GalleryPhoto
from .history import Event, Withdrawal
from .pages import Page
from .people import Author, Byline
from .placements import Placement, Share
from .previews import PreviewLink
from .sections import Section
from .tags import Tag, TaggedArticle

__all__ = [
    "Article",
    "Author",
    "Byline",
    "Correction",
    "Event",
    "FrontSlot",
    "GalleryPhoto",
    "Page",
    "Placement",
    "PreviewLink",
    "Section",
    "Share",
    "Status",
    "Tag",
    "TaggedArticle",
    "Withdrawal",
]
