"""How states and times are written in the newsroom."""

from datetime import datetime

from django import template

from news.models import Article
from news.querysets import State
from regions.models import Region

register = template.Library()


@register.simple_tag
def in_region(moment: datetime | None, region: Region) -> str:
    """A moment on the region's clocks, with their name: `23 Nov 2024 20:25 WIB`."""
    return region.clock(moment)


@register.simple_tag
def state_label(article: Article) -> str:
    """The state of an article read `with_state()`."""
    return str(State(article.state).label)  # type: ignore[attr-defined]
