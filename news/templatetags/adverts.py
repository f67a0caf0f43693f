"""`{% advert "top" %}`: an advertising place, and nothing at all where no advert is live."""

from django import template
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag(takes_context=True)
def advert(context: template.Context, place: str) -> str:
    """The next advert of the page for this place; pages without `adverts` (news.views.pages) have none."""
    adverts = context.get("adverts")
    taken = adverts.take(place) if adverts else None
    if taken is None:
        return ""
    return render_to_string("news/components/advert.html", {"advert": taken, "network": context.get("network")})
