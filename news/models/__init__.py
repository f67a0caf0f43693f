"""The editorial models."""

from .articles import Article
from .body_references import BodyReference
from .comments import Comment
from .corrections import Correction
from .duties import Duty
from .front import FrontSlot
from .gallery import GalleryPhoto
from .house_rules import HouseRule
from .journal import Event
from .notices import Notice, NoticeChoices
from .pages import Page
from .people import Author, Byline
from .placements import Placement, Share
from .previews import PreviewLink
from .push_subscriptions import PushSubscription
from .querysets import Status
from .saved_searches import SavedSearch
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
    "Comment",
    "Correction",
    "Duty",
    "Event",
    "FrontSlot",
    "GalleryPhoto",
    "HouseRule",
    "Notice",
    "NoticeChoices",
    "Page",
    "Placement",
    "Presence",
    "PreviewLink",
    "Proposal",
    "PushSubscription",
    "SavedSearch",
    "Section",
    "Share",
    "Status",
    "Tag",
    "TagAlias",
    "TaggedArticle",
    "Withdrawal",
    "WorkingCopy",
]
