"""What a check finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownStory:
    """Another story that a finding is about. `address` is its page; empty if readers cannot open it."""

    pk: int
    title: str
    region: str
    address: str
    is_in_newsroom: bool
    """Whether the person may open it in the newsroom."""
    may_share: bool
    """Whether the person may list it in the region of the story that is checked."""


@dataclass(frozen=True)
class Finding:
    """`words` are the exact words in `field` (of the article form) that it is about; empty: the field as a whole.

    `stops`: publishing is refused as long as it is so.
    """

    code: str
    message: str
    advice: str = ""
    field: str = "body"
    words: str = ""
    stops: bool = False
    story: KnownStory | None = None
