"""`{% card story "h3" slot="row" %}` and `{% rail stories "h3" %}`: a story in a list.

The same story stands in the lists of many pages, and cards are most of what a list costs. So a card is rendered from
nothing but the words and addresses that it shows, and is made once for them: it cannot be out of date.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

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
    region: Region = context["region"]
    language = get_language()
    is_from_elsewhere = story.region_id not in (region.pk, of and of.pk)
    photo = story.lead_photo if slot else None
    return _card(
        story.canonical_url,
        story.title,
        story.label,
        story.is_supplied,
        story.kicker,
        story.summary if summary else "",
        picture(photo, slot, lead=first) if photo and photo.made else "",
        slot,
        story.region.short_name if is_from_elsewhere else "",
        listed_time(story.published_at, story.region.timezone, region.timezone, language),
        heading,
        language,
    )


@lru_cache(maxsize=8_192)
def _card(
    address: str,
    title: str,
    label: str,
    is_supplied: bool,
    kicker: str,
    summary: str,
    photo: str,
    slot: str,
    place: str,
    time: str,
    heading: str,
    language: str,
) -> SafeString:
    return render_to_string("news/components/card.html", dict(locals()))


@register.simple_tag(takes_context=True)
def rail(
    context: Context, stories: Iterable[Article], heading: str, wide: bool = False, ranked: bool = False
) -> SafeString:
    """Stories with their times in the margin, on the clocks of the page's region; `wide`: in columns; `ranked`: with
    numbers instead of times."""
    region: Region = context["region"]
    today = region.local(timezone.now()).date()
    rows = [_row(story, region, heading, ranked, today) for story in stories]
    kind = "rail" + (" rail-wide" if wide else "") + (" ranked" if ranked else "")
    return format_html('<ol class="{}">{}</ol>', kind, mark_safe("".join(rows)))  # made by templates


def _row(story: Article, region: Region, heading: str, ranked: bool, today: object) -> SafeString:
    when = region.local(story.published_at)  # type: ignore[arg-type]
    place = "" if story.region_id == region.pk else story.region.short_name
    margin = "" if ranked else _brief(when, region.timezone, when.date() == today, get_language())
    return _rail_row(story.canonical_url, story.title, story.label, story.is_supplied, place, margin, heading)


@lru_cache(maxsize=8_192)
def _rail_row(
    address: str, title: str, label: str, is_supplied: bool, place: str, margin: str, heading: str
) -> SafeString:
    return render_to_string("news/components/rail_row.html", dict(locals()))


@lru_cache(maxsize=8_192)
def _brief(when: datetime, zone: str, is_today: bool, language: str) -> SafeString:
    """`20:25` today, `23 Nov` before. `zone` tells apart what are one moment, and so one key, on different clocks."""
    return format_html(
        '<time class="when" datetime="{}" title="{}">{}</time>',
        when.isoformat(timespec="seconds"),
        format_date(when, FULL),
        format_date(when, "H:i" if is_today else "j M"),
    )
