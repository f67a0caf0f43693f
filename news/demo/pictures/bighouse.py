"""The Minangkabau big house with its horned roof, its rice barn and its people."""

from __future__ import annotations

from .buildings import LAMP, WOOD, horned_roof, window
from .canvas import Canvas
from .colour import RGB, WHITE, darker, lighter, mix
from .nature import greenery, hills, volcano, yard
from .people import crowd
from .shapes import box
from .sky import birds, sky


def rumah_gadang(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 620, rng.uniform(0.3, 0.8))
    volcano(c, rng.uniform(250, 1250), 270, 610, 560, (92, 100, 128), 0.55)
    hills(c, 540, 40, (72, 112, 76), 0.34, 50)
    greenery(c, 650, 44)
    yard(c, 650, rng.choice(((118, 150, 74), (176, 156, 112), (132, 146, 84))))
    x, foot = 750 + rng.uniform(-50, 50), 745.0
    half = rng.uniform(400, 470)
    thatch = rng.choice(((104, 94, 96), (146, 98, 68), (96, 108, 124), (166, 92, 66)))
    if rng.random() < 0.7:
        barn = x + rng.choice((-1, 1)) * (half + 140)
        _rice_barn(c, barn, foot + 50, 150, thatch)
    c.shadow(x, foot + 12, half * 1.2, 50, 0.8)
    c.fade(box(x - half * 0.8, foot - 70, x + half * 0.8, foot), (38, 32, 34), (64, 54, 48))
    for k in range(11):
        post = x - half * 0.79 + k * half * 0.158
        c.line([(post, foot - 72), (post, foot)], 12, tone((152, 120, 84)))
    floor, top = foot - 70, foot - 210
    wall = tone(rng.choice(((162, 62, 44), (134, 84, 52), (188, 92, 52))))
    front_wall = [
        (x - half * 0.82, floor),
        (x + half * 0.82, floor),
        (x + half * 0.96, top),
        (x - half * 0.96, top),
    ]
    c.fade(front_wall, darker(wall, 0.5), wall, lighter(wall, 0.1))
    gold, green = tone((228, 178, 84)), tone((64, 110, 80))
    for up, colour in ((4, gold), (22, green), (122, gold), (132, green)):
        spread = 0.82 + 0.14 * up / 140
        c.line([(x - half * spread, floor - up), (x + half * spread, floor - up)], 7, colour)
    for k in range(34):
        at = x - half * 0.8 + k * half * 1.6 / 33
        c.oval(at, floor - 13, 5, 5, gold if k % 2 else tone(WHITE))
        c.oval(at, floor - 112, 6, 4, green if k % 2 else gold)
    for k in range(9):
        if k != 4:
            left = x + half * (k - 4) * 0.185 - 22
            window(c, left, floor - 92, 44, 56)
    for tier, (wide, lift, high) in enumerate(((1.08, 0, 235), (0.74, 62, 235), (0.44, 122, 220))):
        horned_roof(c, x, top + 12 - lift, half * wide, high + 12 * tier, lighter(thatch, 0.05 * tier))
    porch = 96
    c.fade(box(x - porch, floor - 118, x + porch, floor + 4), darker(wall, 0.4), darker(wall, 0.1))
    c.rect(x - 30, floor - 96, x + 30, floor, LAMP if c.light.dark else tone((60, 42, 36)))
    for side in (-1, 1):
        c.rect(x + side * porch - 8, floor - 120, x + side * porch + 8, foot, gold)
        c.line([(x + side * (porch - 16), floor - 118), (x + side * (porch - 16), floor)], 6, green)
    horned_roof(c, x, floor - 112, porch * 1.4, 165, lighter(thatch, 0.2))
    for step in range(6):
        c.rect(
            x - 52 - step * 3,
            floor + 2 + step * 15,
            x + 52 + step * 3,
            floor + 17 + step * 15,
            tone(mix(WOOD, WHITE, 0.5 - step * 0.06)),
        )
    crowd(
        c,
        [(x + rng.choice((-1, 1)) * rng.uniform(90, 430), rng.uniform(800, 905)) for _ in range(rng.randint(3, 8))],
        118,
    )
    birds(c, x, 130, rng.randint(0, 6))


def _rice_barn(c: Canvas, x: float, y: float, size: float, thatch: RGB) -> None:
    tone = c.light.tone(0.04)
    c.shadow(x, y, size * 0.6, 16, 0.7)
    for place in (-0.3, 0.3):
        c.line([(x + place * size, y), (x + place * size, y - size * 0.6)], 10, tone(WOOD))
    c.fade(
        [
            (x - size * 0.34, y - size * 0.5),
            (x + size * 0.34, y - size * 0.5),
            (x + size * 0.44, y - size * 1.2),
            (x - size * 0.44, y - size * 1.2),
        ],
        tone((120, 54, 40)),
        tone((176, 84, 54)),
    )
    c.rect(x - size * 0.12, y - size * 0.95, x + size * 0.12, y - size * 0.7, tone((228, 178, 84)))
    horned_roof(c, x, y - size * 1.15, size * 0.56, size * 0.95, thatch, 0.04)
