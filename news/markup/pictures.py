"""`picture(photo, "slot")`: the only function that shows photos on readers' pages."""

from functools import lru_cache

from django.utils.safestring import SafeString

from news.images import rendition_specs
from news.images.models import Photo
from news.readers.templates import component


def picture(photo: Photo, slot: str, lead: bool = False, alt: str = "") -> SafeString:
    """A `<picture>` for a slot of news.images.rendition_specs. It needs only the photo's row, so it causes no query.

    `lead`: whether it is the page's first photo, which is loaded with priority. Leave `alt` empty if the text beside
    the photo says the same. The result is empty if the photo has no renditions yet.
    """
    widths, formats = (
        photo.rendition_manifest.get(rendition_specs.SLOTS[slot].ratio, ()),
        photo.rendition_manifest.get("formats", ()),
    )
    return _picture(photo.rendition_key, photo.colour, photo.size, tuple(widths), tuple(formats), slot, bool(lead), alt)


@lru_cache(maxsize=8_192)
def _picture(
    key: str,
    colour: str,
    size: rendition_specs.Size,
    there: tuple[int, ...],
    formats: tuple[str, ...],
    slot: str,
    lead: bool,
    alt: str,
) -> SafeString:
    """The element. Cached, because many pages show the same photo in the same slot."""
    place, photo = rendition_specs.SLOTS[slot], Photo(rendition_key=key, colour=colour)
    widths = [width for width in there if width <= place.widths[-1]] or list(there[:1])
    sources = {
        format: ", ".join(f"{photo.url(place.ratio, width, format)} {width}w" for width in widths) for format in formats
    }
    shape = rendition_specs.RATIOS[place.ratio] or size
    largest = (widths[-1], rendition_specs.height_at(widths[-1], shape)) if widths else (0, 0)
    shown = rendition_specs.fitted(place.box, shape) if place.box else largest
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
    return component("picture", context)
