"""Land and plants: mountains, hills, trees, palms, grass and water, shared by all outdoor scenes."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Canvas
from .colour import RGB, WHITE, darker, jitter, lighter, mix
from .shapes import Point, between, blob, box, ribbon, ridge, smooth, waver

LEAF: RGB = (66, 118, 58)
BARK: RGB = (96, 72, 52)


def volcano(c: Canvas, x: float, top: float, base: float, half: float, colour: RGB, depth: float) -> None:
    """A cone with hollow slopes, gullies running down it and one side in the sun."""
    rng, tone = c.rng, c.light.tone(depth)
    crater = half * rng.uniform(0.03, 0.05)

    def slope(side: int) -> list[Point]:
        return [
            (
                x + side * (crater + (half - crater) * t**1.45),
                top + (base - top) * t + rng.uniform(-4, 4) * (1 - t),
            )
            for t in (k / 24 for k in range(25))
        ]

    left, right = slope(-1), slope(1)
    rim = [(x - crater * 0.4, top + crater * 0.35), (x + crater * 0.3, top + crater * 0.25)]
    outline = [*left[::-1], *rim, *right]
    with c.clip(outline):
        c.fade(outline, tone(colour), tone(mix(colour, LEAF, 0.35)), mix(tone(LEAF), c.light.haze, 0.55))
        lit, shade = tone(lighter(mix(colour, c.light.sun, 0.3), 0.15)), tone(darker(colour, 0.45))
        bright, dim = (left, right) if c.light.side < 0 else (right, left)
        for edge, paint, alpha in ((dim, shade, 0.34), (bright, lit, 0.30)):
            c.poly([(x, top), *edge, (x, base)], paint, alpha)
        for k in range(17):
            foot = between((x - half, base), (x + half, base), (k + rng.uniform(0.1, 0.9)) / 17)
            bend = between((x, top), foot, 0.5)
            gully = smooth([(x + (foot[0] - x) * 0.04, top), (bend[0] - (foot[0] - x) * 0.16, bend[1]), foot], False)
            paint = shade if k % 2 else lit
            c.poly(ribbon(gully, 1, half * rng.uniform(0.05, 0.12)), paint, 0.2)


def range_(c: Canvas, y: float, height: float, colour: RGB, depth: float, foot: float) -> None:
    """A line of mountains right across, paling into the haze at its foot."""
    tone = c.light.tone(depth)
    line = ridge(c.rng, (0, y + c.rng.uniform(-50, 50)), (WIDTH, y + c.rng.uniform(-50, 50)), height)
    c.fade([*line, (WIDTH, foot), (0, foot)], tone(colour), mix(tone(colour), c.light.haze, 0.6))


def hills(c: Canvas, y: float, height: float, colour: RGB, depth: float, wooded: int = 0) -> list[Point]:
    """A rolling hill line with tree crowns on it; returns the line, so that things can be put on it."""
    rng, tone = c.rng, c.light.tone(depth)
    wave = waver(rng, height, rng.uniform(700, 1200))
    line = [(float(x), y + wave(x)) for x in range(0, WIDTH + 30, 30)]
    foot = y + height + 260
    c.fade([*line, (WIDTH, foot), (0, foot)], tone(lighter(colour, 0.08)), mix(tone(colour), c.light.haze, 0.35))
    size = 40 * (1 - depth * 0.75)
    for _ in range(wooded):
        x = rng.uniform(0, WIDTH)
        down = abs(rng.gauss(0, 1)) * size * 2
        clump(
            c,
            x,
            y + wave(x) + down - size * 0.2,
            size * rng.uniform(0.5, 1.2),
            jitter(rng, colour, 12),
            depth,
        )
    return line


def clump(c: Canvas, x: float, y: float, size: float, colour: RGB, depth: float) -> None:
    """One crown of leaves: a dark mass, a lit mass towards the sun, a bright touch."""
    tone, rng, toward = c.light.tone(depth), c.rng, c.light.side
    c.poly(blob(rng, x, y, size, size * 0.8, 0.22), tone(darker(colour, 0.22)))
    c.poly(blob(rng, x + toward * size * 0.14, y - size * 0.14, size * 0.78, size * 0.58), tone(colour))
    c.poly(
        blob(rng, x + toward * size * 0.28, y - size * 0.3, size * 0.42, size * 0.28),
        tone(lighter(colour, 0.28)),
        0.8,
    )
    if size < 22:
        return
    for _ in range(16):
        px, py = rng.gauss(0, 0.5), rng.gauss(-0.1, 0.42)
        leaf = lighter(colour, 0.2) if px * toward - py > 0 else darker(colour, 0.2)
        c.oval(x + px * size, y + py * size, size * 0.13, size * 0.09, tone(leaf), 0.8)


def tree(c: Canvas, x: float, y: float, height: float, depth: float = 0.0, colour: RGB = LEAF) -> None:
    """A broad-leaved tree standing at (x, y)."""
    rng, tone = c.rng, c.light.tone(depth)
    c.shadow(x - c.light.side * height * 0.12, y, height * 0.42, height * 0.07, 0.5 * (1 - depth))
    trunk = smooth([(x, y), (x + rng.uniform(-8, 8), y - height * 0.3), (x, y - height * 0.6)], False)
    c.poly(ribbon(trunk, height * 0.09, height * 0.04), tone(darker(BARK, 0.2)))
    for side in (-1, 1):
        fork = [(x, y - height * 0.34), (x + side * height * 0.2, y - height * 0.58)]
        c.poly(ribbon(fork, height * 0.04, height * 0.02), tone(BARK))
    for k in range(13):
        angle = math.tau * k / 13
        reach = rng.uniform(0.12, 0.28)
        cx, cy = (
            x + math.cos(angle) * height * reach * 1.3,
            y - height * 0.7 + math.sin(angle) * height * reach * 0.8,
        )
        clump(c, cx, cy, height * rng.uniform(0.12, 0.19), jitter(rng, colour, 14), depth)


def palm(c: Canvas, x: float, y: float, height: float, lean: float = 0.0, depth: float = 0.0) -> None:
    """A coconut palm; `lean` is how far the crown stands off from the foot, as a share of the height."""
    rng, tone = c.rng, c.light.tone(depth)
    top = (x + lean * height, y - height)
    trunk = smooth([(x, y), (x + lean * height * 0.25, y - height * 0.45), top], False, 10)
    c.poly(ribbon(trunk, height * 0.05, height * 0.026), tone(mix(BARK, (150, 126, 100), 0.4)))
    if height > 150:
        for px, py in trunk[1:-1:2]:
            c.line([(px - height * 0.018, py), (px + height * 0.018, py + 2)], 2, tone(darker(BARK, 0.3)), 0.6)
    reach = height * rng.uniform(0.36, 0.44)
    for k in range(11):
        angle = math.radians(-200 + 220 * k / 10 + rng.uniform(-9, 9))
        droop = 0.25 + 0.5 * abs(math.cos(angle))
        tip = (top[0] + math.cos(angle) * reach, top[1] + math.sin(angle) * reach * 0.7 + reach * droop)
        middle = (
            top[0] + math.cos(angle) * reach * 0.55,
            top[1] + math.sin(angle) * reach * 0.62 - reach * 0.04,
        )
        frond = smooth([top, middle, tip], False, 9)
        green = tone(jitter(rng, mix(LEAF, (120, 140, 60), k % 3 / 4), 10))
        c.poly(ribbon(frond, reach * 0.09, 1), green)
        for i, (px, py) in enumerate(frond[2:]):
            length = reach * 0.34 * math.sin(math.pi * (0.25 + 0.72 * i / len(frond)))
            for side in (-1, 1):
                away = length * (0.35 * math.cos(angle) + side * 0.45)
                leaf = [(px - 3, py), (px + away, py + length * 0.75), (px + 3, py + 2)]
                c.poly(leaf, green if side > 0 else darker(green, 0.22))
    for k in range(4):
        nut = height * 0.022
        c.oval(top[0] + (k - 1.5) * nut * 1.4, top[1] + nut * 1.6, nut, nut * 1.1, tone((128, 104, 50)))


def grass(c: Canvas, y: float, colour: RGB, count: int, tall: float, spread: float = 1.0) -> None:
    """Blades and seed heads along the lower edge of a near field, growing up from y."""
    for _ in range(count):
        x, foot = c.rng.uniform(0, WIDTH), y + c.rng.uniform(0, 70)
        high, bend = tall * c.rng.uniform(0.4, 1.0), c.rng.uniform(-0.5, 0.5) * tall * spread
        blade = smooth([(x, foot), (x + bend * 0.3, foot - high * 0.6), (x + bend, foot - high)], False, 4)
        c.poly(ribbon(blade, tall * 0.07, 1), c.light.tone()(jitter(c.rng, colour, 22)))


def dabs(
    c: Canvas, y0: float, y1: float, colours: tuple[RGB, ...], count: int, long: float, alpha: float = 0.5
) -> None:
    """Flat brush strokes in perspective: short and dense far off (y0), long and broad near (y1)."""
    for _ in range(count):
        near = c.rng.random()
        x, y = c.rng.uniform(-40, WIDTH), y0 + (y1 - y0) * near**1.5
        length = long * (0.25 + near) * c.rng.uniform(0.5, 1.2)
        c.oval(x, y, length, length * 0.07 + 0.8, c.rng.choice(colours), alpha)


def water(c: Canvas, y: float, colour: RGB, clear: float = 0.75, ripple: float = 7) -> None:
    """Still water from y to the lower edge, mirroring what stands above, with glints."""
    c.reflect(y, HEIGHT, c.light.tone(0.15)(colour), clear, ripple)
    c.veil(y - 2, y + 26, c.light.haze, 0.45, 0.0)
    dabs(c, y + 4, HEIGHT, (lighter(c.light.horizon, 0.3), mix(c.light.sky, WHITE, 0.2)), 150, 60, 0.2)
    dabs(c, y + 4, HEIGHT, (darker(c.light.tone()(colour), 0.3),), 90, 80, 0.22)


def yard(c: Canvas, y: float, colour: RGB) -> None:
    """Open ground from y down, lighter far off, with brushwork."""
    ground = c.light.tone()(colour)
    c.fade(box(0, y, WIDTH, HEIGHT), mix(lighter(ground, 0.25), c.light.haze, 0.25), ground, darker(ground, 0.28))
    c.mottle(y, HEIGHT, darker(ground, 0.3), 0.28, (12, 40))
    dabs(c, y + 8, HEIGHT, (lighter(ground, 0.2), darker(ground, 0.2)), 150, 80, 0.3)


def greenery(c: Canvas, y: float, size: float) -> None:
    """A hedge of crowns with palms behind a building."""
    for _ in range(c.rng.randint(3, 6)):
        palm(c, c.rng.uniform(20, 1480), y, c.rng.uniform(3, 5) * size, c.rng.uniform(-0.15, 0.15), 0.25)
    for _ in range(44):
        clump(
            c,
            c.rng.uniform(0, WIDTH),
            y - c.rng.uniform(0, 1.3) * size,
            size * c.rng.uniform(0.6, 1.1),
            jitter(c.rng, LEAF, 16),
            0.22,
        )
