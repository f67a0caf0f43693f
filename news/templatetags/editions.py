"""How times, names and addresses are written on readers' pages. The formats are DESIGN section 2's."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from news.models import Article
from regions.models import Region

register = template.Library()

SHORT = "M j, Y - H:i"
"""`Nov 23, 2024 - 20:25`"""
FULL = "l, j F Y H:i T"
"""`Sabtu, 23 November 2024 20:25 WIB`"""


@register.simple_tag
def moment(when: datetime, region: Region) -> SafeString:
    """A `<time>` on the region's clocks: short to read, in full in its tooltip, with offset for machines."""
    return _time_element(when, region.timezone, get_language())


@lru_cache(maxsize=8_192)
def _time_element(when: datetime, zone: str, language: str) -> SafeString:
    """Pages of an edition show the same stories, and so the same times."""
    local = when.astimezone(ZoneInfo(zone))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        format_date(local, FULL),
        format_date(local, SHORT),
    )


@register.simple_tag
def zone_note(when: datetime, story_region: Region, page_region: Region) -> str:
    """The zone's name, where a story's clocks are not those of the page that lists it: ` WITA`."""
    return "" if story_region.timezone == page_region.timezone else f" {story_region.local(when).tzname()}"


@register.simple_tag
def full_moment(when: datetime, region: Region) -> str:
    return format_date(region.local(when), FULL)


@register.simple_tag
def byline(story: Article) -> SafeString:
    """`Linda Sari - PAYAKUMBUH.PEKON.WEB.ID`, each writer a link to their page."""
    names = format_html_join(
        ", ", '<a rel="author" href="{}">{}</a>', ((author.get_absolute_url(), author) for author in story.writers)
    )
    return format_html("{} - {}", names or "Redaksi", story.region.host_name.upper())


@register.simple_tag
def masthead() -> str:
    """`PEKON.WEB.ID`"""
    return settings.HOST_NAME.upper()
