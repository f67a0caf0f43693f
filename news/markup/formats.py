"""How times, names and addresses are written on readers' pages."""

from datetime import datetime
from functools import cache, lru_cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.templatetags import static as static_files
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language

from news.models import Article, Byline, Page
from regions.models import Region

SHORT = "M j, Y - H:i"
"""`Nov 23, 2024 - 20:25`"""
FULL = "l, j F Y H:i T"
"""`Sabtu, 23 November 2024 20:25 WIB`"""
DAY = "l, j F Y"
"""`Sabtu, 23 November 2024`"""


def moment(when: datetime, region: Region) -> SafeString:
    """A `<time>` in the region's zone: a short text, the full time as tooltip, and with offset for machines."""
    return _time_element(when, region.timezone, get_language())


@lru_cache(maxsize=8_192)
def _time_element(when: datetime, zone: str, language: str) -> SafeString:
    """The `<time>` element. Cached, because many pages show the same times."""
    local = when.astimezone(ZoneInfo(zone))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        format_date(local, FULL),
        format_date(local, SHORT),
    )


def listed_moment(article: Article, region: Region) -> SafeString:
    """When an article in a list of this region was published, in the article's own zone."""
    return listed_time(article.publication_time, article.region.timezone, region.timezone, get_language())


@lru_cache(maxsize=8_192)
def listed_time(when: datetime, zone: str, page_zone: str, language: str) -> SafeString:
    """The `<time>` element, followed by the zone's name (` WITA`) if the article's zone differs from the page's."""
    time = _time_element(when, zone, language)
    return time if zone == page_zone else format_html("{} {}", time, when.astimezone(ZoneInfo(zone)).tzname())


def full_moment(when: datetime, region: Region) -> str:
    return format_date(region.local(when), FULL)


def today(region: Region) -> SafeString:
    """Today's date in the region's zone, with the zone's name: `Sabtu, 23 November 2024 · WIB`."""
    local = region.local(timezone.now())
    return format_html(
        '<time datetime="{}">{} · {}</time>', local.date().isoformat(), format_date(local, DAY), local.tzname()
    )


def byline(article: Article) -> SafeString:
    """`Linda Sari - PAYAKUMBUH.PEKON.WEB.ID`; each writer's name links to their page."""
    names = format_html_join(
        ", ", '<a rel="author" href="{}">{}</a>', ((author.get_absolute_url(), author) for author in article.writers)
    )
    return format_html("{} - {}", names or "Redaksi", article.region.host_name.upper())


def masthead() -> str:
    """The network's host name in capitals: `PEKON.WEB.ID`."""
    return settings.HOST_NAME.upper()


def credits(article: Article) -> SafeString:
    """The other bylines: `Penyunting: Rina Koto · Fotografer: Hendra Tanjung`. Empty if there are none."""
    named: dict[str, list[SafeString]] = {}
    for row in article.bylines.all():
        if row.role != Byline.Role.WRITER:
            link = format_html('<a href="{}">{}</a>', row.author.get_absolute_url(), row.author)
            named.setdefault(capfirst(row.get_role_display()), []).append(link)
    parts = ((role, format_html_join(", ", "{}", ((link,) for link in links))) for role, links in named.items())
    return format_html_join(" · ", "{}: {}", parts)


def share_links(article: Article) -> list[tuple[str, str]]:
    """(name, address) of the services for sharing an article, those most used in Indonesia first."""
    address, title = article.short_url, article.title
    return [
        ("WhatsApp", "https://wa.me/?" + urlencode({"text": f"{title} {address}"})),
        ("Telegram", "https://t.me/share/url?" + urlencode({"url": address, "text": title})),
        ("Facebook", "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address})),
        ("X", "https://x.com/intent/post?" + urlencode({"url": address, "text": title})),
        ("Threads", "https://www.threads.net/intent/post?" + urlencode({"text": f"{title} {address}"})),
    ]


def page_links() -> list[tuple[str, str]]:
    """(address, name) of the pages about the paper."""
    return _page_links(get_language())


@cache
def _page_links(language: str) -> list[tuple[str, str]]:
    return [(reader_url("page", slug), str(label)) for slug, label in Page.Slug.choices]


@lru_cache(maxsize=1_024)
def reader_url(name: str, *args: str) -> str:
    """The path of a reader's page. It also works on the newsroom's host, which shows previews."""
    return reverse(name, settings.ROOT_URLCONF, args)


@cache
def static(path: str) -> str:
    """The address of a static file. It is the same as long as a process runs."""
    return static_files.static(path)


def critical_css() -> SafeString:
    """The inline style of the first screen; the Content-Security-Policy contains its hash."""
    return mark_safe(settings.CRITICAL_CSS)  # our own file
