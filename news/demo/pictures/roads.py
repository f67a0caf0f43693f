"""Roads and bridges: the scenes of transport and public works."""

from __future__ import annotations

import math

from .boats import canoe
from .canvas import HEIGHT, WIDTH, Canvas
from .colour import FLAG_RED, RGB, WHITE, darker, jitter, lighter, mix
from .nature import LEAF, clump, dabs, grass, hills, palm, range_, tree, volcano, water
from .shapes import Point, box, ribbon, smooth
from .sky import birds, sky
from .vehicles import PAINTS, bus_front, front, motorbike


def jembatan(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 560, rng.uniform(0.3, 0.8))
    range_(c, 380, 90, (84, 106, 132), 0.6, 600)
    hills(c, 470, 60, (74, 112, 88), 0.42, 50)
    hills(c, 570, 40, (72, 118, 76), 0.3, 60)
    c.veil(560, 700, c.light.haze, 0.0, 0.35)
    shore = 700.0
    for side in (-1, 1):
        for layer in (0, 1):
            reach = 560 - 130 * layer + rng.uniform(-40, 40)
            edge = 750 + side * 750
            colour = mix((70, 112, 72), LEAF, layer * 0.6)
            slope = smooth(
                [
                    (edge, 380 + 90 * layer),
                    (edge - side * reach * 0.45, 500 + 70 * layer),
                    (edge - side * reach, shore + 20),
                ],
                False,
            )
            c.fade(
                [*slope, (edge, shore + 20)],
                c.light.tone(0.2 - 0.1 * layer)(lighter(colour, 0.1)),
                c.light.tone(0.1)(darker(colour, 0.25)),
            )
            for _ in range(46):
                px, py = rng.choice(slope)
                clump(
                    c,
                    px + side * rng.uniform(0, 100),
                    rng.uniform(py, shore + 10),
                    rng.uniform(18, 38),
                    jitter(rng, colour, 16),
                    0.18 - 0.1 * layer,
                )
    deck = rng.uniform(500, 540)
    paint = rng.choice(((190, 56, 46), (214, 208, 196), (60, 110, 130), (226, 168, 60)))
    kind = rng.choice((_arch, _cables, _piers))
    kind(c, deck, shore, paint)
    c.fade(box(0, deck - 10, WIDTH, deck + 20), tone((204, 200, 192)), tone((110, 110, 118)))
    for k in range(76):
        c.line([(k * 20, deck - 10), (k * 20, deck - 34)], 2.5, tone(lighter(paint, 0.1)))
    c.line([(0, deck - 34), (WIDTH, deck - 34)], 4, tone(lighter(paint, 0.2)))
    for _ in range(rng.randint(3, 7)):
        x, long = rng.uniform(100, 1400), rng.choice((56, 60, 110))
        colour = tone(rng.choice(PAINTS))
        c.poly(
            smooth(
                [
                    (x, deck - 12),
                    (x, deck - 46),
                    (x + long * 0.8, deck - 48),
                    (x + long, deck - 30),
                    (x + long, deck - 12),
                ],
                steps=4,
            ),
            colour,
        )
        c.rect(x + long * 0.12, deck - 42, x + long * 0.76, deck - 32, tone((70, 92, 108)))
        for wheel in (0.2, 0.8):
            c.oval(x + long * wheel, deck - 12, 7, 7, (34, 34, 40))
    water(c, shore, (46, 98, 104), 0.66, 8)
    for side in (-1, 1):
        bank = smooth([(750 + side * 760, 790), (750 + side * 520, 850), (750 + side * 300, 1020)], False)
        c.fade([*bank, (750 + side * 760, 1020)], tone((150, 146, 120)), tone((84, 98, 60)))
        for _ in range(26):
            px, py = rng.choice(bank)
            clump(
                c,
                px + side * rng.uniform(0, 200),
                py + rng.uniform(-10, 60),
                rng.uniform(16, 44),
                rng.choice((LEAF, (150, 146, 136), (104, 140, 60))),
                0,
            )
    if rng.random() < 0.7:
        canoe(c, 750 + rng.uniform(-120, 120), rng.uniform(800, 880), rng.uniform(150, 220))
    birds(c, 750, 240, rng.randint(0, 6))


def _arch(c: Canvas, deck: float, shore: float, colour: RGB) -> None:
    """A steel arch over the deck, hung with rods."""
    paint = c.light.tone(0.06)(colour)
    half, rise = c.rng.uniform(430, 500), c.rng.uniform(210, 270)
    for lift, width, shade in ((0, 20, 0.0), (34, 9, 0.2)):
        curve = [
            (750 + half * t, deck + 60 - (rise + 60 - lift) * (1 - t * t)) for t in (k / 20 - 1 for k in range(41))
        ]
        c.line(curve, width, darker(paint, shade))
    for k in range(-8, 9):
        t = k / 9
        top = deck + 60 - (rise + 60) * (1 - t * t)
        c.line([(750 + half * t, top), (750 + half * t, deck)], 4, paint)
        c.line([(750 + half * t, top), (750 + half * (t + 0.055), top + 36 + 20 * t)], 4, darker(paint, 0.2))
    for side in (-1, 1):
        c.fade(
            box(750 + side * half - 34, deck, 750 + side * half + 34, shore + 20),
            c.light.tone()((196, 190, 180)),
            c.light.tone()((120, 116, 114)),
        )


def _cables(c: Canvas, deck: float, shore: float, colour: RGB) -> None:
    """Two towers with stay cables."""
    paint = c.light.tone(0.06)(colour)
    high = c.rng.uniform(300, 350)
    for side in (-1, 1):
        x = 750 + side * c.rng.uniform(250, 290)
        for k in range(1, 11):
            for reach in (-1, 1):
                c.line(
                    [(x, deck - high + 14 * k), (x + reach * (310 - 27 * k), deck)],
                    2.6,
                    lighter(paint, 0.2),
                    0.85,
                )
        c.fade(
            [(x - 13, deck - high), (x + 13, deck - high), (x + 26, shore + 20), (x - 26, shore + 20)],
            lighter(paint, 0.25),
            paint,
            darker(paint, 0.35),
        )


def _piers(c: Canvas, deck: float, shore: float, colour: RGB) -> None:
    """An old viaduct: stone arches on piers."""
    stone = c.light.tone(0.06)(mix(colour, (200, 190, 172), 0.7))
    count = c.rng.randint(4, 5)
    span = 1500 / count
    for k in range(count + 1):
        x, wide = k * span, 34.0
        c.fade(box(x - wide, deck, x + wide, shore + 20), stone, darker(stone, 0.3))
    for k in range(count):
        x = (k + 0.5) * span
        half = span / 2 - 30
        spandrel: list[Point] = [
            (x + half * math.cos(math.pi * j / 20), deck + 120 - 100 * math.sin(math.pi * j / 20)) for j in range(21)
        ]
        c.poly(
            [
                (x - half - 34, deck),
                (x + half + 34, deck),
                *spandrel[:1],
                *spandrel,
                (x - half - 34, deck + 120),
            ],
            darker(stone, 0.08),
        )
        c.line(spandrel, 7, darker(stone, 0.35))


def jalan(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 520, rng.uniform(0.3, 0.8))
    volcano(c, rng.uniform(350, 1150), 190, 540, 560, (92, 100, 130), 0.6)
    range_(c, 400, 80, (80, 108, 110), 0.48, 600)
    hills(c, 470, 50, (70, 114, 78), 0.32, 50)
    side = rng.choice((-1, 1))
    ground = hills(c, 560, 24, (92, 138, 66), 0.12, 24)
    c.fade(
        [*ground, (WIDTH, HEIGHT), (0, HEIGHT)],
        c.light.tone(0.2)((112, 150, 74)),
        tone((96, 134, 60)),
        tone((62, 92, 46)),
    )
    dabs(c, 580, HEIGHT, (tone((140, 166, 84)), tone((60, 96, 48))), 240, 70, 0.4)
    wind = [
        (750 + side * x, y)
        for x, y in (
            (-120, 545),
            (60, 566),
            (210, 590),
            (130, 622),
            (-130, 652),
            (-210, 700),
            (-40, 770),
            (90, 870),
            (60, 1030),
        )
    ]
    line = smooth(wind, False, 12)
    widths = [14 + 420 * ((y - 545) / 480) ** 1.45 for _, y in line]
    for extra, paint in ((1.28, (150, 140, 104)), (1.08, (216, 212, 200)), (1.0, (92, 92, 102))):
        left = [(x - wide * extra / 2, y) for (x, y), wide in zip(line, widths, strict=True)]
        right = [(x + wide * extra / 2, y) for (x, y), wide in zip(line, widths, strict=True)]
        for k in range(len(line) - 1):
            c.poly(ribbon(line[k : k + 2], widths[k] * extra * 0.5, widths[k + 1] * extra * 0.5), tone(paint))
        c.fade([*left, *right[::-1]], c.light.tone(0.25)(paint), tone(paint), tone(darker(paint, 0.12)))
    for k in range(4, len(line) - 4, 4):
        c.poly(ribbon(line[k : k + 3], widths[k] * 0.026, widths[k + 2] * 0.026), tone(WHITE))
    for k in range(46, len(line) - 8, 3):
        x, y = line[k]
        post, high = x - side * widths[k] * 0.62, widths[k] * 0.16
        c.rect(post - high * 0.13, y - high, post + high * 0.13, y, tone(WHITE))
        c.rect(post - high * 0.13, y - high, post + high * 0.13, y - high * 0.7, tone(FLAG_RED))
    for _ in range(26):
        x, y = 750 + rng.choice((-1, 1)) * rng.uniform(330, 760), rng.uniform(610, 800)
        clump(c, x, y, 14 + (y - 600) * 0.2, jitter(rng, (78, 126, 60), 16), 0.1)
    place = line[78]
    if rng.random() < 0.55:
        bus_front(c, place[0] - 45, place[1] + 20, 155)
        motorbike(c, line[84][0] + 105, line[84][1] + 20, 92)
    else:
        front(c, place[0] - 55, place[1] + 10, 130, rng.choice(PAINTS))
        for k in range(rng.randint(1, 3)):
            motorbike(c, line[83][0] + 20 + 80 * k, line[83][1] + 20 * k, 84 + 6 * k)
    for edge in (-1, 1):
        if rng.random() < 0.6:
            tree(c, 750 + edge * rng.uniform(520, 660), 880, rng.uniform(380, 520))
        else:
            palm(c, 750 + edge * rng.uniform(480, 640), 900, rng.uniform(480, 600), -edge * 0.12)
    grass(c, 985, (92, 138, 54), 90, 80)
