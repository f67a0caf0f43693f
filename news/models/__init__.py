"""The editorial models."""

from .articles import Article
from .body_references import BodyReference
from .calendar_addresses import CalendarAddress
from .comments import Comment
from .corrections import Correction
from .front import FrontSlot
from .gallery import GalleryPhoto
from .house_rules import HouseRule
from .journal import Event
from .pages import Page
from .people import Author, Byline
from .placements import Placement, Share
from .planned_ideas import PlannedIdea
from .previews import PreviewLink
from .querysets import Status
from .sections import Section
from .tags import Tag, TagAlias, TaggedArticle
from .versions import ArticleVersion
from .withdrawals import Withdrawal
from .working_copies import Presence, Proposal, WorkingCopy

__all__ = [
    "Article",
    "ArticleVersion",
    "Author",
    "BodyReference",
    "Byline",
    "CalendarAddress",
    "Comment",
    "Correction",
    "Event",
    "FrontSlot",
    "GalleryPhoto",
    "HouseRule",
    "Page",
    "Placement",
    "PlannedIdea",
    "Presence",
    "PreviewLink",
    "Proposal",
    "Section",
    "Share",
    "Status",
    "Tag",
    "TagAlias",
    "TaggedArticle",
    "Withdrawal",
    "WorkingCopy",
]
