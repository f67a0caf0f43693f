"""`card(region, article, "h3")`, `cards(region, articles, "h3")` and `rail(region, articles, "h3")`: articles in lists.

Cards take most of the time of rendering a list, and the same article is in the lists of many pages. So an article in
memory (news.readers.article_cache) keeps its rendered cards.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from news.models import Article
from news.readers.templates import component
from regions.models import Region

from .formats import FULL, listed_time
from .pictures import picture


def card(
    region: Region,
    article: Article,
    heading: str,
    slot: str = "",
    first: bool = False,
    summary: bool = False,
    of: Region | None = None,
) -> SafeString:
    """An article in a list of the page of this region, with its title in a heading element like `h2`.

    `slot`: the slot of its photo (news.images.rendition_specs), or empty for none; `first`: whether this is the page's
    first photo; `summary`: whether to show the summary; `of`: the region of the list, whose name is left out.
    """
    return _card_on(region, article, heading, slot, get_language(), first, summary, of)


def cards(
    region: Region,
    articles: Iterable[Article],
    heading: str,
    slot: str = "",
    photos: int | None = None,
    of: Region | None = None,
) -> SafeString:
    """Several cards. Only the first `photos` show their photos; by default all do. See also `card`."""
    language = get_language()
    rendered = [
        _card_on(region, article, heading, slot if photos is None or turn < photos else "", language, of=of)
        for turn, article in enumerate(articles)
    ]
    return mark_safe("\n".join(rendered))  # rendered by templates, which escape


def _card_on(
    region: Region,
    article: Article,
    heading: str,
    slot: str,
    language: str,
    first: bool = False,
    summary: bool = False,
    of: Region | None = None,
) -> SafeString:
    is_from_elsewhere = article.region_id not in (region.pk, of and of.pk)
    return _kept(article, _card, heading, slot, first, summary, is_from_elsewhere, region.timezone, language)


def _kept(article: Article, make: Callable[..., SafeString], *how: Any) -> SafeString:
    """What `make` returns for the article and these arguments. It is stored as long as the article is in memory."""
    stored = article.__dict__.setdefault("_html", {})
    if (make, how) not in stored:
        stored[make, how] = make(article, *how)
    html: SafeString = stored[make, how]
    return html


def _card(
    article: Article,
    heading: str,
    slot: str,
    first: bool,
    summary: bool,
    is_from_elsewhere: bool,
    zone: str,
    language: str,
) -> SafeString:
    photo = article.lead_photo if slot else None
    shown = {
        "article": article,
        "address": article.canonical_url,
        "summary": article.summary if summary else "",
        "photo": picture(photo, slot, lead=first) if photo and photo.rendition_manifest else "",
        "slot": slot,
        "place": article.region.short_name if is_from_elsewhere else "",
        "time": listed_time(article.publication_time, article.region.timezone, zone, language),
        "heading": heading,
    }
    return component("card", shown)


def rail(
    region: Region, articles: Iterable[Article], heading: str, wide: bool = False, ranked: bool = False
) -> SafeString:
    """Titles with their times in the margin, in the zone of this region. `wide`: in columns; `ranked`: with
    numbers instead of times."""
    today = region.local(timezone.now()).date()
    language = get_language()
    rows = [_row(article, region, heading, ranked, today, language) for article in articles]
    kind = "rail" + (" rail-wide" if wide else "") + (" ranked" if ranked else "")
    return format_html('<ol class="{}">{}</ol>', kind, mark_safe("".join(rows)))  # rendered by templates, which escape


def _row(article: Article, region: Region, heading: str, ranked: bool, today: date, language: str) -> SafeString:
    when = region.local(article.publication_time)
    is_from_elsewhere = article.region_id != region.pk
    return _kept(
        article, _rail_row, heading, ranked, is_from_elsewhere, when.date() == today, region.timezone, language
    )


def _rail_row(
    article: Article, heading: str, ranked: bool, is_from_elsewhere: bool, is_today: bool, zone: str, language: str
) -> SafeString:
    shown = {
        "article": article,
        "address": article.canonical_url,
        "place": article.region.short_name if is_from_elsewhere else "",
        "margin": "" if ranked else _brief(article.publication_time.astimezone(ZoneInfo(zone)), is_today),
        "heading": heading,
    }
    return component("rail_row", shown)


def _brief(when: datetime, is_today: bool) -> SafeString:
    """The time for today's articles (`20:25`), the date for older ones (`23 Nov`)."""
    return format_html(
        '<time class="when" datetime="{}" title="{}">{}</time>',
        when.isoformat(timespec="seconds"),
        format_date(when, FULL),
        format_date(when, "H:i" if is_today else "j M"),
    )
