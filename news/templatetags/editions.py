"""How times, names and addresses are written on readers' pages. The formats are DESIGN section 2's."""

from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language

from news import critical_css as first_screen
from news.models import Article, Byline, Page
from regions.models import Region

register = template.Library()

SHORT = "M j, Y - H:i"
"""`Nov 23, 2024 - 20:25`"""
FULL = "l, j F Y H:i T"
"""`Sabtu, 23 November 2024 20:25 WIB`"""
DAY = "l, j F Y"
"""`Sabtu, 23 November 2024`"""


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
def listed_moment(story: Article, region: Region) -> SafeString:
    """When a story was published, on its own clocks: in a list of this region."""
    return listed_time(story.published_at, story.region.timezone, region.timezone, get_language())


@lru_cache(maxsize=8_192)
def listed_time(when: datetime, zone: str, page_zone: str, language: str) -> SafeString:
    """With the zone's name, where a story's clocks are not those of the page that lists it: ` WITA`."""
    time = _time_element(when, zone, language)
    return time if zone == page_zone else format_html("{} {}", time, when.astimezone(ZoneInfo(zone)).tzname())


@register.simple_tag
def full_moment(when: datetime, region: Region) -> str:
    return format_date(region.local(when), FULL)


@register.simple_tag
def today(region: Region) -> SafeString:
    """The day on the region's calendar, with the zone's name: `Sabtu, 23 November 2024 · WIB`."""
    local = region.local(timezone.now())
    return format_html(
        '<time datetime="{}">{} · {}</time>', local.date().isoformat(), format_date(local, DAY), local.tzname()
    )


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


@register.simple_tag
def credits(story: Article) -> SafeString:
    """Who else had a part in it: `Penyunting: Rina Koto · Fotografer: Hendra Tanjung`. Empty without any."""
    named: dict[str, list[SafeString]] = {}
    for row in story.bylines.all():
        if row.role != Byline.Role.WRITER:
            link = format_html('<a href="{}">{}</a>', row.author.get_absolute_url(), row.author)
            named.setdefault(capfirst(row.get_role_display()), []).append(link)
    parts = ((role, format_html_join(", ", "{}", ((link,) for link in links))) for role, links in named.items())
    return format_html_join(" · ", "{}: {}", parts)


@register.simple_tag
def share_links(story: Article) -> list[tuple[str, str]]:
    """Names and addresses of the places to pass a story on to, the one that readers here use most first."""
    address, title = story.short_url, story.title
    return [
        ("WhatsApp", "https://wa.me/?" + urlencode({"text": f"{title} {address}"})),
        ("Telegram", "https://t.me/share/url?" + urlencode({"url": address, "text": title})),
        ("Facebook", "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address})),
        ("X", "https://x.com/intent/post?" + urlencode({"url": address, "text": title})),
        ("Threads", "https://www.threads.net/intent/post?" + urlencode({"text": f"{title} {address}"})),
    ]


@register.simple_tag
def page_links() -> list[tuple[str, str]]:
    """Addresses and names of the pages about the paper."""
    return [(reverse("page", args=[slug]), str(label)) for slug, label in Page.Slug.choices]


@register.simple_tag
def critical_css() -> SafeString:
    """The style of the first screen; the policy knows its hash."""
    return mark_safe(first_screen.TEXT)  # our own file
