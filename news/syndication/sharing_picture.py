"""Draws the picture that chats and social networks show for an edition's pages, and for its articles without a photo.

It is drawn from the edition's name and colour, so there is nothing to upload, and renaming a region changes it.
"""

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from django.conf import settings

from regions.models import Region

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630
"""Pixels. Facebook and WhatsApp show pictures with this aspect ratio (1.91 to 1) in full width."""
TYPE = "image/png"
PATH = "/bagikan.png"
COLOURS = {
    Region.Accent.BRICK: "#9b2c16",
    Region.Accent.MARIGOLD: "#855600",
    Region.Accent.LEAF: "#1f6b3a",
    Region.Accent.LAKE: "#0b5c8a",
    Region.Accent.SEA: "#0d6666",
    Region.Accent.INDIGO: "#3b3f9e",
    Region.Accent.MANGOSTEEN: "#7a1f5c",
    Region.Accent.COFFEE: "#6b3f1f",
}
"""The colours of static/css/critical.css in light mode."""
_PAPER, _INK, _THREAD = "#ffffff", "#1b1916", "#e8b647"
_MARGIN, _BAND, _STITCH = 80, 56, 28  # pixels
_LINE = 1.25  # line height as a multiple of the font size


def draw(region: Region) -> bytes:
    """A PNG of `WIDTH` by `HEIGHT`: the network's name, the region's in large letters, its tagline, its woven bands."""
    from PIL import Image, ImageDraw  # imported late: it takes 50 ms, and few processes need it

    colour = COLOURS[Region.Accent(region.shown_accent)]
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    for edge in (0, HEIGHT - _BAND):
        _weave(pen, edge, colour)
    name = region.short_name if region.parent_id else region.name
    lines = [(settings.HOST_NAME.upper(), 40, _INK), (name, 150, colour), (region.tagline, 44, _INK)]
    fitted = [(text, _fitting(pen, text, size), fill) for text, size, fill in lines if text]
    top = (HEIGHT - sum(font.size * _LINE for _text, font, _fill in fitted)) / 2
    for text, font, fill in fitted:
        pen.text((WIDTH / 2, top + font.size * _LINE / 2), text, fill, font, anchor="mm")
        top += font.size * _LINE
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _weave(pen: "ImageDraw", top: int, colour: str) -> None:
    pen.rectangle((0, top, WIDTH, top + _BAND), fill=_THREAD)
    middle, half = top + _BAND / 2, _STITCH / 2
    for x in range(0, WIDTH + _STITCH, _STITCH):
        pen.polygon([(x - half, middle), (x, middle - half), (x + half, middle), (x, middle + half)], fill=colour)
    pen.line((0, top + 3, WIDTH, top + 3), fill=colour, width=6)
    pen.line((0, top + _BAND - 4, WIDTH, top + _BAND - 4), fill=colour, width=6)


def _fitting(pen: "ImageDraw", text: str, size: int) -> "FreeTypeFont":
    """The font in the largest size, up to `size`, in which the text fits between the margins."""
    width = pen.textlength(text, _font(size))
    return _font(max(20, min(size, int(size * (WIDTH - 2 * _MARGIN) / max(width, 1)))))


@cache
def _font(size: int) -> "FreeTypeFont":
    """Pillow's built-in font, so that none needs to be installed."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType")
    return font
