"""The laid table seen from above: dishes of the region on wood and banana leaf."""

from __future__ import annotations

import math
from collections.abc import Callable

from .canvas import Canvas
from .colour import RGB, WHITE, darker, jitter, lighter
from .shapes import arc, blob, ribbon, smooth
from .surfaces import CERAMICS, WOODS, planks

Dish = Callable[[Canvas, float, float, float], None]


def kuliner(c: Canvas) -> None:
    rng = c.rng
    planks(c, 0, c.light.tone()(rng.choice(WOODS)), 6)
    if rng.random() < 0.6:
        leaf = c.light.tone()((64, 128, 62))
        tilt = rng.uniform(-90, 90)
        shape = smooth(
            [
                (60, 540 + tilt),
                (420, 250 + tilt / 2),
                (1080, 240 - tilt / 2),
                (1450, 470 - tilt),
                (1090, 790 - tilt / 2),
                (410, 800 + tilt / 2),
            ]
        )
        c.soft([(px - c.light.side * 18, py + 26) for px, py in shape], (14, 12, 20), 0.6, 14)
        c.fade(shape, lighter(leaf, 0.25), leaf, darker(leaf, 0.2))
        spine = [(60.0, 540 + tilt), (1450.0, 470 - tilt)]
        with c.clip(shape):
            for k in range(46):
                px = 70 + 30 * k
                py = spine[0][1] + (spine[1][1] - spine[0][1]) * k / 46
                for side in (-1, 1):
                    c.line([(px, py), (px + 90, py + side * 340)], 3, darker(leaf, 0.3), 0.4)
        c.line(spine, 12, lighter(leaf, 0.4))
    dishes: list[Dish] = [_rice, _stew, _greens, _sambal, _satay, _stew, _egg_curry]
    rng.shuffle(dishes)
    ring = rng.randint(5, 6)
    turn = rng.uniform(0, math.tau)
    for k in range(ring):
        angle = turn + math.tau * k / ring
        x, y = 750 + math.cos(angle) * rng.uniform(430, 480), 500 + math.sin(angle) * rng.uniform(300, 320)
        _dish(c, x, y, rng.uniform(138, 168), dishes[k])
    _dish(
        c,
        750 + rng.uniform(-30, 30),
        500 + rng.uniform(-15, 15),
        205,
        rng.choice((_rice, _satay, _stew, _greens, _egg_curry)),
    )
    for _ in range(rng.randint(8, 14)):
        x, y = rng.choice((rng.uniform(30, 250), rng.uniform(1250, 1470))), rng.uniform(40, 960)
        _garnish(c, x, y)
    c.lit_from(c.light.sun_x, 60, 1000, c.light.sun, 0.34)


def _dish(c: Canvas, x: float, y: float, size: float, fill: Dish) -> None:
    """A plate with its shadow and rim, then whatever `fill` puts on it."""
    china = c.light.tone()(c.rng.choice(CERAMICS))
    c.soft(arc(x - c.light.side * size * 0.14, y + size * 0.16, size * 1.02, size * 1.02), (14, 10, 16), 0.62, 13)
    c.fade(arc(x, y, size, size), lighter(china, 0.3), darker(china, 0.14))
    c.line(arc(x, y, size * 0.95, size * 0.95), 4, c.rng.choice(CERAMICS), 0.7)
    c.fade(arc(x, y, size * 0.76, size * 0.76), darker(china, 0.28), lighter(china, 0.15))
    fill(c, x, y, size * 0.7)


def _scatter(
    c: Canvas, x: float, y: float, size: float, colour: RGB, count: int, piece: float, long: float = 1.0
) -> None:
    """A heap of pieces, each with a dark underside and a light top."""
    for _ in range(count):
        angle, reach = c.rng.uniform(0, math.tau), size * math.sqrt(c.rng.random())
        px, py = x + math.cos(angle) * reach, y + math.sin(angle) * reach
        paint = jitter(c.rng, colour, 18)
        c.poly(
            blob(c.rng, px - c.light.side * 2, py + piece * 0.25, piece * long, piece, 0.25),
            darker(paint, 0.5),
        )
        c.poly(blob(c.rng, px, py, piece * long * 0.94, piece * 0.9, 0.25), paint)
        c.oval(
            px + c.light.side * piece * 0.3,
            py - piece * 0.35,
            piece * 0.32,
            piece * 0.2,
            lighter(paint, 0.5),
            0.75,
        )


def _rice(c: Canvas, x: float, y: float, size: float) -> None:
    grain = c.rng.choice(((246, 240, 226), (244, 206, 96), (206, 150, 90)))
    c.poly(blob(c.rng, x, y, size * 0.86, size * 0.86, 0.06), darker(grain, 0.25))
    for _ in range(210):
        angle, reach = c.rng.uniform(0, math.tau), size * 0.82 * math.sqrt(c.rng.random())
        px, py = x + math.cos(angle) * reach, y + math.sin(angle) * reach
        dx, dy = c.rng.uniform(-8, 8), c.rng.uniform(-6, 6)
        c.line(
            [(px, py), (px + dx, py + dy)],
            5,
            lighter(grain, 0.4) if c.rng.random() < 0.6 else darker(grain, 0.18),
        )
    _scatter(c, x, y, size * 0.3, (196, 60, 40), 6, size * 0.07, 1.6)
    _scatter(c, x, y, size * 0.4, (90, 150, 60), 6, size * 0.06)


def _stew(c: Canvas, x: float, y: float, size: float) -> None:
    sauce: RGB = c.rng.choice(((122, 56, 26), (190, 104, 34), (150, 44, 30)))
    c.fade(arc(x, y, size, size), lighter(sauce, 0.12), darker(sauce, 0.2))
    _scatter(c, x, y, size * 0.72, darker(sauce, 0.22), 12, size * 0.2, 1.2)
    for _ in range(26):
        angle, reach = c.rng.uniform(0, math.tau), size * 0.95 * math.sqrt(c.rng.random())
        dot = c.rng.uniform(3, 8)
        c.oval(x + math.cos(angle) * reach, y + math.sin(angle) * reach, dot, dot, lighter(sauce, 0.45), 0.6)
    _scatter(c, x, y, size * 0.5, (96, 150, 62), 5, size * 0.06, 1.8)


def _greens(c: Canvas, x: float, y: float, size: float) -> None:
    _scatter(c, x, y, size * 0.76, (72, 132, 54), 34, size * 0.15, 1.8)
    _scatter(c, x, y, size * 0.6, (228, 116, 44), 9, size * 0.08, 1.5)
    _scatter(c, x, y, size * 0.6, (238, 226, 190), 8, size * 0.06, 2.2)


def _sambal(c: Canvas, x: float, y: float, size: float) -> None:
    _scatter(c, x, y, size * 0.74, (190, 34, 26), 60, size * 0.12)
    _scatter(c, x, y, size * 0.6, (240, 190, 90), 22, size * 0.03)
    c.oval(x + size * 0.3, y - size * 0.2, size * 0.3, size * 0.3, (112, 164, 60))
    c.oval(x + size * 0.3, y - size * 0.2, size * 0.25, size * 0.25, (214, 226, 140))
    for k in range(6):
        end = (
            x + size * 0.3 + math.cos(k * math.pi / 3) * size * 0.23,
            y - size * 0.2 + math.sin(k * math.pi / 3) * size * 0.23,
        )
        c.line([(x + size * 0.3, y - size * 0.2), end], 3, WHITE)


def _satay(c: Canvas, x: float, y: float, size: float) -> None:
    for k in range(5):
        top = y + (k - 2) * size * 0.27
        c.line([(x - size * 0.95, top - 10), (x + size * 1.1, top + 18)], 6, (214, 178, 116))
        for piece in range(4):
            px = x - size * 0.55 + piece * size * 0.34
            _scatter(c, px, top + piece * 5 - 4, 2, (142, 74, 34), 1, size * 0.13, 1.4)
    sauce = smooth(
        [
            (x - size * 0.5, y - size * 0.55),
            (x + size * 0.05, y - size * 0.1),
            (x - size * 0.1, y + size * 0.3),
            (x + size * 0.4, y + size * 0.6),
        ],
        False,
    )
    c.poly(ribbon(sauce, size * 0.07, size * 0.16), (222, 166, 84), 0.9)


def _egg_curry(c: Canvas, x: float, y: float, size: float) -> None:
    c.fade(arc(x, y, size, size), (236, 176, 62), (206, 130, 40))
    for k in range(3):
        px, py = x + math.cos(k * 2.1 + 0.5) * size * 0.44, y + math.sin(k * 2.1 + 0.5) * size * 0.44
        c.oval(px - c.light.side * 4, py + 8, size * 0.34, size * 0.3, (150, 86, 30), 0.7)
        c.oval(px, py, size * 0.33, size * 0.29, (252, 248, 236))
        c.oval(px, py, size * 0.18, size * 0.17, (244, 178, 50))
        c.oval(px + c.light.side * 6, py - 6, size * 0.06, size * 0.05, (255, 232, 170))
    _scatter(c, x, y, size * 0.8, (96, 150, 62), 8, size * 0.05, 1.6)


def _garnish(c: Canvas, x: float, y: float) -> None:
    rng = c.rng
    if rng.random() < 0.5:
        bend = rng.uniform(-26, 26)
        pod = smooth([(x - 62, y), (x, y + bend), (x + 62, y - bend * 0.5)], False)
        red = rng.choice(((204, 40, 32), (76, 140, 56)))
        c.soft([(px, py + 10) for px, py in ribbon(pod, 20, 8)], (14, 10, 16), 0.6, 6)
        c.poly(ribbon(pod, 20, 3), red)
        c.line([(px, py - 4) for px, py in pod], 4, lighter(red, 0.5), 0.6)
        c.limb([(x - 62, y), (x - 84, y - 8)], 7, (74, 128, 56))
    else:
        _scatter(c, x, y, 22, rng.choice(((196, 120, 140), (240, 232, 214))), 3, 18)
