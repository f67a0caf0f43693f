"""What a page's head tells search engines, chat previews and feed readers. The page's own texts are in its context."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from news.models import Author
from news.syndication import entries, structured_data
from news.syndication.feeds import FORMATS

register = template.Library()
_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_TYPES = {"rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}


@register.simple_tag(takes_context=True)
def structured(context: Context) -> SafeString:
    """The page's JSON-LD: of a story, the front, an author or a list, by what the context holds."""
    things = _things(context)
    written = (json.dumps(thing, ensure_ascii=False).translate(_UNSAFE) for thing in things)
    # Inside a script element only "<" could end it, and none is left.
    return mark_safe("\n".join(f'<script type="application/ld+json">{each}</script>' for each in written))


def _things(context: Context) -> list[structured_data.Thing]:
    region, path = context["region"], context["request"].path
    if story := context.get("story"):
        steps = [(story.section.name, story.section.get_absolute_url()), (story.title, story.get_absolute_url())]
        return [
            structured_data.news_article(story, context.get("corrections") or ()),
            structured_data.breadcrumbs(region, steps),
        ]
    if context.get("front"):
        return [structured_data.masthead(region), structured_data.website(region)]
    title, stories = str(context.get("title", "")), context.get("stories") or []
    if page := context.get("page"):
        stories = page.stories
    crumbs = structured_data.breadcrumbs(region, [(title, path)])
    if isinstance(context.get("person"), Author):
        return [structured_data.profile(region, context["person"], path), crumbs]
    return [structured_data.collection(region, title, path, list(stories)), crumbs]


@register.simple_tag(takes_context=True)
def feed_links(context: Context) -> SafeString:
    """Links to the feeds of the edition, and of the section, tag or author whose page this is."""
    region, path = context["region"], context["request"].path
    places = ["/", *([path] if path.startswith(("/rubrik/", "/tag/", "/penulis/")) else [])]
    return format_html_join(
        "\n",
        '<link rel="alternate" type="{}" title="{}" href="{}{}{}">',
        (
            (
                _TYPES[form],
                entries.publication(region) + ("" if place == "/" else f" {context.get('title', '')}"),
                region.origin,
                place,
                form,
            )
            for place in places
            for form in FORMATS
        ),
    )


@register.filter
def share_picture(story: Any) -> entries.Picture | None:
    return entries.share_picture(story)


@register.filter
def machine_summary(story: Any) -> str:
    return entries.summary(story)


@register.filter
def machine_time(story: Any) -> str:
    return story.region.local(story.published_at).isoformat(timespec="seconds")


@register.filter
def machine_update(story: Any) -> str:
    return story.region.local(entries.updated_at(story)).isoformat(timespec="seconds")


@register.simple_tag
def site_name() -> str:
    return settings.HOST_NAME.upper()
