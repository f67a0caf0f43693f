"""Which renditions a photo should have: pure functions of its size, its focal point and the slots of the templates.

A plan is a small dictionary that is stored with the photo once its renditions are made, so that a page knows every
address and size without a query, and a photo whose plan is not the one computed today is one to make anew.
"""

from dataclasses import dataclass
from typing import Any

VERSION = 1
"""Raise it when qualities or encoders change: every photo is made anew by `manage.py renditions --make`."""
RATIOS: dict[str, tuple[int, int] | None] = {"free": None, "16x9": (16, 9), "4x3": (4, 3), "1x1": (1, 1)}
SHARE = (1200, 630)
"""Pixels of the JPEG for links that people share (the size that WhatsApp, Facebook and X ask for)."""
SHARE_MAX_BYTES = 300_000
"""WhatsApp shows no preview from a larger file."""
FORMATS = ("avif", "webp")
CENTRE = (50, 40)
"""Where a photo's subject stands until somebody says, in percent from the left and from the top: faces are high."""
TALLEST = 16_383  # pixels: no side of a WebP can be longer

Size = tuple[int, int]
Box = tuple[int, int, int, int]
Plan = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the templates: its shape, the widths made for it in pixels, and its width in CSS terms.

    With a `box` (CSS pixels), a photo is as large as fits into it, and never wider than the screen.
    """

    ratio: str
    widths: tuple[int, ...]
    sizes: str
    box: Size | None = None


SLOTS = {
    "story": Slot("free", (480, 768, 1080, 1536), "(min-width: 48rem) 46rem, 100vw"),
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
_FIRST = {"free": 1080, "16x9": 768, "4x3": 352, "1x1": 224}  # pixels: what a page can do with until all are made


def full(size: Size, focus: tuple[int, int]) -> Plan:
    """Every rendition of a photo of `size` pixels whose subject stands at `focus`."""
    crops = {ratio: _widths(size, ratio, wanted) for ratio, wanted in _WANTED.items()}
    return _plan(crops, FORMATS, size, focus)


def first(size: Size, focus: tuple[int, int]) -> Plan:
    """Those that are made while the person who uploads waits."""
    crops = {ratio: _widths(size, ratio, (width,)) for ratio, width in _FIRST.items()}
    return _plan(crops, ("webp",), size, focus)


def _plan(crops: dict[str, list[int]], formats: tuple[str, ...], size: Size, focus: tuple[int, int]) -> Plan:
    return {"version": VERSION, "focus": list(focus), "formats": list(formats), "share": list(share(size))} | crops


def _widths(size: Size, ratio: str, wanted: tuple[int, ...]) -> list[int]:
    """Nothing is enlarged: a photo narrower than the widest that is wanted is there in its own width."""
    most = crop_size(size, RATIOS[ratio])[0]
    return [width for width in wanted if width < most] + ([most] if most <= wanted[-1] else [])


def share(size: Size) -> Size:
    """The size of the JPEG for sharing: SHARE, or the largest of its shape that the photo gives."""
    width = min(SHARE[0], crop_size(size, SHARE)[0])
    return width, height_at(width, SHARE)


def names(plan: Plan) -> list[str]:
    """The files of a plan."""
    return [f"{ratio}-{width}.{format}" for ratio in RATIOS for width in plan[ratio] for format in plan["formats"]] + [
        "share.jpg"
    ]


def scale(size: Size) -> float:
    """How many times smaller a photo may become until one of its renditions would have to be enlarged."""
    most = {ratio: (RATIOS[ratio], widths[-1]) for ratio, widths in _WANTED.items()} | {"share": (SHARE, SHARE[0])}
    return min(crop_size(size, shape)[0] / width for shape, width in most.values())


def crop_size(size: Size, ratio: tuple[int, int] | None) -> Size:
    """The largest part of `size` that has the shape `ratio`, in pixels; the whole for None."""
    width, height = size
    if ratio is None:
        return size
    if width * ratio[1] < height * ratio[0]:
        return width, max(1, round(width * ratio[1] / ratio[0]))
    return max(1, round(height * ratio[0] / ratio[1])), height


def crop_box(size: Size, ratio: tuple[int, int] | None, focus: tuple[int, int]) -> Box:
    """That part around `focus` (percent), as far as the edges let that be its middle: left, top, right, bottom.

    The newsroom's preview (static/js/photo.js) draws the same.
    """
    width, height = crop_size(size, ratio)
    left = min(max(round(size[0] * focus[0] / 100 - width / 2), 0), size[0] - width)
    top = min(max(round(size[1] * focus[1] / 100 - height / 2), 0), size[1] - height)
    return left, top, left + width, top + height


def fitted(box: Size, shape: Size) -> Size:
    """The largest size of that shape that fits into the box."""
    width = min(box[0], max(1, round(box[1] * shape[0] / shape[1])))
    return width, height_at(width, shape)


def height_at(width: int, shape: Size) -> int:
    """The height that goes with `width` in a picture of that shape, in pixels."""
    return max(1, round(width * shape[1] / shape[0]))
