"""`{% card story "h3" slot="row" %}`, `{% cards stories "h3" %}` and `{% rail stories "h3" %}`: stories in lists.

The same story stands in the lists of many pages, and cards are most of what a list costs. So a story that is kept in
memory (news.furnishing) keeps its cards with it.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from news.models import Article
from regions.models import Region

from .editions import FULL, listed_time
from .pictures import picture

register = template.Library()


@register.simple_tag(takes_context=True)
def card(
    context: Context,
    story: Article,
    heading: str,
    slot: str = "",
    first: bool = False,
    summary: bool = False,
    of: Region | None = None,
) -> SafeString:
    """A story in a list, under a heading like `h2`.

    `slot`: shows its photo there, as news.images.plans has it; `first`: that is the page's first photo; `summary`:
    shows it; `of`: the region that the list is about, which is not named.
    """
    return _of_region(context["region"], story, heading, slot, first, summary, of)


@register.simple_tag(takes_context=True)
def cards(
    context: Context,
    stories: Iterable[Article],
    heading: str,
    slot: str = "",
    photos: int | None = None,
    of: Region | None = None,
) -> SafeString:
    """One below the other; `photos`: so many, from the first, show theirs; without it all. See also `card`."""
    region = context["region"]
    made = [
        _of_region(region, story, heading, slot if photos is None or turn < photos else "", of=of)
        for turn, story in enumerate(stories)
    ]
    return mark_safe("\n".join(made))  # made by templates


def _of_region(
    region: Region,
    story: Article,
    heading: str,
    slot: str,
    first: bool = False,
    summary: bool = False,
    of: Region | None = None,
) -> SafeString:
    is_from_elsewhere = story.region_id not in (region.pk, of and of.pk)
    return _kept(story, _card, heading, slot, first, summary, is_from_elsewhere, region.timezone, get_language())


def _kept(story: Article, make: Callable[..., SafeString], *how: Any) -> SafeString:
    """What `make` returns for the story and these arguments, kept for as long as the story itself is."""
    kept = story.__dict__.setdefault("_html", {})
    if (make, how) not in kept:
        kept[make, how] = make(story, *how)
    html: SafeString = kept[make, how]
    return html


def _card(
    story: Article,
    heading: str,
    slot: str,
    first: bool,
    summary: bool,
    is_from_elsewhere: bool,
    zone: str,
    language: str,
) -> SafeString:
    photo = story.lead_photo if slot else None
    shown = {
        "story": story,
        "address": story.canonical_url,
        "summary": story.summary if summary else "",
        "photo": picture(photo, slot, lead=first) if photo and photo.made else "",
        "slot": slot,
        "place": story.region.short_name if is_from_elsewhere else "",
        "time": listed_time(story.published_at, story.region.timezone, zone, language),
        "heading": heading,
    }
    return render_to_string("news/components/card.html", shown)


@register.simple_tag(takes_context=True)
def rail(
    context: Context, stories: Iterable[Article], heading: str, wide: bool = False, ranked: bool = False
) -> SafeString:
    """Stories with their times in the margin, on the clocks of the page's region; `wide`: in columns; `ranked`: with
    numbers instead of times."""
    region: Region = context["region"]
    today = region.local(timezone.now()).date()
    language = get_language()
    rows = [_row(story, region, heading, ranked, today, language) for story in stories]
    kind = "rail" + (" rail-wide" if wide else "") + (" ranked" if ranked else "")
    return format_html('<ol class="{}">{}</ol>', kind, mark_safe("".join(rows)))  # made by templates


def _row(story: Article, region: Region, heading: str, ranked: bool, today: date, language: str) -> SafeString:
    when = region.local(story.published_at)  # type: ignore[arg-type]
    is_from_elsewhere = story.region_id != region.pk
    return _kept(story, _rail_row, heading, ranked, is_from_elsewhere, when.date() == today, region.timezone, language)


def _rail_row(
    story: Article, heading: str, ranked: bool, is_from_elsewhere: bool, is_today: bool, zone: str, language: str
) -> SafeString:
    shown = {
        "story": story,
        "address": story.canonical_url,
        "place": story.region.short_name if is_from_elsewhere else "",
        "margin": "" if ranked else _brief(story.published_at.astimezone(ZoneInfo(zone)), is_today),  # type: ignore[union-attr]
        "heading": heading,
    }
    return render_to_string("news/components/rail_row.html", shown)


def _brief(when: datetime, is_today: bool) -> SafeString:
    """`20:25` today, `23 Nov` before."""
    return format_html(
        '<time class="when" datetime="{}" title="{}">{}</time>',
        when.isoformat(timespec="seconds"),
        format_date(when, FULL),
        format_date(when, "H:i" if is_today else "j M"),
    )
