"""`{% picture photo "slot" %}`: the one way in which a photo stands on a reader's page."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from news.images import plans
from news.images.models import Photo

register = template.Library()


@register.simple_tag
def picture(photo: Photo, slot: str, lead: bool = False, alt: str = "") -> SafeString:
    """A `<picture>` for a slot of news.images.plans, from what the photo's own row says: no query.

    `lead`: the page's first photo, loaded at once and before others. `alt` stays empty where the words beside the photo
    say the same. Nothing at all until the photo has renditions.
    """
    widths, formats = photo.made.get(plans.SLOTS[slot].ratio, ()), photo.made.get("formats", ())
    return _picture(photo.rendition_key, photo.colour, photo.size, tuple(widths), tuple(formats), slot, bool(lead), alt)


@lru_cache(maxsize=8_192)
def _picture(
    key: str,
    colour: str,
    size: plans.Size,
    there: tuple[int, ...],
    formats: tuple[str, ...],
    slot: str,
    lead: bool,
    alt: str,
) -> SafeString:
    """The same photo stands in the same slot of many pages: its element is made once."""
    place, photo = plans.SLOTS[slot], Photo(rendition_key=key, colour=colour)
    widths = [width for width in there if width <= place.widths[-1]] or list(there[:1])
    sources = {
        format: ", ".join(f"{photo.url(place.ratio, width, format)} {width}w" for width in widths) for format in formats
    }
    shape = plans.RATIOS[place.ratio] or size
    largest = (widths[-1], plans.height_at(widths[-1], shape)) if widths else (0, 0)
    shown = plans.fitted(place.box, shape) if place.box else largest
    context = {
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
    return render_to_string("news/components/picture.html", context)
