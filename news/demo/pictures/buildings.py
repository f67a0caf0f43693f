"""Houses and public buildings, streets of shops, lamps and flags."""

from __future__ import annotations

from collections.abc import Sequence

from .canvas import Canvas
from .colour import FLAG_RED, RGB, WHITE, darker, jitter, lighter, mix
from .shapes import Point, between, box, smooth

WALLS: tuple[RGB, ...] = (
    (238, 226, 200),
    (206, 222, 214),
    (236, 200, 160),
    (180, 204, 216),
    (228, 214, 226),
    (214, 226, 184),
)
TILES: tuple[RGB, ...] = ((176, 84, 58), (150, 70, 54), (104, 112, 122), (66, 110, 100))
LAMP: RGB = (255, 216, 140)
WOOD: RGB = (128, 84, 54)


def window(c: Canvas, x: float, y: float, wide: float, high: float, depth: float = 0.0) -> None:
    tone = c.light.tone(depth)
    glass = mix(LAMP, WHITE, c.rng.uniform(0, 0.3)) if c.light.dark and c.rng.random() < 0.7 else tone((74, 100, 116))
    c.rect(x - 4, y - 4, x + wide + 4, y + high + 4, tone(WHITE))
    c.fade(box(x, y, x + wide, y + high), lighter(glass, 0.2), darker(glass, 0.15))
    c.line([(x + wide / 2, y), (x + wide / 2, y + high)], 3, tone(WHITE))
    c.line([(x, y + high * 0.35), (x + wide, y + high * 0.35)], 3, tone(WHITE))
    c.rect(x - 7, y + high + 3, x + wide + 7, y + high + 9, tone((180, 170, 156)))


def tiled_roof(c: Canvas, corners: Sequence[Point], colour: RGB, rows: int = 7) -> None:
    """A roof face given by its eaves (left, right) and ridge (right, left), colours in the light already."""
    c.fade(corners, lighter(colour, 0.22), colour, darker(colour, 0.18))
    eave_left, eave_right, ridge_right, ridge_left = corners
    for k in range(1, rows):
        row = [between(eave_left, ridge_left, k / rows), between(eave_right, ridge_right, k / rows)]
        c.line(row, 2.5, darker(colour, 0.4), 0.4)
    for k in range(1, rows * 4):
        fall = [between(eave_left, eave_right, k / rows / 4), between(ridge_left, ridge_right, k / rows / 4)]
        c.line(fall, 1.6, darker(colour, 0.4), 0.25)
    c.line([eave_left, eave_right], 6, darker(colour, 0.45))


def house(c: Canvas, x: float, y: float, wide: float, high: float, depth: float = 0.1) -> None:
    """A small house with a tiled gable roof, its front foot line centred on (x, y)."""
    rng, tone = c.rng, c.light.tone(depth)
    wall, tile, half = tone(jitter(rng, rng.choice(WALLS), 8)), tone(rng.choice(TILES)), wide / 2
    c.fade(box(x - half, y - high, x + half, y), wall, darker(wall, 0.16))
    c.rect(x - half, y - high, x + half, y - high * 0.86, darker(wall, 0.6), 0.3)
    door = x + rng.choice((-0.25, 0.0, 0.25)) * wide
    c.rect(door - wide * 0.07, y - high * 0.62, door + wide * 0.07, y, tone(darker(WOOD, 0.1)))
    for place in (-0.4, 0.24):
        if abs(x + (place + 0.08) * wide - door) > wide * 0.16:
            window(c, x + place * wide, y - high * 0.64, wide * 0.16, high * 0.3, depth)
    eaves = y - high * 0.92
    roof = [
        (x - half * 1.16, eaves),
        (x + half * 1.16, eaves),
        (x + half * 0.82, eaves - high * 0.62),
        (x - half * 0.82, eaves - high * 0.62),
    ]
    tiled_roof(c, roof, tile)


def horned_roof(c: Canvas, x: float, eaves: float, half: float, high: float, colour: RGB, depth: float = 0.0) -> None:
    """One Minangkabau saddle roof: a sagging ridge that sweeps up into two pointed horns."""
    tone = c.light.tone(depth)
    thatch = tone(colour)
    right = [
        (x, eaves - high * 0.42),
        (x + half * 0.5, eaves - high * 0.5),
        (x + half * 0.84, eaves - high * 0.74),
        (x + half * 1.03, eaves - high),
    ]
    ridge = smooth([*[(2 * x - px, py) for px, py in right[:0:-1]], *right], False, 9)
    edge = smooth([ridge[-1], (x + half * 1.0, eaves - high * 0.55), (x + half * 0.93, eaves)], False)
    base = smooth([(x + half * 0.93, eaves), (x, eaves + high * 0.08), (x - half * 0.93, eaves)], False)
    outline = [*ridge, *edge, *base, *[(2 * x - px, py) for px, py in edge[::-1]]]
    c.fade(outline, lighter(thatch, 0.3), thatch, darker(thatch, 0.25))
    for k in range(2, len(ridge) - 2):
        foot = (x + (ridge[k][0] - x) * 0.95, eaves + high * 0.05)
        c.line([ridge[k], foot], 2.2, darker(thatch, 0.5), 0.32)
    for share in (0.35, 0.6, 0.82):
        course = [(px + (x - px) * 0.05 * share, py + (eaves - py) * share) for px, py in ridge[3:-3]]
        c.line(course, 2.4, darker(thatch, 0.5), 0.35)
    c.line(ridge, max(3.0, high * 0.022), tone((222, 186, 112)))
    c.line(base, max(4.0, high * 0.03), darker(thatch, 0.5))
    for side in (-1, 1):
        tip = (x + side * half * 1.03, eaves - high)
        c.line([tip, (tip[0] + side * half * 0.02, tip[1] - high * 0.1)], 4, tone((232, 196, 96)))


def flag(c: Canvas, x: float, y: float, high: float, wide: float) -> None:
    """The red and white flag flying from a pole that stands at (x, y)."""
    tone, side = c.light.tone(), c.rng.choice((-1, 1))
    sag = c.rng.uniform(0.0, 0.25) * wide
    c.shadow(x, y, wide * 0.35, 9, 0.6)
    c.fade(box(x - 4, y - high, x + 4, y), tone((230, 230, 226)), tone((150, 152, 156)), sideways=True)
    c.oval(x, y - high, 7, 7, tone((226, 190, 90)))
    tall = wide * 0.6
    waves = ((0.0, 0.0), (0.25, -0.08), (0.5, 0.05), (0.75, -0.04), (1.0, 0.06))
    top = smooth([(x + side * wide * along, y - high * 0.98 + wide * up + sag * along) for along, up in waves], False)

    def lower(share: float) -> list[Point]:
        return [(px, py + tall * share) for px, py in top]

    c.fade(
        [*top, *lower(0.5)[::-1]],
        tone(FLAG_RED),
        tone(lighter(FLAG_RED, 0.1)),
        tone(darker(FLAG_RED, 0.15)),
        tone(FLAG_RED),
        sideways=True,
    )
    c.fade([*lower(0.5), *lower(1.0)[::-1]], tone(WHITE), tone((214, 214, 214)), tone(WHITE), sideways=True)


def shop_row(c: Canvas, side: int, vanish: Point, near_top: float, near_foot: float, count: int = 6) -> None:
    """Shop fronts along one side of a street, running to the vanishing point."""
    rng = c.rng
    edge = 750 + side * 770

    def at(along: float, up: float) -> Point:
        x = edge + (vanish[0] - edge) * along
        low = near_foot + (vanish[1] - near_foot) * along
        high = near_top + (vanish[1] - near_top) * along
        return x, low + (high - low) * up

    for k in reversed(range(count)):
        near, far = 1 - 0.66**k, 1 - 0.66 ** (k + 1)
        depth = min(0.6, 0.05 + 0.11 * k)
        tone = c.light.tone(depth)
        wall, roof = tone(jitter(rng, rng.choice(WALLS), 12)), rng.uniform(0.82, 1.05)
        if side == c.light.side:
            wall = darker(wall, 0.22)
        c.fade([at(near, 0), at(near, roof), at(far, roof), at(far, 0)], wall, darker(wall, 0.22))
        c.poly([at(near, roof), at(near, roof + 0.06), at(far, roof + 0.06), at(far, roof)], darker(wall, 0.35))
        for bay in range(3):
            left, right = (between((near, 0), (far, 0), share)[0] for share in (0.1 + 0.3 * bay, 0.3 + 0.3 * bay))
            glass = LAMP if c.light.dark and rng.random() < 0.6 else tone((82, 104, 120))
            c.poly([at(left, 0.58), at(left, 0.76), at(right, 0.76), at(right, 0.58)], glass)
            c.poly([at(left, 0.56), at(left, 0.58), at(right, 0.58), at(right, 0.56)], tone(WHITE))
        inside = mix(LAMP, (200, 120, 60), 0.35) if c.light.dark else tone((84, 70, 66))
        left, right = between((near, 0), (far, 0), 0.08)[0], between((near, 0), (far, 0), 0.92)[0]
        c.fade([at(left, 0.02), at(left, 0.34), at(right, 0.34), at(right, 0.02)], inside, darker(inside, 0.3))
        canopy = tone(rng.choice(((190, 62, 52), (44, 112, 124), (224, 166, 64), (70, 128, 84), (84, 84, 128))))
        out = vanish[0] - edge
        lip = [
            (px + out * 0.07 * (1 - share), py + 12 * (1 - share))
            for share, (px, py) in ((near, at(near, 0.33)), (far, at(far, 0.33)))
        ]
        c.poly([at(near, 0.42), at(far, 0.42), lip[1], lip[0]], canopy)
        c.line(lip, 5 * (1 - near), darker(canopy, 0.3))
        sign = tone(jitter(rng, rng.choice(((228, 190, 70), (206, 70, 60), (60, 120, 160))), 14))
        c.poly([at(left, 0.44), at(left, 0.53), at(right, 0.53), at(right, 0.44)], sign)


def street_lamp(c: Canvas, x: float, y: float, high: float, side: int, depth: float = 0.1) -> None:
    post = c.light.tone(depth)((66, 70, 80))
    c.line([(x, y), (x, y - high), (x - side * high * 0.2, y - high * 1.04)], max(3, high * 0.02), post)
    lamp = (x - side * high * 0.22, y - high * 1.02)
    c.oval(*lamp, high * 0.05, high * 0.018, lighter(post, 0.3))
    if c.light.dark:
        c.glow(*lamp, high * 0.42, LAMP, 0.8)
        c.oval(*lamp, high * 0.03, high * 0.02, WHITE)
