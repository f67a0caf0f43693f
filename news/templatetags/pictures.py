"""`{% picture photo "slot" %}`: the one way in which a photo stands on a reader's page."""

from typing import Any

from django import template

from news.images import plans
from news.images.models import Photo

register = template.Library()


@register.inclusion_tag("news/components/picture.html")
def picture(photo: Photo, slot: str, lead: bool = False, alt: str = "") -> dict[str, Any]:
    """A `<picture>` for a slot of news.images.plans, from what the photo's own row says: no query.

    `lead`: the page's first photo, loaded at once and before others. `alt` stays empty where the words beside the photo
    say the same. Nothing at all until the photo has renditions.
    """
    place = plans.SLOTS[slot]
    shape = plans.RATIOS[place.ratio] or photo.size
    there = photo.made.get(place.ratio, [])
    widths = [width for width in there if width <= place.widths[-1]] or there[:1]
    sources = {
        format: ", ".join(f"{photo.url(place.ratio, width, format)} {width}w" for width in widths)
        for format in photo.made.get("formats", [])
    }
    largest = (widths[-1], plans.height_at(widths[-1], shape)) if widths else (0, 0)
    shown = plans.fitted(place.box, shape) if place.box else largest
    return {
        "photo": photo if widths else None,
        "sizes": place.sizes or f"min({shown[0]}px, 100vw)",
        "avif": sources.get("avif"),
        "webp": sources.get("webp"),
        "src": photo.url(place.ratio, widths[0]) if widths else "",
        "width": shown[0],
        "height": shown[1],
        "lead": lead,
        "alt": alt,
    }
