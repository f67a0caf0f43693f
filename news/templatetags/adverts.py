"""`{% advert "top" %}`: an advertising place, and nothing at all where no advert is live."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("news/components/advert.html", takes_context=True)
def advert(context: template.Context, place: str) -> dict[str, Any]:
    """The next advert of the page for this place; pages without `adverts` (news.views.pages) have none."""
    adverts = context.get("adverts")
    return {"advert": adverts.take(place) if adverts else None, "network": context.get("network")}
