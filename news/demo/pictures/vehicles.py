"""What moves on wheels: cars, a bus, the ambulance and motorbikes, seen from the side or from the front."""

from __future__ import annotations

from .canvas import Canvas
from .colour import FLAG_RED, RGB, WHITE, darker, jitter, lighter, mix
from .people import Look, bust
from .shapes import Point, arc, box, smooth

PAINTS: tuple[RGB, ...] = (
    (186, 54, 48),
    (226, 226, 222),
    (60, 98, 142),
    (70, 76, 84),
    (226, 170, 60),
    (64, 130, 110),
)
GLASS: RGB = (86, 112, 128)
RUBBER: RGB = (34, 34, 40)


def _wheel(c: Canvas, x: float, y: float, size: float) -> None:
    c.oval(x, y, size, size, RUBBER)
    c.oval(x, y, size * 0.58, size * 0.58, c.light.tone()((176, 178, 182)))
    c.oval(x, y, size * 0.22, size * 0.22, RUBBER)


def van(c: Canvas, x: float, y: float, length: float, colour: RGB, side: int, ambulance: bool = False) -> None:
    """A van from the side, its nose towards `side`; as an ambulance with lights, stripe and cross."""
    tone, half, high = c.light.tone(), length / 2, length * 0.42
    paint = tone(colour)

    def at(along: float, up: float) -> Point:
        return x + side * along * half, y - up * high

    c.shadow(x, y + 4, half * 1.12, high * 0.16, 0.8)
    body = smooth(
        [
            at(-0.98, 0.12),
            at(-1, 0.6),
            at(-0.97, 0.97),
            at(-0.6, 1.0),
            at(0.2, 1.0),
            at(0.46, 0.92),
            at(0.72, 0.58),
            at(0.95, 0.5),
            at(1, 0.3),
            at(0.98, 0.12),
            at(0.5, 0.1),
            at(-0.5, 0.1),
        ],
        steps=4,
    )
    c.fade(body, lighter(paint, 0.25), paint, darker(paint, 0.25))
    glass = tone(GLASS)
    c.fade([at(0.2, 0.9), at(0.42, 0.85), at(0.64, 0.58), at(0.2, 0.58)], lighter(glass, 0.4), glass)
    panes = ((-0.05, 0.14),) if ambulance else ((-0.9, -0.52), (-0.47, -0.1), (-0.05, 0.14))
    for left, right in panes:
        c.fade([at(left, 0.9), at(right, 0.9), at(right, 0.58), at(left, 0.58)], lighter(glass, 0.4), glass)
    c.line([at(0.17, 0.92), at(0.17, 0.16)], 2.5, darker(paint, 0.4), 0.6)
    if ambulance:
        c.poly([at(-0.99, 0.46), at(0.9, 0.46), at(0.98, 0.36), at(-0.99, 0.36)], tone(FLAG_RED))
        cross(c, *at(-0.52, 0.72), high * 0.17, tone((46, 140, 86)))
        c.poly([at(-0.12, 1.0), at(-0.08, 1.1), at(0.14, 1.1), at(0.18, 1.0)], tone((64, 120, 210)))
        c.glow(*at(0.03, 1.06), length * 0.16, (120, 180, 255), 0.6)
    else:
        c.poly([at(-0.99, 0.5), at(0.9, 0.5), at(0.95, 0.44), at(-0.99, 0.44)], lighter(paint, 0.5), 0.7)
    c.oval(*at(0.93, 0.38), length * 0.022, length * 0.026, (255, 240, 200))
    for along in (-0.6, 0.6):
        c.poly(arc(*at(along, 0.12), length * 0.1, length * 0.1, 180, 360), darker(paint, 0.6))
        _wheel(c, *at(along, 0.1), length * 0.08)


def cross(c: Canvas, x: float, y: float, size: float, colour: RGB) -> None:
    c.rect(x - size * 0.34, y - size, x + size * 0.34, y + size, colour)
    c.rect(x - size, y - size * 0.34, x + size, y + size * 0.34, colour)


def front(c: Canvas, x: float, y: float, wide: float, colour: RGB, tall: float = 0.85, depth: float = 0.0) -> None:
    """A car (or, made taller, a bus) coming towards us; its lamps burn when it is dark."""
    tone, half, high = c.light.tone(depth), wide / 2, wide * tall
    paint, glass = tone(colour), tone(GLASS)
    c.shadow(x, y, half * 1.3, wide * 0.12, 0.8)
    for side in (-1, 1):
        c.rect(x + side * half * 0.62, y - wide * 0.16, x + side * half * 0.95, y, RUBBER)
    body = smooth(
        [
            (x - half, y - wide * 0.1),
            (x - half, y - high * 0.5),
            (x - half * 0.8, y - high * 0.95),
            (x, y - high),
            (x + half * 0.8, y - high * 0.95),
            (x + half, y - high * 0.5),
            (x + half, y - wide * 0.1),
        ],
        steps=5,
    )
    c.fade(body, lighter(paint, 0.3), paint, darker(paint, 0.3))
    low = y - high + (high - wide * 0.42)
    c.fade(
        [
            (x - half * 0.7, y - high * 0.88),
            (x + half * 0.7, y - high * 0.88),
            (x + half * 0.84, low),
            (x - half * 0.84, low),
        ],
        lighter(glass, 0.5),
        glass,
    )
    c.rect(x - half * 0.45, y - wide * 0.26, x + half * 0.45, y - wide * 0.16, darker(paint, 0.6))
    c.rect(x - half * 0.22, y - wide * 0.14, x + half * 0.22, y - wide * 0.07, tone(WHITE))
    for side in (-1, 1):
        lamp = (x + side * half * 0.7, y - wide * 0.25)
        c.oval(*lamp, wide * 0.075, wide * 0.055, (255, 244, 206))
        if c.light.dark:
            c.glow(*lamp, wide * 0.55, (255, 236, 180), 0.85)


def bus_front(c: Canvas, x: float, y: float, wide: float) -> None:
    colour = jitter(c.rng, c.rng.choice(PAINTS), 10)
    front(c, x, y, wide, colour, 1.25)
    tone, half = c.light.tone(), wide / 2
    c.rect(x - half * 0.6, y - wide * 1.17, x + half * 0.6, y - wide * 1.08, tone((40, 44, 54)))
    c.poly(box(x - half * 0.97, y - wide * 0.4, x + half * 0.97, y - wide * 0.33), tone(lighter(colour, 0.6)))
    for side in (-1, 1):
        c.line([(x + side * half * 0.9, y - wide), (x + side * half * 1.2, y - wide * 0.9)], wide * 0.025, RUBBER)
        c.oval(x + side * half * 1.2, y - wide * 0.84, wide * 0.035, wide * 0.07, RUBBER)


def motorbike(c: Canvas, x: float, y: float, wide: float, depth: float = 0.0) -> None:
    """A rider coming towards us; `wide` is the span of the handlebar."""
    tone = c.light.tone(depth)
    paint = tone(jitter(c.rng, c.rng.choice(PAINTS), 10))
    c.shadow(x, y, wide * 0.7, wide * 0.12, 0.8)
    for side in (-1, 1):
        c.limb(
            [
                (x + side * wide * 0.2, y - wide * 0.75),
                (x + side * wide * 0.34, y - wide * 0.5),
                (x + side * wide * 0.22, y - wide * 0.16),
            ],
            wide * 0.17,
            tone((60, 66, 88)),
        )
    c.oval(x, y - wide * 0.3, wide * 0.09, wide * 0.3, RUBBER)
    look = Look.random(c.rng, head="helmet")
    bust(c, x, y - wide * 0.6, wide * 0.17, look, depth=depth)
    for side in (-1, 1):
        c.limb(
            [
                (x + side * wide * 0.3, y - wide * 0.98),
                (x + side * wide * 0.46, y - wide * 0.82),
                (x + side * wide * 0.4, y - wide * 0.72),
            ],
            wide * 0.12,
            darker(tone(look.top), 0.15),
        )
    c.line([(x - wide * 0.48, y - wide * 0.74), (x + wide * 0.48, y - wide * 0.74)], wide * 0.06, RUBBER)
    shield = [
        (x - wide * 0.2, y - wide * 0.8),
        (x + wide * 0.2, y - wide * 0.8),
        (x + wide * 0.25, y - wide * 0.4),
        (x, y - wide * 0.2),
        (x - wide * 0.25, y - wide * 0.4),
    ]
    c.fade(smooth(shield, steps=4), lighter(paint, 0.35), paint, mix(paint, RUBBER, 0.4))
    c.oval(x, y - wide * 0.66, wide * 0.09, wide * 0.065, (255, 244, 210))
    if c.light.dark:
        c.glow(x, y - wide * 0.66, wide * 0.7, (255, 236, 180), 0.8)
