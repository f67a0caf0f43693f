"""The painting surface: shapes, gradients, glows, soft edges and reflections in fixed picture units.

Scenes think in a frame of 1500 by 1000 units; the canvas turns that into pixels of whatever size is wanted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .colour import RGB, mix, ramp
from .light import Light
from .shapes import Point

WIDTH, HEIGHT = 1500, 1000

PixelBox = tuple[int, int, int, int]


def noise(rng: Random, size: tuple[int, int], cells: Sequence[tuple[int, int]]) -> Image.Image:
    """Cloudy noise: ever finer random grids, each blended into the sum (`effect_noise` takes no seed)."""
    total: Image.Image | None = None
    for across, down in cells:
        grid = Image.frombytes("L", (across, down), rng.randbytes(across * down))
        layer = grid.resize(size, Image.Resampling.BICUBIC)
        total = layer if total is None else Image.blend(total, layer, 0.36)
    if total is None:
        raise ValueError("noise needs at least one grid of cells")
    return total


def strip(stops: Sequence[RGB], size: tuple[int, int], sideways: bool = False) -> Image.Image:
    """A gradient from top to bottom (or left to right)."""
    thin = Image.new("RGB", (1, 64))
    thin.putdata([ramp(stops, k / 63) for k in range(64)])
    if sideways:
        thin = thin.transpose(Image.Transpose.ROTATE_90)
    return thin.resize(size, Image.Resampling.BILINEAR)


class Canvas:
    def __init__(self, rng: Random, light: Light, scale: float) -> None:
        self.rng = rng
        self.light = light
        self.scale = scale
        self.image = Image.new("RGB", (math.ceil(WIDTH * scale), math.ceil(HEIGHT * scale)))
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    # --- units to pixels -------------------------------------------------------------------------

    def _pixels(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def _frame(self, x0: float, y0: float, x1: float, y1: float) -> PixelBox | None:
        """The part of a box inside the picture, in pixels; None when nothing of it is to be seen."""
        left, top = max(0, math.floor(x0 * self.scale)), max(0, math.floor(y0 * self.scale))
        right = min(self.image.width, math.ceil(x1 * self.scale) + 1)
        bottom = min(self.image.height, math.ceil(y1 * self.scale) + 1)
        return (left, top, right, bottom) if right > left and bottom > top else None

    def _outline(self, points: Sequence[Point]) -> tuple[PixelBox, Image.Image] | None:
        """The bounding frame of a polygon, and the polygon as a mask of that frame."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        frame = self._frame(min(xs), min(ys), max(xs), max(ys))
        if frame is None:
            return None
        mask = Image.new("L", (frame[2] - frame[0], frame[3] - frame[1]))
        inside = [(x - frame[0], y - frame[1]) for x, y in self._pixels(points)]
        ImageDraw.Draw(mask).polygon(inside, fill=255)
        return frame, mask

    # --- flat shapes -----------------------------------------------------------------------------

    def poly(self, points: Sequence[Point], colour: RGB, alpha: float = 1.0) -> None:
        self.pen.polygon(self._pixels(points), fill=(*colour, round(255 * alpha)))

    def oval(self, cx: float, cy: float, rx: float, ry: float, colour: RGB, alpha: float = 1.0) -> None:
        corners = self._pixels([(cx - rx, cy - ry), (cx + rx, cy + ry)])
        self.pen.ellipse(corners, fill=(*colour, round(255 * alpha)))

    def rect(self, x0: float, y0: float, x1: float, y1: float, colour: RGB, alpha: float = 1.0) -> None:
        corners = self._pixels([(min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1))])
        self.pen.rectangle(corners, fill=(*colour, round(255 * alpha)))

    def line(self, points: Sequence[Point], width: float, colour: RGB, alpha: float = 1.0) -> None:
        thick = max(1, round(width * self.scale))
        joint = "curve" if alpha == 1 and len(points) > 2 else None
        self.pen.line(self._pixels(points), fill=(*colour, round(255 * alpha)), width=thick, joint=joint)

    def limb(self, points: Sequence[Point], width: float, colour: RGB) -> None:
        """A line with round ends."""
        self.line(points, width, colour)
        for x, y in (points[0], points[-1]):
            self.oval(x, y, width / 2, width / 2, colour)

    # --- gradients and light ---------------------------------------------------------------------

    def fade(self, points: Sequence[Point], *stops: RGB, sideways: bool = False) -> None:
        """A polygon filled with a gradient."""
        outlined = self._outline(points)
        if outlined:
            frame, mask = outlined
            self.image.paste(strip(stops, mask.size, sideways), frame[:2], mask)

    def glow(self, cx: float, cy: float, rx: float, colour: RGB, strength: float, ry: float | None = None) -> None:
        """A round light (or, with a dark colour, a soft shadow) that dies away to its rim."""
        high = rx if ry is None else ry
        wide, tall = max(2, round(2 * rx * self.scale)), max(2, round(2 * high * self.scale))
        round_mask = Image.radial_gradient("L").point(lambda v: round(255 * strength * max(0.0, 1 - v / 180) ** 2))
        mask = round_mask.resize((wide, tall), Image.Resampling.BILINEAR)
        left, top = round((cx - rx) * self.scale), round((cy - high) * self.scale)
        self.image.paste(colour, (left, top, left + wide, top + tall), mask)

    def shadow(self, cx: float, cy: float, rx: float, ry: float, strength: float = 0.5) -> None:
        self.glow(cx, cy, rx, (16, 18, 38), strength, ry)

    def veil(self, y0: float, y1: float, colour: RGB, first: float, last: float) -> None:
        """A horizontal band of mist or shade whose strength goes from `first` to `last`."""
        frame = self._frame(0, y0, WIDTH, y1)
        if frame is None:
            return
        size = (frame[2] - frame[0], frame[3] - frame[1])
        levels = Image.linear_gradient("L").point(lambda v: round(255 * first + (last - first) * v))
        self.image.paste(colour, frame, levels.resize(size, Image.Resampling.BILINEAR))

    def soft(self, points: Sequence[Point], colour: RGB, alpha: float, blur: float) -> None:
        """A polygon with a blurred edge: cast shadows, beams, steam. Worked out small, then enlarged."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        frame = self._frame(min(xs) - 2 * blur, min(ys) - 2 * blur, max(xs) + 2 * blur, max(ys) + 2 * blur)
        if frame is None:
            return
        shrink = 6
        size = (frame[2] - frame[0], frame[3] - frame[1])
        mask = Image.new("L", (max(1, size[0] // shrink), max(1, size[1] // shrink)))
        inside = [((x - frame[0]) / shrink, (y - frame[1]) / shrink) for x, y in self._pixels(points)]
        ImageDraw.Draw(mask).polygon(inside, fill=round(255 * alpha))
        mask = mask.filter(ImageFilter.GaussianBlur(blur * self.scale / shrink))
        self.image.paste(colour, frame, mask.resize(size, Image.Resampling.BILINEAR))

    # --- whole regions ---------------------------------------------------------------------------

    @contextmanager
    def clip(self, points: Sequence[Point]) -> Iterator[None]:
        """Whatever is painted inside the block stays inside the polygon (and inside its bounding box)."""
        outlined = self._outline(points)
        if outlined is None:
            yield
            return
        frame, mask = outlined
        before = self.image.copy()
        yield
        painted = self.image.crop(frame)
        self.image.paste(before)
        self.image.paste(painted, frame[:2], mask)

    def mottle(self, y0: float, y1: float, colour: RGB, strength: float, cells: tuple[int, int] = (40, 40)) -> None:
        """Brushy patches of a colour over a band of the picture: cells say how many across and down."""
        frame = self._frame(0, y0, WIDTH, y1)
        if frame is None:
            return
        size = (frame[2] - frame[0], frame[3] - frame[1])
        across, down = cells
        small = noise(self.rng, (size[0] // 4 + 1, size[1] // 4 + 1), ((across, down), (across * 3, down * 3)))
        mask = small.point(lambda v: round(strength * min(255, max(0, (v - 118) * 3))))
        self.image.paste(colour, frame, mask.resize(size, Image.Resampling.BILINEAR))

    def stain(self, colour: RGB, mask: Image.Image, place: tuple[float, float, float, float]) -> None:
        """Lay a colour through a small mask, enlarged to the place and thinned out downwards."""
        frame = self._frame(*place)
        if frame is None:
            return
        falling = Image.linear_gradient("L").point(lambda v: 255 - v * 3 // 4).resize(mask.size)
        thinned = ImageChops.multiply(mask, falling)
        size = (frame[2] - frame[0], frame[3] - frame[1])
        self.image.paste(colour, frame, thinned.resize(size, Image.Resampling.BICUBIC))

    def blur(self, radius: float) -> None:
        """Throw what has been painted so far out of focus."""
        shrink = 4
        small = self.image.reduce(shrink).filter(ImageFilter.GaussianBlur(radius * self.scale / shrink))
        self.image.paste(small.resize(self.image.size, Image.Resampling.BICUBIC))

    def reflect(self, y0: float, y1: float, colour: RGB, clear: float, ripple: float, squash: float = 1.0) -> None:
        """Water from y0 down to y1 mirrors what stands above y0; `clear` is how much, fading downwards."""
        frame = self._frame(0, y0, WIDTH, y1)
        if frame is None:
            return
        left, top, right, bottom = frame
        wide, tall = right - left, bottom - top
        source_top = max(0, top - round(tall * squash))
        source = self.image.crop((left, source_top, right, top)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        slack = math.ceil((ripple * 2 + 2) * self.scale)
        source = source.resize((wide + 2 * slack, tall), Image.Resampling.BILINEAR)
        water = strip((mix(colour, self.light.horizon, 0.25), colour, mix(colour, (10, 14, 34), 0.3)), (wide, tall))
        mirror = Image.new("RGB", (wide, tall))
        y, phase = 0, self.rng.uniform(0, math.tau)
        while y < tall:
            near = y / tall
            step = max(2, round((1.5 + 7 * near) * self.scale))
            phase += self.rng.uniform(0.5, 1.6)
            shift = slack + round(math.sin(phase) * ripple * (0.25 + 1.5 * near) * self.scale)
            mirror.paste(source.crop((shift, y, shift + wide, min(tall, y + step))), (0, y))
            y += step
        fading = Image.linear_gradient("L").point(lambda v: round(255 * clear * (1 - 0.55 * v / 255)))
        self.image.paste(Image.composite(mirror, water, fading.resize((wide, tall))), (left, top))

    def lit_from(self, x: float, y: float, reach: float, colour: RGB, strength: float) -> None:
        """Add light of a colour round a point, over everything: a low sun, a stage lamp."""
        small = self.image.size[0] // 8, self.image.size[1] // 8
        disc = Image.radial_gradient("L").point(lambda v: round(255 * strength * max(0.0, 1 - v / 180) ** 1.5))
        span = max(2, round(2 * reach * self.scale / 8))
        mask = Image.new("L", small)
        corner = (round((x - reach) * self.scale / 8), round((y - reach) * self.scale / 8))
        mask.paste(disc.resize((span, span)), corner)
        parts = [mask.point(lambda v, part=part: v * part // 255) for part in colour]
        added = Image.merge("RGB", parts).resize(self.image.size, Image.Resampling.BILINEAR)
        self.image.paste(ImageChops.screen(self.image, added))
