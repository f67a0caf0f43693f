"""Which renditions a photo should have: pure functions of its size, its focal point and the slots of the templates.

A manifest is a small dictionary that is stored with the photo once its renditions are made. A page finds every address
and size in it without a query. If it differs from the manifest that is computed now, the renditions are made anew.
"""

from dataclasses import dataclass
from typing import Any

VERSION = 1
"""Increase it when qualities or encoders change; `manage.py renditions --make` then makes all renditions anew."""
RATIOS: dict[str, tuple[int, int] | None] = {"free": None, "16x9": (16, 9), "4x3": (4, 3), "1x1": (1, 1)}
SHARE = (1200, 630)
"""Size in pixels of the JPEG for previews of shared links, as WhatsApp, Facebook and X recommend."""
SHARE_MAX_BYTES = 300_000
"""WhatsApp shows no preview from a larger file."""
FORMATS = ("avif", "webp")
CENTRE = (50, 40)
"""The default focal point, in percent from the left and from the top. Faces are usually above the middle."""
TALLEST = 16_383  # pixels: no side of a WebP can be longer

Size = tuple[int, int]
Box = tuple[int, int, int, int]
Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for photos in the templates: its aspect ratio, its rendition widths in pixels, and its CSS `sizes`.

    With a `box` (CSS pixels), a photo is as large as fits into the box, and never wider than the screen.
    """

    ratio: str
    widths: tuple[int, ...]
    sizes: str
    box: Size | None = None


SLOTS = {
    "story": Slot("free", (480, 768, 1080, 1536), "(min-width: 48rem) 46rem, 100vw"),
    "text": Slot("free", (480, 768, 1080), "(min-width: 40rem) 38rem, 100vw"),
    "gallery": Slot("free", (480, 768, 1080, 1536), "(min-width: 50rem) 48rem, 92vw"),
    "front": Slot("16x9", (480, 768, 1080, 1472), "(min-width: 62rem) 44rem, 100vw"),
    "block": Slot("4x3", (352, 720, 1080), "(min-width: 62rem) 22rem, (min-width: 40rem) 50vw, 100vw"),
    "tile": Slot("4x3", (352, 720, 1080), "(min-width: 62rem) 17rem, 45vw"),
    "row": Slot("4x3", (208, 416), "(min-width: 48rem) 13rem, 7rem"),
    "thumb": Slot("1x1", (112, 224, 336), "7rem"),
    "advert": Slot("free", (480, 768, 1080, 1536), "", box=(736, 320)),
}
_WANTED = {
    ratio: tuple(sorted({width for slot in SLOTS.values() if slot.ratio == ratio for width in slot.widths}))
    for ratio in RATIOS
}
_FIRST = {"free": 1080, "16x9": 768, "4x3": 352, "1x1": 224}
"""Widths in pixels that are enough for a page until all renditions are made."""


def full(size: Size, focus: tuple[int, int]) -> Manifest:
    """The manifest of all renditions of a photo of `size` pixels with its focal point at `focus` (percent)."""
    crops = {ratio: _widths(size, ratio, wanted) for ratio, wanted in _WANTED.items()}
    return _plan(crops, FORMATS, size, focus)


def first(size: Size, focus: tuple[int, int]) -> Manifest:
    """The manifest of the few renditions that are made while the person who uploads waits."""
    crops = {ratio: _widths(size, ratio, (width,)) for ratio, width in _FIRST.items()}
    return _plan(crops, ("webp",), size, focus)


def _plan(crops: dict[str, list[int]], formats: tuple[str, ...], size: Size, focus: tuple[int, int]) -> Manifest:
    return {"version": VERSION, "focus": list(focus), "formats": list(formats), "share": list(share(size))} | crops


def _widths(size: Size, ratio: str, wanted: tuple[int, ...]) -> list[int]:
    """The widths to make of a crop. Nothing is enlarged: a narrow crop is kept at its own width."""
    most = crop_size(size, RATIOS[ratio])[0]
    return [width for width in wanted if width < most] + ([most] if most <= wanted[-1] else [])


def share(size: Size) -> Size:
    """The size of the JPEG for sharing: SHARE, or the largest size of that aspect ratio that the photo allows."""
    width = min(SHARE[0], crop_size(size, SHARE)[0])
    return width, height_at(width, SHARE)


def names(manifest: Manifest) -> list[str]:
    """The names of the files that a manifest lists."""
    return [
        f"{ratio}-{width}.{format}" for ratio in RATIOS for width in manifest[ratio] for format in manifest["formats"]
    ] + ["share.jpg"]


def scale(size: Size) -> float:
    """The largest factor by which a photo can be reduced without having to enlarge it for one of its renditions."""
    most = {ratio: (RATIOS[ratio], widths[-1]) for ratio, widths in _WANTED.items()} | {"share": (SHARE, SHARE[0])}
    return min(crop_size(size, shape)[0] / width for shape, width in most.values())


def crop_size(size: Size, ratio: tuple[int, int] | None) -> Size:
    """The largest part of `size` that has the aspect ratio `ratio`, in pixels; the whole for None."""
    width, height = size
    if ratio is None:
        return size
    if width * ratio[1] < height * ratio[0]:
        return width, max(1, round(width * ratio[1] / ratio[0]))
    return max(1, round(height * ratio[0] / ratio[1])), height


def crop_box(size: Size, ratio: tuple[int, int] | None, focus: tuple[int, int]) -> Box:
    """The largest crop of aspect ratio `ratio`, centred on `focus` (percent) as far as the photo's edges allow.

    Returns left, top, right and bottom in pixels. The newsroom's preview (static/js/photo.js) computes the same.
    """
    width, height = crop_size(size, ratio)
    left = min(max(round(size[0] * focus[0] / 100 - width / 2), 0), size[0] - width)
    top = min(max(round(size[1] * focus[1] / 100 - height / 2), 0), size[1] - height)
    return left, top, left + width, top + height


def fitted(box: Size, shape: Size) -> Size:
    """The largest size with the aspect ratio of `shape` that fits into the box."""
    width = min(box[0], max(1, round(box[1] * shape[0] / shape[1])))
    return width, height_at(width, shape)


def height_at(width: int, shape: Size) -> int:
    """The height in pixels of a picture that is `width` wide and has the aspect ratio of `shape`."""
    return max(1, round(width * shape[1] / shape[0]))
