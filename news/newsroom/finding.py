"""Finds a few stories while somebody types, for the newsroom's palette."""

from typing import TYPE_CHECKING

from news.models import Article
from news.search import newsroom

from .readable import readable

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


def find(user: "User | AnonymousUser", words: str, limit: int) -> list[Article]:
    """At most `limit` stories that the person may read, with their state and region: those with all words in their head
    first, then the last changed. Not those in the bin. At most two queries, and one for the person's regions.
    """
    may_read = readable(user)
    stories = Article.objects.filter(may_read.condition).outside_bin().with_state().select_related("region")
    return newsroom.find(words, stories.defer("body"), may_read.tokens, limit=limit)
