"""Everything that floats: canoes, outriggers, the rescue boat and the cargo ship."""

from __future__ import annotations

from .canvas import Canvas
from .colour import RGB, WHITE, darker, lighter, mix
from .people import Look, bust, person
from .shapes import Point, box, ribbon, smooth

HULLS: tuple[RGB, ...] = ((188, 66, 50), (48, 112, 148), (226, 178, 70), (62, 120, 84), (232, 226, 208))


def _mirrored(c: Canvas, outline: list[Point], y: float, colour: RGB) -> None:
    """A dim upside-down copy of a hull on the water."""
    c.poly([(px, y + (y - py) * 0.7) for px, py in outline], darker(colour, 0.45), 0.5)


def canoe(c: Canvas, x: float, y: float, length: float, ashore: bool = False) -> None:
    """A pointed wooden boat, with somebody in it when afloat."""
    rng, tone = c.rng, c.light.tone(0.04)
    colour, half = tone(rng.choice(HULLS)), length / 2
    rise = length * rng.uniform(0.1, 0.16)
    hull = smooth(
        [
            (x - half, y - rise),
            (x - half * 0.5, y - rise * 0.55),
            (x, y - rise * 0.45),
            (x + half * 0.5, y - rise * 0.55),
            (x + half, y - rise),
        ],
        False,
    ) + smooth(
        [
            (x + half, y - rise),
            (x + half * 0.6, y + rise * 0.1),
            (x, y + rise * 0.22),
            (x - half * 0.6, y + rise * 0.1),
            (x - half, y - rise),
        ],
        False,
    )
    if ashore:
        c.shadow(x, y + rise * 0.25, half * 1.05, rise * 0.4, 0.7)
    else:
        _mirrored(c, hull, y + rise * 0.2, colour)
        side = rng.choice((-1, 1))
        sitter = x - side * half * 0.35
        bust(
            c,
            sitter,
            y - rise * 0.3,
            length * 0.033,
            Look.random(rng, head=rng.choice(("caping", "cap", "bare"))),
        )
        paddle = [
            (sitter + side * length * 0.02, y - rise * 1.4),
            (sitter + side * length * 0.2, y + rise * 0.6),
        ]
        c.line(paddle, length * 0.014, tone((134, 98, 62)))
    c.fade(hull, lighter(colour, 0.2), darker(colour, 0.35))
    top = smooth([(x - half, y - rise), (x, y - rise * 0.42), (x + half, y - rise)], False)
    c.line(top, length * 0.02, tone(WHITE))
    c.line([(px, py + rise * 0.35) for px, py in top[4:-4]], length * 0.012, darker(colour, 0.35))


def outrigger(c: Canvas, x: float, y: float, length: float) -> None:
    """A sailing boat with a coloured sail and side floats."""
    rng, tone = c.rng, c.light.tone(0.15)
    half = length / 2
    hull = [(x - half, y - half * 0.2), (x - half * 0.7, y), (x + half * 0.7, y), (x + half, y - half * 0.24)]
    sail, paler = tone(rng.choice(HULLS)), tone(WHITE)
    _mirrored(c, hull, y, tone((80, 70, 70)))
    c.line([(x, y), (x, y - length * 0.98)], length * 0.02, tone((96, 74, 54)))
    c.fade(
        smooth(
            [
                (x + 2, y - length * 0.95),
                (x + half * 0.75, y - length * 0.4),
                (x + half * 0.85, y - length * 0.14),
                (x + 2, y - length * 0.14),
            ],
            False,
        ),
        lighter(sail, 0.25),
        sail,
    )
    c.poly([(x - 3, y - length * 0.85), (x - half * 0.7, y - length * 0.14), (x - 3, y - length * 0.14)], paler)
    c.poly(hull, tone(rng.choice(HULLS)))
    c.line([(x - half * 0.8, y + half * 0.1), (x + half * 0.8, y + half * 0.1)], length * 0.022, tone(WHITE))


def rescue_boat(c: Canvas, x: float, y: float, length: float) -> None:
    """An orange rubber boat with rescuers and those they bring to dry land."""
    rng, tone = c.rng, c.light.tone()
    orange, half = tone(rng.choice(((232, 96, 34), (236, 120, 40), (204, 52, 40)))), length / 2
    side = rng.choice((-1, 1))
    person(
        c,
        x - side * half * 0.82,
        y + 4,
        length * 0.62,
        Look.random(rng, "helmet", (226, 102, 40), (40, 44, 60)),
        "hold",
        facing=side,
    )
    for k in range(rng.randint(3, 5)):
        look = Look.random(rng, top=(232, 120, 44) if rng.random() < 0.6 else None)
        bust(c, x + side * half * (-0.5 + 0.29 * k), y - length * 0.07 + (k % 2) * 5, length * 0.04, look)
    tube = smooth(
        [
            (x - half, y - length * 0.1),
            (x + half * 0.7, y - length * 0.1),
            (x + half * 1.1, y - length * 0.16),
            (x + half * 0.9, y + length * 0.03),
            (x, y + length * 0.06),
            (x - half, y + length * 0.04),
        ]
    )
    if side < 0:
        tube = [(2 * x - px, py) for px, py in tube]
    _mirrored(c, tube, y + length * 0.05, orange)
    c.fade(tube, lighter(orange, 0.35), orange, darker(orange, 0.4))
    rope = smooth([(x + half * (k / 4 - 0.9), y - length * (0.02 if k % 2 else 0.045)) for k in range(8)], False)
    c.line(rope, 3, tone(WHITE))
    for drop, wide in ((0.08, 1.2), (0.12, 0.9)):
        c.oval(x, y + length * drop, half * wide, 3, tone(WHITE), 0.3)


def cargo_ship(c: Canvas, x: float, y: float, length: float, side: int) -> None:
    """A container ship seen from the side; `side` is where its bow points."""
    rng, tone = c.rng, c.light.tone(0.1)
    colour = tone(rng.choice(((34, 62, 98), (150, 46, 42), (38, 84, 78), (54, 56, 66))))
    high = length * 0.13

    def at(along: float, up: float) -> Point:
        return x + side * along * length / 2, y - up * high

    boxes = ((196, 78, 54), (56, 116, 150), (216, 172, 76), (86, 138, 96), (222, 216, 200), (140, 80, 70))
    for column in range(12):
        left = -0.5 + column * 0.108
        for row in range(rng.randint(2, 5)):
            paint = tone(rng.choice(boxes))
            corners = box(*at(left, 1 + row * 0.42), *at(left + 0.1, 1.4 + row * 0.42))
            c.fade(corners, paint, darker(paint, 0.22))
            for rib in range(1, 5):
                c.line(
                    [at(left + rib * 0.02, 1.03 + row * 0.42), at(left + rib * 0.02, 1.38 + row * 0.42)],
                    1.2,
                    darker(paint, 0.3),
                    0.6,
                )
    c.fade(box(*at(-0.88, 0.9), *at(-0.56, 3.5)), tone(WHITE), mix(tone(WHITE), tone((120, 140, 160)), 0.4))
    for deck in range(4):
        c.line([at(-0.86, 1.5 + deck * 0.55), at(-0.58, 1.5 + deck * 0.55)], 6, tone((62, 84, 106)))
    c.poly(box(*at(-0.8, 3.5), *at(-0.7, 4.3)), colour)
    c.poly(box(*at(-0.8, 3.8), *at(-0.7, 4.05)), tone(WHITE))
    hull = [at(-1, 1.05), at(0.8, 1.0), at(1.04, 1.35), at(0.9, -0.1), at(-0.94, -0.1)]
    c.fade(hull, lighter(colour, 0.16), colour, darker(colour, 0.3))
    c.poly([at(-0.952, 0.22), at(0.924, 0.22), at(0.9, -0.1), at(-0.94, -0.1)], tone((150, 54, 46)))
    c.poly(ribbon([at(-0.99, 0.95), at(0.8, 0.9), at(1.01, 1.22)], 4, 4), tone(WHITE))
