"""The cup of coffee: one still life, close up."""

from __future__ import annotations

import math

from .canvas import WIDTH, Canvas
from .colour import RGB, WHITE, darker, jitter, lighter, mix
from .shapes import Point, arc, box, ribbon, smooth
from .surfaces import CERAMICS, WOODS, bokeh, planks


def kopi(c: Canvas) -> None:
    rng, light = c.rng, c.light
    back = rng.choice(((92, 74, 60), (66, 86, 74), (110, 84, 66), (60, 70, 92)))
    table = rng.uniform(400, 450)
    c.fade(box(0, 0, WIDTH, table + 30), mix(back, light.sky, 0.25), mix(back, light.horizon, 0.5))
    c.glow(light.sun_x, 160, 640, light.sun, 0.75)
    bokeh(c, (light.sun, lighter(back, 0.5), (150, 190, 110)), 46, table)
    c.blur(5)
    wood = c.light.tone()(rng.choice(WOODS))
    planks(c, table, wood, 4)
    c.veil(table, table + 200, mix(light.sun, wood, 0.3), 0.5, 0.0)
    x, y, size = 750 + rng.uniform(-70, 70), rng.uniform(600, 630), rng.uniform(250, 285)
    china = c.light.tone()(rng.choice(CERAMICS))
    away = -light.side
    c.soft(arc(x + away * 130, y + size * 0.86, size * 1.6, size * 0.5), (24, 16, 18), 0.6, 26)
    _sack_of_beans(c, x + light.side * -1 * size * 1.75, y - 30, size * 0.9)
    for rx, lift, paint in (
        (1.5, 0.0, darker(china, 0.25)),
        (1.5, 0.05, china),
        (1.08, 0.03, darker(china, 0.12)),
        (0.74, 0.02, darker(china, 0.28)),
    ):
        cy = y + size * (0.8 - lift)
        c.fade(arc(x, cy, size * rx, size * rx * 0.34), lighter(paint, 0.35), paint, darker(paint, 0.12))
    handle = arc(x + light.side * size * 0.98, y + size * 0.22, size * 0.36, size * 0.3)
    c.line(handle, size * 0.12, darker(china, 0.15))
    c.line([(px, py - 5) for px, py in handle], size * 0.045, lighter(china, 0.3))
    cup = [
        *arc(x, y, size, size * 0.32, 180, 0),
        (x + size * 0.94, y + size * 0.3),
        (x + size * 0.66, y + size * 0.72),
        *arc(x, y + size * 0.76, size * 0.46, size * 0.13, 0, 180),
        (x - size * 0.66, y + size * 0.72),
        (x - size * 0.94, y + size * 0.3),
    ]
    stops = (lighter(china, 0.2), china, darker(china, 0.2), darker(china, 0.45))
    c.fade(cup, *(stops if away > 0 else stops[::-1]), sideways=True)
    band = rng.choice(CERAMICS)
    for k in range(15):
        angle = math.radians(168 - 156 * k / 14)
        px, py = x + math.cos(angle) * size * 0.94, y + size * 0.2 + math.sin(angle) * size * 0.3
        c.oval(px, py, size * 0.026 * (0.4 + math.sin(angle)), size * 0.026, band, 0.85)
    c.oval(x, y, size, size * 0.32, lighter(china, 0.45))
    c.oval(x, y + 3, size * 0.94, size * 0.29, darker(china, 0.4))
    coffee: RGB = (62, 34, 22)
    c.fade(arc(x, y + 15, size * 0.9, size * 0.26), darker(coffee, 0.3), coffee, (112, 66, 38))
    c.line(arc(x, y + 15, size * 0.88, size * 0.25), 8, (176, 118, 70), 0.7)
    if rng.random() < 0.6:
        _latte_leaf(c, x, y + 15, size * 0.62)
    else:
        for _ in range(40):
            angle, reach = rng.uniform(0, math.tau), rng.uniform(0.55, 0.86)
            dot = rng.uniform(3, 9)
            c.oval(
                x + math.cos(angle) * size * reach,
                y + 15 + math.sin(angle) * size * reach * 0.28,
                dot,
                dot * 0.5,
                (190, 134, 84),
                0.6,
            )
    c.glow(x + light.side * size * 0.4, y + 5, size * 0.36, lighter(light.sun, 0.4), 0.4, size * 0.1)
    for _ in range(rng.randint(26, 46)):
        bx, by = rng.gauss(x, 520), rng.uniform(y + size * 0.75, 980)
        if abs(bx - x) > size * 1.45 or by > y + size * 1.3:
            _bean(c, bx, by, rng.uniform(26, 36))
    for _ in range(3):
        sway = rng.uniform(-70, 70)
        steam = smooth(
            [
                (x + rng.uniform(-110, 110), y - 10),
                (x + sway, y - 160),
                (x - sway, y - 330),
                (x + sway * 1.5, y - 520),
            ],
            False,
        )
        c.soft(ribbon(steam, 26, 90), WHITE, 0.3, 24)
    c.lit_from(light.sun_x, 120, 900, light.sun, 0.3)


def _bean(c: Canvas, x: float, y: float, size: float) -> None:
    rng = c.rng
    angle = rng.uniform(0, math.pi)
    brown = jitter(rng, (92, 54, 34), 12)

    def turned(points: list[Point]) -> list[Point]:
        return [
            (
                x + px * math.cos(angle) - py * math.sin(angle),
                y + (px * math.sin(angle) + py * math.cos(angle)) * 0.75,
            )
            for px, py in points
        ]

    c.shadow(x - c.light.side * 8, y + size * 0.45, size * 1.4, size * 0.7, 0.7)
    c.poly(turned(arc(0, 0, size, size * 0.68)), darker(brown, 0.45))
    c.poly([(px, py - size * 0.08) for px, py in turned(arc(0, 0, size * 0.92, size * 0.58))], brown)
    c.oval(x + c.light.side * size * 0.3, y - size * 0.26, size * 0.3, size * 0.15, lighter(brown, 0.4), 0.7)
    seam = turned(
        smooth([(-size * 0.8, 0), (-size * 0.3, size * 0.12), (size * 0.3, -size * 0.12), (size * 0.8, 0)], False)
    )
    c.line(seam, size * 0.12, darker(brown, 0.7))


def _sack_of_beans(c: Canvas, x: float, y: float, size: float) -> None:
    """A small jute sack, a little out of the way, spilling over with beans."""
    rng = c.rng
    jute = c.light.tone()((190, 156, 108))
    c.shadow(x, y + size * 0.5, size * 0.9, size * 0.2, 0.8)
    body = [
        (x - size * 0.5, y - size * 0.4),
        (x - size * 0.66, y + size * 0.2),
        (x - size * 0.5, y + size * 0.55),
        (x + size * 0.5, y + size * 0.55),
        (x + size * 0.66, y + size * 0.2),
        (x + size * 0.5, y - size * 0.4),
    ]
    c.fade(smooth(body, steps=6), lighter(jute, 0.15), jute, darker(jute, 0.35))
    for k in range(-5, 6):
        c.line(
            smooth(
                [
                    (x + k * size * 0.09, y - size * 0.38),
                    (x + k * size * 0.12, y + size * 0.1),
                    (x + k * size * 0.09, y + size * 0.52),
                ],
                False,
            ),
            2,
            darker(jute, 0.4),
            0.4,
        )
    c.oval(x, y - size * 0.42, size * 0.56, size * 0.17, darker(jute, 0.3))
    for _ in range(46):
        _bean(c, x + rng.gauss(0, 0.2) * size, y - size * 0.45 + rng.uniform(-0.1, 0.06) * size, size * 0.07)
    c.line(arc(x, y - size * 0.42, size * 0.56, size * 0.17, 0, 180), size * 0.08, lighter(jute, 0.15))


def _latte_leaf(c: Canvas, x: float, y: float, size: float) -> None:
    cream: RGB = (238, 214, 176)
    for k in range(5):
        reach = size * (0.95 - 0.16 * k)
        cy = y - size * 0.17 + size * 0.085 * k
        for side in (-1, 1):
            c.poly(
                smooth(
                    [
                        (x, cy + size * 0.05),
                        (x + side * reach * 0.5, cy - size * 0.05),
                        (x + side * reach, cy - size * 0.02),
                        (x + side * reach * 0.5, cy + size * 0.04),
                    ],
                    steps=5,
                ),
                cream,
                0.85,
            )
    c.line([(x, y - size * 0.26), (x, y + size * 0.32)], size * 0.03, cream)
