"""The editorial models."""

from .articles import Article
from .body_references import BodyReference
from .calendar_addresses import CalendarAddress
from .comments import Comment
from .corrections import Correction
from .duties import Duty
from .front import FrontArrangement, FrontSlot
from .gallery import GalleryPhoto
from .house_rules import HouseRule
from .journal import Event
from .last_seen import LastSeen
from .notices import Notice, NoticeChoices
from .pages import Page
from .people import Author, Byline
from .placements import Placement, Share, TaggedPlacement
from .planned_ideas import PlannedIdea
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
    "CalendarAddress",
    "Comment",
    "Correction",
    "Duty",
    "Event",
    "FrontArrangement",
    "FrontSlot",
    "GalleryPhoto",
    "HouseRule",
    "LastSeen",
    "Notice",
    "NoticeChoices",
    "Page",
    "Placement",
    "PlannedIdea",
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
    "TaggedPlacement",
    "Withdrawal",
    "WorkingCopy",
]
